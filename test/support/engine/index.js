'use strict';

const { fork } = require('node:child_process');
const { mkdtempSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const path = require('node:path');

/**
 * A real n8n engine in a child process. `close` ends it; it never ends by itself.
 * @param {object} options
 * @param {string} options.engineFolder whose node_modules hold n8n-core
 * @param {string} options.packageFolder our package, built
 * @param {'default' | 'filesystem'} [options.binaryMode]
 * @param {(message: string) => void} [options.onUiMessage] what a person would see in the browser's console
 * @param {string[]} [options.nodeArguments] for the process's own Node
 * @param {Record<string, string>} [options.environment] beside this process's own
 * @param {string} [options.node] the Node that runs it, when it is not this process's own
 * @param {Record<string, {nodes: string[], credentials: string[]}>} [options.foreignNodes] files of other packages
 *   beside the engine, by the package
 */
async function startEngine({
	engineFolder,
	packageFolder,
	binaryMode = 'default',
	onUiMessage,
	nodeArguments = [],
	environment = {},
	node = process.execPath,
	foreignNodes = {},
}) {
	const userFolder = mkdtempSync(path.join(tmpdir(), 'n8n-engine-'));
	const child = fork(path.join(__dirname, 'host.js'), {
		env: {
			...process.env,
			...environment,
			ENGINE_FOLDER: engineFolder,
			PACKAGE_FOLDER: packageFolder,
			FOREIGN_NODES: JSON.stringify(foreignNodes),
			// As n8n does it: its nodes find n8n-workflow wherever they are.
			NODE_PATH: path.join(engineFolder, 'node_modules'),
			BINARY_MODE: binaryMode,
			USER_FOLDER: userFolder,
		},
		execPath: node,
		execArgv: [...process.execArgv, ...nodeArguments],
		stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
	});
	let log = '';
	child.stdout?.on('data', (chunk) => (log += chunk));
	child.stderr?.on('data', (chunk) => (log += chunk));

	/** @type {Map<number, {resolve: (value: any) => void, reject: (error: Error) => void}>} */
	const waiting = new Map();
	let lastRequestId = 0;
	const ready = new Promise((resolve, reject) => {
		child.on('message', (/** @type {any} */ message) => {
			if (message.kind === 'ready') return resolve(undefined);
			if (message.kind === 'uiMessage') return onUiMessage?.(message.message);
			const request = waiting.get(message.requestId);
			waiting.delete(message.requestId);
			return message.error ? request?.reject(new Error(message.error)) : request?.resolve(message.result);
		});
		child.once('exit', (code) => {
			const error = new Error(`The engine ended with code ${code}:\n${log.slice(-3000)}`);
			reject(error);
			for (const request of waiting.values()) request.reject(error);
		});
	});
	await ready;

	const ask = (message) => {
		const requestId = ++lastRequestId;
		const answer = new Promise((resolve, reject) => waiting.set(requestId, { resolve, reject }));
		child.send({ ...message, requestId });
		return { requestId, answer };
	};
	return {
		/** Runs a workflow to its end; `measured` (`cost`, `cpu`, `live`): gives what it took (see cost.js) instead of what came out. */
		execute: async (request) => await ask({ kind: 'execute', ...request }).answer,
		/** Starts a workflow; `cancel` stops it as n8n's Stop button does. */
		start(request) {
			const { requestId, answer } = ask({ kind: 'execute', ...request });
			return { result: answer, cancel: async () => await ask({ kind: 'cancel', target: requestId }).answer };
		},
		facts: async () => await ask({ kind: 'facts' }).answer,
		/** What the process's memory holds; after a collection of garbage where `--expose-gc` was given. */
		memory: async () => await ask({ kind: 'memory' }).answer,
		/** What it needs no longer goes back to the system: see cost.js. */
		giveBackMemory: async () => await ask({ kind: 'giveBackMemory' }).answer,
		/** Everything that n8n logged so far. */
		log: () => log,
		pid: child.pid,
		/** Where its files are, until it is closed. */
		userFolder,
		async close() {
			const ended = new Promise((resolve) => child.once('exit', resolve));
			child.kill('SIGKILL');
			await ended;
			rmSync(userFolder, { recursive: true, force: true });
		},
	};
}

module.exports = { startEngine };
