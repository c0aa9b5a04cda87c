'use strict';

const sharp = require('sharp');

const { operations } = require('../../build/nodes/GptImage/description');
const { startContract } = require('../support/contract');
const { runOperation } = require('../support/contract/items');
const { makePicture } = require('../support/simulator/images');

/** @type {Awaited<ReturnType<typeof startContract>>} */
let contract;

afterEach(async () => await contract.end());

const GENERATE = '/images/generations';
const EDIT = '/images/edits';
const byId = (value) => ({ __rl: true, mode: 'id', value });
const sent = (path = '/images/') => contract.requests('POST', path);
const picture = async (pixels = '64x64', format = 'png', seed = pixels) => {
	const [width, height] = pixels.split('x').map(Number);
	return await makePicture({ width, height, format: /** @type {any} */ (format), seed });
};
const file = (bytes, fileName = 'photo.png', mimeType = 'image/png') => ({ bytes, fileName, mimeType });

/** Runs one operation for one item against a fresh provider. */
async function run(operation, parameters, { binary, credential, server = 'custom', script, ...options } = {}) {
	contract ??= await startContract({ server, allowOtherOrigin: true, credential, ...options });
	if (script) contract.simulator.scriptImages(script);
	return await runOperation(contract, operations[operation], { parameters: { prompt: 'Boat', ...parameters }, binary });
}

beforeEach(() => {
	contract = /** @type {any} */ (undefined);
});

/** The item's file as n8n keeps it. */
function storedOf(item, field = 'data') {
	return contract.stored[Number(item.binary[field].data)];
}

