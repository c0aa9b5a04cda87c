'use strict';

/**
 * Ends what a test run leaves behind. Runs as a process of its own beside the run and reads lines from it:
 * `+group <pid>`, `-group <pid>`, `+folder <path>`, `-folder <path>`. When the run ends, however it ends, its end of the
 * pipe closes: then every process group that is still noted is killed and every folder removed.
 */

const { rmSync } = require('node:fs');
const { createInterface } = require('node:readline');

const noted = { group: new Set(), folder: new Set() };

createInterface({ input: process.stdin })
	.on('line', (line) => {
		const [, sign, kind, value] = /^([+-])(group|folder) (.+)$/.exec(line) ?? [];
		if (sign === '+') noted[kind].add(value);
		if (sign === '-') noted[kind].delete(value);
	})
	.on('close', () => {
		for (const pid of noted.group) {
			try {
				process.kill(-Number(pid), 'SIGKILL');
			} catch {
				// It has ended by itself.
			}
		}
		for (const folder of noted.folder) rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
	});
