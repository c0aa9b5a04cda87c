'use strict';

const { execFileSync } = require('node:child_process');
const { existsSync, readFileSync } = require('node:fs');
const os = require('node:os');
const path = require('node:path');

/** How often a process is bound before it is an error: its threads come and go. */
const MOST_TRIES = 5;

/** The cores that processes can be bound to; none where the system cannot bind them. */
function usableCores() {
	const folders = (process.env.PATH ?? '').split(path.delimiter);
	const canBind = os.platform() === 'linux' && folders.some((folder) => existsSync(path.join(folder, 'taskset')));
	if (!canBind) return [];
	// `0-3,8`: a container may have been given some of the machine's cores only.
	const [, list = ''] = /^Cpus_allowed_list:\s*(\S+)/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
	return list.split(',').flatMap((range) => {
		const [first, last = first] = range.split('-').map(Number);
		return Array.from({ length: last - first + 1 }, (_, index) => first + index);
	});
}

/**
 * All threads of a process and what it starts from now on; none where a core is not given.
 * @param {number} pid
 * @param {number[]} cores
 */
function bindToCores(pid, cores) {
	if (cores.length === 0) return;
	const bind = () => {
		execFileSync('taskset', ['--all-tasks', '--cpu-list', '--pid', cores.join(','), String(pid)], { stdio: 'pipe' });
	};
	for (let tries = 1; tries < MOST_TRIES; tries++) {
		try {
			bind();
			return;
		} catch {
			// A thread has ended between being listed and being bound.
		}
	}
	bind();
}

module.exports = { bindToCores, usableCores };
