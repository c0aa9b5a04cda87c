'use strict';

/**
 * `npm run check`: what neither the compiler nor the tests see, on the built package. Names run only those checks,
 * `--list` prints the names. Exit code 1 when one of them fails.
 */

const { build, installDevelopment } = require('./steps');

function main(names) {
	installDevelopment();
	const { CHECKS } = require('./checks');
	if (names.includes('--list')) return console.log(Object.keys(CHECKS).join('\n'));
	const unknown = names.filter((name) => !Object.hasOwn(CHECKS, name));
	if (unknown.length > 0) throw new Error(`There is no check ${unknown.join(', ')}: ${Object.keys(CHECKS).join(', ')}`);
	build();
	for (const name of names.length > 0 ? names : Object.keys(CHECKS)) {
		const started = Date.now();
		const isWell = CHECKS[name]();
		console.log(`${name}: ${isWell ? 'passed' : 'failed'} (${Math.round((Date.now() - started) / 1000)} s)`);
		if (!isWell) process.exitCode = 1;
	}
}

try {
	main(process.argv.slice(2));
} catch (error) {
	console.error(error.message);
	process.exitCode = 1;
}
