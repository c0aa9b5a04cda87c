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
/** Longer than it takes n8n to notice that a worker is gone. */
const LONG_JOB_SECONDS = 12;
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
describeServers('queue', options, (bench, { major }) => {
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

	/** Starts an example and kills the worker that has it, as soon as its job is paid; gives the execution when it has ended. */
	async function killWorkerOf(name) {
		const { client, simulator, server } = bench;
		simulator.script({ seconds: LONG_JOB_SECONDS });
		const { workflow, path } = await activateExample(name);
		const executionId = await client.startByWebhook(workflow, path, {});
		const paid = () => server.log().includes(`Video job submitted: ${simulator.ledger().jobs[0]?.id}`);
		await until(paid, { timeoutMs: PAID_TIMEOUT_MS, what: 'the job' });
		const inTheWait = () => simulator.state.requests.some(({ path: place }) => /video_/.test(place));
		await until(inTheWait, { timeoutMs: PAID_TIMEOUT_MS, what: 'the first look at the job' });
		const killed = workerOf(server, executionId);
		await killed.kill();
		try {
			return { killed, execution: await client.waitForExecution(executionId, STALLED_TIMEOUT_MS) };
		} finally {
			await killed.start();
		}
	}

	async function expectFile({ json, binary }, jobId) {
		expect(json).toMatchObject({ jobId, status: 'completed' });
		expect((await bench.client.binary(binary.data)).equals(await bench.originalFile(jobId))).toBe(true);
	}

	if (major === 1) {
		test('a worker is killed after durable-video had saved its job: another worker delivers it', async () => {
			const { execution } = await killWorkerOf('durable-video');
			expect(execution.status).toBe('success');
			const { jobs, charges } = bench.simulator.ledger();
			expect([jobs.length, charges]).toEqual([1, 1]);
			await expectFile(execution.items('Wait for Video Job')[0], jobs[0].id);
		});

		test('a worker is killed in a Generate of one node: n8n 1.x runs it anew, and it buys again', async () => {
			const { execution, killed } = await killWorkerOf('text-to-video');
			expect(execution.status).toBe('success');
			const { jobs, charges } = bench.simulator.ledger();
			expect([jobs.length, charges]).toEqual([2, 2]);
			await expectFile(execution.items(VIDEO_NODE)[0], jobs[1].id);
			// The first one is not lost.
			expect(killed.log()).toContain(`Video job submitted: ${jobs[0].id}`);
		});
	} else {
		test.each(['durable-video', 'text-to-video'])(
			'a worker is killed in %s: an error without data; the log has the ID that brings the file',
			async (name) => {
				const { client, credential, simulator } = bench;
				const { execution, killed } = await killWorkerOf(name);
				expect([execution.status, execution.error?.message]).toEqual([
					'error',
					expect.stringMatching(/failed to be processed too many times/),
				]);
				// Save execution progress does not help here: n8n writes its error over what it had saved.
				expect(execution.data.resultData.runData).toEqual({});

				const [{ id }] = simulator.ledger().jobs;
				expect(killed.log()).toContain(`Video job submitted: ${id}`);
				const parameters = { operation: 'wait', jobId: id };
				const rescue = await client.createWorkflow(
					workflowOf('Rescue', [manualNode(), videoNode(credential, { parameters })]),
				);
				const rescued = await client.waitForExecution(await client.runManually(rescue, 'Manual Trigger'));
				await expectFile(rescued.items(VIDEO_NODE)[0], id);

				// There is nothing that a retry could start from: it buys nothing and delivers nothing.
				const retried = await client.retry(execution.id, 'original');
				expect([retried.status, retried.data.resultData.runData]).toEqual(['error', {}]);
				expect(simulator.ledger()).toMatchObject({ jobsCreated: 1, charges: 1 });
			},
		);
	}

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
		await expectFile(ended.items('Wait for Video Job')[0], simulator.ledger().jobs[0].id);
		expect(simulator.ledger()).toMatchObject({ jobsCreated: 1, charges: 1 });
		await killed.start();
	});
});
