'use strict';

const { spawn } = require('node:child_process');
const { once } = require('node:events');
const path = require('node:path');
const { createInterface } = require('node:readline');

const { ROOT } = require('../../scripts/steps');

const SIMULATOR = path.join(ROOT, 'test', 'support', 'simulator', 'cli.js');

/** The simulator in a process of its own, so that sending the file costs the measured process nothing. */
async function startProvider() {
	const child = spawn(process.execPath, [SIMULATOR, '--port', '0', '--quiet'], {
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	const ended = once(child, 'exit');
	const lines = createInterface({ input: child.stdout });
	const [line] = await Promise.race([once(lines, 'line'), ended.then(() => [''])]);
	const [, baseUrl, apiKey] = /(http\S+)\s+key: (\S+)/.exec(line) ?? [];
	if (!baseUrl) throw new Error('The simulator did not start');

	async function post(url, body) {
		const headers = { 'content-type': 'application/json', authorization: `Bearer ${apiKey}` };
		const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
		if (!response.ok) throw new Error(`${url} answered with ${response.status}: ${await response.text()}`);
		return await response.json();
	}
	return {
		baseUrl,
		apiKey,
		/** A finished job whose file is at least so large; gives its id. */
		async makeJob(paddingBytes) {
			await post(new URL('/admin/jobs', baseUrl), { seconds: 0, times: 1, paddingBytes });
			const { id } = await post(`${baseUrl}/videos`, { model: 'sora-2', prompt: 'A paper boat', seconds: '4' });
			return id;
		},
		async close() {
			child.kill();
			await ended;
		},
	};
}

module.exports = { startProvider };
