'use strict';

/**
 * Ends what a test run leaves behind. Runs as a process of its own beside the run and reads lines from it:
 * `+group <pid>`, `+orderly <pid>`, `+folder <path>`, and the same with `-`. When the run ends, however it ends, its end of
 * the pipe closes: then every process group that is still noted is killed and every folder removed. An orderly process is
 * asked first, because the system keeps the shared memory of one that is killed.
 *
 * Its argument is the process that has started the run. A run that outlives it, as a worker of jest does when jest is killed, is
 * ended, too.
 */

const { rmSync } = require('node:fs');
const { createInterface } = require('node:readline');
const { setTimeout: sleep } = require('node:timers/promises');

/** How long orderly processes may take to end. */
const ORDERLY_END_MS = 5_000;
const PAUSE_MS = 50;

const noted = { group: new Set(), orderly: new Set(), folder: new Set() };

const LOOK_EVERY_MS = 500;

/** Whether there was something to signal; 0 only asks. */
function signal(target, name) {
	try {
		return process.kill(target, name);
	} catch {
		// It has ended by itself.
		return false;
	}
}

async function endEverything() {
	const orderly = [...noted.orderly].map(Number);
	for (const pid of noted.group) if (!noted.orderly.has(pid)) signal(-Number(pid), 'SIGKILL');
	for (const pid of orderly) signal(pid, 'SIGINT');
	const endMs = performance.now() + ORDERLY_END_MS;
	while (orderly.some((pid) => signal(pid, 0)) && performance.now() < endMs) await sleep(PAUSE_MS);
	for (const pid of orderly) signal(-pid, 'SIGKILL');
	for (const folder of noted.folder) rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}

const [starter] = process.argv.slice(2).map(Number);
const run = process.ppid;
if (starter !== undefined) {
	setInterval(() => {
		if (!signal(starter, 0)) signal(run, 'SIGKILL');
	}, LOOK_EVERY_MS).unref();
}

createInterface({ input: process.stdin })
	.on('line', (line) => {
		const [, sign, kind, value] = /^([+-])(group|orderly|folder) (.+)$/.exec(line) ?? [];
		if (sign === '+') noted[kind].add(value);
		if (sign === '-') noted[kind].delete(value);
	})
	.on('close', () => void endEverything());
