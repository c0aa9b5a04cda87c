'use strict';

const { operations } = require('../../build/nodes/SoraImage/description');
const { STYLES } = require('../../build/nodes/core/image/soraImage');
const { startContract } = require('../support/contract');
const { runOperation } = require('../support/contract/items');
const { makePicture } = require('../support/simulator/images');

/** @type {Awaited<ReturnType<typeof startContract>>} */
let contract;
/** @type {typeof contract.simulator} */
let simulator;
beforeEach(async () => {
	contract = await startContract({ allowOtherOrigin: true });
	({ simulator } = contract);
});
afterEach(async () => await contract.end());

/** Runs one operation for one item; gives what comes out. */
async function run({ operation = 'generate', ...parameters } = {}, binary = {}) {
	const wish = { parameters: { prompt: 'A cute cat', ...parameters }, binary };
	const { items, ...rest } = await runOperation(contract, operations[operation], wish);
	return { outputs: items, ...rest, error: items.map(({ json }) => json.error).find(Boolean) };
}

const posts = () => simulator.state.requests.filter(({ method }) => method === 'POST');
const sentText = () => posts()[0].fields.messages[0].content;

describe('the rows of the seed’s tables, from the parameters to the bytes and the item', () => {
	test.each([
		['1:1', 'Cute puppy', 1024, 1024],
		['2:3', 'Beautiful flowers', 1024, 1536],
		['3:2', 'Magnificent mountains', 1536, 1024],
	])('ratio %s', async (ratio, prompt, width, height) => {
		const { outputs } = await run({ prompt, ratio });
		expect(posts()).toHaveLength(1);
		expect(posts()[0]).toMatchObject({ path: '/v1/chat/completions', encoding: 'json' });
		expect(posts()[0].fields).toEqual({
			model: 'sora_image',
			messages: [{ role: 'user', content: `${prompt}【${ratio}】` }],
			stream: true,
		});
		expect(outputs).toHaveLength(1);
		expect(outputs[0].json).toMatchObject({ prompt, model: 'sora_image', ratio, width, height, costUsd: 0.01 });
		expect(simulator.ledger()).toMatchObject({ charges: 1, chargedUsd: 0.01 });
	});

	test('no ratio', async () => {
		const { outputs } = await run({ ratio: 'none' });
		expect(sentText()).toBe('A cute cat');
		expect(outputs[0].json.ratio).toBe('none');
	});

	test.each([
		'sora_image',
		'gpt-4o-image',
		'gpt-image-2-all',
		'gpt-image',
		'gpt-image-landscape',
		'gpt-image-portrait',
	])('model %s', async (model) => {
		const { outputs } = await run({ model: { __rl: true, mode: 'list', value: model } });
		expect(posts()[0].fields.model).toBe(model);
		expect(outputs).toHaveLength(1);
		expect(outputs[0].json).toMatchObject({ model, mimeType: 'image/png' });
		expect(contract.stored[0].bytes).toHaveLength(outputs[0].json.fileSize);
	});

	test.each(Object.entries(STYLES))('style %s', async (style, phrase) => {
		const { outputs } = await run({ style, prompt: 'Beautiful rose flower' });
		expect(sentText()).toBe(`Beautiful rose flower, ${phrase}【2:3】`);
		expect(outputs[0].json.style).toBe(style);
	});

	test('a scene, with the defaults of the seed', async () => {
		await run({ prompt: 'Beach', ratio: '3:2', options: { scene: { details: { weather: 'breeze' } } } });
		expect(sentText()).toBe(
			'Beach\nTime: sunset\nWeather: breeze\nMood: serene\nPhotography style, professional composition\n【3:2】',
		);
	});

	test('variations: a request for each, and an item for each', async () => {
		const variations = ['orange tabby', 'black and white cow pattern', 'pure white long hair', 'gray short hair'];
		const { outputs } = await run({ options: { variations, fileName: 'cat.png' } });
		expect(posts().map(({ fields }) => fields.messages[0].content)).toEqual(
			variations.map((variation) => `A cute cat, ${variation}【2:3】`),
		);
		expect(outputs.map(({ json }) => json.variation)).toEqual(variations);
		expect(outputs.map(({ json }) => json.fileName)).toEqual(['cat-0.png', 'cat-1.png', 'cat-2.png', 'cat-3.png']);
	});

	test('Chinese with emoji arrives as it was written', async () => {
		const prompt = '一只橙色的猫 🐈‍⬛ 坐在窗台上，背景是城市 🌃';
		const { outputs } = await run({ prompt });
		expect(sentText()).toBe(`${prompt}【2:3】`);
		expect(outputs[0].json.prompt).toBe(prompt);
	});

	test('extra fields are sent, but none that the node itself sets', async () => {
		await run({ options: { extraBody: '{"size":"1024x1024"}' } });
		expect(posts()[0].fields).toMatchObject({ size: '1024x1024', stream: true });
		const { error } = await run({ options: { extraBody: '{"stream":false}' } });
		expect(error.message).toMatch(/sets "stream"/);
		expect(posts()).toHaveLength(1);
	});
});

