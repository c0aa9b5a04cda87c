'use strict';

const { MAJORS, useBench } = require('../support/engine/majors');

describe.each(MAJORS)('items in the engine of n8n %s', (_major, folder) => {
	const bench = useBench(folder);

	const FIVE = ['one', 'two', 'blocked', 'four', 'five'].map((prompt) => ({ prompt }));
	const blockOne = () =>
		bench.simulator.script({
			prompt: 'blocked',
			fail: { code: 'moderation_blocked', message: 'Blocked by our moderation system.' },
		});

	test('the nodes use the n8n-workflow of that engine, nothing borrowed', async () => {
		const facts = await bench.engine.facts();
		expect(facts.workflowOfPackage).toBe(facts.workflowOfEngine);
		expect(facts.workflowOfEngine.startsWith(folder)).toBe(true);
		expect(facts.coreVersion).toBe(folder.endsWith('core1') ? '1.122.48' : '2.41.1');
	});

	test('expressions are read for each item, and items come out in order', async () => {
		const items = [
			{ prompt: 'a boat', seconds: 8, size: '1280x720', model: 'sora-2' },
			{ prompt: 'a train', seconds: '12', size: '720x1280', model: 'sora-2' },
			{ prompt: 'a plane', seconds: '4s', size: '1920 x 1080', model: 'sora-2-pro' },
		];
		const parameters = {
			prompt: '={{ $json.prompt }}',
			seconds: '={{ $json.seconds }}',
			size: '={{ $json.size }}',
			model: { __rl: true, mode: 'id', value: '={{ $json.model }}' },
			options: { binaryPropertyOutput: 'clip', fileName: '={{ $json.prompt }}' },
		};
		const { status, items: outputs } = await bench.run({ items, parameters });

		expect(status).toBe('success');
		expect(
			outputs.map(({ json }) => [json.prompt, json.width, json.height, json.durationSeconds, json.costUsd]),
		).toEqual([
			['a boat', 1280, 720, 8, 0.8],
			['a train', 720, 1280, 12, 1.2],
			['a plane', 1920, 1080, 4, 2.8],
		]);
		expect(outputs.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 1 }, { item: 2 }]);
		expect(outputs.map(({ files }) => files.clip.fileName)).toEqual(['a boat.mp4', 'a train.mp4', 'a plane.mp4']);
		expect(outputs.every(({ json }) => !('error' in json))).toBe(true);
		expect(
			bench.simulator.state.requests.filter(({ method }) => method === 'POST').map(({ fields }) => fields.seconds),
		).toEqual(['8', '12', '4']);
	});

	test('one of five fails and the node stops: one error that names the paid jobs', async () => {
		blockOne();
		const { status, error } = await bench.run({ items: FIVE, parameters: { prompt: '={{ $json.prompt }}' } });

		expect(status).toBe('error');
		expect(error.itemIndex).toBe(2);
		expect(error.message).toMatch(/blocked the content/i);
		const paid = bench.simulator.ledger().jobs.filter(({ usd }) => usd > 0);
		expect(paid).toHaveLength(4);
		expect(error.message).toContain(paid[0].id);
		for (const { id } of paid) {
			expect(error.description).toContain(id);
			expect(bench.engine.log()).toContain(id);
		}
		expect(error.description).toMatch(/Money spent: (no|maybe)/);
	});

	test('one of five fails under Continue On Fail: four files and one failed item, in place', async () => {
		blockOne();
		const { status, items, task } = await bench.run({
			items: FIVE,
			parameters: { prompt: '={{ $json.prompt }}' },
			node: { onError: 'continueRegularOutput' },
		});
		expect(status).toBe('success');
		expect(items).toHaveLength(5);
		expect(items.map(({ files }) => Object.keys(files))).toEqual([['data'], ['data'], [], ['data'], ['data']]);
		expect(Object.keys(items[2].json)).toEqual(['error']);
		expect(items[2].json.error).toMatchObject({ kind: 'moderation', billed: 'maybe' });
		expect(items[2].json.error.jobId).toMatch(/^video_/);
		expect(items.map(({ pairedItem }) => pairedItem.item)).toEqual([0, 1, 2, 3, 4]);
		expect(task.hints.map(({ message }) => message)).toContain(
			'4 videos, about $1.60; 1 failed (billed or possibly billed: 1)',
		);
	});

	test('one of five fails with the error branch: it alone goes there, whole', async () => {
		blockOne();
		const { items, failed, nodes } = await bench.run({
			items: FIVE,
			parameters: { prompt: '={{ $json.prompt }}' },
			node: { onError: 'continueErrorOutput' },
		});
		expect(items.map(({ json }) => json.prompt)).toEqual(['one', 'two', 'four', 'five']);
		expect(failed).toHaveLength(1);
		expect(failed[0].json.error).toMatchObject({ kind: 'moderation', message: expect.stringMatching(/blocked/) });
		expect(failed[0].json.error.jobId).toMatch(/^video_/);
		expect(nodes.Succeeded[0].outputs[0]).toHaveLength(4);
		expect(nodes.Failed[0].outputs[0]).toHaveLength(1);
	});

	test('a bad input stops the node before anything is bought', async () => {
		const { status, error } = await bench.run({
			items: [{ seconds: 4 }, { seconds: 10 }],
			parameters: { seconds: '={{ $json.seconds }}' },
		});
		expect(status).toBe('error');
		expect(error).toMatchObject({ itemIndex: 1 });
		expect(error.message).toBe('sora-2 makes videos of 4, 8 or 12 seconds, not 10');
		expect(error.description).toMatch(/Set Seconds to 8 or 12\. Money spent: no\./);
		expect(bench.simulator.state.requests).toEqual([]);
	});

	test('a bad input under Continue On Fail fails alone', async () => {
		const { items } = await bench.run({
			items: [{ seconds: 4 }, { seconds: 10 }, { seconds: 8 }],
			parameters: { seconds: '={{ $json.seconds }}' },
			node: { onError: 'continueRegularOutput' },
		});
		expect(items.map(({ json }) => json.error?.kind)).toEqual([undefined, 'invalidInput', undefined]);
		expect(bench.simulator.ledger().charges).toBe(2);
	});

	test('an expression that fails is that item’s error and costs nothing', async () => {
		const { items } = await bench.run({
			items: [{ prompt: 'x' }],
			parameters: { prompt: '={{ $json.prompt.missing.deeper }}' },
			node: { onError: 'continueRegularOutput' },
		});
		expect(items[0].json.error.billed).toBe('no');
		expect(bench.simulator.state.requests).toEqual([]);
	});

	test('above Max Cost nothing is bought, and the sums are told', async () => {
		const { error } = await bench.run({ items: FIVE, parameters: { seconds: '12', options: { maxCost: 5.5 } } });
		expect(error.message).toBe(
			'The estimated cost of these 5 items is $6.00, above the Max Cost of $5.50. Nothing was bought',
		);
		expect(bench.simulator.state.requests).toEqual([]);
	});

	test('repeats that may pay again count against Max Cost', async () => {
		const options = { maxCost: 0.7, retryFailedJobs: 1 };
		const { error } = await bench.run({ parameters: { options } });
		expect(error.message).toMatch(/\$0\.80, above the Max Cost of \$0\.70/);
	});

	test('a price that nobody knows stops a run with Max Cost, unless the user gives one', async () => {
		const parameters = { model: { __rl: true, mode: 'id', value: 'open-video-1' } };
		const unknown = await bench.run({ parameters: { ...parameters, options: { maxCost: 1 } } });
		expect(unknown.error.message).toMatch(/cannot be told: no price is known for the model open-video-1/);
		const known = await bench.run({ parameters: { ...parameters, options: { maxCost: 1, price: 0.05 } } });
		expect(known.items[0].json.costUsd).toBe(0.2);
	});

	test('a model that the server does not offer: when it ended there, and what is listed now, asked once', async () => {
		const { items } = await bench.run({
			items: FIVE.slice(0, 2),
			parameters: { model: { __rl: true, mode: 'id', value: 'retired-video-9' } },
			node: { onError: 'continueRegularOutput' },
		});
		for (const { json } of items) {
			expect(json.error).toMatchObject({ kind: 'modelUnavailable', billed: 'no' });
			expect(json.error.message).toBe('The server does not offer the model retired-video-9');
			expect(json.error.hint).toMatch(/^Models that this server lists now: .*sora-2/);
			expect(json.error.hint).not.toMatch(/image/);
		}
		const lists = bench.simulator.state.requests.filter(({ path }) => path.endsWith('/models'));
		expect(lists).toHaveLength(1);
		bench.simulator.fault({ match: { method: 'POST' }, status: 404, body: { error: { message: 'model not found' } } });
		const { error } = await bench.run({ credential: { server: 'openai' } });
		expect(error.message).toBe('The server does not offer the model sora-2: it was retired on 2026-09-24');
	});

	test('after a refusal of the account nothing further is submitted', async () => {
		const { items } = await bench.run({
			items: FIVE,
			parameters: { options: { concurrency: 1 } },
			credential: { apiKey: 'sk-wrong-key-000000' },
			node: { onError: 'continueRegularOutput' },
		});
		expect(items.map(({ json }) => json.error.kind)).toEqual(Array(5).fill('authentication'));
		expect(items.every(({ json }) => json.error.billed === 'no')).toBe(true);
		expect(bench.simulator.state.requests).toHaveLength(1);
		expect(JSON.stringify(items)).not.toContain('sk-wrong-key-000000');
	});

	test('one refused item sinks none of the others: they are bought, awaited, and named in the one error', async () => {
		bench.simulator.fault({ match: { method: 'POST' }, status: 400, body: { error: { message: 'Bad request' } } });
		const { error } = await bench.run({ items: FIVE, parameters: { options: { concurrency: 1 } } });
		const { jobs, charges } = bench.simulator.ledger();
		expect(charges).toBe(4);
		expect(error.itemIndex).toBe(0);
		expect(error.message).toBe(
			`The server refused the request (item 0; jobs of other items were paid: ${jobs
				.slice(0, 3)
				.map(({ id }) => id)
				.join(', ')} and 1 more)`,
		);
		for (const { id } of jobs) expect(error.description).toContain(id);
		expect(error.description).toMatch(/Retry On Fail.*without paying again/);
		expect(jobs.every(({ status }) => status === 'completed')).toBe(true);
	});

	test('the error that is told is the one that concerns the account, not an item that was held back because of it', async () => {
		// The first item waits for its turn after a 429 while the second is refused for good.
		bench.simulator.fault({
			match: { method: 'POST', body: 'first' },
			status: 429,
			headers: { 'retry-after-ms': '400' },
			body: {},
		});
		bench.simulator.fault({ match: { method: 'POST', body: 'second' }, status: 402, body: {} });
		const { error } = await bench.run({
			items: [{ prompt: 'first' }, { prompt: 'second' }],
			parameters: { prompt: '={{ $json.prompt }}' },
		});
		expect(error).toMatchObject({ itemIndex: 1, message: 'The account at the server has no balance left' });
		expect(bench.simulator.ledger().charges).toBe(0);
	});

	test('jobs that the server ended are not named as paid', async () => {
		bench.simulator.script({ fail: { message: 'No capacity' } });
		const { error } = await bench.run({ items: FIVE.slice(0, 2), credential: { server: 'laozhang' } });
		expect(error.message).toBe('The job failed at the server');
		expect(error.description).toMatch(/Money spent: no\./);
	});

	test('the closing line counts what was spent, not what was allowed', async () => {
		const { task } = await bench.run({ parameters: { options: { retryFailedJobs: 2, maxCost: 1.2 } } });
		expect(task.hints.map(({ message }) => message)).toEqual(['1 video, about $0.40']);
	});

	test('an empty Max Cost is no licence', async () => {
		const { error } = await bench.run({ parameters: { options: { maxCost: '={{ $json.budget ?? "" }}' } } });
		expect(error.message).toBe('Max Cost (USD) is empty');
		expect(bench.simulator.state.requests).toEqual([]);
	});

	test('more paid repeats than the editor offers are refused', async () => {
		const { error } = await bench.run({ parameters: { options: { retryUncertain: '={{ 50 }}' } } });
		expect(error.message).toBe('Retry Uncertain Submissions is 50, but must be a whole number up to 2');
		expect(bench.simulator.state.requests).toEqual([]);
	});

	test('ten jobs run side by side: the last is submitted before the first is fetched', async () => {
		bench.simulator.state.secondsPerJob = 0.5;
		const prompts = Array.from({ length: 10 }, (_, index) => ({ prompt: `boat ${index}` }));
		const { items } = await bench.run({
			items: prompts,
			parameters: { prompt: '={{ $json.prompt }}', options: { concurrency: 10 } },
		});
		bench.simulator.state.secondsPerJob = 0.05;
		expect(items.map(({ json }) => json.prompt)).toEqual(prompts.map(({ prompt }) => prompt));
		const order = bench.simulator.state.requests.map(({ method, path }) => `${method} ${path}`);
		const lastSubmitted = order.lastIndexOf('POST /v1/videos');
		expect(order.findIndex((request) => request.endsWith('/content'))).toBeGreaterThan(lastSubmitted);
	});

	test('no more jobs run at once than Concurrency says', async () => {
		bench.simulator.state.maxRunning = 2;
		const { items } = await bench.run({ items: FIVE, parameters: { options: { concurrency: 2, maxRetries: 0 } } });
		bench.simulator.state.maxRunning = Infinity;
		expect(items).toHaveLength(5);
		expect(bench.simulator.state.requests.some(({ status }) => status === 429)).toBe(false);
	});
});