describe('each parameter of Generate Image: what goes over the wire, and the item that comes out', () => {
	test('only what the user set is sent', async () => {
		const { items } = await run('generate', {});
		expect(sent()[0]).toMatchObject({ path: '/v1/images/generations', encoding: 'json' });
		expect(sent()[0].fields).toEqual({ model: 'gpt-image-1', prompt: 'Boat' });
		expect(sent()[0].headers['content-type']).toMatch(/^application\/json/);
		expect(items).toHaveLength(1);
		expect(Object.keys(items[0].json)).toEqual([
			...['prompt', 'model', 'size', 'quality', 'outputFormat', 'index', 'url', 'width', 'height'],
			...['fileName', 'fileSize', 'mimeType', 'createdAt', 'expiresAt', 'usage', 'requestId'],
			...['costUsd', 'costBasis', 'resumed'],
		]);
		expect(items[0].json).toMatchObject({
			...{ prompt: 'Boat', model: 'gpt-image-1', size: 'auto', quality: 'auto', outputFormat: 'png', index: 0 },
			...{ width: 1024, height: 1024, mimeType: 'image/png', resumed: false },
		});
		expect(items[0].json.requestId).toMatch(/^req_/);
	});

	const MODEL = byId('gpt-image-2.5-flare');
	test.each([
		['model', { model: byId('gpt-image-1.5') }, { model: 'gpt-image-1.5' }, { model: 'gpt-image-1.5' }],
		['size', { size: '1536x1024' }, { size: '1536x1024' }, { size: '1536x1024', width: 1536, height: 1024 }],
		['portrait', { size: '1024x1536' }, { size: '1024x1536' }, { size: '1024x1536', width: 1024, height: 1536 }],
		[
			'customSize',
			{ model: MODEL, size: 'custom', customSize: ' 1280 × 720 ' },
			{ model: 'gpt-image-2.5-flare', size: '1280x720' },
			{ size: '1280x720', width: 1280, height: 720 },
		],
		['quality low', { quality: 'low' }, { quality: 'low' }, { quality: 'low' }],
		['quality medium', { quality: 'medium' }, { quality: 'medium' }, { quality: 'medium' }],
		['quality high', { quality: 'high' }, { quality: 'high' }, { quality: 'high' }],
		[
			'quality max',
			{ model: MODEL, quality: 'max' },
			{ model: 'gpt-image-2.5-flare', quality: 'max' },
			{ quality: 'max' },
		],
		['auto quality and size', { quality: 'auto', size: 'auto' }, {}, { quality: 'auto', size: 'auto' }],
		['background', { options: { background: 'opaque' } }, { background: 'opaque' }, { outputFormat: 'png' }],
		[
			'moderation',
			{ model: MODEL, options: { moderation: 'low' } },
			{ model: 'gpt-image-2.5-flare', moderation: 'low' },
			{ model: 'gpt-image-2.5-flare' },
		],
		['user', { options: { user: 'customer-17' } }, { user: 'customer-17' }, { prompt: 'Boat' }],
		[
			'outputFormat jpeg',
			{ options: { outputFormat: 'jpeg' } },
			{ output_format: 'jpeg' },
			{ outputFormat: 'jpeg', mimeType: 'image/jpeg', width: 1024, height: 1024 },
		],
		[
			'outputFormat webp',
			{ options: { outputFormat: 'webp' } },
			{ output_format: 'webp' },
			{ outputFormat: 'webp', mimeType: 'image/webp', width: 1024, height: 1024 },
		],
		[
			'outputFormat png',
			{ options: { outputFormat: 'png' } },
			{ output_format: 'png' },
			{ outputFormat: 'png', mimeType: 'image/png' },
		],
		[
			'outputFormat gif',
			{ model: MODEL, options: { outputFormat: 'gif' } },
			{ model: 'gpt-image-2.5-flare', output_format: 'gif' },
			{ outputFormat: 'gif', mimeType: 'image/gif', width: 1024, height: 1024 },
		],
		[
			'outputFormat svg',
			{ model: MODEL, options: { outputFormat: 'svg' } },
			{ model: 'gpt-image-2.5-flare', output_format: 'svg' },
			{ outputFormat: 'svg', mimeType: 'image/svg+xml', width: 1024, height: 1024 },
		],
		[
			'outputCompression',
			{ options: { outputFormat: 'jpeg', outputCompression: 50 } },
			{ output_format: 'jpeg', output_compression: 50 },
			{ mimeType: 'image/jpeg' },
		],
		[
			'outputCompression 0',
			{ options: { outputFormat: 'webp', outputCompression: 0 } },
			{ output_format: 'webp', output_compression: 0 },
			{ mimeType: 'image/webp' },
		],
		[
			'responseFormat b64_json',
			{ options: { responseFormat: 'b64_json' } },
			{ response_format: 'b64_json' },
			{ width: 1024, height: 1024, mimeType: 'image/png' },
		],
		['responseFormat url', { options: { responseFormat: 'url' } }, { response_format: 'url' }, { width: 1024 }],
		['extraBody', { options: { extraBody: '{"complexity":"low"}' } }, { complexity: 'low' }, { prompt: 'Boat' }],
		[
			'size in extraBody',
			{ options: { extraBody: { size: '1024x1536' } } },
			{ size: '1024x1536' },
			{ size: '1024x1536', height: 1536 },
		],
	])('%s', async (_name, parameters, wire, json) => {
		const { items } = await run('generate', parameters);
		expect(sent()).toHaveLength(1);
		expect(sent()[0].fields).toEqual({ model: 'gpt-image-1', prompt: 'Boat', ...wire });
		expect(items[0].json).toMatchObject(json);
		expect((await sharp(storedOf(items[0]).bytes).metadata()).width).toBe(items[0].json.width);
		expect(storedOf(items[0]).mimeType).toBe(items[0].json.mimeType);
	});

	test('a Chinese prompt with emoji arrives as it is', async () => {
		const prompt = '雨后的街道上有一只纸船 🛶✨，柔和的晨光';
		const { items } = await run('generate', { prompt });
		expect(sent()[0].fields).toEqual({ model: 'gpt-image-1', prompt });
		expect(items[0].json.prompt).toBe(prompt);
	});

	test('n: each image is an item of its own, with its index and its file', async () => {
		const { items } = await run('generate', { n: 3, options: { fileName: 'boat.png', binaryPropertyOutput: 'shot' } });
		expect(sent()[0].fields).toEqual({ model: 'gpt-image-1', prompt: 'Boat', n: 3 });
		expect(items.map(({ json }) => json.index)).toEqual([0, 1, 2]);
		expect(items.map(({ json }) => json.fileName)).toEqual(['boat-0.png', 'boat-1.png', 'boat-2.png']);
		const files = items.map((item) => storedOf(item, 'shot').bytes.toString('base64'));
		expect(new Set(files).size).toBe(3);
		const total = items.reduce((sum, { json }) => sum + json.costUsd, 0);
		expect(total).toBeCloseTo(contract.simulator.ledger().chargedUsd, 5);
	});

	test('transparent stays transparent', async () => {
		const { items } = await run('generate', { options: { background: 'transparent' } });
		expect(sent()[0].fields).toEqual({ model: 'gpt-image-1', prompt: 'Boat', background: 'transparent' });
		expect((await sharp(storedOf(items[0]).bytes).metadata()).hasAlpha).toBe(true);
	});

	test('revisedPrompt, and the name of a file without a name', async () => {
		const { items } = await run('generate', {}, { script: { revisedPrompt: 'A boat of paper' } });
		expect(items[0].json.revisedPrompt).toBe('A boat of paper');
		expect(items[0].json.fileName).toMatch(/^gpt-image-1-2026-11-21T12-00-00-[\da-f]{6}\.png$/);
	});

	test('simplify off: the server’s own object, its base64 shortened', async () => {
		const { items } = await run('generate', { model: byId('gpt-image-1.5'), options: { simplify: false } });
		const { response } = items[0].json;
		expect(response).toMatchObject({ output_format: 'png', size: '1024x1024' });
		expect(response.data[0].b64_json).toMatch(/^\[\d+ characters of base64\]$/);
	});
});

