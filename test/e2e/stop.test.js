'use strict';

const { describeServers } = require('../support/n8n');
const { until } = require('../support/n8n/processes');
const {
	VIDEO_NODE,
	manualNode,
	promptItemsNode,
	videoNode,
	webhookNode,
	workflowOf,
} = require('../support/n8n/workflows');

const JOB_SECONDS = 6;
const TIMEOUT_MS = 20_000;
/** Longer than several pauses between two looks. */
const QUIET_MS = 2_000;

describeServers('stop', { modes: ['regular', 'queue'], simulator: { secondsPerJob: JOB_SECONDS } }, (bench) => {
	test('Stop ends the looks at once; the log names the job, and its ID brings the file', async () => {
		const { client, credential, simulator, server } = bench;
		const workflow = await client.createWorkflow(
			workflowOf('Stopped', [webhookNode('stopped', 'onReceived'), promptItemsNode(), videoNode(credential)]),
		);
		await client.activate(workflow);
		const executionId = await client.startByWebhook(workflow, 'stopped', { prompts: ['A paper boat'] });
		const isLook = ({ method, path }) => method === 'GET' && path.includes('video_');
		await until(() => simulator.state.requests.some(isLook), { timeoutMs: TIMEOUT_MS, what: 'the first look' });
		await client.stop(executionId);
		expect((await client.waitForExecution(executionId)).status).toBe('canceled');

		const [{ id }] = simulator.ledger().jobs;
		await until(() => server.log().includes(`Video job ${id} goes on at the server after the stop`), {
			timeoutMs: TIMEOUT_MS,
			what: 'the line in the log',
		});
		const requests = simulator.state.requests.length;
		await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
		expect(simulator.state.requests).toHaveLength(requests);

		const parameters = { operation: 'wait', jobId: id };
		const rescue = await client.createWorkflow(
			workflowOf('Rescue', [manualNode(), videoNode(credential, { parameters })]),
		);
		const rescued = await client.waitForExecution(await client.runManually(rescue, 'Manual Trigger'));
		const [{ json, binary }] = rescued.items(VIDEO_NODE);
		expect(json).toMatchObject({ jobId: id, status: 'completed' });
		expect((await client.binary(binary.data)).equals(await bench.originalFile(id))).toBe(true);
		expect(simulator.ledger()).toMatchObject({ jobsCreated: 1, charges: 1 });
	});
});
