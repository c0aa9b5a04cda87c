'use strict';

const { spawn } = require('node:child_process');
const { once } = require('node:events');
const { existsSync, mkdirSync, writeFileSync } = require('node:fs');
const path = require('node:path');

const { findLeftovers, makeTemporaryFolder } = require('../../scripts/leftovers');

const NO_PATIENCE = { patienceMs: 0 };
/** Says when it is there and stays. */
const STAYING = ['-e', 'console.log("here"); setInterval(() => undefined, 1000)'];

describe('what a run has left behind', () => {
	/** @type {string} */
	let folder;
	beforeEach(() => (folder = makeTemporaryFolder()));

	test('nothing, and the folder is gone', async () => {
		expect(await findLeftovers(folder, NO_PATIENCE)).toEqual([]);
		expect(existsSync(folder)).toBe(false);
	});

	test('a file', async () => {
		writeFileSync(path.join(folder, 'forgotten.txt'), '');
		expect(await findLeftovers(folder, NO_PATIENCE)).toEqual([`file ${path.join(folder, 'forgotten.txt')}`]);
		expect(existsSync(folder)).toBe(false);
	});

	const onLinux = existsSync('/proc/self/environ') ? test.each : test.skip.each;
	onLinux([
		['its environment', () => ({ args: STAYING, options: { env: { TMPDIR: folder } } })],
		['its arguments', () => ({ args: [...STAYING, path.join(folder, 'data')], options: { env: {} } })],
		['the folder that it works in', () => ({ args: STAYING, options: { env: {}, cwd: path.join(folder, 'home') } })],
	])('a process, by %s', async (_what, describeProcess) => {
		mkdirSync(path.join(folder, 'home'));
		const { args, options } = describeProcess();
		const child = spawn(process.execPath, args, { ...options, stdio: ['ignore', 'pipe', 'ignore'] });
		try {
			await once(/** @type {any} */ (child.stdout), 'data');
			const left = await findLeftovers(folder, NO_PATIENCE);
			expect(left).toContainEqual(expect.stringMatching(new RegExp(`^process ${child.pid}: `)));
		} finally {
			child.kill('SIGKILL');
			await once(child, 'exit');
		}
	});
});