describe('the shapes of answers', () => {
	test.each([
		['a link', 'url', true],
		['base64', 'b64_json', false],
		['a data URL under b64_json', 'dataUrl', false],
	])('%s', async (_name, answer, hasLink) => {
		const { items } = await run('generate', {}, { script: { answer } });
		expect(items[0].json).toMatchObject({ width: 1024, height: 1024, mimeType: 'image/png' });
		expect('url' in items[0].json).toBe(hasLink);
		expect('expiresAt' in items[0].json).toBe(hasLink);
		if (hasLink) expect(Date.parse(items[0].json.expiresAt) - Date.parse(items[0].json.createdAt)).toBe(86_400_000);
	});

	test.each(['self', 'relative', 'dataUrl'])('a link of kind %s', async (host) => {
		const { items } = await run('generate', {}, { script: { host } });
		expect(items[0].json).toMatchObject({ width: 1024, mimeType: 'image/png' });
		if (host !== 'dataUrl') expect(items[0].json.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/tmp\//);
	});

	test('with Download File off a link stays a link, and base64 is a file all the same', async () => {
		const linked = await run('generate', { options: { download: false } });
		expect(linked.items[0].binary).toBeUndefined();
		expect(linked.items[0].json.url).toMatch(/^http/);
		expect(contract.simulator.otherOrigin.requests).toEqual([]);
		const held = await run('generate', { model: byId('gpt-image-1.5'), options: { download: false } });
		expect(held.items[0].binary.data.mimeType).toBe('image/png');
	});

	test('other pixels than asked are told', async () => {
		const { items, hints } = await run('generate', { size: '1024x1024' }, { script: { pixels: '1254x1254' } });
		expect(items[0].json).toMatchObject({ width: 1254, height: 1254 });
		expect(hints.join()).toMatch(/is 1254x1254, although 1024x1024 was asked for/);
	});

	test('fewer images than asked are told, and the price is theirs', async () => {
		const { items, hints } = await run('generate', { n: 4, quality: 'low' }, { script: { images: 2, usage: {} } });
		expect(items).toHaveLength(2);
		expect(hints.join()).toMatch(/holds 2 images, although 4 were asked for/);
	});
});

describe('Edit Image', () => {
	test('one image goes as `image`, with its name and type', async () => {
		const bytes = await picture();
		const { items } = await run('edit', {}, { binary: { data: file(bytes) } });
		expect(sent(EDIT)[0]).toMatchObject({ encoding: 'multipart', fields: { model: 'gpt-image-1', prompt: 'Boat' } });
		expect(sent(EDIT)[0].files).toMatchObject([{ field: 'image', fileName: 'photo.png', mimeType: 'image/png' }]);
		expect(sent(EDIT)[0].files[0].content.equals(bytes)).toBe(true);
		expect(items[0].json).toMatchObject({ width: 1024, mimeType: 'image/png', index: 0 });
	});

	test('a Chinese prompt with emoji arrives in a form as it is', async () => {
		const prompt = '把背景换成雪山 🏔️，保留人物';
		await run('edit', { prompt }, { binary: { data: file(await picture()) } });
		expect(sent(EDIT)[0].fields.prompt).toBe(prompt);
	});

	test('several go as `image[]` in their order; fields and links together', async () => {
		const [red, green] = [await picture('64x64', 'jpeg', 'red'), await picture('32x32', 'webp', 'green')];
		const blue = await picture('16x16', 'png', 'blue');
		contract = await startContract({ allowOtherOrigin: true });
		const link = contract.simulator.otherOrigin.put('/blue%20sky.png', blue, 'image/png');
		const dataUrl = `data:image/png;base64,${blue.toString('base64')}`;
		await run(
			'edit',
			{ binaryPropertyName: 'data, second', imageUrls: `${link}, ${dataUrl}` },
			{ binary: { data: file(red, 'red.jpg', 'image/jpeg'), second: file(green, 'green.webp', 'image/webp') } },
		);
		expect(sent(EDIT)[0].files.map(({ field, fileName, mimeType }) => [field, fileName, mimeType])).toEqual([
			['image[]', 'red.jpg', 'image/jpeg'],
			['image[]', 'green.webp', 'image/webp'],
			['image[]', 'blue sky.png', 'image/png'],
			['image[]', 'reference.png', 'image/png'],
		]);
		expect(sent(EDIT)[0].files.map(({ content }) => content.length)).toEqual(
			[red, green, blue, blue].map(({ length }) => length),
		);
	});

	test('links alone: the field that is filled in from the start does not matter', async () => {
		contract = await startContract({ allowOtherOrigin: true });
		const link = contract.simulator.otherOrigin.put('/a.png', await picture(), 'image/png');
		await run('edit', { imageUrls: [link] });
		expect(sent(EDIT)[0].files).toMatchObject([{ field: 'image', fileName: 'a.png' }]);
	});

	test('mask and fidelity, and what else is set', async () => {
		const mask = await sharp({ create: { width: 64, height: 64, channels: 4, background: '#0000' } })
			.png()
			.toBuffer();
		const { items } = await run(
			'edit',
			{
				...{ n: 2, size: '1024x1536', quality: 'low' },
				options: {
					...{ maskBinaryPropertyName: 'mask', inputFidelity: 'high', outputFormat: 'webp' },
					...{ outputCompression: 80, background: 'opaque', responseFormat: 'url', user: 'u1' },
				},
			},
			{ binary: { data: file(await picture()), mask: file(mask, 'mask.png') } },
		);
		expect(sent(EDIT)[0].fields).toEqual({
			...{ model: 'gpt-image-1', prompt: 'Boat', n: '2', size: '1024x1536', quality: 'low' },
			...{ input_fidelity: 'high', output_format: 'webp', output_compression: '80', background: 'opaque' },
			...{ response_format: 'url', user: 'u1' },
		});
		expect(sent(EDIT)[0].files.map(({ field, fileName }) => [field, fileName])).toEqual([
			['image', 'photo.png'],
			['mask', 'mask.png'],
		]);
		expect(items).toHaveLength(2);
		expect(items[1].json).toMatchObject({ mimeType: 'image/webp', width: 1024, height: 1536 });
	});

	test('sixteen images of 1 MB each', async () => {
		const bytes = await sharp({
			create: {
				width: 600,
				height: 600,
				channels: 3,
				background: '#000',
				noise: { type: 'gaussian', mean: 128, sigma: 60 },
			},
		})
			.png({ compressionLevel: 0 })
			.toBuffer();
		expect(bytes.length).toBeGreaterThan(1_000_000);
		const names = Array.from({ length: 16 }, (_, index) => `picture${index}`);
		const binary = Object.fromEntries(names.map((name) => [name, file(bytes, `${name}.png`)]));
		const { items } = await run('edit', { binaryPropertyName: names.join(',') }, { binary });
		expect(sent(EDIT)[0].files.map(({ fileName }) => fileName)).toEqual(names.map((name) => `${name}.png`));
		expect(items[0].json.width).toBe(1024);
	});
});

describe('checked before paid', () => {
	const tooMany = (count) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`p${index}`, file(PNG)]));
	const PNG = Buffer.from(
		'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
		'base64',
	);
	const huge = Buffer.concat([PNG, Buffer.alloc(51_000_000 - PNG.length)]);

	test.each([
		['generate', 'an empty prompt', { prompt: ' ' }, /Prompt is empty/],
		['generate', 'an empty model', { model: byId('') }, /Model is empty/],
		['generate', 'no image', { n: 0 }, /Number of Images is 0/],
		['generate', 'eleven images', { n: 11 }, /Number of Images is 11/],
		['generate', 'half an image', { n: 1.5 }, /Number of Images is 1\.5/],
		[
			'generate',
			'a size that the model does not make',
			{ size: 'custom', customSize: '1280x720' },
			/gpt-image-1 does not make/,
		],
		['generate', 'Custom without a size', { size: 'custom' }, /Custom Size is empty/],
		['generate', 'no size at all', { size: 'big' }, /not a width and a height/],
		['generate', 'odd pixels', { model: byId('gpt-image-2'), size: '1281x720' }, /multiples of 16/],
		['generate', 'a thin strip', { model: byId('gpt-image-2'), size: '3200x800' }, /3 times the other/],
		['generate', 'too large', { model: byId('gpt-image-2'), size: '3840x3840' }, /largest is 3840x2160/],
		['generate', 'a quality of other models', { quality: 'xhigh' }, /has no quality "xhigh"/],
		['generate', 'compressed PNG', { options: { outputCompression: 50 } }, /only for JPEG and WebP/],
		[
			'generate',
			'compression 101',
			{ options: { outputFormat: 'webp', outputCompression: 101 } },
			/outside of 0 to 100/,
		],
		['generate', 'compression -1', { options: { outputFormat: 'webp', outputCompression: -1 } }, /outside of 0 to 100/],
		[
			'generate',
			'transparent JPEG',
			{ options: { outputFormat: 'jpeg', background: 'transparent' } },
			/cannot have a transparent/,
		],
		['generate', 'two SVGs', { n: 2, options: { outputFormat: 'svg' } }, /Only one SVG/],
		['generate', 'prompt in extraBody', { options: { extraBody: '{"prompt":"x"}' } }, /sets "prompt"/],
		['edit', 'an SVG', { options: { outputFormat: 'svg' }, binary: { data: file(PNG) } }, /cannot give SVG/],
		['edit', 'nothing to edit', { binaryPropertyName: '' }, /no image to edit/],
		[
			'edit',
			'a missing field',
			{ binaryPropertyName: 'other', binary: { data: file(PNG) } },
			/no file in its field "other"/,
		],
		[
			'edit',
			'a 17th image',
			{ binaryPropertyName: Object.keys(tooMany(17)).join(), binary: tooMany(17) },
			/17 input images/,
		],
		['edit', 'one of 51 MB', { binary: { data: file(huge) } }, /has 51 MB; it must be smaller than 50 MB/],
		[
			'edit',
			'a text',
			{ binary: { data: file(Buffer.from('<html></html>')) } },
			/is text\/html; servers take png, jpeg, webp/,
		],
		['edit', 'a GIF', { binary: { data: file(Buffer.from('GIF89a\x01\x00\x01\x00')) } }, /is image\/gif/],
		['edit', 'no address', { imageUrls: 'not a link' }, /not a web address/],
		[
			'edit',
			'a mask of another size',
			{ options: { maskBinaryPropertyName: 'mask' }, binary: { data: file(PNG), mask: file(PNG2()) } },
			/The mask is 2x2, but the first input image is 1x1/,
		],
		[
			'edit',
			'a mask without transparency',
			{ options: { maskBinaryPropertyName: 'mask' }, binary: { data: file(PNG), mask: file(OPAQUE_PNG()) } },
			/The mask has no transparent part/,
		],
	])('%s: %s', async (operation, _name, { binary, ...parameters }, message) => {
		const { items } = await run(operation, parameters, { binary });
		expect(items).toHaveLength(1);
		expect(items[0].json.error).toMatchObject({ kind: 'invalidInput', billed: 'no' });
		expect(items[0].json.error.message).toMatch(message);
		expect(contract.simulator.state.requests).toEqual([]);
	});

	/** The same picture in plain colours. */
	function OPAQUE_PNG() {
		const bytes = Buffer.from(PNG);
		bytes.writeUInt8(2, 25);
		return bytes;
	}

	function PNG2() {
		const bytes = Buffer.from(PNG);
		bytes.writeUInt32BE(2, 16);
		bytes.writeUInt32BE(2, 20);
		return bytes;
	}

	test('an unknown model is warned about, not blocked', async () => {
		const { hints, items } = await run('generate', { model: byId('next-image'), size: '17x31', quality: 'best' });
		expect(hints.join()).toMatch(/next-image is not in the catalogue/);
		expect(sent()[0].fields).toMatchObject({ model: 'next-image', size: '17x31', quality: 'best' });
		expect(items[0].json.error).toMatchObject({ kind: 'modelUnavailable', billed: 'no' });
	});

	test.each([
		['apiyi', 'gpt-image-1', 1001, 1],
		['apiyi', 'gpt-image-1', 1000, 0],
		['custom', 'gpt-image-1', 1001, 0],
		['custom', 'gpt-image-2', 32_001, 1],
	])('at %s, %s with %i characters: %i hint about the length', async (server, model, length, expected) => {
		const { hints } = await run('generate', { model: byId(model), prompt: '🛶'.repeat(length) }, { server });
		expect(hints.filter((hint) => /characters/.test(hint))).toHaveLength(expected);
		expect(sent()).toHaveLength(1);
	});
});

