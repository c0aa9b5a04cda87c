'use strict';

const { readFileSync } = require('node:fs');
const path = require('node:path');

const { LOGS, describeServers } = require('../support/n8n');
const { Editor, missingBrowser } = require('../support/n8n/editor');
const { until } = require('../support/n8n/processes');
const { VIDEO_NODE, manualNode, videoNode, workflowOf } = require('../support/n8n/workflows');

const describeWithBrowser = missingBrowser()
	? (suite) => describe.skip(`${suite} (${missingBrowser()})`, () => test('by browser', () => undefined))
	: describeServers;

/** Longer than several pauses between two looks. */
const QUIET_MS = 2_000;
/** Until a form has its values. */
const FIELD_LIMIT_MS = 60_000;

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
	});

	test('behind the entry of the node is its trigger, too', async () => {
		// n8n shows a node and its trigger as one entry with the actions and triggers of both.
		const trigger = editor.page.getByText('On video completed', { exact: true }).first();
		for (const words of ['sora', 'text to video']) {
			await editor.emptyWorkflow();
			await editor.openEntry(words, 'Sora 2 Video');
			for (const title of [/^Triggers/, /^Actions/]) await editor.page.getByText(title).first().waitFor();
			await trigger.waitFor();
		}
		await trigger.click();
		await editor.part('node-parameters').waitFor();
		await editor.closeNode();
		expect(await editor.canvasPictures('Sora 2 Video Trigger')).toEqual(['sora.svg']);
	});

	test('the credential: another server is another address; its test is red with our hint, then green', async () => {
		await editor.newCredential();
		/** Of every Base URL field that is seen: each server has its own. */
		const placeholders = async () => {
			const fields = editor.parameter('baseUrl').locator('input');
			return await fields.evaluateAll((inputs) => inputs.map((input) => input.getAttribute('placeholder')));
		};
		expect(await placeholders()).toEqual(['e.g. https://api.apiyi.com/v1']);
		await editor.choose('server', 'OpenRouter');
		expect(await placeholders()).toEqual(['e.g. https://openrouter.ai/api/v1']);
		await editor.choose('server', 'Other (OpenAI-Compatible)');
		expect(await placeholders()).toEqual(['e.g. https://api.example.com/v1']);

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

		await editor.closeCredential();
		await editor.openCredential('Sora account');
		const field = (name) => editor.parameter(name).locator('input').first();
		await until(async () => (await field('baseUrl').inputValue()) === bench.simulator.baseUrl, {
			timeoutMs: FIELD_LIMIT_MS,
			what: 'the address in the credential that was saved',
		});
		expect(await field('apiKey').getAttribute('type')).toBe('password');
		// Something is there, but the key itself has not come back from n8n.
		expect(await field('apiKey').inputValue()).not.toBe('');
		expect(await editor.page.content()).not.toContain(bench.simulator.apiKey);
		expect(await field('apiKey').inputValue()).not.toContain(bench.simulator.apiKey);
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

		// Stopping the wait has told the server nothing: the job is there and runs.
		const ours = bench.simulator.state.requests.filter(({ path: at }) => at.includes(jobId));
		expect(ours.map(({ method }) => method)).toEqual(ours.map(() => 'GET'));
		const headers = { authorization: `Bearer ${bench.simulator.apiKey}` };
		const job = await fetch(`${bench.simulator.baseUrl}/videos/${jobId}`, { headers });
		expect([job.status, await job.json()]).toEqual([200, expect.objectContaining({ status: 'in_progress' })]);
	});

	test('fields come and go with what is chosen', async () => {
		await openVideoNode({ model: { __rl: true, mode: 'list', value: 'open-video-1' } });
		const CHAT_FIELDS = ['mode', 'shots', 'remixTarget', 'videoStyle'];
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
			...CHAT_FIELDS,
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
		await editor.choose('api', 'Chat Completions');
		expect(await editor.shown(CHAT_FIELDS)).toEqual(['mode', 'videoStyle']);
		await editor.choose('mode', 'Storyboard');
		expect(await editor.shown(CHAT_FIELDS)).toEqual(['mode', 'shots', 'videoStyle']);
		await editor.choose('api', 'Videos API');
		expect(await editor.shown(CHAT_FIELDS)).toEqual([]);

		const notice = editor.part('node-parameters').getByText(/ended this model/);
		expect(await notice.count()).toBe(0);
		await editor.openModels('sora-2');
		await editor.chooseModel(/^\s*sora-2 —/);
		await notice.waitFor();
		await editor.openModels('open-video-1');
		await editor.chooseModel('open-video-1');
		await notice.waitFor({ state: 'hidden' });

		await editor.choose('operation', 'Download Video');
		expect(await editor.shown(FIELDS)).toEqual(['jobId', 'variant']);
		await editor.choose('operation', 'Wait for Video Job');
		expect(await editor.shown(FIELDS)).toEqual(['jobId']);
		await editor.choose('resource', 'Character');
		await editor.choose('operation', 'Get Character');
		expect(await editor.shown(FIELDS)).toEqual(['characterId']);
	});

	test('the icons for light and dark', async () => {
		const icons = { 'Sora 2 Video': 'sora', 'Sora Image': 'soraImage', 'GPT Image': 'gptImage' };
		for (const [colorScheme, ending] of /** @type {const} */ ([
			['light', '.svg'],
			['dark', '.dark.svg'],
		])) {
			await editor.page.emulateMedia({ colorScheme });
			await editor.emptyWorkflow();
			for (const [displayName, icon] of Object.entries(icons)) {
				const found = (await editor.searchNodes(displayName)).find(({ name }) => name === displayName);
				expect(found).toEqual({ name: displayName, icon: `${icon}${ending}`, isDrawn: true });
			}
		}
	});
});
