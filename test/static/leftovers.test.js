'use strict';

const { spawn, spawnSync } = require('node:child_process');
const { once } = require('node:events');
const { existsSync, mkdirSync, rmSync, writeFileSync } = require('node:fs');
const path = require('node:path');

const { findLeftovers, lookBefore, makeTemporaryFolder } = require('../../scripts/leftovers');

const NO_PATIENCE = { patienceMs: 0 };
/** Says when it is there and stays. */
const STAYING = ['-e', 'console.log("here"); setInterval(() => undefined, 1000)'];

describe('what a run has left behind', () => {
	/** @type {string} */
	let folder;
	beforeEach(() => (folder = makeTemporaryFolder()));

	test('nothing, and the folder is gone', async () => {
		expect(await findLeftovers(folder, lookBefore(), NO_PATIENCE)).toEqual([]);
		expect(existsSync(folder)).toBe(false);
	});

	test('a file', async () => {
		writeFileSync(path.join(folder, 'forgotten.txt'), '');
		expect(await findLeftovers(folder, lookBefore(), NO_PATIENCE)).toEqual([
			`file ${path.join(folder, 'forgotten.txt')}`,
		]);
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
			const left = await findLeftovers(folder, lookBefore(), NO_PATIENCE);
			expect(left).toContainEqual(expect.stringMatching(new RegExp(`^process ${child.pid}: `)));
		} finally {
			child.kill('SIGKILL');
			await once(child, 'exit');
		}
	});

	describe('outside of its folder', () => {
		/** @type {string} another one, which the command does not know */
		let place;
		beforeEach(() => (place = makeTemporaryFolder()));
		afterEach(() => rmSync(place, { recursive: true }));

		const TITLES = '       key      shmid perms       size  cpid  lpid nattch   uid';
		const segment = (id, users) => `\n         0 ${id}   600         56  7060  7060      ${users}   101`;

		/** A Linux of our own, with one process that uses one file of shared memory. */
		function makeSystem() {
			const system = { files: path.join(place, 'shm'), processes: path.join(place, 'proc') };
			for (const name of [system.files, path.join(system.processes, 'sysvipc'), path.join(system.processes, '7060')])
				mkdirSync(name, { recursive: true });
			const maps = `7f0000-7f1000 rw-s 00000000 00:19 5  ${system.files}/PostgreSQL.1002\n`;
			writeFileSync(path.join(system.processes, '7060', 'maps'), maps);
			const write = (files, segments) => {
				for (const name of files) writeFileSync(path.join(system.files, name), '');
				writeFileSync(path.join(system.processes, 'sysvipc', 'shm'), `${TITLES}${segments.join('')}\n`);
			};
			return { system, write };
		}

		test('shared memory of PostgreSQL, but not what was there before or is used', async () => {
			const { system, write } = makeSystem();
			write(['PostgreSQL.1001'], [segment(1, 0), segment(2, 4)]);
			const before = lookBefore({ system });
			write(
				['PostgreSQL.1002', 'PostgreSQL.1003', 'of.somebody.else'],
				[segment(1, 0), segment(2, 4), segment(3, 6), segment(4, 0)],
			);
			expect(await findLeftovers(folder, before, NO_PATIENCE)).toEqual([
				`shared memory ${path.join(system.files, 'PostgreSQL.1003')}`,
				'shared memory segment 4',
			]);
		});

		test('no shared memory where the system does not tell of it', async () => {
			const system = { files: path.join(place, 'none'), processes: path.join(place, 'none') };
			expect(await findLeftovers(folder, lookBefore({ system }), NO_PATIENCE)).toEqual([]);
		});

		test('a change of the work tree, but not what had changed before', async () => {
			// A repository that a hook or a release has named is not meant here.
			const env = { PATH: process.env.PATH };
			expect(spawnSync('git', ['init', '--quiet', place], { env }).status).toBe(0);
			writeFileSync(path.join(place, 'mine.txt'), '');
			const before = lookBefore({ workTree: place });
			writeFileSync(path.join(place, 'forgotten.txt'), '');
			expect(await findLeftovers(folder, before, NO_PATIENCE)).toEqual(['change of the work tree: ?? forgotten.txt']);
		});
	});
});