describe('an item', () => {
	test('has all that is promised, in its order', async () => {
		simulator.scriptImages({ pixels: '640x960' });
		const { outputs } = await run({ style: 'sketch' });
		const [{ json, binary }] = outputs;
		expect(Object.keys(json)).toEqual(
			[
				...['prompt', 'model', 'ratio', 'style', 'url', 'text', 'width', 'height', 'fileName', 'fileSize', 'mimeType'],
				...['createdAt', 'expiresAt', 'requestId', 'costUsd', 'resumed'],
			].filter((name) => name in json),
		);
		expect(json).toMatchObject({ width: 640, height: 960, resumed: false, fileName: binary.data.fileName });
		expect(json.text).toBe(`![图片](${json.url})`);
		expect(json.requestId).toMatch(/^req_/);
		expect(json.createdAt).toMatch(/^\d{4}-\d\d-\d\dT/);
		expect(json).not.toHaveProperty('error');
	});

	test('every image of an answer is one, and together they cost the request', async () => {
		simulator.scriptImages({ images: 3 });
		const { outputs } = await run();
		expect(outputs.map(({ json }) => json.costUsd)).toEqual([0.003333, 0.003333, 0.003333]);
		expect(new Set(outputs.map(({ json }) => json.url)).size).toBe(3);
		expect(new Set(outputs.map(({ json }) => json.fileName)).size).toBe(3);
		expect(simulator.ledger().charges).toBe(1);
	});

	test('a data URL is a file, and no part of the text or the response', async () => {
		simulator.scriptImages({ host: 'dataUrl' });
		const { outputs } = await run({ options: { simplify: false } });
		expect(outputs[0].json).toMatchObject({
			mimeType: 'image/png',
			text: expect.stringMatching(/characters of base64/),
		});
		expect(outputs[0].json).not.toHaveProperty('url');
		expect(JSON.stringify(outputs[0].json).length).toBeLessThan(2_000);
	});

	test('without Simplify it has the server’s answer, put together', async () => {
		const { outputs } = await run({ options: { simplify: false } });
		expect(outputs[0].json.response).toMatchObject({
			choices: [{ message: { content: expect.stringContaining(outputs[0].json.url) }, finish_reason: 'stop' }],
			usage: { total_tokens: expect.any(Number) },
		});
	});

	test('without Download File it has the link alone', async () => {
		const { outputs } = await run({ options: { download: false } });
		expect(outputs[0].binary).toBeUndefined();
		expect(outputs[0].json.url).toContain(simulator.otherOrigin.host);
		expect(simulator.otherOrigin.requests).toEqual([]);
	});
});