describe('what it costs', () => {
	test.each([
		['custom', 'low', 'tokens'],
		['apiyi', 'low', 'lowerOfBoth'],
		['apiyi', 'high', 'lowerOfBoth'],
	])('at %s, quality %s: what was charged, by %s', async (server, quality, costBasis) => {
		const { items } = await run('generate', { quality, size: '1536x1024' }, { server });
		expect(items[0].json.costBasis).toBe(costBasis);
		if (server === 'apiyi') expect(items[0].json.costUsd).toBe(contract.simulator.images.rows[0].usd);
	});

	test('without tokens the price per image counts', async () => {
		const body = { created: 1, data: [{ url: 'https://example.com/a.png' }] };
		contract = await startContract();
		contract.simulator.fault({ match: { path: GENERATE }, status: 200, body });
		const { items } = await run('generate', { quality: 'medium', size: '1024x1536', options: { download: false } });
		expect(items[0].json).toMatchObject({ costUsd: 0.015, costBasis: 'perImage' });
	});

	test('the own price comes first', async () => {
		const { items } = await run('generate', { n: 2, options: { price: 0.07 } });
		expect(items.map(({ json }) => [json.costUsd, json.costBasis])).toEqual(new Array(2).fill([0.07, 'perImage']));
	});

	test('a model without a known price has none', async () => {
		const { items } = await run('generate', { model: byId('gpt-image-2') });
		expect(items[0].json).not.toHaveProperty('costUsd');
		expect(items[0].json).not.toHaveProperty('costBasis');
	});

	test.each([
		[
			{ quality: 'high', size: '1024x1024', n: 3 },
			{ costUsd: 0.108, maxCostUsd: 0.108 },
		],
		[
			{ quality: 'auto', size: 'auto' },
			{ costUsd: 0.052, maxCostUsd: 0.052 },
		],
		[
			{ quality: 'low', options: { retryUncertain: 2 } },
			{ costUsd: 0.006, maxCostUsd: 0.018 },
		],
		[{ model: byId('gpt-image-2') }, { costUsd: null, reason: 'no price is known for the model gpt-image-2' }],
		[
			{ model: byId('gpt-image-2'), n: 2, options: { price: 0.1 } },
			{ costUsd: 0.2, maxCostUsd: 0.2 },
		],
	])('Estimate Cost %j', async (parameters, expected) => {
		const { items } = await run('estimateCost', { prompt: undefined, ...parameters });
		expect(items[0].json).toMatchObject(expected);
		expect(contract.simulator.state.requests).toEqual([]);
	});
});
