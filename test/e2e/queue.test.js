'use strict';

const { describeServers } = require('../support/n8n');
const { readExample, startedByWebhook } = require('../support/n8n/examples');
const { makeFolder, until } = require('../support/n8n/processes');
const {
	VIDEO_NODE,
	makeNode,
	manualNode,
	promptItemsNode,
	videoNode,
	webhookNode,
	workflowOf,
} = require('../support/n8n/workflows');
const { sha256Of } = require('../support/simulator/madeFiles');

const VIDEOS = 40;
const BATCH_TIMEOUT_MS = 120_000;
const PAID_TIMEOUT_MS = 40_000;
/** Longer than it takes n8n to notice that a worker is gone. */
const LONG_JOB_SECONDS = 12;
/** n8n's own settings are a minute and half a minute. */
const SHORT_LOCKS = {
	QUEUE_WORKER_LOCK_DURATION: '5000',
	QUEUE_WORKER_LOCK_RENEW_TIME: '1000',
	QUEUE_WORKER_STALLED_INTERVAL: '3000',
};
/** What docs/scaling.md recommends: files in one folder that all processes see. */
const SHARED_FOLDER = {
	N8N_DEFAULT_BINARY_DATA_MODE: 'filesystem',
	N8N_BINARY_DATA_STORAGE_PATH: makeFolder('n8n-e2e-files'),
};
/** n8n keeps shorter waits in memory. */
const OFFLOADED_SECONDS = 66;
const STALLED_TIMEOUT_MS = 120_000;

/** The worker that has an execution in its hands, by its log. */
const workerOf = (server, executionId) =>
	server.members.slice(1).find((member) => new RegExp(`started execution ${executionId}\\b`).test(member.log()));

