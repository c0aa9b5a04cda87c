'use strict';

const sharp = require('sharp');

const { createPlainClient } = require('../support/contract/plainClient');
const { startSimulator } = require('../support/simulator');
const { colourOf, makePicture, readInputColours } = require('../support/simulator/images');

/** The simulator's edits: which pictures it takes in which encodings, and what it refuses. */

/** @type {Awaited<ReturnType<typeof startSimulator>>} */
let simulator;
/** @type {ReturnType<typeof createPlainClient>} */
let client;

beforeEach(async () => {
	simulator = await startSimulator();
	client = createPlainClient(simulator);
});
afterEach(async () => await simulator.close());

const MEGABYTE = 1024 * 1024;
const picture = async (seed, wish = {}) => await makePicture({ width: 64, height: 48, format: 'png', seed, ...wish });

test('one file: its colour is in the result, and the request is noted', async () => {
	const image = await picture('red boat', { format: 'jpeg' });
	const { status, data } = await client.edit([['image', image, 'image/jpeg']], { n: '2', response_format: 'b64_json' });
	expect(status).toBe(200);
	const result = Buffer.from(data.data[1].b64_json, 'base64');
	const [colour] = await readInputColours(result, 1);
	for (const part of ['r', 'g', 'b']) expect(Math.abs(colour[part] - colourOf('red boat')[part])).toBeLessThan(4);
	expect(data.usage.input_tokens_details.image_tokens).toBe(3);
	const [request] = simulator.state.requests;
	expect(request).toMatchObject({
		encoding: 'multipart',
		fields: { model: 'gpt-image-1', prompt: 'Boat', n: '2' },
		files: [{ field: 'image', fileName: 'picture.png', mimeType: 'image/jpeg', size: image.length, content: image }],
		atMs: expect.any(Number),
		status: 200,
	});
});

test.each(['multipart', 'json'])('several, in their order, as %s', async (encoding) => {
	const seeds = ['first', 'second', 'third'];
	const images = await Promise.all(seeds.map(async (seed) => await picture(seed)));
	const hosted = simulator.otherOrigin.put('/input.png', images[1], 'image/png');
	const asUrl = (bytes) => ({ image_url: `data:image/png;base64,${bytes.toString('base64')}` });
	const { data } =
		encoding === 'json'
			? await client.post('/images/edits', {
					...{ model: 'gpt-image-1.5', prompt: 'Boat', mask: asUrl(images[0]) },
					images: [asUrl(images[0]), { image_url: hosted }, asUrl(images[2])],
				})
			: await client.edit(
					[...images.map((bytes) => ['image[]', bytes, 'image/png']), ['mask', images[0], 'image/png']],
					{
						model: 'gpt-image-1.5',
					},
				);
	const colours = await readInputColours(Buffer.from(data.data[0].b64_json, 'base64'), 3);
	expect(colours).toEqual(seeds.map((seed) => colourOf(seed)));
	expect(simulator.ledger().images).toMatchObject([{ endpoint: 'edits', n: 1, usd: 0.04 }]);
});

/** Files by the names that the table below uses. @type {Record<string, Buffer>} */
let stored;

beforeAll(async () => {
	const png = await picture('A');
	const noise = await sharp({
		create: {
			width: 300,
			height: 300,
			channels: 3,
			noise: { type: 'gaussian', mean: 128, sigma: 60 },
			background: 'red',
		},
	})
		.png()
		.toBuffer();
	stored = {
		A: png,
		B: await picture('B', { width: 32 }),
		GIF: await picture('A', { format: 'gif' }),
		HALF: noise.subarray(0, noise.length / 2),
		JPEG: await picture('A', { format: 'jpeg' }),
		LARGE: Buffer.concat([png, Buffer.alloc(50 * MEGABYTE)]),
	};
});

