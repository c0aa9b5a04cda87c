'use strict';

const { readFileSync } = require('node:fs');
const path = require('node:path');

const { ROOT } = require('../../scripts/steps');
const { LOGS, describeVersions } = require('../support/n8n');
const { Client, OWNER } = require('../support/n8n/client');
const { Editor, missingBrowser } = require('../support/n8n/editor');
const { examplesIn } = require('../support/n8n/examples');
const { freePort, startProcess, until } = require('../support/n8n/processes');

const START_TIMEOUT_MS = 240_000;
const TEST_TIMEOUT_MS = 420_000;
/** One of the Videos API, one whose pictures come from another origin, one of another kind of server. */
const EXECUTED = ['text-to-video', 'edit-photo', 'self-hosted-sora2api'];

const nameOf = (example) => JSON.parse(readFileSync(path.join(ROOT, 'examples', `${example}.json`), 'utf8')).name;

describeVersions('npm run n8n', ({ major }) => {
	/** @type {Awaited<ReturnType<typeof startProcess>>} */
	let command;
	/** @type {string} what it prints */
	let url;

	beforeAll(async () => {
		const port = String(await freePort());
		const logFile = path.join(LOGS, `command-n8n${major}-${port}.log`);
		const program = path.join(ROOT, 'scripts', 'n8n.js');
		const args = [program, '--version', String(major), '--port', port, '--seconds-per-job', '1'];
		command = await startProcess({ command: process.execPath, args, logFile, env: process.env });
		const [, printedUrl, email, password] = await until(
			() => {
				if (!command.isRunning()) throw new Error(`npm run n8n ended at its start:\n${command.log()}`);
				return /^n8n: +(\S+)\/home\/workflows\nLog in: +(\S+) +(\S+)$/m.exec(command.log()) ?? undefined;
			},
			{ timeoutMs: START_TIMEOUT_MS, what: () => `the address:\n${command.log()}` },
		);
		expect([printedUrl, email, password]).toEqual([`http://127.0.0.1:${port}`, OWNER.email, OWNER.password]);
		url = printedUrl;
	}, TEST_TIMEOUT_MS);
	afterAll(async () => await command?.stop());

	test(
		'the examples are there and can be executed as they are',
		async () => {
			const client = new Client(url);
			await client.logIn();
			const listed = await client.request('GET', '/rest/workflows');
			expect(listed.map(({ name }) => name).sort()).toEqual(examplesIn().map(nameOf).sort());
			for (const example of EXECUTED) {
				const workflow = listed.find(({ name }) => name === nameOf(example));
				const execution = await client.waitForExecution(await client.runManually(workflow, 'Manual Trigger'));
				expect([example, execution.status, execution.error?.message]).toEqual([example, 'success', undefined]);
			}
		},
		TEST_TIMEOUT_MS,
	);

	const missing = missingBrowser();
	(missing ? test.skip : test)(
		`the package is installed, and a new node makes a video by clicking only${missing ? ` (${missing})` : ''}`,
		async () => {
			const editor = await Editor.open(url);
			try {
				await editor.signIn();
				expect(await editor.communityPackages()).toEqual([expect.stringMatching(/^n8n-nodes-sora\s+4 nodes:/)]);
				await editor.newPage();
				await editor.newWorkflow();
				await editor.addNode('text to video', 'Sora 2 Video', 'Generate video');
				await editor.type('prompt', 'A paper boat on a rainy street');
				// Nobody has chosen a credential: the ready one is in the node.
				await editor.executeNode();
				await editor.viewFile();
				expect(await editor.playVideo()).toMatchObject({ readyState: 4, width: 720, height: 1280 });
			} finally {
				await editor.page.screenshot({ path: path.join(LOGS, `command-n8n${major}.png`) });
				await editor.close();
			}
		},
		TEST_TIMEOUT_MS,
	);

	test('Ctrl-C ends all of it', async () => {
		process.kill(command.pid, 'SIGINT');
		expect(await command.ended).toBe(0);
		await expect(fetch(url)).rejects.toThrow();
	});
});
