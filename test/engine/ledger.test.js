'use strict';

const { MAJORS, NODE, useBench } = require('../support/engine/majors');
const { toolWorkflow, videoWorkflow } = require('../support/engine/workflows');

const RETRY_ON_FAIL = { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 };
/** A refusal that no further try of the same download can mend. */
const DOWNLOAD_REFUSED = { match: { path: '/content' }, status: 410, body: {} };
const TEN = Array.from({ length: 10 }, (_, index) => ({ prompt: `boat ${index}` }));

const submissions = ({ simulator }) => simulator.state.requests.filter(({ method }) => method === 'POST');
const downloads = ({ simulator }) => simulator.state.requests.filter(({ path }) => path.endsWith('/content'));

describe.each(MAJORS)('the job ledger in the engine of n8n %s', (_major, folder) => {
	const bench = useBench(folder, { binaryMode: 'filesystem' });
	afterEach(() => expect(bench.engine.log()).not.toContain(bench.simulator.apiKey));

	test('Retry On Fail takes up the job, though its prompt changes with every try: one charge, one file', async () => {
		bench.simulator.fault({ ...DOWNLOAD_REFUSED, times: 2 });
		const { items, error, contextData } = await bench.run({
			parameters: { prompt: '=A boat at {{ $now.toMillis() }}, {{ Math.random() }}' },
			node: RETRY_ON_FAIL,
		});
		expect(error).toBeUndefined();
		const { jobs, charges } = bench.simulator.ledger();
		expect(charges).toBe(1);
		expect(items[0].json).toMatchObject({ jobId: jobs[0].id, resumed: true });
		expect(items[0].files.data.mimeType).toBe('video/mp4');
		expect(JSON.stringify(contextData)).not.toContain(jobs[0].id);
	});

	test('a first item that fails under Continue On Fail makes n8n run the node again: the others are bought once', async () => {
		const { items } = await bench.run({
			items: [{ seconds: 10 }, { seconds: 4 }, { seconds: 8 }],
			parameters: { seconds: '={{ $json.seconds }}' },
			node: { ...RETRY_ON_FAIL, onError: 'continueRegularOutput' },
		});
		expect(items.map(({ json }) => json.error?.kind)).toEqual(['invalidInput', undefined, undefined]);
		expect(items.slice(1).map(({ json }) => json.resumed)).toEqual([true, true]);
		expect(items.slice(1).every(({ files }) => files.data.bytes > 1000)).toBe(true);
		expect(bench.simulator.ledger().charges).toBe(2);
		// What is stored in the execution already is given out again.
		expect(downloads(bench)).toHaveLength(2);
	});

	describe('Retry execution after ten items of which one was refused', () => {
		const REFUSED = { match: { method: 'POST', body: 'boat 3' }, status: 400, body: { error: { message: 'Bad' } } };
		const parameters = { prompt: '={{ $json.prompt }}' };

		test.each([
			['the original workflow', parameters, 1],
			['a workflow whose prompts were changed since', { prompt: '={{ $json.prompt + ", at night" }}' }, 10],
		])('with %s: the nine are taken up', async (_name, changed, hints) => {
			bench.simulator.fault(REFUSED);
			const failed = await bench.run({ items: TEN, parameters });
			expect(failed.error.message).toMatch(/^The server refused the request/);
			expect(bench.simulator.ledger().charges).toBe(9);
			const { items, error, task } = await bench.retry(failed, { items: TEN, parameters: changed });
			expect(error).toBeUndefined();
			expect(items.map(({ json }) => json.resumed)).toEqual(TEN.map((_, index) => index !== 3));
			const { jobs, charges } = bench.simulator.ledger();
			expect(charges).toBe(10);
			for (const [index, { json, files }] of items.entries()) {
				expect(jobs.find(({ id }) => id === json.jobId).prompt).toMatch(`boat ${index}`);
				expect(files.data.bytes).toBeGreaterThan(1000);
			}
			expect(downloads(bench)).toHaveLength(10);
			expect(task.hints).toHaveLength(hints);
			expect(task.hints.at(-1).message).toBe('1 video, about $0.40; 9 videos taken up, paid for by an earlier try');
			if (hints > 1) expect(task.hints[0].message).toMatch(/was paid for by an earlier try, with other parameters/);
		});

		test('a retry of the retry as well', async () => {
			bench.simulator.fault({ ...REFUSED, times: 2 });
			const first = await bench.run({ items: TEN, parameters });
			const second = await bench.retry(first, { items: TEN, parameters });
			expect(second.error.message).toMatch(/^The server refused the request/);
			const { items } = await bench.retry(second, { items: TEN, parameters });
			expect(items).toHaveLength(10);
			expect(bench.simulator.ledger().charges).toBe(10);
		});

		test('unless the user does not want it', async () => {
			bench.simulator.fault(REFUSED);
			const wish = { items: TEN.slice(2, 4), parameters: { ...parameters, options: { resumePaidJobs: false } } };
			const failed = await bench.run(wish);
			const { items } = await bench.retry(failed, wish);
			expect(items.map(({ json }) => json.resumed)).toEqual([false, false]);
			expect(bench.simulator.ledger().charges).toBe(3);
		});
	});

	test('a job that the server failed is not taken up: nothing can come of it', async () => {
		bench.simulator.script({ times: 1, fail: { message: 'No capacity' } });
		const { items } = await bench.run({ node: RETRY_ON_FAIL });
		expect(items[0].json).toMatchObject({ resumed: false, status: 'completed' });
		expect(submissions(bench)).toHaveLength(2);
		expect(bench.simulator.ledger().charges).toBe(1);
	});

	test('a submission that nobody knows of is not sent again by Retry On Fail', async () => {
		bench.simulator.fault({ match: { method: 'POST' }, reset: 'after', times: -1 });
		const { error } = await bench.run({ credential: { server: 'newApi' }, node: RETRY_ON_FAIL });
		expect(error.message).toMatch(/^It is still not known whether the server took the job/);
		expect(error.description).toMatch(/Money spent: maybe/);
		expect(submissions(bench)).toHaveLength(1);
		expect(bench.simulator.ledger().charges).toBe(1);
	});

	test('Start Video Job as well', async () => {
		bench.simulator.fault({ match: { method: 'POST', body: 'boat 1' }, status: 400, body: {} });
		const { items } = await bench.run({
			items: TEN.slice(0, 3),
			parameters: { operation: 'create', prompt: '={{ $json.prompt }}' },
			node: RETRY_ON_FAIL,
		});
		expect(items.map(({ json }) => json.resumed)).toEqual([true, false, true]);
		expect(bench.simulator.ledger().charges).toBe(3);
	});

	test('a loop that brings a failed item back: one charge', async () => {
		bench.simulator.fault(DOWNLOAD_REFUSED);
		const workflow = videoWorkflow({
			parameters: { options: { pollInterval: 0.02 } },
			node: { onError: 'continueRegularOutput' },
		});
		const loop = { id: 'Loop', name: 'Loop', type: 'test.loop', typeVersion: 1, position: [0, 0], parameters: {} };
		workflow.nodes.push(loop);
		const to = (node) => ({ node, type: 'main', index: 0 });
		workflow.connections[NODE] = { main: [[to('Loop')]] };
		workflow.connections.Loop = { main: [[to('Succeeded')], [to(NODE)]] };
		const { nodes } = await bench.runWorkflow(workflow);
		expect(nodes[NODE]).toHaveLength(2);
		expect(nodes[NODE][0].outputs[0][0].json.error.kind).toBe('contentExpired');
		expect(nodes.Succeeded.at(-1).outputs[0][0].json.resumed).toBe(true);
		expect(bench.simulator.ledger()).toMatchObject({ jobsCreated: 1, charges: 1 });
	});

	test('the same prompt twice, both delivered: two charges', async () => {
		const workflow = videoWorkflow({ parameters: { options: { pollInterval: 0.02 } } });
		workflow.nodes.push({ ...workflow.nodes[1], id: 'More', name: 'More' });
		const to = (node) => ({ node, type: 'main', index: 0 });
		workflow.connections.Start = { main: [[to('Items'), to('More')]] };
		workflow.connections.More = { main: [[to(NODE)]] };
		const { nodes } = await bench.runWorkflow(workflow);
		expect(nodes[NODE]).toHaveLength(2);
		expect(nodes[NODE].map(({ outputs }) => outputs[0][0].json.resumed)).toEqual([false, false]);
		expect(bench.simulator.ledger()).toMatchObject({ jobsCreated: 2, charges: 2 });
	});

	test('an agent’s tool with Retry On Fail: one charge, and the agent is told of the job', async () => {
		bench.simulator.fault({ ...DOWNLOAD_REFUSED, times: 2 });
		const workflow = toolWorkflow({ parameters: { options: { pollInterval: 0.02 } }, node: RETRY_ON_FAIL });
		const { nodes } = await bench.runWorkflow(workflow);
		const { jobs, charges } = bench.simulator.ledger();
		expect(charges).toBe(1);
		const [answer] = JSON.parse(nodes.Agent[0].outputs[0][0].json.answer);
		expect(answer).toMatchObject({ jobId: jobs[0].id, status: 'completed', resumed: true });
	});
});

