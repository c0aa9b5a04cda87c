'use strict';

const axios = require('axios').default;
const sharp = require('sharp');

const { createPlainClient } = require('../support/contract/plainClient');
const { startSimulator } = require('../support/simulator');
const { IMAGE_MODELS } = require('../support/simulator/imageModels');

/** The simulator's Images API: what it makes, what it refuses, in which words. */

/** @type {Awaited<ReturnType<typeof startSimulator>>} */
let simulator;
/** @type {ReturnType<typeof createPlainClient>} */
let client;

beforeEach(async () => {
	simulator = await startSimulator();
	client = createPlainClient(simulator);
});
afterEach(async () => await simulator.close());

const fromBase64 = async (text) => await sharp(Buffer.from(text, 'base64')).metadata();

describe('generations', () => {
	test('gpt-image-1 as its page shows it: a link by default, to a file of the asked pixels', async () => {
		const { status, data, headers } = await client.generate({
			n: 2,
			size: '1536x1024',
			quality: 'high',
			output_format: 'webp',
		});
		expect(status).toBe(200);
		expect(headers['x-request-id']).toMatch(/^req_/);
		expect(data).toEqual({
			created: expect.any(Number),
			data: [{ url: expect.stringMatching(/^http.*Signature=/) }, { url: expect.any(String) }],
			usage: {
				input_tokens: 1,
				input_tokens_details: { text_tokens: 1, image_tokens: 0 },
				output_tokens: 12_480,
				total_tokens: 12_481,
			},
		});
		const files = await Promise.all(
			data.data.map(async ({ url }) => await axios.get(url, { responseType: 'arraybuffer' })),
		);
		for (const file of files) {
			expect(file.headers['content-type']).toBe('image/webp');
			expect(await sharp(file.data).metadata()).toMatchObject({ width: 1536, height: 1024, format: 'webp' });
		}
		expect(files[0].data.equals(files[1].data)).toBe(false);
	});

	test('a link refuses credentials, and a dead one can be made', async () => {
		const { data } = await client.generate({});
		const [{ url }] = data.data;
		const refused = await fetch(url, { headers: { authorization: `Bearer ${simulator.apiKey}` } });
		expect(refused.status).toBe(400);
		expect(await refused.text()).toContain('Only one auth mechanism allowed');
		const dead = simulator.otherOrigin.put('/gone.png', Buffer.from('gone'), 'text/plain', 404);
		simulator.scriptImages({ links: [dead, 'http://10.0.0.1/x.png', 'x.png'] });
		const scripted = await client.generate({});
		expect(scripted.data.data.map((entry) => entry.url)).toEqual([dead, 'http://10.0.0.1/x.png', 'x.png']);
		expect((await fetch(dead)).status).toBe(404);
	});

	test.each([
		['png', {}],
		['jpeg', { output_compression: 50 }],
		['webp', { background: 'transparent', output_compression: 0 }],
		['gif', {}],
		['svg', {}],
	])('%s as raw base64 from an official model', async (format, fields) => {
		const { status, data } = await client.generate({
			...{ model: 'gpt-image-2.6-flare', size: '640x1280', output_format: format, ...fields },
		});
		expect(status).toBe(200);
		expect(data).toMatchObject({ output_format: format, size: '640x1280', quality: 'medium' });
		expect(Object.keys(data.data[0])).toEqual(['b64_json']);
		const metadata = await fromBase64(data.data[0].b64_json);
		expect(metadata).toMatchObject({ width: 640, height: 1280, format });
		if (fields.background) expect(metadata.hasAlpha).toBe(true);
	});

	test.each([
		['gpt-image-1', 'b64_json', /^iVBOR/],
		['gpt-image-2-all', 'b64_json', /^data:image\/png;base64,iVBOR/],
		['gpt-image-2-vip', undefined, undefined],
	])('%s with response_format %s', async (model, responseFormat, expected) => {
		const { data } = await client.generate({ model, response_format: responseFormat });
		if (expected) expect(data.data[0].b64_json).toMatch(expected);
		else expect(data.data[0].url).toMatch(/^http/);
	});

	const invalid = (value, values) => `Invalid value: '${value}'. Supported values are: ${values}.`;
	const officialFields = { model: 'gpt-image-2' };
	const transparent = { background: 'transparent' };
	test.each([
		[{ prompt: ' ' }, "Missing required parameter: 'prompt'.", 'missing_required_parameter'],
		[{ prompt: 'x'.repeat(1001) }, 'with length 1001 instead', 'string_above_max_length'],
		[{ n: 0 }, "Invalid 'n': integer below minimum value.", 'integer_below_min_value'],
		[{ n: 11 }, 'Expected a value <= 10, but got 11 instead.', 'integer_above_max_value'],
		[{ n: '2' }, "Invalid type for 'n': expected an integer, but got a string instead.", 'invalid_type'],
		[{ size: '512x512' }, invalid('512x512', "'1024x1024', '1024x1536', '1536x1024', and 'auto'"), 'invalid_value'],
		[
			{ ...officialFields, size: '1792x936' },
			"Invalid size '1792x936'. Width and height must both be divisible by 16.",
			'invalid_value',
		],
		[{ ...officialFields, size: '320x1280' }, 'between 1:3 and 3:1', 'invalid_value'],
		[{ ...officialFields, size: '3856x2160' }, 'largest supported size is 3840x2160', 'invalid_value'],
		[{ quality: 'max' }, invalid('max', "'auto', 'low', 'medium', and 'high'"), 'invalid_value'],
		[{ output_format: 'gif' }, invalid('gif', "'png', 'jpeg', and 'webp'"), 'invalid_value'],
		[{ ...transparent, output_format: 'jpeg' }, 'not supported for JPEG output format', 'invalid_value'],
		[{ ...officialFields, ...transparent }, 'Transparent background is not supported for this model.', 'invalid_value'],
		[{ output_compression: 50 }, 'Compression is not supported for PNG output format.', 'invalid_value'],
		[{ output_compression: 101, output_format: 'webp' }, 'Expected a value <= 100', 'integer_above_max_value'],
		[{ moderation: 'none' }, invalid('none', "'auto', and 'low'"), 'invalid_value'],
		[{ ...officialFields, response_format: 'url' }, "Unknown parameter: 'response_format'.", 'unknown_parameter'],
		[{ style: 'vivid' }, "Unknown parameter: 'style'.", 'unknown_parameter'],
		[{ input_fidelity: 'high' }, "Unknown parameter: 'input_fidelity'.", 'unknown_parameter'],
		[{ ...officialFields, output_format: 'svg', n: 2 }, 'Only n=1', 'invalid_value'],
		[{ model: 'dall-e-3' }, "The model 'dall-e-3' does not exist", 'model_not_found', 404],
	])('refuses what is documented as refused (%#)', async (fields, message, code, expectedStatus = 400) => {
		const { status, data } = await client.generate(fields);
		expect(status).toBe(expectedStatus);
		expect(data.error).toMatchObject({ message: expect.stringContaining(message), code });
		expect(simulator.ledger()).toMatchObject({ imageRequests: 0, charges: 0, chargedUsd: 0 });
	});

	test('more qualities where they are documented; the key is needed', async () => {
		expect((await client.generate({ model: 'gpt-image-2.5-flare', quality: 'xhigh', size: '1024x1024' })).status).toBe(
			200,
		);
		const { status, data } = await client.post('/images/generations', {}, { authorization: 'Bearer wrong' });
		expect([status, data.error.code]).toEqual([401, 'invalid_api_key']);
	});
});

test('every model is listed once', async () => {
	const { data } = await axios.get(`${simulator.baseUrl}/models`, {
		headers: { authorization: `Bearer ${simulator.apiKey}` },
	});
	const ids = data.data.map(({ id }) => id);
	expect(ids).toEqual(
		expect.arrayContaining(['sora-2', 'sora_image', 'gpt-image-portrait', ...Object.keys(IMAGE_MODELS)]),
	);
	expect(new Set(ids).size).toBe(ids.length);
});
