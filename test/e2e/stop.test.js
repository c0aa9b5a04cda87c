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
/** n8n 1.x in queue mode: soon notices that a worker is gone, and does not run anew what it had. */
const NEVER_ANEW = {
	QUEUE_WORKER_LOCK_DURATION: '5000',
	QUEUE_WORKER_LOCK_RENEW_TIME: '1000',
	QUEUE_WORKER_STALLED_INTERVAL: '3000',
	QUEUE_WORKER_MAX_STALLED_COUNT: '0',
};
const STALLED_TIMEOUT_MS = 120_000;
/** Longer than several pauses between two looks. */
const QUIET_MS = 2_000;

const options = {
	modes: /** @type {Array<'regular' | 'queue'>} */ (['regular', 'queue']),
	simulator: { secondsPerJob: JOB_SECONDS },
	environment: NEVER_ANEW,
};
/** Executions that end before their video does, and do not go on. */
describeServers('stop', options, (bench, { major }, mode) => {
	/** Starts a workflow that makes a video; gives its execution's id as soon as its job is looked at. */
	async function startVideo(name) {
		const { client, credential, simulator } = bench;
		const workflow = await client.createWorkflow(
			workflowOf(name, [webhookNode(name, 'onReceived'), promptItemsNode(), videoNode(credential)]),
		);
		await client.activate(workflow);
		const executionId = await client.startByWebhook(workflow, name, { prompts: ['A paper boat'] });
		const isLook = ({ method, path }) => method === 'GET' && path.includes('video_');
		await until(() => simulator.state.requests.some(isLook), { timeoutMs: TIMEOUT_MS, what: 'the first look' });
		return executionId;
	}

	/** Wait for Video Job fetches the one job, which stays the only one. */
	async function expectRescue(id) {
		const { client, credential, simulator } = bench;
		const parameters = { operation: 'wait', jobId: id };
		const rescue = await client.createWorkflow(
			workflowOf('Rescue', [manualNode(), videoNode(credential, { parameters })]),
		);
		const rescued = await client.waitForExecution(await client.runManually(rescue, 'Manual Trigger'));
		const [{ json, binary }] = rescued.items(VIDEO_NODE);
		expect(json).toMatchObject({ jobId: id, status: 'completed' });
		expect((await client.binary(binary.data)).equals(await bench.originalFile(id))).toBe(true);
		expect(simulator.ledger()).toMatchObject({ jobsCreated: 1, charges: 1 });
	}

	test('Stop ends the looks at once; the log names the job, and its ID brings the file', async () => {
		const { client, simulator, server } = bench;
		const executionId = await startVideo('stopped');
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
		await expectRescue(id);
	});

	if (major === 1 && mode === 'queue') {
		test('QUEUE_WORKER_MAX_STALLED_COUNT=0: what a killed worker had is not run anew; its log has the ID that brings the file', async () => {
			const { client, simulator, server } = bench;
			const executionId = await startVideo('killed');
			const hasStarted = new RegExp(`started execution ${executionId}\\b`);
			const killed = server.members.slice(1).find((member) => hasStarted.test(member.log()));
			await killed.kill();
			const ended = await client.waitForExecution(executionId, STALLED_TIMEOUT_MS);
			await killed.start();
			expect([ended.status, ended.error?.message]).toEqual([
				'error',
				expect.stringMatching(/failed to be processed too many times/),
			]);
			const [{ id }] = simulator.ledger().jobs;
			expect(killed.log()).toContain(`Video job submitted: ${id}`);
			await expectRescue(id);
		});
	}
});