describe.each(MAJORS)('the ledger of n8n %s when files are held in memory', (_major, folder) => {
	const bench = useBench(folder);
	const wish = {
		items: [{ seconds: 4 }, { seconds: 10 }],
		parameters: { seconds: '={{ $json.seconds }}' },
	};

	test('Retry On Fail gives the file out again; nothing of its bytes is kept in the context', async () => {
		const { items, contextData } = await bench.run({
			...wish,
			items: [...wish.items].reverse(),
			node: { ...RETRY_ON_FAIL, onError: 'continueRegularOutput' },
		});
		expect(items[1].json.resumed).toBe(true);
		expect(items[1].files.data.bytes).toBeGreaterThan(1000);
		expect(downloads(bench)).toHaveLength(1);
		expect(JSON.stringify(contextData).length).toBeLessThan(3000);
	});

	test('Retry execution fetches the file of the paid job again', async () => {
		bench.simulator.fault({ match: { method: 'POST', body: '"8"' }, status: 400, body: {} });
		const later = { ...wish, items: [{ seconds: 4 }, { seconds: 8 }] };
		const failed = await bench.run(later);
		const { items } = await bench.retry(failed, later);
		expect(items.map(({ json }) => json.resumed)).toEqual([true, false]);
		expect(items[0].files.data.bytes).toBeGreaterThan(1000);
		expect(bench.simulator.ledger().charges).toBe(2);
		expect(downloads(bench)).toHaveLength(3);
	});
});
