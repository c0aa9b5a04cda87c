'use strict';

/**
 * Loads n8n-workflow, then files of a package, in a process of its own; prints what the files took
 * on top, in milliseconds of the clock and of the processor.
 * Arguments: a file from which n8n-workflow is found, as the package finds it, and the files.
 */

const { createRequire } = require('node:module');

const [origin = '', ...files] = process.argv.slice(2);
createRequire(origin)('n8n-workflow');
const before = process.cpuUsage();
const startedMs = performance.now();
for (const file of files) require(file);
const wallMs = performance.now() - startedMs;
const { user, system } = process.cpuUsage(before);
console.log(JSON.stringify({ wallMs, cpuMs: (user + system) / 1000 }));
