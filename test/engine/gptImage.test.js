'use strict';

const { MAJORS, useBench } = require('../support/engine/majors');
const { toolWorkflow } = require('../support/engine/workflows');
const { makePicture } = require('../support/simulator/images');

const RETRY_ON_FAIL = { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 };
const BLOCKED = { prompt: 'blocked', safety: 'words' };
const FIVE = ['one', 'two', 'blocked', 'four', 'five'].map((prompt) => ({ prompt }));
const BY_ITEM = { prompt: '={{ $json.prompt }}' };
const GENERATE = { path: '/images/generations' };
const byId = (value) => ({ __rl: true, mode: 'id', value });

describe.each(MAJORS)('GPT Image in the engine of n8n %s', (_major, folder) => {
	const bench = useBench(folder, { binaryMode: 'filesystem' });
	afterEach(() => expect(bench.engine.log()).not.toContain(bench.simulator.apiKey));

	/** Its storage is a loopback address, which only the user's own list opens. */
	const wishOf = (wish) => ({
		type: 'gptImage',
		credential: { allowedDownloadHosts: bench.simulator.otherOrigin.host },
		...wish,
	});
	const run = async (wish = {}) => await bench.run(wishOf(wish));
	const posts = () => bench.simulator.state.requests.filter(({ method }) => method === 'POST');

	test('expressions are read for each item; every image is an item, in order, with its file', async () => {
		const items = [
			{ prompt: '一只猫 🐈', count: 2, size: '1024x1536', format: 'jpeg' },
			{ prompt: 'a boat', count: 1, size: '1536x1024', format: 'webp' },
		];
		const parameters = {
			prompt: '={{ $json.prompt }}',
			n: '={{ $json.count }}',
			size: '={{ $json.size }}',
			options: {
				outputFormat: '={{ $json.format }}',
				binaryPropertyOutput: 'picture',
				fileName: '={{ $json.prompt }}',
				concurrency: 1,
			},
		};
		const { status, items: outputs, task } = await run({ items, parameters });
		expect(status).toBe('success');
		expect(outputs.map(({ json }) => [json.prompt, json.index, json.width, json.height])).toEqual([
			['一只猫 🐈', 0, 1024, 1536],
			['一只猫 🐈', 1, 1024, 1536],
			['a boat', 0, 1536, 1024],
		]);
		expect(outputs.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 0 }, { item: 1 }]);
		expect(outputs.map(({ files }) => [files.picture.fileName, files.picture.mimeType])).toEqual([
			['一只猫 🐈-0.jpg', 'image/jpeg'],
			['一只猫 🐈-1.jpg', 'image/jpeg'],
			['a boat.webp', 'image/webp'],
		]);
		expect(outputs.every(({ json, files }) => json.fileSize === files.picture.bytes && !('error' in json))).toBe(true);
		expect(posts()[0].fields.prompt).toBe('一只猫 🐈');
		const sum = bench.simulator.ledger().chargedUsd;
		expect(task.hints.at(-1).message).toMatch(new RegExp(`^3 images, about \\$${String(sum).slice(0, 5)}`));
	});

	test.each([
		['gif', 'image/gif'],
		['svg', 'image/svg+xml'],
	])('%s arrives as %s', async (outputFormat, mimeType) => {
		const { items } = await run({ parameters: { model: byId('gpt-image-2.5-flare'), options: { outputFormat } } });
		expect(items[0].files.data).toMatchObject({ mimeType });
		expect(items[0].json).toMatchObject({ mimeType, width: 1024, height: 1024 });
	});

	test('one of five fails and the node stops: one error that says what was paid', async () => {
		bench.simulator.scriptImages(BLOCKED);
		const { status, error } = await run({ items: FIVE, parameters: BY_ITEM });
		expect(status).toBe('error');
		expect(error.itemIndex).toBe(2);
		expect(error.message).toMatch(/^The server blocked the content \(violence\).*other items were paid for/);
		expect(error.description).toMatch(
			/Money spent: no\..*Answers that were paid for besides this one: 4 \(items [\d, ]+\)\./,
		);
		expect(bench.simulator.ledger().charges).toBe(4);
	});

	test('one of five fails under Continue On Fail: four files and one failed item, in place', async () => {
		bench.simulator.scriptImages(BLOCKED);
		const { items, task } = await run({
			items: FIVE,
			parameters: BY_ITEM,
			node: { onError: 'continueRegularOutput' },
		});
		expect(items.map(({ files }) => Object.keys(files))).toEqual([['data'], ['data'], [], ['data'], ['data']]);
		expect(Object.keys(items[2].json)).toEqual(['error']);
		expect(items[2].json.error).toMatchObject({ kind: 'moderation', billed: 'no' });
		expect(task.hints.at(-1).message).toMatch(/^4 images, about \$0\.03\d*; 1 failed, not billed$/);
	});

	test('a dead link fails its own image, keeps it, and goes to the error branch whole', async () => {
		const { otherOrigin } = bench.simulator;
		const bytes = await makePicture({ width: 8, height: 8, format: 'png', seed: 'x' });
		const dead = otherOrigin.put('/dead.png', Buffer.from('gone'), 'text/plain', 404);
		bench.simulator.scriptImages({ links: [otherOrigin.put('/a.png', bytes, 'image/png'), dead] });
		const { items, failed } = await run({ parameters: { n: 2 }, node: { onError: 'continueErrorOutput' } });
		expect(items.map(({ json }) => [json.index, json.width])).toEqual([[0, 8]]);
		expect(failed).toHaveLength(1);
		expect(failed[0].json.error).toMatchObject({ kind: 'downloadFailed', billed: 'yes', url: dead });
		expect(failed[0].json.error.description).toContain(`Link: ${dead}`);
	});

	test('a link into a private network is not fetched, and the item says why', async () => {
		const { items } = await run({ credential: {}, node: { onError: 'continueRegularOutput' } });
		expect(items[0].json.error).toMatchObject({ kind: 'unsafeAddress', billed: 'yes' });
		expect(items[0].json.error.message).toMatch(/private network/);
		expect(items[0].json.error.hint).toMatch(/Allowed Download Hosts/);
		expect(bench.simulator.otherOrigin.requests).toEqual([]);
	});

	test('Max Cost counts every image of every item and every repeat', async () => {
		const wish = { items: FIVE, parameters: { ...BY_ITEM, quality: 'low', size: '1024x1024', n: 2 } };
		const options = { maxCost: 0.1, retryUncertain: 1 };
		const { error } = await run({
			...wish,
			parameters: { ...wish.parameters, options: { ...options, maxCost: 0.09 } },
		});
		expect(error.message).toMatch(/estimated cost of these 5 items is \$0\.10, above the Max Cost of \$0\.09/);
		expect(posts()).toHaveLength(0);
		expect((await run({ ...wish, parameters: { ...wish.parameters, options } })).items).toHaveLength(10);
		const unknown = await run({ parameters: { model: byId('gpt-image-2'), options: { maxCost: 5 } } });
		expect(unknown.error.message).toMatch(/cannot be told/);
	});

	test('Edit Image takes the files of the item; Estimate Cost sends nothing', async () => {
		const base64 = (await makePicture({ width: 64, height: 64, format: 'png', seed: 'in' })).toString('base64');
		const files = ['photo', 'logo'].map((field) => ({
			...{ item: 0, field, base64, fileName: `${field}.png`, mimeType: 'image/png' },
		}));
		const { items } = await run({ files, parameters: { operation: 'edit', binaryPropertyName: 'photo,logo' } });
		expect(items[0].files.data.mimeType).toBe('image/png');
		expect(posts()[0].files.map(({ field, fileName }) => [field, fileName])).toEqual([
			['image[]', 'photo.png'],
			['image[]', 'logo.png'],
		]);
		const estimate = await run({ items: [{}, {}], parameters: { operation: 'estimateCost', quality: 'low', n: 3 } });
		expect(estimate.items.map(({ json }) => json.costUsd)).toEqual([0.018, 0.018]);
		expect(posts()).toHaveLength(1);
	});

	test('a refusal of the key ends the buying: nothing further is sent', async () => {
		const { items } = await run({
			items: FIVE,
			credential: { apiKey: 'sk-wrong-0123456789' },
			parameters: { ...BY_ITEM, options: { concurrency: 1 } },
			node: { onError: 'continueRegularOutput' },
		});
		expect(items.map(({ json }) => json.error.kind)).toEqual(new Array(5).fill('authentication'));
		expect(posts()).toHaveLength(1);
	});

	test('Retry On Fail after one of five was refused: each is charged once', async () => {
		bench.simulator.scriptImages({ ...BLOCKED, times: 2 });
		const { items, error } = await run({ items: FIVE, parameters: BY_ITEM, node: RETRY_ON_FAIL });
		expect(error).toBeUndefined();
		expect(items.map(({ json }) => json.resumed)).toEqual([true, true, false, true, true]);
		expect(items.every(({ files }) => files.data.bytes > 100)).toBe(true);
		expect(bench.simulator.ledger().charges).toBe(5);
	});

	test('Retry On Fail after a dead link: it is fetched again, nothing is bought', async () => {
		const { otherOrigin } = bench.simulator;
		const bytes = await makePicture({ width: 8, height: 8, format: 'png', seed: 'x' });
		const link = `${bench.simulator.url}/tmp/late.png`;
		bench.simulator.scriptImages({ links: [otherOrigin.put('/a.png', bytes, 'image/png'), link] });
		bench.simulator.images.files.set('/tmp/late.png', { bytes, type: 'image/png' });
		bench.simulator.fault({ match: { path: '/tmp/late' }, status: 410, body: {} });
		const { items, error } = await run({ parameters: { n: 2 }, node: RETRY_ON_FAIL });
		expect(error).toBeUndefined();
		expect(items.map(({ json }) => [json.index, json.width, json.resumed])).toEqual([
			[0, 8, true],
			[1, 8, true],
		]);
		expect(otherOrigin.requests).toHaveLength(1);
		expect(bench.simulator.ledger().charges).toBe(1);
	});

	test('Retry On Fail does not send an uncertain request again', async () => {
		bench.simulator.fault({ match: GENERATE, reset: 'after', times: -1 });
		const { error } = await run({ node: RETRY_ON_FAIL });
		expect(error.message).toMatch(/nobody knows whether it was billed/);
		expect(error.description).toMatch(/A new execution sends it anew.*Money spent: maybe/);
		expect(posts()).toHaveLength(1);
	});

	test('a prompt that changes with every try does not buy again, and a hint says so', async () => {
		bench.simulator.scriptImages({ ...BLOCKED, times: 1 });
		const { items, task } = await run({
			items: [{ prompt: 'one' }, { prompt: 'blocked' }],
			parameters: { prompt: '={{ $json.prompt }} {{ $now.toMillis() }} {{ Math.random() }}' },
			node: RETRY_ON_FAIL,
		});
		expect(items.map(({ json }) => json.resumed)).toEqual([true, false]);
		expect(bench.simulator.ledger().charges).toBe(2);
		expect(task.hints[0].message).toMatch(/images of item 0 were paid for by an earlier try, with other parameters/);
	});

	test('Retry execution gives out again what was delivered', async () => {
		bench.simulator.scriptImages({ ...BLOCKED, times: 1 });
		const wish = wishOf({ items: FIVE, parameters: BY_ITEM });
		const failed = await bench.run(wish);
		const { items } = await bench.retry(failed, wish);
		expect(items.map(({ json }) => json.resumed)).toEqual([true, true, false, true, true]);
		expect(bench.simulator.ledger().charges).toBe(5);
		expect(bench.simulator.otherOrigin.requests).toHaveLength(5);
	});

	test('as an agent’s tool: small json with the link of the image', async () => {
		const workflow = toolWorkflow({ type: 'gptImage' });
		const allowed = { allowedDownloadHosts: bench.simulator.otherOrigin.host };
		const { nodes } = await bench.runWorkflow(workflow, allowed);
		const [answer] = JSON.parse(nodes.Agent[0].outputs[0][0].json.answer);
		expect(answer).toMatchObject({ model: 'gpt-image-1', width: 1024, mimeType: 'image/png' });
		expect(answer.url).toMatch(/^http/);
		expect(bench.simulator.ledger().charges).toBe(1);
	});
});

describe.each(MAJORS)('GPT Image of n8n %s when files are held in memory', (_major, folder) => {
	const bench = useBench(folder);

	test('Retry On Fail gives base64 pictures out again; none of their bytes are kept in the context', async () => {
		bench.simulator.scriptImages({ ...BLOCKED, times: 1 });
		const { items, contextData } = await bench.run({
			type: 'gptImage',
			items: [{ prompt: 'blocked' }, { prompt: 'one' }, { prompt: 'two' }],
			parameters: { ...BY_ITEM, model: byId('gpt-image-1.5') },
			node: { ...RETRY_ON_FAIL, onError: 'continueErrorOutput' },
		});
		expect(items.map(({ json }) => json.resumed)).toEqual([false, true, true]);
		expect(items.every(({ files }) => files.data.bytes > 100)).toBe(true);
		expect(bench.simulator.ledger().charges).toBe(3);
		expect(JSON.stringify(contextData).length).toBeLessThan(12_000);
	});
});
