'use strict';

/**
 * A temporary folder for everything that a command starts, by which it is found afterwards what the command has left behind.
 * Uses nothing but Node itself.
 */

const { spawnSync } = require('node:child_process');
const { chmodSync, existsSync, mkdtempSync, readFileSync, readdirSync, readlinkSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const path = require('node:path');
const { setTimeout: sleep } = require('node:timers/promises');

const { findSharedMemory } = require('./sharedMemory');

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
 * What is there before a command, of that which it may change outside of its temporary folder.
 * @param {{workTree?: string, system?: Parameters<typeof findSharedMemory>[0]}} [options] a folder under version control
 */
function lookBefore({ workTree, system } = {}) {
	return {
		workTree,
		system,
		changes: changesOf(workTree),
		sharedMemory: findSharedMemory(system).map(({ name }) => name),
	};
}

/**
 * What is left of a command whose temporary folder this was, once that which is about to end has ended: processes that know
 * the folder (who listens to a port is one of them), files in it, shared memory that nobody uses, and changes of the work
 * tree. Removes the folder.
 * @param {string} folder
 * @param {ReturnType<typeof lookBefore>} before
 * @param {{patienceMs?: number}} [options]
 * @returns {Promise<string[]>} a line for each; none when nothing is left
 */
async function findLeftovers(folder, before, { patienceMs = PATIENCE_MS } = {}) {
	const endMs = performance.now() + patienceMs;
	let left = look(folder, before);
	while (left.length > 0 && performance.now() < endMs) {
		await sleep(PAUSE_MS);
		left = look(folder, before);
	}
	rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
	return left;
}

function look(folder, { workTree, system, changes, sharedMemory }) {
	const files = existsSync(folder) ? readdirSync(folder) : [];
	// Beside this command there may be others with a PostgreSQL of their own: what is used is not left behind. What one of
	// those leaves behind meanwhile cannot be told apart from what this command does.
	const unused = findSharedMemory(system).filter(({ name, isUsed }) => !isUsed && !sharedMemory.includes(name));
	const changed = changesOf(workTree).filter((line) => !changes.includes(line));
	return [
		...processesThatKnow(folder),
		...files.map((file) => `file ${path.join(folder, file)}`),
		...unused.map(({ name }) => name),
		...changed.map((line) => `change of the work tree: ${line}`),
	];
}

/** The lines of `git status`; none where there is no git, or the folder is not under version control. */
function changesOf(workTree) {
	if (workTree === undefined) return [];
	const { status, stdout } = spawnSync('git', ['status', '--porcelain'], { cwd: workTree, encoding: 'utf8' });
	return status === 0 ? stdout.split('\n').filter(Boolean) : [];
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

module.exports = { findLeftovers, lookBefore, makeTemporaryFolder };
