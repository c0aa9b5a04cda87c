'use strict';

const { spawn } = require('node:child_process');
const { once } = require('node:events');
const { existsSync, mkdtempSync } = require('node:fs');
const { tmpdir } = require('node:os');
const path = require('node:path');

const GUARD = path.join(__dirname, '..', 'support', 'n8n', 'guard.js');
/** Says when it is there, and ends with this code when it is asked to. */
const ASKED = 7;
const POLITE = `process.on('SIGINT', () => process.exit(${ASKED})); setInterval(() => undefined, 1000); console.log('here')`;

// Windows has no process groups.
const onUnix = process.platform === 'win32' ? describe.skip : describe;
onUnix('what a test run has started when the run itself has ended', () => {
	/** @type {Array<import('node:child_process').ChildProcess>} */
	const started = [];
	// Those that a failed test has left.
	afterEach(() => started.splice(0).forEach((child) => child.kill('SIGKILL')));

	async function startPolite() {
		const child = spawn(process.execPath, ['-e', POLITE], { detached: true, stdio: ['ignore', 'pipe', 'ignore'] });
		started.push(child);
		const ended = once(child, 'exit');
		await once(/** @type {any} */ (child.stdout), 'data');
		return { pid: child.pid, ended };
	}

	/** Runs the guard of a run that notes these lines and ends. */
	async function guard(lines) {
		const child = spawn(process.execPath, [GUARD], { stdio: ['pipe', 'ignore', 'inherit'] });
		/** @type {any} */ (child.stdin).end(lines.map((line) => `${line}\n`).join(''));
		expect(await once(child, 'exit')).toEqual([0, null]);
	}

	test('is killed, but asked to end where the system would keep its memory, and its folders are removed', async () => {
		const [killed, asked] = [await startPolite(), await startPolite()];
		const folder = mkdtempSync(path.join(tmpdir(), 'guard-'));
		await guard([`+group ${killed.pid}`, `+group ${asked.pid}`, `+orderly ${asked.pid}`, `+folder ${folder}`]);
		expect(await killed.ended).toEqual([null, 'SIGKILL']);
		expect(await asked.ended).toEqual([ASKED, null]);
		expect(existsSync(folder)).toBe(false);
	});

	test('is ended with a run that outlives the one that has started it', async () => {
		const starter = await startPolite();
		const kept = await startPolite();
		// The run: it starts the guard, notes something, and would stay for ever.
		const program = `
			const guard = require('node:child_process').spawn(process.execPath, [${JSON.stringify(GUARD)}, '${starter.pid}'], { stdio: ['pipe', 'ignore', 'inherit'] });
			guard.stdin.write('+group ${kept.pid}\\n', () => console.log('noted'));
			setInterval(() => undefined, 1000);`;
		const run = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
		started.push(run);
		const ended = once(run, 'exit');
		await once(/** @type {any} */ (run.stdout), 'data');
		process.kill(/** @type {number} */ (starter.pid), 'SIGKILL');
		expect(await ended).toEqual([null, 'SIGKILL']);
		expect(await kept.ended).toEqual([null, 'SIGKILL']);
	});

	test('is left alone when it was taken back', async () => {
		const child = await startPolite();
		await guard([`+group ${child.pid}`, `-group ${child.pid}`]);
		process.kill(/** @type {number} */ (child.pid), 'SIGINT');
		expect(await child.ended).toEqual([ASKED, null]);
	});
});
