'use strict';

const { spawn } = require('node:child_process');
const { once } = require('node:events');
const path = require('node:path');
const { createInterface } = require('node:readline');

const { ROOT } = require('../../scripts/steps');

const SIMULATOR = path.join(ROOT, 'test', 'support', 'simulator', 'cli.js');

/**
 * The simulator in a process of its own, so that its work costs the measured process nothing.
 * @param {object} [options]
 * @param {string[]} [options.command] Node's own arguments, the script and its arguments
 * @param {Record<string, string>} [options.environment] beside this process's own
 */
async function startProvider({ command = [SIMULATOR, '--port', '0', '--quiet'], environment = {} } = {}) {
	const child = spawn(process.execPath, command, {
		env: { ...process.env, ...environment },
		stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
	});
	const ended = once(child, 'exit');
	const lines = createInterface({ input: /** @type {import('node:stream').Readable} */ (child.stdout) });
	const [line] = await Promise.race([once(lines, 'line'), ended.then(() => [''])]);
	const [, baseUrl, apiKey] = /(http\S+)\s+key: (\S+)/.exec(line) ?? [];
	if (!baseUrl) throw new Error('The simulator did not start');

	const readJson = async (url, response) => {
		if (!response.ok) throw new Error(`${url} answered with ${response.status}: ${await response.text()}`);
		return await response.json();
	};
	async function post(url, body) {
		const headers = { 'content-type': 'application/json', authorization: `Bearer ${apiKey}` };
		return await readJson(url, await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) }));
	}
	return {
		baseUrl,
		apiKey,
		pid: child.pid,
		/** Tells the simulator how things will go: see test/support/simulator/admin.js. */
		script: async (kind, script) => await post(new URL(`/admin/${kind}`, baseUrl), script),
		/** The next job with this in its prompt will be finished at once, with a file that is at least so large. */
		async prepareJob(paddingBytes, prompt) {
			await this.script('jobs', { seconds: 0, times: 1, paddingBytes, prompt });
		},
		/** A finished job whose file is at least so large; gives its id. */
		async makeJob(paddingBytes) {
			const prompt = `A boat of ${paddingBytes} bytes more`;
			await this.prepareJob(paddingBytes, prompt);
			const { id } = await post(`${baseUrl}/videos`, { model: 'sora-2', prompt, seconds: '4' });
			return id;
		},
		/** What was bought. */
		async ledger() {
			const url = new URL('/admin/ledger', baseUrl);
			return await readJson(url, await fetch(url));
		},
		/** What the process answers to a message; only for scripts that answer. */
		async ask(message) {
			const answer = once(child, 'message');
			child.send(message);
			return (await answer)[0];
		},
		async close() {
			child.kill();
			await ended;
		},
	};
}

/**
 * As `startProvider`, for as long as the benchmark runs.
 * @param {(starting: Promise<{close(): Promise<void>}>) => unknown} closeAtTheEnd
 */
async function openProvider(closeAtTheEnd) {
	const starting = startProvider();
	closeAtTheEnd(starting);
	return await starting;
}

module.exports = { openProvider, startProvider };
