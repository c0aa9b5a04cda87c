'use strict';

const { describeServers } = require('../support/n8n');
const { readExample } = require('../support/n8n/examples');
const { until } = require('../support/n8n/processes');
const { VIDEO_NODE, makeNode, videoNode, workflowOf } = require('../support/n8n/workflows');

/** Every three seconds: n8n refuses a rhythm of less than a minute, but not many of a minute each. */
const OFTEN = {
	item: Array.from({ length: 20 }, (_, index) => ({ mode: 'custom', cronExpression: `${index * 3} * * * * *` })),
};
const TOLD_TIMEOUT_MS = 30_000;
/** Two polls and a little. */
const QUIET_MS = 7_000;
/** More than a page of the list holds, and more than one poll tells. */
const MANY = 130;

describeServers('trigger', {}, (bench) => {
	/** Jobs of somebody else, which end at once. */
	function endJobs(count) {
		const order = { model: 'sora-2', size: '720x1280', seconds: '4', prompt: 'A boat', isInstant: true };
		return Array.from({ length: count }, () => bench.simulator.jobs.create(order).id);
	}

	/** The items that a workflow's executions gave so far, of all of them. */
	async function told(workflow, node) {
		const executions = await bench.client.executions(workflow.id);
		const ended = executions.filter(({ status }) => status === 'success');
		const all = await Promise.all(ended.map(async ({ id }) => (await bench.client.execution(id)).items(node)));
		return all.flat();
	}

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

	/** Activates a workflow; done when the trigger has seen what exists. n8n 2.x begins in the background. */
	async function activate(workflow) {
		const looks = () => bench.simulator.state.requests.filter(({ path }) => path.startsWith('/v1/videos?')).length;
		const before = looks();
		await bench.client.activate(workflow);
		// The second one: then the first has been answered and noted.
		await until(() => looks() >= before + 2, { timeoutMs: TOLD_TIMEOUT_MS, what: 'two looks at the list' });
	}

	async function activateCollector() {
		const example = readExample('collect-finished-videos', bench.credential);
		example.nodes[0].parameters.pollTimes = OFTEN;
		const workflow = await bench.client.createWorkflow(example);
		await activate(workflow);
		return workflow;
	}

	test('collect-finished-videos: what ends after the activation is fetched once, also over a restart', async () => {
		const [old] = endJobs(1);
		const workflow = await activateCollector();
		const first = endJobs(2);
		const files = await untilTold(workflow, 'Store It Here', 2);
		for (const { json, binary } of files) {
			expect((await bench.client.binary(binary.data)).equals(await bench.originalFile(json.jobId))).toBe(true);
		}

		await bench.server.kill();
		const meanwhile = endJobs(2);
		await bench.server.start();
		await bench.client.logIn();
		await untilTold(workflow, 'Store It Here', 4);
		await quiet();
		const ids = (await told(workflow, 'Store It Here')).map(({ json }) => json.jobId);
		expect(ids.sort()).toEqual([...first, ...meanwhile].sort());
		expect(ids).not.toContain(old);
		await bench.client.deactivate(workflow);
	});

	test('more jobs than a page of the list: each is told once', async () => {
		const trigger = makeNode(
			'Sora 2 Video Trigger',
			'n8n-nodes-sora.sora2VideoTrigger',
			{ pollTimes: OFTEN, events: ['completed'], onlyJobIds: true },
			{ credentials: { soraApi: bench.credential } },
		);
		const name = 'Told';
		const workflow = await bench.client.createWorkflow(
			workflowOf('Many', [trigger, makeNode(name, 'n8n-nodes-base.noOp', {})]),
		);
		await activate(workflow);
		const ended = endJobs(MANY);
		await untilTold(workflow, name, MANY);
		await quiet();
		const items = await told(workflow, name);
		expect(items.map(({ json }) => Object.keys(json).join())).toEqual(ended.map(() => 'jobId'));
		expect(items.map(({ json }) => json.jobId).sort()).toEqual([...ended].sort());
		await bench.client.deactivate(workflow);
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
