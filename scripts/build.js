'use strict';

/** `npm run build`. With `--debug` for a debugger: with source maps, and installed into the engines of the tests. */

const { build, installEngines } = require('./steps');

const isForDebugging = process.argv.includes('--debug');
build({ isForDebugging });
if (isForDebugging) installEngines();
