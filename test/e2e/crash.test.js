'use strict';

const { describeServers } = require('../support/n8n');
const { readExample, startedByWebhook } = require('../support/n8n/examples');
const { until } = require('../support/n8n/processes');
const { VIDEO_NODE, promptItemsNode, videoNode, webhookNode, workflowOf } = require('../support/n8n/workflows');

const JOB_SECONDS = 6;
const PAID_TIMEOUT_MS = 20_000;
/** n8n keeps shorter waits in memory. */
const OFFLOADED_SECONDS = 66;

describeServers('crash', { simulator: { secondsPerJob: JOB_SECONDS } }, (bench) => {
	/** Starts a workflow by its webhook and gives the id of its execution. */
	async function start(name, nodes, settings) {
		const workflow = workflowOf(name, [webhookNode(name, 'onReceived'), promptItemsNode(), ...nodes]);
		Object.assign(workflow.settings, settings);
		const saved = await bench.client.createWorkflow(workflow);
		await bench.client.activate(saved);
		return await bench.client.startByWebhook(saved, name, { prompts: ['A paper boat'] });
	}

	/** Kills n8n and starts it again; gives the execution as n8n found it. */
	async function crash(executionId) {
		await bench.server.kill();
		await bench.server.start();
		await bench.client.logIn();
		return await bench.client.waitForExecution(executionId);
	}

	/** Starts an example by a webhook in the place of its manual trigger; gives the id of its execution. */
	async function startExample(name, { path = name, change = (_nodes) => undefined, settings = {} } = {}) {
		const example = startedByWebhook(readExample(name, bench.credential), path, change);
		Object.assign(example.settings, settings);
		const saved = await bench.client.createWorkflow(example);
		await bench.client.activate(saved);
		return await bench.client.startByWebhook(saved, path, {});
	}

	const jobIds = () => bench.simulator.ledger().jobs.map(({ id }) => id);

	/** The one job was bought once, and the execution's last node has its very file. */
	async function expectDelivery(execution) {
		expect(execution.status).toBe('success');
		const [job] = bench.simulator.ledger().jobs;
		const [{ json, binary }] = execution.items('Wait for Video Job');
		expect(json).toMatchObject({ jobId: job.id, status: 'completed' });
		expect((await bench.client.binary(binary.data)).equals(await bench.originalFile(job.id))).toBe(true);
		expect(bench.simulator.ledger()).toMatchObject({ jobsCreated: 1, charges: 1 });
	}

	test('durable-video: after kill -9 a retry delivers what was paid', async () => {
		const executionId = await startExample('durable-video');
		await until(
			() => bench.simulator.state.requests.some(({ method, path }) => method === 'GET' && /video_/.test(path)),
			{ timeoutMs: PAID_TIMEOUT_MS, what: 'the first look at the job' },
		);
		const crashed = await crash(executionId);
		expect(crashed.status).toBe('crashed');
		const [job] = bench.simulator.ledger().jobs;
		expect(crashed.items('Start Video Job')).toEqual([
			expect.objectContaining({ json: expect.objectContaining({ jobId: job.id }) }),
		]);
		await expectDelivery(await bench.client.retry(executionId, 'original'));
	});

	test('durable-video-offloaded: after kill -9 it delivers by itself', async () => {
		const change = ({ Wait }) => (Wait.parameters = { amount: OFFLOADED_SECONDS, unit: 'seconds' });
		const executionId = await startExample('durable-video-offloaded', { change });
		await until(async () => (await bench.client.execution(executionId)).status === 'waiting', {
			timeoutMs: PAID_TIMEOUT_MS,
			what: 'the execution to be put away',
		});
		await bench.server.kill();
		await bench.server.start();
		await bench.client.logIn();
		await expectDelivery(await bench.client.waitForExecution(executionId, OFFLOADED_SECONDS * 1000 + PAID_TIMEOUT_MS));
	});

	test('Generate as one node, and two nodes without Save execution progress: after kill -9 an ID brings the file, Retry buys again', async () => {
		const { client, server, simulator } = bench;
		const loggedBefore = server.log().length;
		const oneNode = await start('one-node', [videoNode(bench.credential)]);
		const twoNodes = await startExample('durable-video', {
			path: 'unsaved',
			settings: { saveExecutionProgress: false },
		});
		const isWaitedFor = (id) => simulator.state.requests.some(({ path }) => path.endsWith(`/${id}`));
		await until(() => jobIds().length === 2 && jobIds().every(isWaitedFor), {
			timeoutMs: PAID_TIMEOUT_MS,
			what: 'the first look at each of the jobs',
		});
		const logged = server
			.log()
			.slice(loggedBefore)
			.matchAll(/Video job submitted: (video_\w+)/g);
		const paid = [...logged].map(([, id]) => id).sort();
		expect(paid).toEqual(jobIds().sort());
		await crash(oneNode);
		const crashed = await Promise.all([oneNode, twoNodes].map(async (id) => await client.waitForExecution(id)));
		expect(crashed.map(({ status }) => status)).toEqual(['crashed', 'crashed']);

		const rescueId = await start('rescue', [
			videoNode(bench.credential, {
				name: 'Get Many',
				parameters: { operation: 'getAll', returnAll: false, limit: 2, filters: {} },
			}),
			videoNode(bench.credential, { parameters: { operation: 'wait', jobId: '={{ $json.jobId }}' } }),
		]);
		const rescued = await client.waitForExecution(rescueId);
		expect(rescued.status).toBe('success');
		const files = rescued.items(VIDEO_NODE);
		expect(files.map(({ json }) => json.jobId).sort()).toEqual(paid);
		for (const { json, binary } of files) {
			expect(json).toMatchObject({ status: 'completed' });
			expect((await client.binary(binary.data)).equals(await bench.originalFile(json.jobId))).toBe(true);
		}
		expect(simulator.ledger()).toMatchObject({ jobsCreated: 2, charges: 2 });

		// n8n has kept nothing of what the nodes did: a retry begins at the start, and pays.
		for (const [id, node] of [
			[oneNode, VIDEO_NODE],
			[twoNodes, 'Wait for Video Job'],
		]) {
			const before = jobIds();
			const retried = await client.retry(id, 'original');
			expect(retried.status).toBe('success');
			const bought = jobIds().filter((jobId) => !before.includes(jobId));
			expect(retried.items(node).map(({ json }) => json.jobId)).toEqual(bought);
			expect(bought).toHaveLength(1);
		}
		expect(simulator.ledger()).toMatchObject({ jobsCreated: 4, charges: 4 });
	});
});
