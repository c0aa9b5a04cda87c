'use strict';

const { MAJORS, useBench, waitUntil } = require('../support/engine/majors');
const { toolWorkflow } = require('../support/engine/workflows');
const { makePicture } = require('../support/simulator/images');

const RETRY_ON_FAIL = { retryOnFail: true, maxTries: 2, waitBetweenTries: 1 };
/** The usual ten requests a minute would hold up the tests, which share one server and key. */
const UNHURRIED = { requestsPerMinute: 0 };
const FIVE = ['one', 'two', 'three', 'four', 'five'];

describe.each(MAJORS)('Sora Image in the engine of n8n %s', (_major, folder) => {
	const bench = useBench(folder, { binaryMode: 'filesystem' });
	afterEach(() => expect(bench.engine.log()).not.toContain(bench.simulator.apiKey));

	/** The provider's storage has a loopback address, which only the user's own list opens. */
	const credential = () => ({ allowedDownloadHosts: bench.simulator.otherOrigin.host });
	const wishOf = ({ parameters = {}, ...wish }) => ({
		type: 'soraImage',
		credential: credential(),
		parameters: { ...parameters, options: { ...UNHURRIED, ...parameters.options } },
		...wish,
	});
	const run = async (wish = {}) => await bench.run(wishOf(wish));
	const posts = () => bench.simulator.state.requests.filter(({ method }) => method === 'POST');
	const refuse = (prompt) => bench.simulator.scriptImages({ prompt, text: 'Not this one.' });

	test('expressions are read for each item; items come out in order, each with its file', async () => {
		const items = [
			{ prompt: '一只猫 🐈', ratio: '1:1', style: 'anime' },
			{ prompt: 'a boat', ratio: 'none', style: 'none' },
		];
		const parameters = {
			prompt: '={{ $json.prompt }}',
			ratio: '={{ $json.ratio }}',
			style: '={{ $json.style }}',
			options: { binaryPropertyOutput: 'photo', fileName: '={{ $json.ratio }}', scene: { details: { mood: 'calm' } } },
		};
		const { status, items: outputs, task } = await run({ items, parameters });
		expect(status).toBe('success');
		expect(outputs.map(({ json }) => [json.prompt, json.width, json.height, json.style])).toEqual([
			['一只猫 🐈', 1024, 1024, 'anime'],
			['a boat', 1024, 1024, undefined],
		]);
		expect(outputs.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 1 }]);
		expect(outputs.map(({ files }) => files.photo.fileName)).toEqual(['1:1.png', 'none.png']);
		expect(outputs.every(({ json, files }) => json.fileSize === files.photo.bytes)).toBe(true);
		expect(posts()[1].fields.messages[0].content).toBe(
			'a boat\nTime: sunset\nWeather: clear\nMood: calm\nPhotography style, professional composition',
		);
		expect(task.hints.map(({ message }) => message)).toContain('2 images, about $0.02');
	});

	test('variations from an expression; one of five fails: four files and one failed item, in place', async () => {
		refuse('three');
		const { items, task } = await run({
			items: [{ wishes: FIVE }],
			parameters: { options: { variations: '={{ $json.wishes }}' } },
			node: { onError: 'continueRegularOutput' },
		});
		expect(items.map(({ json }) => json.variation)).toEqual(['one', 'two', undefined, 'four', 'five']);
		expect(items.map(({ files }) => Object.keys(files))).toEqual([['data'], ['data'], [], ['data'], ['data']]);
		expect(Object.keys(items[2].json)).toEqual(['error']);
		expect(items[2].json.error).toMatchObject({ kind: 'noResult', billed: 'yes' });
		expect(items.map(({ pairedItem }) => pairedItem.item)).toEqual([0, 0, 0, 0, 0]);
		expect(task.hints.map(({ message }) => message)).toContain(
			'4 images, about $0.04; 1 failed (billed or possibly billed: 1)',
		);
	});

	test('the error branch gets what failed, whole', async () => {
		refuse('two');
		const { items, failed } = await run({
			items: FIVE.map((prompt) => ({ prompt })),
			parameters: { prompt: '={{ $json.prompt }}' },
			node: { onError: 'continueErrorOutput' },
		});
		expect(items.map(({ json }) => json.prompt)).toEqual(['one', 'three', 'four', 'five']);
		expect(failed).toHaveLength(1);
		expect(failed[0].json.error).toMatchObject({
			kind: 'noResult',
			description: expect.stringContaining('The server said: "Not this one"'),
		});
	});

	test('a node that stops names the item, the model’s words and that others were paid', async () => {
		refuse('two');
		const items = ['one', 'two'].map((prompt) => ({ prompt }));
		const { status, error } = await run({ items, parameters: { prompt: '={{ $json.prompt }}' } });
		expect(status).toBe('error');
		expect(error).toMatchObject({ itemIndex: 1 });
		expect(error.message).toMatch(/without a picture.*other items were paid for/);
		expect(error.description).toMatch(/Not this one.*Money spent: yes/);
	});

	test('above Max Cost nothing is bought: items, variations and repeats count', async () => {
		const options = { variations: FIVE, retryUncertain: 1, maxCost: 0.19 };
		const { error } = await run({ items: [{}, {}], parameters: { options } });
		expect(error.message).toMatch(/of these 10 items is \$0\.20, above the Max Cost of \$0\.19/);
		expect(bench.simulator.state.requests).toEqual([]);
	});

	test('Retry On Fail: what was delivered is given out again and not paid again', async () => {
		bench.simulator.fault({ match: { method: 'POST', body: 'two' }, status: 400, body: { error: { message: 'no' } } });
		const items = ['one', 'two'].map((prompt) => ({ prompt }));
		const { items: outputs } = await run({ items, parameters: { prompt: '={{ $json.prompt }}' }, node: RETRY_ON_FAIL });
		expect(outputs.map(({ json }) => [json.prompt, json.resumed])).toEqual([
			['one', true],
			['two', false],
		]);
		expect(outputs.every(({ files }) => files.data.bytes > 100)).toBe(true);
		expect(posts()).toHaveLength(3);
		expect(bench.simulator.ledger().charges).toBe(2);
	});

	test('Retry On Fail does not buy again what was billed without a picture', async () => {
		refuse('boat');
		const { error } = await run({ node: RETRY_ON_FAIL });
		expect(error.description).toMatch(/A new execution sends it anew/);
		expect(posts()).toHaveLength(1);
	});

	test('edit: a file of the item goes out inside of the request', async () => {
		const bytes = await makePicture({ width: 64, height: 64, format: 'png', seed: 'in' });
		const file = {
			item: 0,
			field: 'photo',
			base64: bytes.toString('base64'),
			fileName: 'in.png',
			mimeType: 'image/png',
		};
		const { items } = await run({
			files: [file],
			parameters: { operation: 'edit', binaryPropertyName: 'photo', options: { binaryPropertyOutput: 'edited' } },
		});
		expect(posts()[0].fields.messages[0].content[1].image_url.url).toBe(`data:image/png;base64,${file.base64}`);
		expect(Object.keys(items[0].files)).toEqual(['edited']);
	});

	test('estimate: a price, and no request', async () => {
		const { items } = await run({ parameters: { operation: 'estimateCost', options: { variations: FIVE } } });
		expect(items[0].json).toEqual({ model: 'sora_image', requests: 5, costUsd: 0.05, maxCostUsd: 0.05 });
		expect(bench.simulator.state.requests).toEqual([]);
	});

	test('a stream that goes on for longer than Request Timeout is read to its end', async () => {
		bench.simulator.scriptImages({ form: 'gpt4o', stream: { delayMs: 110 } });
		const { items, error } = await run({ parameters: { options: { timeout: 1 } } });
		expect(error).toBeUndefined();
		expect(items[0].files.data.mimeType).toBe('image/png');
	});

	test('a stop ends the reading of a silent stream, and the log tells that it may have been billed', async () => {
		bench.simulator.scriptImages({ stream: { stall: 'before' } });
		const { result, cancel } = bench.start(wishOf({ parameters: { prompt: 'silent boat' } }));
		while (bench.simulator.ledger().imageRequests === 0) await new Promise((resolve) => setImmediate(resolve));
		await cancel();
		expect((await result).status).not.toBe('success');
		await waitUntil(() => /Stopped while a picture was being made[^]*silent boat/.test(bench.engine.log()));
	});

	test('a tool of an agent gives small json with the link', async () => {
		const workflow = toolWorkflow({ type: 'soraImage', parameters: { options: { download: false, ...UNHURRIED } } });
		const { nodes } = await bench.runWorkflow(workflow);
		const [answer] = JSON.parse(nodes.Agent[0].outputs[0][0].json.answer);
		expect(answer).toMatchObject({
			prompt: 'A paper boat',
			url: expect.stringContaining(bench.simulator.otherOrigin.host),
		});
	});
});

describe.each(MAJORS)('Sora Image in the engine of n8n %s when files are held in memory', (_major, folder) => {
	const bench = useBench(folder);

	test('links and data URLs become files', async () => {
		bench.simulator.scriptImages({ prompt: 'inline', host: 'dataUrl' });
		bench.simulator.scriptImages({ prompt: 'own', host: 'self' });
		const items = ['inline', 'own'].map((prompt) => ({ prompt }));
		const { items: outputs } = await bench.run({
			...{ type: 'soraImage', items, parameters: { prompt: '={{ $json.prompt }}' } },
		});
		expect(outputs.map(({ json, files }) => [json.mimeType, files.data.bytes === json.fileSize])).toEqual([
			['image/png', true],
			['image/png', true],
		]);
	});
});
