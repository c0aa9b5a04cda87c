'use strict';

/**
 * Loads n8n-workflow, then files of a package, in a process of its own; prints what the files took
 * on top, in milliseconds of the clock and of the processor, and in relation to n8n-workflow.
 * Arguments: a file from which n8n-workflow is found, as the package finds it, and the files.
 */

const { createRequire } = require('node:module');

/** Milliseconds of the clock and of the processor that something takes. */
function measure(work) {
	const before = process.cpuUsage();
	const startedMs = performance.now();
	work();
	const wallMs = performance.now() - startedMs;
	const { user, system } = process.cpuUsage(before);
	return { wallMs, cpuMs: (user + system) / 1000 };
}

const [origin = '', ...files] = process.argv.slice(2);
const workflow = measure(() => createRequire(origin)('n8n-workflow'));
const own = measure(() => files.forEach((file) => require(file)));
console.log(JSON.stringify({ ...own, cpuOfWorkflow: own.cpuMs / workflow.cpuMs }));
