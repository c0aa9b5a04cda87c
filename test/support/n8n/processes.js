'use strict';

const { spawn } = require('node:child_process');
const { once } = require('node:events');
const { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync } = require('node:fs');
const { createServer } = require('node:net');
const { tmpdir } = require('node:os');
const path = require('node:path');

/** How long a process may take to end by itself. */
const END_TIMEOUT_MS = 10_000;
/** Below the range from which systems draw the ports of outgoing connections. */
const FIRST_PORT = 20_000;
const PORT_COUNT = 10_000;

/** @type {import('node:child_process').ChildProcess | undefined} */
let guard;

/** Tells the guard (see guard.js), which is started with the first thing that there is to note. */
function note(line) {
	if (!guard) {
		guard = spawn(process.execPath, [path.join(__dirname, 'guard.js'), String(process.ppid)], {
			stdio: ['pipe', 'ignore', 'ignore'],
			// Ctrl-C must not reach it before everything else has ended.
			detached: true,
		});
		guard.unref();
		// Without its guard a run goes on all the same.
		guard.stdin?.on('error', () => undefined);
		/** @type {any} */ (guard.stdin).unref();
	}
	guard.stdin?.write(`${line}\n`);
}

/** A new temporary folder that does not outlive this process. */
function makeFolder(name) {
	const folder = mkdtempSync(path.join(tmpdir(), `${name}-`));
	note(`+folder ${folder}`);
	return folder;
}

function removeFolder(folder) {
	rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
	note(`-folder ${folder}`);
}

/** A port of this machine that nobody listens to. */
async function freePort() {
	for (;;) {
		const port = FIRST_PORT + Math.floor(Math.random() * PORT_COUNT);
		const server = createServer();
		const isFree = await new Promise((resolve) => {
			server.once('error', () => resolve(false));
			server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
		});
		if (isFree) return port;
	}
}

/**
 * Starts a program in a process group of its own; its output goes to a log file.
 * @param {object} options
 * @param {string} options.command
 * @param {string[]} options.args
 * @param {string} options.logFile continued when it exists
 * @param {Record<string, string>} [options.env] the whole environment
 * @param {string} [options.cwd]
 * @param {{uid: number, gid: number}} [options.user] run as somebody else
 * @param {boolean} [options.hasSharedMemory] as PostgreSQL, which gives it back only when it ends in order, by SIGINT; the
 *   processes that it starts must be left to it then
 */
async function startProcess({ command, args, logFile, env, cwd, user, hasSharedMemory = false }) {
	mkdirSync(path.dirname(logFile), { recursive: true });
	const output = openSync(logFile, 'a');
	const child = spawn(command, args, { env, cwd, detached: true, stdio: ['ignore', output, output], ...user });
	closeSync(output);
	const ended = new Promise((resolve) => {
		child.once('exit', (code, signal) => resolve(signal ?? code));
		child.once('error', resolve);
	});
	if (child.pid === undefined) throw new Error(`${command} could not be started: ${await ended}`);
	const { pid } = child;
	note(`+group ${pid}`);
	if (hasSharedMemory) note(`+orderly ${pid}`);
	void ended.then(() => {
		// What the program itself has started must not outlive it.
		signalGroup(pid, 'SIGKILL');
		note(`-orderly ${pid}`);
		note(`-group ${pid}`);
	});
	return {
		pid,
		ended,
		isRunning: () => child.exitCode === null && child.signalCode === null,
		log: () => readFileSync(logFile, 'utf8'),
		/** Asks it to end, and ends it when it does not. */
		async stop() {
			if (hasSharedMemory) child.kill('SIGINT');
			else signalGroup(pid, 'SIGTERM');
			const timer = setTimeout(() => signalGroup(pid, 'SIGKILL'), END_TIMEOUT_MS);
			await ended;
			clearTimeout(timer);
		},
		/** Ends it without a warning, as a power cut does. */
		async kill() {
			signalGroup(pid, 'SIGKILL');
			await ended;
		},
	};
}

function signalGroup(pid, signal) {
	try {
		process.kill(-pid, signal);
	} catch {
		// The group is gone.
	}
}

/** Runs a program to its end. Throws with its output when it fails. */
async function runToEnd({ command, args, env, cwd, user }) {
	const child = spawn(command, args, { env, cwd, stdio: ['ignore', 'pipe', 'pipe'], ...user });
	let output = '';
	child.stdout?.on('data', (chunk) => (output += chunk));
	child.stderr?.on('data', (chunk) => (output += chunk));
	const [code] = await once(child, 'close');
	if (code !== 0) throw new Error(`${path.basename(command)} ${args.join(' ')} ended with ${code}:\n${output}`);
	return output;
}

/**
 * Asks again and again until there is an answer.
 * @template Answer
 * @param {() => Promise<Answer | undefined | false> | Answer | undefined | false} ask
 * @param {{timeoutMs: number, what: string | (() => string), pauseMs?: number}} options `what` was waited for
 * @returns {Promise<Answer>}
 */
async function until(ask, { timeoutMs, what, pauseMs = 200 }) {
	const endMs = performance.now() + timeoutMs;
	for (;;) {
		const answer = await ask();
		if (answer) return answer;
		if (performance.now() > endMs) {
			throw new Error(`Waited ${timeoutMs / 1000} s in vain for ${typeof what === 'function' ? what() : what}`);
		}
		await new Promise((resolve) => setTimeout(resolve, pauseMs));
	}
}

module.exports = { freePort, makeFolder, removeFolder, runToEnd, startProcess, until };