const options = {
	modes: /** @type {['queue']} */ (['queue']),
	environment: { ...SHORT_LOCKS, ...SHARED_FOLDER },
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

	/** Saves and activates a workflow that starts by a webhook; gives how it is started: that gives the execution's id. */
	async function activate(path, workflow) {
		const saved = await bench.client.createWorkflow(workflow);
		await bench.client.activate(saved);
		return async () => await bench.client.startByWebhook(saved, path, {});
	}

	async function activateExample(name, change = (_nodes) => undefined) {
		return await activate(name, startedByWebhook(readExample(name, bench.credential), name, change));
	}

	/**
	 * Starts workflows while only one worker is there, and kills it as soon as `isTime`; then another one is there. Gives the
	 * executions when they have ended.
	 */
	async function changeWorkers(starts, isTime, timeoutMs) {
		const { client, server } = bench;
		const [, killed, other] = server.members;
		await other.kill();
		const ids = [];
		try {
			for (const start of starts) ids.push(await start());
			await until(async () => await isTime(ids), { timeoutMs: PAID_TIMEOUT_MS, what: 'the moment to kill the worker' });
		} finally {
			await killed.kill();
			await other.start();
		}
		try {
			const executions = await Promise.all(ids.map(async (id) => await client.waitForExecution(id, timeoutMs)));
			return { executions, killed, other };
		} finally {
			await killed.start();
		}
	}

	/** What becomes of two nodes that save their progress, and of a Generate of one node, when their worker is killed. */
	async function killInTheWait() {
		const { simulator, server } = bench;
		simulator.script({ seconds: LONG_JOB_SECONDS });
		const starts = [
			await activateExample('durable-video', (nodes) => (nodes['Start Video Job'].parameters.prompt = 'Two nodes')),
			await activateExample('text-to-video', (nodes) => (nodes[VIDEO_NODE].parameters.prompt = 'One node')),
		];
		const isWaitedFor = ({ id }) =>
			server.log().includes(`Video job submitted: ${id}`) &&
			simulator.state.requests.some(({ path }) => path.endsWith(`/${id}`));
		const areWaitedFor = () =>
			jobIds('Two nodes').length === 1 && jobIds('One node').length === 1 && simulator.ledger().jobs.every(isWaitedFor);
		const { executions, killed } = await changeWorkers(starts, areWaitedFor, STALLED_TIMEOUT_MS);
		for (const { id } of simulator.ledger().jobs.slice(0, 2)) {
			expect(killed.log()).toContain(`Video job submitted: ${id}`);
		}
		return { twoNodes: executions[0], oneNode: executions[1] };
	}

	/** Of the jobs with this prompt, in the order of their purchase. */
	const jobIds = (words) =>
		bench.simulator
			.ledger()
			.jobs.filter(({ prompt }) => prompt === words)
			.map(({ id }) => id);

	async function expectFile({ json, binary }, jobId) {
		expect(json).toMatchObject({ jobId, status: 'completed' });
		expect((await bench.client.binary(binary.data)).equals(await bench.originalFile(jobId))).toBe(true);
	}

	if (major === 1) {
		test('a worker is killed: another one delivers what durable-video had saved, and buys what one node had bought again', async () => {
			const { twoNodes, oneNode } = await killInTheWait();
			expect([twoNodes.status, oneNode.status]).toEqual(['success', 'success']);
			const [saved] = jobIds('Two nodes');
			await expectFile(twoNodes.items('Wait for Video Job')[0], saved);
			expect(jobIds('Two nodes')).toEqual([saved]);
			const twice = jobIds('One node');
			expect(twice).toHaveLength(2);
			await expectFile(oneNode.items(VIDEO_NODE)[0], twice[1]);
			expect(bench.simulator.ledger()).toMatchObject({ jobsCreated: 3, charges: 3 });
		});
	} else {
		test('a worker is killed, progress saved or not: errors without data; the log has the IDs that bring the files', async () => {
			const { client, credential, simulator } = bench;
			const { twoNodes, oneNode } = await killInTheWait();
			for (const { status, error, data } of [twoNodes, oneNode]) {
				expect([status, error?.message]).toEqual([
					'error',
					expect.stringMatching(/failed to be processed too many times/),
				]);
				// Save execution progress does not help here: n8n writes its error over what it had saved.
				expect(data.resultData.runData).toEqual({});
			}

			const paid = [...jobIds('Two nodes'), ...jobIds('One node')];
			const jobs = makeNode(
				'Jobs',
				'n8n-nodes-base.set',
				{ mode: 'raw', jsonOutput: JSON.stringify({ paid }), options: {} },
				{ typeVersion: 3.4 },
			);
			const each = makeNode('Each', 'n8n-nodes-base.splitOut', { fieldToSplitOut: 'paid', options: {} });
			const wait = videoNode(credential, { parameters: { operation: 'wait', jobId: '={{ $json.paid }}' } });
			const rescue = await client.createWorkflow(workflowOf('Rescue', [manualNode(), jobs, each, wait]));
			const rescued = await client.waitForExecution(await client.runManually(rescue, 'Manual Trigger'));
			const files = rescued.items(VIDEO_NODE);
			expect(files).toHaveLength(2);
			for (const [index, file] of files.entries()) await expectFile(file, paid[index]);

			// There is nothing that a retry could start from: it buys nothing and delivers nothing.
			for (const { id } of [twoNodes, oneNode]) {
				const retried = await client.retry(id, 'original');
				expect([retried.status, retried.data.resultData.runData]).toEqual(['error', {}]);
			}
			expect(simulator.ledger()).toMatchObject({ jobsCreated: 2, charges: 2 });
		});
	}

	test('the worker is killed during a Wait: another one delivers durable-video-offloaded, and reads a file of the killed one', async () => {
		const { client, credential, simulator } = bench;
		const wait = { amount: OFFLOADED_SECONDS, unit: 'seconds' };
		const hash = {
			action: 'hash',
			type: 'SHA256',
			binaryData: true,
			binaryPropertyName: 'data',
			dataPropertyName: 'sha256',
		};
		const nodes = [
			webhookNode('file', 'onReceived'),
			videoNode(credential, { parameters: { prompt: 'A file' } }),
			makeNode('Wait', 'n8n-nodes-base.wait', wait, { typeVersion: 1.1, webhookId: 'file-wait' }),
			makeNode('Read File', 'n8n-nodes-base.crypto', hash),
		];
		const starts = [
			await activateExample('durable-video-offloaded', ({ Wait }) => (Wait.parameters = wait)),
			await activate('file', workflowOf('File', nodes)),
		];
		const arePutAway = async (ids) => {
			const executions = await Promise.all(ids.map(async (id) => await client.execution(id)));
			return executions.every(({ status }) => status === 'waiting');
		};
		const timeoutMs = OFFLOADED_SECONDS * 1000 + STALLED_TIMEOUT_MS;
		const { executions, killed, other } = await changeWorkers(starts, arePutAway, timeoutMs);
		const [offloaded, file] = executions;
		expect([offloaded.status, file.status]).toEqual(['success', 'success']);
		const isOf = (worker, { id }) => new RegExp(`started execution ${id}\\b`).test(worker.log());
		for (const execution of executions) expect([isOf(killed, execution), isOf(other, execution)]).toEqual([true, true]);

		const [jobId] = simulator
			.ledger()
			.jobs.filter(({ prompt }) => prompt !== 'A file')
			.map(({ id }) => id);
		await expectFile(offloaded.items('Wait for Video Job')[0], jobId);
		const [made] = file.items(VIDEO_NODE);
		expect(made.binary.data.id).toMatch(/^filesystem/);
		await expectFile(made, jobIds('A file')[0]);
		const [{ json }] = file.items('Read File');
		expect(json.sha256).toBe(sha256Of(await bench.originalFile(jobIds('A file')[0])));
		expect(simulator.ledger()).toMatchObject({ jobsCreated: 2, charges: 2 });
	});
});