const PNG = 'image/png';
test.each([
	['nothing', [], {}, "Missing required parameter: 'image'.", 'missing_required_parameter'],
	['a text', [['image', 'https://x/y.png']], {}, 'but got a string instead', 'invalid_type'],
	['a mask as text', [['mask', 'x']], {}, "Invalid type for 'mask'", 'invalid_type'],
	[
		'one field twice',
		[
			['image', 'A', PNG],
			['image', 'A', PNG],
		],
		{},
		"Duplicate parameter: 'image'",
		'duplicate_parameter',
	],
	['17 pictures', Array(17).fill(['image[]', 'A', PNG]), {}, 'maximum length 16', 'array_above_max_length'],
	[
		'an unnamed type',
		[['image[]', 'A', 'application/octet-stream']],
		{},
		"Invalid file 'image[0]': unsupported mimetype ('application/octet-stream'). Supported file formats are 'image/jpeg', 'image/png', and 'image/webp'.",
		'unsupported_file_mimetype',
	],
	[
		'no picture',
		[['image', Buffer.from('no'), PNG]],
		{},
		'Invalid image file or mode for image 1',
		'invalid_image_file',
	],
	['a GIF by a wrong name', [['image', 'GIF', PNG]], {}, 'Invalid image file', 'invalid_image_file'],
	['half a picture', [['image', 'HALF', PNG]], {}, 'Invalid image file', 'invalid_image_file'],
	['50 MB', [['image', 'LARGE', PNG]], {}, 'smaller than 50 MB', 'file_too_large'],
	[
		'a mask of other pixels',
		[
			['image', 'A', PNG],
			['mask', 'B', PNG],
		],
		{},
		'mask size does not match',
		'invalid_mask_image_format',
	],
	[
		'a JPEG mask',
		[
			['image', 'A', PNG],
			['mask', 'JPEG', PNG],
		],
		{},
		'must be a PNG',
		'invalid_mask_image_format',
	],
	[
		'a large mask',
		[
			['image', 'A', PNG],
			['mask', 'LARGE', PNG],
		],
		{},
		'smaller than 4 MB',
		'invalid_mask_image_format',
	],
	['a file of another name', [['photo', 'A', PNG]], {}, "Unknown parameter: 'photo'.", 'unknown_parameter'],
	['moderation', [['image', 'A', PNG]], { moderation: 'low' }, "Unknown parameter: 'moderation'.", 'unknown_parameter'],
	['svg', [['image', 'A', PNG]], { model: 'gpt-image-2', output_format: 'svg' }, "and 'gif'.", 'invalid_value'],
	[
		'markup of old models',
		[
			['image', 'A', PNG],
			['markup', 'A', PNG],
		],
		{},
		"'markup'",
		'unknown_parameter',
	],
	[
		'fidelity of mini',
		[['image', 'A', PNG]],
		{ model: 'gpt-image-1-mini', input_fidelity: 'high' },
		"'high'",
		'invalid_value',
	],
	[
		'fidelity of newer models',
		[['image', 'A', PNG]],
		{ model: 'gpt-image-2', input_fidelity: 'high' },
		"The model 'gpt-image-2' does not support the 'input_fidelity' parameter.",
		'invalid_input_fidelity_model',
	],
])('refuses %s', async (_name, parts, fields, message, code) => {
	const sent = parts.map(([name, content, type]) => [name, type ? (stored[content] ?? content) : content, type]);
	const { status, data } = await client.edit(sent, fields);
	expect(data.error).toMatchObject({ message: expect.stringContaining(message), code });
	expect(status).toBe(400);
	expect(simulator.ledger().imageRequests).toBe(0);
});

test.each([
	[{}, "Missing required parameter: 'images'."],
	[{ images: 'x' }, "Invalid type for 'images'"],
	[{ images: [{ file_id: 'file-1' }] }, "Missing required parameter: 'images[0].image_url'."],
	[{ images: [{ image_url: 'http://192.0.2.1/a.png' }] }, 'Error while downloading http://192.0.2.1/a.png.'],
	[{ images: [{ image_url: 'boat.png' }] }, 'expected a base64-encoded data URL'],
])('refuses the JSON %j', async (fields, message) => {
	const { status, data } = await client.post('/images/edits', { model: 'gpt-image-2', prompt: 'Boat', ...fields });
	expect([status, data.error.message]).toEqual([400, expect.stringContaining(message)]);
});
