'use strict';

const { findImageModel } = require('../../../build/nodes/core/catalogue');
const { IMAGE_MODELS } = require('../../../build/nodes/core/catalogueImages');
const { priceOfImages } = require('../../../build/nodes/core/cost');
const { costOfImages } = require('../../../build/nodes/core/image/gptImage');

const GPT = findImageModel('gpt-image-1', 'images');
const request = (rest = {}) => ({ model: 'gpt-image-1', n: 1, ...rest });

describe('findImageModel', () => {
	test('one endpoint does not find the models of the other', () => {
		expect(findImageModel(' SORA_IMAGE ', 'chat').id).toBe('sora_image');
		expect(findImageModel('sora_image', 'images')).toBeUndefined();
		expect(findImageModel('gpt-image-1', 'chat')).toBeUndefined();
	});
});

describe('priceOfImages: the price, and where the model chooses the highest', () => {
	test.each([
		[{ quality: 'low', size: '1024x1024' }, 0.005],
		[{ quality: 'medium', size: '1536x1024', n: 3 }, 0.045],
		[{ quality: 'high', size: '1024x1536', n: 10 }, 0.52],
		[{ quality: 'auto', size: '1024x1024' }, 0.036],
		[{ quality: 'low', size: 'auto' }, 0.006],
		[{ quality: 'low' }, 0.006],
		[{}, 0.052],
	])('%j costs %d', (rest, usd) => {
		expect(priceOfImages(GPT, request(rest))).toEqual({ usd });
	});

	test('one price for everything', () => {
		const model = findImageModel('sora_image', 'chat');
		expect(priceOfImages(model, { model: 'sora_image', size: '2:3', n: 4 })).toEqual({ usd: 0.04 });
	});

	test('the own price comes first, zero is a price too', () => {
		expect(priceOfImages(GPT, request({ n: 3 }), 0.1)).toEqual({ usd: 0.3 });
		expect(priceOfImages(undefined, request(), 0)).toEqual({ usd: 0 });
	});

	test.each([
		[undefined, {}, /no price is known for the model gpt-image-1/],
		[GPT, { quality: 'xhigh' }, /no price is known for gpt-image-1 at auto, quality xhigh/],
		[GPT, { size: '1280x720' }, /at 1280x720, quality auto/],
	])('%# without a price it says why', (model, rest, why) => {
		expect(priceOfImages(model, request(rest)).unknown).toMatch(why);
	});
});

describe('costOfImages', () => {
	const usage = { input_tokens: 40, output_tokens: 1_000 };
	const images = request({ quality: 'medium', size: '1024x1024' });

	test.each([
		['apiyi', usage, { costUsd: 0.0081, costBasis: 'lowerOfBoth' }],
		['apiyi', { input_tokens: 40, output_tokens: 9_000 }, { costUsd: 0.011, costBasis: 'lowerOfBoth' }],
		['apiyi', undefined, { costUsd: 0.011, costBasis: 'perImage' }],
		['custom', usage, { costUsd: 0.0081, costBasis: 'tokens' }],
		['custom', undefined, { costUsd: 0.011, costBasis: 'perImage' }],
		['custom', { total_tokens: 5 }, { costUsd: 0.011, costBasis: 'perImage' }],
	])('at %s with %j', (server, tokens, expected) => {
		expect(costOfImages(GPT, images, { server, usage: tokens })).toEqual(expected);
	});

	test('the own price counts whatever the tokens are', () => {
		expect(costOfImages(GPT, images, { server: 'apiyi', usage, pricePerImageUsd: 0.5 })).toEqual({
			...{ costUsd: 0.5, costBasis: 'perImage' },
		});
	});

	test('an unknown model costs nobody knows what', () => {
		expect(costOfImages(undefined, images, { server: 'apiyi', usage })).toEqual({});
	});
});

test.each(IMAGE_MODELS.map((model) => [model.id, model]))('%s is complete, consistent and sourced', (id, model) => {
	expect(id).toBe(id.trim().toLowerCase());
	for (const [quality, sizes] of Object.entries(model.pricePerImageUsd ?? {})) {
		if (quality !== 'any' && model.qualities) expect(model.qualities).toContain(quality);
		for (const [size, usd] of Object.entries(sizes)) {
			if (size !== 'any') expect(model.sizes).toContain(size);
			expect(usd).toBeGreaterThan(0);
		}
	}
	if (model.freeSizes) expect(model.sizes).toEqual([]);
	expect(model.sources.length).toBeGreaterThan(0);
});
