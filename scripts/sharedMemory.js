'use strict';

/**
 * The shared memory of PostgreSQL, which outlives it when it is killed: files and segments. Only Linux tells of them;
 * elsewhere none are found. Uses nothing but Node itself.
 */

const { existsSync, readFileSync, readdirSync, statSync } = require('node:fs');
const path = require('node:path');

/** Where Linux keeps its files of shared memory, and where it tells of everything else. */
const SYSTEM = { files: '/dev/shm', processes: '/proc' };
/** What PostgreSQL calls its files. */
const FILE = /PostgreSQL\.\d+/g;

/**
 * That of all programs which are there, by names that stay the same.
 * @returns {Array<{name: string, isUsed: boolean}>}
 */
function findSharedMemory(system = SYSTEM) {
	return [...findFiles(system), ...findSegments(system)];
}

function findFiles({ files, processes }) {
	const names = namesIn(files).filter((name) => name.match(FILE)?.[0] === name && isOurs(path.join(files, name)));
	if (names.length === 0) return [];
	const pids = namesIn(processes).filter((name) => /^\d+$/.test(name));
	const used = new Set(pids.flatMap((pid) => textOf(path.join(processes, pid, 'maps')).match(FILE) ?? []));
	return names.map((name) => ({ name: `shared memory ${path.join(files, name)}`, isUsed: used.has(name) }));
}

/** What others than root use of other users is not known. */
function isOurs(file) {
	const user = process.getuid?.();
	return user === 0 || statSync(file, { throwIfNoEntry: false })?.uid === user;
}

function findSegments({ processes }) {
	const [titles, ...rows] = textOf(path.join(processes, 'sysvipc', 'shm'))
		.trim()
		.split('\n');
	const columns = titles.trim().split(/\s+/);
	return rows.map((row) => {
		const cells = row.trim().split(/\s+/);
		const cell = (column) => cells[columns.indexOf(column)];
		return { name: `shared memory segment ${cell('shmid')}`, isUsed: cell('nattch') !== '0' };
	});
}

const namesIn = (folder) => (existsSync(folder) ? readdirSync(folder) : []);

/** Nothing for what has gone meanwhile, or is another user's. */
function textOf(file) {
	try {
		return readFileSync(file, 'utf8');
	} catch {
		return '';
	}
}

module.exports = { findSharedMemory };
