'use strict';

/**
 * `npm run test:e2e`: installs the n8n servers when they are not there, builds, packs, and runs test/e2e against them.
 *   --version 1 | 2   only that n8n
 *   --check           only say whether this machine has what it needs: exit code 0, or 1 with the reason
 *   --prepare         only install the servers
 * Everything else goes to jest. It fails, too, when a process, a port, a file or shared memory is left behind, or the work
 * tree has changed.
 */

const { spawnSync } = require('node:child_process');
const { rmSync } = require('node:fs');
const path = require('node:path');

const { findLeftovers, lookBefore, makeTemporaryFolder } = require('./leftovers');
const { findHost, installHost, packForHosts } = require('./n8nHosts');
const { ROOT, build, installDevelopment } = require('./steps');

const TIME_LIMIT_MS = 35 * 60_000;

/** @returns {{majors: Array<1 | 2>, only?: '--check' | '--prepare', rest: string[]}} */
function readArguments(args) {
	const rest = [...args];
	const at = rest.indexOf('--version');
	const version = at >= 0 ? rest.splice(at, 2)[1] : undefined;
	if (version !== undefined && !['1', '2'].includes(version)) throw new Error('--version is 1 or 2');
	const only = ['--check', '--prepare'].find((flag) => rest.includes(flag));
	return { majors: version ? [Number(version)] : [1, 2], only, rest: rest.filter((argument) => argument !== only) };
}

async function main() {
	const { majors, only, rest } = readArguments(process.argv.slice(2));
	const usable = majors.filter((major) => findHost(major).missing === undefined);
	const missing = majors.flatMap((major) => findHost(major).missing ?? []);
	if (only === '--check' || usable.length === 0) {
		console.log(missing.join('; ') || 'ready');
		process.exitCode = usable.length === 0 ? 1 : 0;
		return;
	}
	for (const reason of missing) console.log(`Left out: ${reason}`);
	const startMs = performance.now();
	for (const major of usable) installHost(major);
	if (only === '--prepare') return;
	const before = lookBefore({ workTree: ROOT });
	const folder = makeTemporaryFolder();
	// Nor may it stay when a step of the preparations ends this process.
	process.on('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
	process.env.TMPDIR = folder;
	installDevelopment();
	build();
	packForHosts();
	const status = runJest(majors, rest);
	const leftovers = await findLeftovers(folder, before);
	console.log(leftovers.length === 0 ? 'Nothing was left behind' : `Left behind:\n${leftovers.join('\n')}`);
	const versions = usable.map((major) => `${major}.x`).join(' and ');
	console.log(`n8n ${versions}: ${sayTime(performance.now() - startMs)} in all`);
	process.exitCode = leftovers.length > 0 ? 1 : (status ?? 1);
}

/** Gives jest's exit code, or null when it was ended. */
function runJest(majors, rest) {
	const jest = path.join(ROOT, 'node_modules', 'jest', 'bin', 'jest.js');
	// Ctrl-C ends the tests; what is left of them is looked for all the same.
	process.on('SIGINT', () => undefined);
	const { status, error } = spawnSync(
		process.execPath,
		[jest, '--config', path.join(ROOT, 'jest.e2e.config.js'), ...rest],
		{
			cwd: ROOT,
			stdio: 'inherit',
			env: { ...process.env, E2E_VERSIONS: majors.join(',') },
			timeout: TIME_LIMIT_MS,
			// What the run has started ends with it; see test/support/n8n/guard.js.
			killSignal: 'SIGKILL',
		},
	);
	if (error) console.error(`The tests were ended: ${error.message}`);
	return status;
}

function sayTime(ms) {
	const seconds = Math.round(ms / 1000);
	return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

main().catch((error) => {
	console.error(error.message);
	process.exitCode = 1;
});
