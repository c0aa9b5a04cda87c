'use strict';

const { describeServers } = require('../support/n8n');
const { startChatModel } = require('../support/n8n/chatModel');
const { makeNode, manualNode, videoNode } = require('../support/n8n/workflows');

const PROMPT = 'A paper boat, as the agent wishes it';

describeServers('agent', {}, (bench) => {
	/** @type {Awaited<ReturnType<typeof startChatModel>>} */
	let chatModel;
	beforeEach(async () => {
		chatModel = await startChatModel([{ said: 'boat', tool: 'Video_Tool', arguments: { prompt: PROMPT } }]);
	});
	afterEach(async () => await chatModel.close());

	/** Runs an agent that has our node as its only tool; gives the execution. */
	async function runAgent(settings = {}) {
		const openAi = await bench.client.createCredential('openAiApi', 'Script', {
			apiKey: 'any',
			url: chatModel.baseUrl,
		});
		const tool = videoNode(bench.credential, {
			name: 'Video Tool',
			parameters: { prompt: "={{ $fromAI('prompt', 'What the video shows', 'string') }}" },
			settings,
		});
		const nodes = [
			manualNode(),
			makeNode(
				'Agent',
				'@n8n/n8n-nodes-langchain.agent',
				{ promptType: 'define', text: 'Make a video of a boat', options: {} },
				{ typeVersion: 1.7 },
			),
			makeNode(
				'Model',
				'@n8n/n8n-nodes-langchain.lmChatOpenAi',
				{ model: 'script', options: { baseURL: chatModel.baseUrl, streaming: false } },
				{ typeVersion: 1, credentials: { openAiApi: openAi } },
			),
			{ ...tool, type: 'n8n-nodes-sora.sora2VideoTool' },
		];
		const connections = {
			'Manual Trigger': { main: [[{ node: 'Agent', type: 'main', index: 0 }]] },
			Model: { ai_languageModel: [[{ node: 'Agent', type: 'ai_languageModel', index: 0 }]] },
			'Video Tool': { ai_tool: [[{ node: 'Agent', type: 'ai_tool', index: 0 }]] },
		};
		const workflow = await bench.client.createWorkflow({ name: 'Agent', nodes, connections, settings: {} });
		return await bench.client.waitForExecution(await bench.client.runManually(workflow, 'Manual Trigger'));
	}

	test('an agent calls the node as its tool, and gets what it made as a small text', async () => {
		const execution = await runAgent();
		expect([execution.status, execution.error?.message]).toEqual(['success', undefined]);
		const { jobs, charges } = bench.simulator.ledger();
		expect([jobs.map(({ prompt }) => prompt), charges]).toEqual([[PROMPT], 1]);
		expect(chatModel.requests).toHaveLength(2);
		const [{ json }] = execution.items('Agent');
		expect(json.output).toContain(jobs[0].id);
		expect(json.output.length).toBeLessThan(5_000);
	});

	test('Retry On Fail on the tool: what the first try has paid for is not bought again', async () => {
		bench.simulator.fault({ match: { path: '/content' }, redirect: 'http://10.0.0.1/video.mp4', times: 1 });
		const execution = await runAgent({ retryOnFail: true, maxTries: 3, waitBetweenTries: 200 });
		expect([execution.status, execution.error?.message]).toEqual(['success', undefined]);
		const { jobs, charges, jobsCreated } = bench.simulator.ledger();
		expect([jobsCreated, charges]).toEqual([1, 1]);
		expect(execution.items('Agent')[0].json.output).toContain(jobs[0].id);
	});
});
