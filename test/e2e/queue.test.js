'use strict';

const { describeServers } = require('../support/n8n');
const { readExample, startedByWebhook } = require('../support/n8n/examples');
const { until } = require('../support/n8n/processes');
const {
	VIDEO_NODE,
	manualNode,
	promptItemsNode,
	videoNode,
	webhookNode,
	workflowOf,
} = require('../support/n8n/workflows');

const VIDEOS = 40;
const BATCH_TIMEOUT_MS = 120_000;
const PAID_TIMEOUT_MS = 20_000;
/** n8n's own settings are a minute and half a minute. */
const SHORT_LOCKS = {
	QUEUE_WORKER_LOCK_DURATION: '5000',
	QUEUE_WORKER_LOCK_RENEW_TIME: '1000',
	QUEUE_WORKER_STALLED_INTERVAL: '3000',
};
/** n8n keeps shorter waits in memory. */
const OFFLOADED_SECONDS = 66;
const STALLED_TIMEOUT_MS = 120_000;

/** The worker that has an execution in its hands, by its log. */
const workerOf = (server, executionId) =>
	server.members.slice(1).find((member) => new RegExp(`started execution ${executionId}\\b`).test(member.log()));

const options = {
	modes: /** @type {['queue']} */ (['queue']),
	environment: SHORT_LOCKS,
	simulator: { secondsPerJob: 4 },
};
describeServers('queue', options, (bench) => {
	test('forty videos over two workers: all are delivered, each is paid once', async () => {
		const { client, credential, simulator, server } = bench;
		const workflow = await client.createWorkflow(
			workflowOf('Forty', [webhookNode('forty', 'onReceived'), promptItemsNode(), videoNode(credential)]),
		);
		await client.activate(workflow);
		const prompts = Array.from({ length: VIDEOS }, (_, index) => `boat ${index}`);
		for (let at = 0; at < VIDEOS; at += 2) await client.callWebhook('forty', { prompts: prompts.slice(at, at + 2) });

		const executions = await until(
			async () => {
				const all = await client.executions(workflow.id);
				return all.length === VIDEOS / 2 && all.every(({ status }) => status === 'success') ? all : undefined;
			},
			{ timeoutMs: BATCH_TIMEOUT_MS, what: 'all executions' },
		);
		const { jobs, charges } = simulator.ledger();
		expect([jobs.length, charges]).toEqual([VIDEOS, VIDEOS]);
		const delivered = [];
		for (const { id } of executions) {
			for (const { json, binary } of (await client.execution(id)).items(VIDEO_NODE)) {
				expect(jobs.find((job) => job.id === json.jobId)?.prompt).toBe(json.prompt);
				expect((await client.binary(binary.data)).equals(await bench.originalFile(json.jobId))).toBe(true);
				delivered.push(json.prompt);
			}
		}
		expect(delivered.sort()).toEqual([...prompts].sort());
		const workers = new Set(executions.map(({ id }) => workerOf(server, id)?.name));
		expect([...workers].sort()).toEqual(['worker1', 'worker2']);
	});

	/** Saves and activates an example that starts by a webhook. */
	async function activateExample(name, change = (_nodes) => undefined) {
		const workflow = await bench.client.createWorkflow(
			startedByWebhook(readExample(name, bench.credential), name, change),
		);
		await bench.client.activate(workflow);
		return { workflow, path: name };
	}

	test('a worker is killed: n8n ends its execution with an error; the log has the ID that brings the file', async () => {
		const { client, credential, simulator, server } = bench;
		const { workflow, path } = await activateExample('durable-video');
		const executionId = await client.startByWebhook(workflow, path, {});
		await until(
			() => simulator.state.requests.some((request) => request.method === 'GET' && /video_/.test(request.path)),
			{
				timeoutMs: PAID_TIMEOUT_MS,
				what: 'the first look at the job',
			},
		);
		const killed = workerOf(server, executionId);
		await killed.kill();
		const ended = await client.waitForExecution(executionId, STALLED_TIMEOUT_MS);
		expect([ended.status, ended.error.message]).toEqual(['error', expect.stringMatching(/too many times/)]);
		// Save execution progress does not help here: n8n writes its error over what it had saved.
		expect(ended.data.resultData.runData).toEqual({});

		const [job] = simulator.ledger().jobs;
		expect(killed.log()).toContain(`Video job submitted: ${job.id}`);
		const rescue = await client.createWorkflow(
			workflowOf('Rescue', [manualNode(), videoNode(credential, { parameters: { operation: 'wait', jobId: job.id } })]),
		);
		const rescued = await client.waitForExecution(await client.runManually(rescue, 'Manual Trigger'));
		const [{ json, binary }] = rescued.items(VIDEO_NODE);
		expect(json).toMatchObject({ jobId: job.id, status: 'completed' });
		expect((await client.binary(binary.data)).equals(await bench.originalFile(job.id))).toBe(true);
		expect(simulator.ledger()).toMatchObject({ jobsCreated: 1, charges: 1 });

		// There is nothing that a retry could start from: it buys nothing, and delivers nothing.
		const retried = await client.retry(executionId, 'original');
		expect([retried.status, retried.data.resultData.runData]).toEqual(['error', {}]);
		expect(simulator.ledger()).toMatchObject({ jobsCreated: 1, charges: 1 });
		await killed.start();
	});

	test('durable-video-offloaded: the worker is killed in between, another one delivers', async () => {
		const { client, simulator, server } = bench;
		const { workflow, path } = await activateExample('durable-video-offloaded', ({ Wait }) => {
			Wait.parameters = { amount: OFFLOADED_SECONDS, unit: 'seconds' };
		});
		const executionId = await client.startByWebhook(workflow, path, {});
		await until(async () => (await client.execution(executionId)).status === 'waiting', {
			timeoutMs: PAID_TIMEOUT_MS,
			what: 'the execution to be put away',
		});
		const killed = workerOf(server, executionId);
		await killed.kill();
		const ended = await client.waitForExecution(executionId, OFFLOADED_SECONDS * 1000 + PAID_TIMEOUT_MS);
		expect(ended.status).toBe('success');
		const [{ json, binary }] = ended.items('Wait for Video Job');
		expect((await client.binary(binary.data)).equals(await bench.originalFile(json.jobId))).toBe(true);
		expect(simulator.ledger()).toMatchObject({ jobsCreated: 1, charges: 1 });
		await killed.start();
	});
});
