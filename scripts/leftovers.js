'use strict';

/**
 * A temporary folder for everything that a command starts, by which it is found afterwards what the command has left behind.
 * Uses nothing but Node itself.
 */

const { chmodSync, existsSync, mkdtempSync, readFileSync, readdirSync, readlinkSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const path = require('node:path');
const { setTimeout: sleep } = require('node:timers/promises');

/** What is being ended when the command ends may take so long. */
const PATIENCE_MS = 10_000;
const PAUSE_MS = 100;

/** A new folder with its name for `TMPDIR`; what runs as somebody else (PostgreSQL) gets to its own folder in it. */
function makeTemporaryFolder() {
	const folder = mkdtempSync(path.join(tmpdir(), 'run-'));
	chmodSync(folder, 0o711);
	return folder;
}

/**
 * What is left of a command whose temporary folder this was, once that which is about to end has ended: processes that know
 * the folder (who listens to a port is one of them), and files in it. Removes the folder.
 * @param {string} folder
 * @param {{patienceMs?: number}} [options]
 * @returns {Promise<string[]>} a line for each; none when nothing is left
 */
async function findLeftovers(folder, { patienceMs = PATIENCE_MS } = {}) {
	const endMs = performance.now() + patienceMs;
	let left = look(folder);
	while (left.length > 0 && performance.now() < endMs) {
		await sleep(PAUSE_MS);
		left = look(folder);
	}
	rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
	return left;
}

function look(folder) {
	const files = existsSync(folder) ? readdirSync(folder) : [];
	return [...processesThatKnow(folder), ...files.map((file) => `file ${path.join(folder, file)}`)];
}

/** Only Linux tells what the environment of a process is; elsewhere none is found. */
function processesThatKnow(folder) {
	if (!existsSync('/proc/self/environ')) return [];
	return readdirSync('/proc')
		.filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
		.flatMap((pid) => {
			try {
				const [command, environment] = ['cmdline', 'environ'].map((file) =>
					readFileSync(`/proc/${pid}/${file}`, 'utf8'),
				);
				const knows = [command, environment, readlinkSync(`/proc/${pid}/cwd`)].some((text) => text.includes(folder));
				return knows ? [`process ${pid}: ${command.replaceAll('\0', ' ').trim().slice(0, 200)}`] : [];
			} catch {
				// It has ended meanwhile, or is another user's.
				return [];
			}
		});
}

module.exports = { findLeftovers, makeTemporaryFolder };