describe('edit', () => {
	const fileOf = async (format = 'png', seed = 'in') => ({
		fileName: `in.${format}`,
		mimeType: `image/${format}`,
		bytes: await makePicture({ width: 64, height: 48, format, seed }),
	});
	const dataUrlOf = ({ mimeType, bytes }) => `data:${mimeType};base64,${bytes.toString('base64')}`;

	test('files travel as data URLs, in their order', async () => {
		const [first, second] = [await fileOf('png'), await fileOf('jpeg', 'two')];
		const { outputs } = await run(
			{ operation: 'edit', binaryPropertyName: 'data, logo' },
			{ data: first, logo: second },
		);
		expect(sentText()).toEqual([
			{ type: 'text', text: 'A cute cat【2:3】' },
			{ type: 'image_url', image_url: { url: dataUrlOf(first) } },
			{ type: 'image_url', image_url: { url: dataUrlOf(second) } },
		]);
		expect(outputs[0].json).toMatchObject({ width: 1024, height: 1536 });
	});

	test('links travel as they are', async () => {
		const { bytes } = await fileOf();
		const links = ['/a.png', '/b,c.png'].map((path) => simulator.otherOrigin.put(path, bytes, 'image/png'));
		await run({ operation: 'edit', imageSource: 'url', imageUrls: links.join(', ') });
		expect(sentText().slice(1)).toEqual(links.map((url) => ({ type: 'image_url', image_url: { url } })));
	});

	test('a model that overlooks links gets the file behind one', async () => {
		const file = await fileOf();
		const link = simulator.otherOrigin.put('/a.png', file.bytes, 'image/png');
		const model = { __rl: true, mode: 'id', value: 'gpt-image' };
		await run({ operation: 'edit', imageSource: 'url', imageUrls: link, model });
		expect(sentText()[1].image_url.url).toBe(dataUrlOf(file));
	});

	test('the link that was sent is not taken for a result', async () => {
		const sent = simulator.otherOrigin.put('/sent.png', (await fileOf()).bytes, 'image/png');
		simulator.scriptImages({ text: `I cannot change ![this](${sent}).` });
		const { error } = await run({ operation: 'edit', imageSource: 'url', imageUrls: sent });
		expect(error).toMatchObject({ kind: 'noResult', message: expect.stringMatching(/without a picture/) });
	});

	test('sixteen images of a megabyte each', async () => {
		const { bytes } = await fileOf('jpeg');
		const large = Buffer.concat([bytes, Buffer.alloc(1_000_000 - bytes.length)]);
		const names = Array.from({ length: 16 }, (_, index) => `image${index}`);
		const file = { fileName: 'in.jpg', mimeType: 'image/jpeg', bytes: large };
		const files = Object.fromEntries(names.map((name) => [name, file]));
		const { outputs } = await run({ operation: 'edit', binaryPropertyName: names.join(',') }, files);
		expect(outputs).toHaveLength(1);
		expect(sentText()).toHaveLength(17);
	});

	test.each([
		['a seventeenth image', { binaryPropertyName: new Array(17).fill('data').join() }, /17 input images.*at most 16/],
		['an image of 51 MB', { binaryPropertyName: 'large' }, /51 MB/],
		['a text', { binaryPropertyName: 'text' }, /not a picture/],
		['a missing file', { binaryPropertyName: 'none' }, /no file in its field "none"/],
		['no field', { binaryPropertyName: ' ' }, /Input Binary Field\(s\) is empty/],
		['no link', { imageSource: 'url' }, /Image URLs is empty/],
		['a link that is none', { imageSource: 'url', imageUrls: 'file:///etc/passwd' }, /not a web address/],
		['two images for a model of one', { binaryPropertyName: 'data,data', model: 'gpt-image' }, /at most 1 /],
	])('%s stops before anything is bought', async (_name, { model = 'sora_image', ...parameters }, message) => {
		const data = await fileOf();
		const large = { ...data, bytes: Buffer.concat([data.bytes, Buffer.alloc(51_000_000 - data.bytes.length)]) };
		const text = { fileName: 'a.txt', mimeType: 'text/plain', bytes: Buffer.from('hello') };
		const wish = { operation: 'edit', ...parameters, model: { __rl: true, mode: 'id', value: model } };
		const { error } = await run(wish, { data, large, text });
		expect(error).toMatchObject({ kind: 'invalidInput', billed: 'no', message: expect.stringMatching(message) });
		expect(simulator.state.requests).toEqual([]);
	});
});

describe('estimate', () => {
	test.each([
		['one request', {}, { requests: 1, costUsd: 0.01, maxCostUsd: 0.01 }],
		[
			'variations and repeats',
			{ variations: ['a', 'b'], retryUncertain: 2 },
			{ requests: 2, costUsd: 0.02, maxCostUsd: 0.06 },
		],
		['an own price', { price: 0.5 }, { requests: 1, costUsd: 0.5, maxCostUsd: 0.5 }],
	])('%s', async (_name, options, json) => {
		const { outputs } = await run({ operation: 'estimateCost', options });
		expect(outputs[0].json).toEqual({ model: 'sora_image', ...json });
		expect(simulator.state.requests).toEqual([]);
	});

	test('an unknown price', async () => {
		const model = { __rl: true, mode: 'id', value: 'mine' };
		const { outputs } = await run({ operation: 'estimateCost', model });
		expect(outputs[0].json).toEqual({
			model: 'mine',
			requests: 1,
			costUsd: null,
			reason: 'no price is known for the model mine',
		});
	});
});

test('each variation is a purchase, with its repeats', async () => {
	const { plans } = await run({ options: { variations: ['a', 'b'], retryUncertain: 2 } });
	const purchase = { makes: 'image', price: { usd: 0.01 }, maxPrice: { usd: 0.03 } };
	expect(plans.map((plan) => plan.purchase)).toEqual([purchase, purchase]);
});

test('a prompt above the recommended length is sent with a hint', async () => {
	const { hints } = await run({ prompt: 'x'.repeat(600) });
	expect(hints.join()).toMatch(/605 characters/);
	expect(posts()).toHaveLength(1);
});
