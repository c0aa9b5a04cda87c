'use strict';

const { describeServers } = require('../support/n8n');
const { readExample } = require('../support/n8n/examples');
const { until } = require('../support/n8n/processes');
const { VIDEO_NODE, makeNode, noOpNode, videoNode, workflowOf } = require('../support/n8n/workflows');

/** Every four seconds: n8n refuses a rhythm of less than a minute, but not many of a minute each. */
const OFTEN = {
	item: Array.from({ length: 15 }, (_, index) => ({ mode: 'custom', cronExpression: `${index * 4} * * * * *` })),
};
const TOLD_TIMEOUT_MS = 60_000;
/** Two polls and a little. */
const QUIET_MS = 9_000;
/** More than a page of the list holds, and more than one poll tells. */
const MANY = 130;
const MOST_AT_ONCE = 100;
const TOO_OLD_MS = 49 * 60 * 60_000;
const TRIGGER = 'Sora 2 Video Trigger';
const NO_LIST = 'This server shows no list of jobs, so this trigger cannot watch it';

describeServers('trigger', {}, (bench, { major }) => {
	/** Jobs of somebody else, which end at once. */
	function endJobs(count, { model = 'sora-2', prompt = 'A boat' } = {}) {
		const order = { model, size: '720x1280', seconds: '4', prompt, isInstant: true };
		return Array.from({ length: count }, () => bench.simulator.jobs.create(order));
	}

	const idsOf = (jobs) => jobs.map(({ id }) => id);

	function triggerNode(parameters, name = TRIGGER) {
		return makeNode(
			name,
			'n8n-nodes-sora.sora2VideoTrigger',
			{ pollTimes: OFTEN, events: ['completed'], ...parameters },
			{ credentials: { soraApi: bench.credential } },
		);
	}

	/** The items that each of a workflow's executions gave so far, in the order of the executions. */
	async function toldByEach(workflow, node) {
		const executions = (await bench.client.executions(workflow.id)).reverse();
		const ended = executions.filter(({ status }) => status === 'success');
		return await Promise.all(ended.map(async ({ id }) => (await bench.client.execution(id)).items(node)));
	}

	/** All of them together. */
	const told = async (workflow, node) => (await toldByEach(workflow, node)).flat();

	async function untilTold(workflow, node, count) {
		return await until(
			async () => {
				const items = await told(workflow, node);
				return items.length >= count ? items : undefined;
			},
			{ timeoutMs: TOLD_TIMEOUT_MS, what: `${count} items` },
		);
	}

	const quiet = async () => await new Promise((resolve) => setTimeout(resolve, QUIET_MS));

	/** How n8n 2.x, which begins in the background, is getting on with an activation. */
	const publicationOf = async ({ id }) => await bench.client.request('GET', `/rest/workflows/${id}/publication-status`);

	async function untilPublication(workflow, wanted) {
		return await until(
			async () => {
				const publication = await publicationOf(workflow);
				return publication.status === wanted && publication;
			},
			{ timeoutMs: TOLD_TIMEOUT_MS, what: `the activation to be ${wanted}` },
		);
	}

	/** Activates a workflow; done when its triggers have seen what exists. */
	async function activate(workflow) {
		await bench.client.activate(workflow);
		if (major === 2) await untilPublication(workflow, 'published');
	}

	test('collect-finished-videos gets what start-videos has bought: each once, also what ends while n8n is down', async () => {
		const { client, simulator, server } = bench;
		endJobs(1);
		const example = readExample('collect-finished-videos', bench.credential);
		example.nodes[0].parameters.pollTimes = OFTEN;
		const collector = await client.createWorkflow(example);
		await activate(collector);
		const starter = await client.createWorkflow(readExample('start-videos', bench.credential));
		const start = async () => {
			const execution = await client.waitForExecution(await client.runManually(starter, 'Manual Trigger'));
			return execution.items('Start Video Job').map(({ json }) => json.jobId);
		};

		// Nothing was told yet: what the collector has noted at its activation must be enough.
		const flight = { never: true };
		simulator.script(flight);
		const meanwhile = await start();
		await server.kill();
		flight.never = false;
		await server.start();
		await client.logIn();
		await untilTold(collector, 'Store It Here', 3);

		const later = await start();
		await untilTold(collector, 'Store It Here', 6);
		await quiet();
		const files = await told(collector, 'Store It Here');
		expect(files.map(({ json }) => json.jobId).sort()).toEqual([...meanwhile, ...later].sort());
		for (const { json, binary } of files) {
			expect((await client.binary(binary.data)).equals(await bench.originalFile(json.jobId))).toBe(true);
		}
		expect((await toldByEach(collector, 'Could Not Be Fetched')).flat()).toEqual([]);
		// With the one of before.
		expect(simulator.ledger()).toMatchObject({ jobsCreated: 7, charges: 7 });
		await client.deactivate(collector);
	});

	test('more jobs than one poll tells: 100 at first, then the rest; of each kind to whom it concerns; not what is too old', async () => {
		const failures = { events: ['failed'], models: 'other-model, sora-2-pro' };
		const nodes = [
			triggerNode({ onlyJobIds: true }, 'All'),
			noOpNode('Told'),
			triggerNode(failures, 'Failures'),
			noOpNode('Told of a failure'),
		];
		const all = await bench.client.createWorkflow(workflowOf('All', nodes.slice(0, 2)));
		const failed = await bench.client.createWorkflow(workflowOf('Failures', nodes.slice(2)));
		await activate(all);
		await activate(failed);

		const [old] = endJobs(1);
		old.createdMs -= TOO_OLD_MS;
		bench.simulator.script({ prompt: 'A wreck', fail: { code: 'server_error', message: 'It went wrong' } });
		const [wreck] = endJobs(1, { model: 'sora-2-pro', prompt: 'A wreck' });
		endJobs(1, { prompt: 'A wreck' });
		const ended = endJobs(MANY, { model: 'sora-2-pro' });
		await untilTold(all, 'Told', MANY);
		await untilTold(failed, 'Told of a failure', 1);
		await quiet();

		const items = await toldByEach(all, 'Told');
		expect(items.map(({ length }) => length)).toEqual([MOST_AT_ONCE, MANY - MOST_AT_ONCE]);
		expect(items.flat().map(({ json }) => Object.keys(json).join())).toEqual(ended.map(() => 'jobId'));
		expect(
			items
				.flat()
				.map(({ json }) => json.jobId)
				.sort(),
		).toEqual(idsOf(ended).sort());
		expect((await told(failed, 'Told of a failure')).map(({ json }) => json)).toEqual([
			expect.objectContaining({ jobId: wreck.id, status: 'failed', model: 'sora-2-pro' }),
		]);
		await bench.client.deactivate(all);
		await bench.client.deactivate(failed);
	});

	test('a test by hand gives the newest', async () => {
		const jobs = endJobs(3);
		const workflow = await bench.client.createWorkflow(workflowOf('By hand', [triggerNode({}), noOpNode('Told')]));
		const execution = await bench.client.waitForExecution(await bench.client.runManually(workflow, TRIGGER));
		expect(execution.status).toBe('success');
		expect(execution.items('Told').map(({ json }) => json)).toEqual([
			expect.objectContaining({ jobId: jobs[2].id, status: 'completed', model: 'sora-2', prompt: 'A boat' }),
		]);
	});

	test('a server without a list of jobs: the activation fails, and says why', async () => {
		const { client, simulator } = bench;
		const answer = { status: 404, body: { error: { message: 'There is no such route' } } };
		simulator.fault({ match: { method: 'GET', path: '^/v1/videos\\?' }, ...answer, times: -1 });
		const workflow = await client.createWorkflow(workflowOf('Without a list', [triggerNode({}), noOpNode('Told')]));
		if (major === 1) {
			await expect(client.activate(workflow)).rejects.toThrow(NO_LIST);
			expect(await client.request('GET', `/rest/workflows/${workflow.id}`)).toMatchObject({ active: false });
		} else {
			const loggedBefore = bench.server.log().length;
			// n8n 2.x takes the order, tries for a quarter of a minute, and then tells the editor.
			await client.activate(workflow);
			const { triggers } = await untilPublication(workflow, 'failed');
			const failure = { nodeId: TRIGGER, status: 'failed', errorMessage: expect.stringContaining(NO_LIST) };
			expect(triggers).toEqual([failure]);
			expect(bench.server.log().slice(loggedBefore)).toContain(NO_LIST);
			expect(await client.request('GET', `/rest/workflows/${workflow.id}`)).toMatchObject({ active: true });
			await client.deactivate(workflow);
		}
		// After that it is not asked any more.
		const looks = simulator.state.requests.length;
		await quiet();
		expect(simulator.state.requests).toHaveLength(looks);
		expect(await client.executions(workflow.id)).toEqual([]);
	});

	test('a schedule starts a video', async () => {
		const schedule = makeNode(
			'Schedule Trigger',
			'n8n-nodes-base.scheduleTrigger',
			{ rule: { interval: [{ field: 'seconds', secondsInterval: 20 }] } },
			{ typeVersion: 1.2 },
		);
		const node = videoNode(bench.credential, { parameters: { prompt: 'By the clock' } });
		const workflow = await bench.client.createWorkflow(workflowOf('Scheduled', [schedule, node]));
		await bench.client.activate(workflow);
		const [{ json, binary }] = await untilTold(workflow, VIDEO_NODE, 1);
		await bench.client.deactivate(workflow);
		expect(json).toMatchObject({ prompt: 'By the clock', status: 'completed' });
		expect((await bench.client.binary(binary.data)).equals(await bench.originalFile(json.jobId))).toBe(true);
	});
});
