'use strict';

const { readFileSync } = require('node:fs');
const path = require('node:path');

const { LOGS, describeServers } = require('../support/n8n');
const { Editor, missingBrowser } = require('../support/n8n/editor');
const { VIDEO_NODE, manualNode, videoNode, workflowOf } = require('../support/n8n/workflows');

const describeWithBrowser = missingBrowser()
	? (suite) => describe.skip(`${suite} (${missingBrowser()})`, () => test('by browser', () => undefined))
	: describeServers;

/** Longer than several pauses between two looks. */
const QUIET_MS = 2_000;

describeWithBrowser('browser', { simulator: { secondsPerJob: 3 } }, (bench, { major }) => {
	/** @type {Editor} */
	let editor;

	beforeAll(async () => {
		editor = await Editor.open(bench.server.url);
		await editor.signIn();
	});
	beforeEach(async () => await editor.newPage());
	// What was on the screen last, also of a test that failed.
	afterEach(async () => {
		const title = expect.getState().currentTestName?.replace(/\W+/g, '-').slice(0, 100);
		await editor.page.screenshot({ path: path.join(LOGS, `browser-n8n${major}-regular`, `${title}.png`) });
	});
	afterAll(async () => await editor?.close());

	/** Saves a workflow Manual Trigger → our node and opens that node. */
	async function openVideoNode(parameters, settings) {
		const node = videoNode(bench.credential, {
			parameters: { prompt: 'A paper boat', options: {}, ...parameters },
			settings,
		});
		const workflow = workflowOf('By hand', [manualNode(), node]);
		await editor.openWorkflow(await bench.client.createWorkflow(workflow));
		await editor.openNode(VIDEO_NODE);
	}

	test('the nodes panel finds the nodes by what people look for, with their icons', async () => {
		await editor.emptyWorkflow();
		const found = async (words) => (await editor.searchNodes(words)).filter(({ icon }) => /sora|gptImage/.test(icon));
		const video = { name: 'Sora 2 Video', icon: 'sora.svg', isDrawn: true };
		const soraImage = { name: 'Sora Image', icon: 'soraImage.svg', isDrawn: true };
		const gptImage = { name: 'GPT Image', icon: 'gptImage.svg', isDrawn: true };
		expect(await found('sora')).toEqual(expect.arrayContaining([video, soraImage]));
		expect(await found('text to video')).toEqual([video]);
		expect(await found('ai image')).toEqual(expect.arrayContaining([soraImage, gptImage]));
		// n8n shows a node and its trigger as one entry with the actions and triggers of both.
		await editor.searchNodes('sora 2 video');
		await editor.part('item-iterator-item').filter({ hasText: 'Sora 2 Video' }).first().click();
		await editor.page
			.getByText(/^Triggers/)
			.first()
			.waitFor();
		await editor.page
			.getByText(/^Actions/)
			.first()
			.waitFor();
	});

	test('the credential: another server is another address; its test is red with our hint, then green', async () => {
		await editor.newCredential();
		const placeholder = async () =>
			await editor.parameter('baseUrl').locator('input').first().getAttribute('placeholder');
		expect(await placeholder()).toBe('e.g. https://api.apiyi.com/v1');
		await editor.choose('server', 'OpenRouter');
		expect(await placeholder()).toBe('e.g. https://openrouter.ai/api/v1');
		await editor.choose('server', 'Other (OpenAI-Compatible)');
		expect(await placeholder()).toBe('e.g. https://api.example.com/v1');

		await editor.type('baseUrl', bench.simulator.baseUrl);
		await editor.type('apiKey', 'sk-wrong');
		await editor.saveCredential();
		await editor.page.getByText('More details').first().click();
		await editor.page
			.getByText(/The server refused the API key\. Check the key/)
			.first()
			.waitFor();
		await editor.type('apiKey', bench.simulator.apiKey);
		await editor.saveCredential();
		await editor.part('credentials-config-container-test-success').waitFor();
	});

	test('a video by clicking only: built, bought, watched, downloaded', async () => {
		await editor.newWorkflow();
		await editor.addNode('text to video', 'Sora 2 Video', 'Generate video');
		await editor.type('prompt', 'A paper boat on a rainy street');
		const models = await editor.openModels('open-video-1');
		expect(models).toEqual(expect.arrayContaining([expect.stringMatching(/^sora-2 — \$0\.10\/s/)]));
		await editor.chooseModel('open-video-1');
		await editor.choose('seconds', '8');
		await editor.executeNode();

		const [, jobId] = await editor.consoleLine(/Video job submitted: (video_\w+)/);
		await editor.consoleLine(new RegExp(`Video job ${jobId}: completed, 100 %`));
		await editor.viewFile();
		expect(await editor.playVideo()).toEqual({ readyState: 4, duration: 8, width: 720, height: 1280 });
		const [job] = bench.simulator.ledger().jobs;
		expect(job).toMatchObject({ id: jobId, model: 'open-video-1', prompt: 'A paper boat on a rainy street' });

		await editor.page.getByText('Back to list').first().click();
		const { fileName, path: file } = await editor.downloadFile();
		expect(fileName).toMatch(/\.mp4$/);
		expect(readFileSync(file).equals(await bench.originalFile(jobId))).toBe(true);
		expect(bench.simulator.ledger()).toMatchObject({ jobsCreated: 1, charges: 1 });
	});

	test('an error names the job and what it cost', async () => {
		bench.simulator.script({
			prompt: 'boat',
			fail: { code: 'moderation_blocked', message: 'Blocked for its content' },
		});
		await openVideoNode({});
		await editor.executeNode();
		const [, jobId] = await editor.consoleLine(/Video job submitted: (video_\w+)/);
		const output = editor.part('output-panel');
		await output
			.getByText(/Blocked for its content/)
			.first()
			.waitFor();
		await output.getByText(new RegExp(jobId)).first().waitFor();
	});

	test('a running wait can be stopped; its job goes on, and nothing asks for it any more', async () => {
		bench.simulator.script({ prompt: 'boat', never: true });
		await openVideoNode({ options: { pollInterval: 0.25 } });
		await editor.executeNode();
		const [, jobId] = await editor.consoleLine(/Video job submitted: (video_\w+)/);
		await editor.stopExecution();
		const requests = () => bench.simulator.state.requests.filter(({ path: at }) => at.includes(jobId)).length;
		await editor.page.waitForTimeout(QUIET_MS);
		const before = requests();
		await editor.page.waitForTimeout(QUIET_MS);
		expect(requests()).toBe(before);
	});

	test('fields come and go with what is chosen', async () => {
		await openVideoNode({});
		const FIELDS = [
			'prompt',
			'size',
			'customSize',
			'seconds',
			'customSeconds',
			'reference',
			'referenceUrl',
			'jobId',
			'variant',
			'characterId',
			'mode',
			'videoStyle',
		];
		const generating = ['prompt', 'size', 'seconds', 'reference'];
		expect(await editor.shown(FIELDS)).toEqual(generating);
		await editor.choose('size', 'Custom');
		await editor.choose('seconds', 'Custom');
		await editor.choose('reference', 'From URL');
		expect(await editor.shown(FIELDS)).toEqual([
			'prompt',
			'size',
			'customSize',
			'seconds',
			'customSeconds',
			'reference',
			'referenceUrl',
		]);
		await editor.choose('operation', 'Download Video');
		expect(await editor.shown(FIELDS)).toEqual(['jobId', 'variant']);
		await editor.choose('operation', 'Wait for Video Job');
		expect(await editor.shown(FIELDS)).toEqual(['jobId']);
		await editor.choose('resource', 'Character');
		await editor.choose('operation', 'Get Character');
		expect(await editor.shown(FIELDS)).toEqual(['characterId']);
	});

	test('the icons for light and dark', async () => {
		const node = (await bench.client.types('nodes')).find(({ name }) => name === 'n8n-nodes-sora.sora2Video');
		expect(node.iconUrl).toEqual({
			light: expect.stringMatching(/sora\.svg$/),
			dark: expect.stringMatching(/sora\.dark\.svg$/),
		});
		for (const [colorScheme, file] of /** @type {const} */ ([
			['light', 'sora.svg'],
			['dark', 'sora.dark.svg'],
		])) {
			await editor.page.emulateMedia({ colorScheme });
			await editor.newWorkflow();
			const found = (await editor.searchNodes('text to video')).find(({ name }) => name === 'Sora 2 Video');
			expect(found).toEqual({ name: 'Sora 2 Video', icon: file, isDrawn: true });
		}
	});
});
