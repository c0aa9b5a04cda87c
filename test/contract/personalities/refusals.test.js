'use strict';

const { makePicture } = require('../../support/simulator/images');
const { startPersonality } = require('../../support/contract/personalityClient');

/** What each server refuses, and in which words and envelopes; nothing of it costs anything. */

/** @type {Awaited<ReturnType<typeof startPersonality>>} */
let server;
afterEach(async () => await server.simulator.close());

const file = (text) => ({ bytes: Buffer.from(text), type: 'image/png' });
const picture = async (width = 320, height = 240) => ({
	bytes: await makePicture({ width, height, format: 'png', seed: 'reference' }),
	type: 'image/png',
});
const dataUrl = async (...pixels) => `data:image/png;base64,${(await picture(...pixels)).bytes.toString('base64')}`;
const error = (fields) => ({ error: expect.objectContaining(fields) });
const invalid = (field, type) => ({ detail: [expect.objectContaining({ loc: ['body', field], type })] });
const task = (code, message = expect.any(String)) => ({ code, message, data: null });
const open = { model: 'open-video-1', prompt: 'A', seconds: '2', size: '320x240' };
const routed = { model: 'google/veo-3.1', prompt: 'A', duration: 4 };
const muse = { model: 'muse', prompt: 'A' };
const seedance = { model: 'seedance', prompt: 'A', duration: 3 };
const omni = { prompt: 'A', size: '320x240' };
const dynamo = { model: 'Wan-AI/Wan2.1-T2V-1.3B-Diffusers', prompt: 'A' };
const upstream = (text) => task('fail_to_fetch_task', expect.stringMatching(new RegExp(`^\\{"error":\\{.*${text}`)));

test.each([
	['openai', 'json', { ...open, seconds: 4 }, 400, error({ message: 'seconds must be one of "4", "8", "12"' })],
	['openai', 'json', { ...open, model: 'sora-2', seconds: '10' }, 400, error({ code: 'invalid_value' })],
	['openai', 'json', { ...open, input_reference: 'https://x/a.png' }, 400, error({ code: 'invalid_type' })],
	['openai', 'json', { ...open, input_reference: {} }, 400, error({ param: 'input_reference' })],
	['openai', 'json', { ...open, input_reference: { image_url: 'x', file_id: 'y' } }, 400, error({})],
	['openai', 'json', { ...open, input_reference: { image_url: 'ftp://x' } }, 400, error({ code: 'invalid_value' })],
	[
		'azure',
		'json',
		{ ...open, model: 'mine' },
		404,
		{ error: { code: 'DeploymentNotFound', message: expect.any(String) } },
	],
	['azure', 'json', { ...open, seconds: 4 }, 400, error({ type: 'invalid_request_error' })],
	['apiyi', 'json', { ...open, input_reference: { image_url: 'https://x' } }, 400, error({ code: 'invalid_type' })],
	['apiyi oldAsync', 'json', open, 400, error({ message: 'Content-Type must be multipart/form-data' })],
	['apiyi oldAsync', 'form', { prompt: 'A', seconds: '12' }, 400, error({ message: 'seconds must be one of 10, 15' })],
	['apiyi oldAsync', 'form', { seconds: '10' }, 400, error({ message: 'prompt is required' })],
	['apiyi oldAsync', 'form', { prompt: 'A', size: '1x1' }, 400, error({ param: 'size' })],
	['apiyi oldAsync', 'form', { prompt: 'A', input_reference: 'https://x' }, 400, error({ param: 'input_reference' })],
	['apiyi oldAsync', 'form', { prompt: 'A', input_reference: file('no') }, 400, error({ param: 'input_reference' })],
	['litellm', 'json', { ...open, seconds: 4 }, 400, error({ param: 'seconds', code: '400' })],
	['openrouter', 'form', { model: 'google/veo-3.1', prompt: 'A' }, 400, error({ code: 400 })],
	[
		'openrouter',
		'json',
		{ ...routed, duration: '4' },
		400,
		error({ code: 400, message: expect.stringMatching(/Expected number/) }),
	],
	[
		'openrouter',
		'json',
		{ ...routed, duration: 7 },
		400,
		error({ message: 'duration: 7 is not supported by this model' }),
	],
	['openrouter', 'json', { ...routed, model: 'x/y' }, 400, error({ message: 'x/y is not a valid model ID' })],
	['openrouter', 'json', { ...routed, model: undefined }, 400, error({ message: 'model: Required' })],
	['openrouter', 'json', { ...routed, prompt: '' }, 400, error({ message: 'prompt: Required' })],
	['openrouter', 'json', { ...routed, resolution: '999p' }, 400, error({ code: 400 })],
	['openrouter', 'json', { ...routed, aspect_ratio: '5:4' }, 400, error({ code: 400 })],
	['openrouter', 'json', { ...routed, size: 'wide' }, 400, error({ message: 'size: Invalid' })],
	['openrouter', 'json', { ...routed, seed: '7' }, 400, error({ message: 'seed: Expected number' })],
	[
		'openrouter',
		'json',
		{ ...routed, generate_audio: 'yes' },
		400,
		error({ message: 'generate_audio: Expected boolean' }),
	],
	[
		'openrouter',
		'json',
		{ ...routed, frame_images: ['https://x'] },
		400,
		error({ message: 'frame_images: Invalid input' }),
	],
	['openrouter', 'json', { ...routed, input_references: 'https://x' }, 400, error({ code: 400 })],
	['custom ofox', 'json', { ...routed, duration: '4', model: 'sora-2' }, 400, error({ code: 'invalid_request' })],
	['laozhang', 'json', { ...muse, seconds: '12' }, 400, error({ param: 'seconds', code: 'invalid_value' })],
	['laozhang', 'json', { ...muse, size: '320x240', aspect_ratio: '16:9' }, 400, error({ param: 'size' })],
	['laozhang', 'json', { ...muse, aspect_ratio: '5:4' }, 400, error({ param: 'aspect_ratio' })],
	['laozhang', 'json', { ...muse, prompt: undefined }, 400, error({ code: 'missing_required_parameter' })],
	['laozhang', 'json', { ...muse, image: 'no' }, 400, error({ param: 'image' })],
	[
		'laozhang',
		'json',
		{ ...muse, input_reference: { image_url: 'https://x' } },
		400,
		error({ param: 'input_reference' }),
	],
	['laozhang', 'form', { ...muse, image: file('no') }, 400, error({ message: "Unknown file 'image'." })],
	['laozhang', 'form', { ...muse, last_frame: file('no') }, 400, error({ message: 'Invalid file format' })],
	['laozhang seedance', 'form', { model: 'seedance', prompt: 'A' }, 400, error({})],
	[
		'laozhang seedance',
		'json',
		{ ...seedance, duration: '3' },
		400,
		error({ param: 'duration', code: 'invalid_type' }),
	],
	['laozhang seedance', 'json', { ...seedance, ratio: '5:4' }, 400, error({ param: 'ratio' })],
	['laozhang seedance', 'json', { ...seedance, watermark: 'no' }, 400, error({ param: 'watermark' })],
	['laozhang seedance', 'json', { ...seedance, prompt: undefined, content: [] }, 400, error({ param: 'prompt' })],
	['vllmOmni', 'json', omni, 422, invalid('prompt', 'missing')],
	['vllmOmni', 'form', { size: '320x240' }, 422, invalid('prompt', 'missing')],
	['vllmOmni', 'form', { ...omni, size: '640x' }, 422, invalid('size', 'string_pattern_mismatch')],
	['vllmOmni', 'form', { ...omni, seconds: '0' }, 422, invalid('seconds', 'string_pattern_mismatch')],
	['vllmOmni', 'form', { ...omni, num_frames: 'many' }, 422, invalid('num_frames', 'int_parsing')],
	['vllmOmni', 'form', { ...omni, input_reference: 'https://x' }, 422, invalid('input_reference', 'value_error')],
	['vllmOmni', 'form', { ...omni, model: 'sora-2' }, 400, { detail: expect.stringContaining('model mismatch') }],
	[
		...['vllmOmni', 'form', { ...omni, input_reference: file('no') }, 400],
		{ detail: 'Invalid input_reference: provided content is not a valid image.' },
	],
	[
		'vllmOmni',
		'form',
		{ ...omni, image_reference: '{"file_id":"a"}' },
		400,
		{ detail: expect.stringContaining('file_id') },
	],
	['vllmOmni', 'form', { ...omni, image_reference: 'https://x' }, 400, { detail: expect.stringContaining('JSON') }],
	['vllmOmni', 'form', { ...omni, image_reference: '{"image_url":"no"}' }, 400, { detail: expect.any(String) }],
	['sglang', 'json', { size: '320x240' }, 422, invalid('prompt', 'missing')],
	['sglang', 'json', { prompt: 'A', seconds: 'four' }, 422, invalid('seconds', 'int_parsing')],
	['sglang', 'json', { prompt: 'A', seconds: 1.5 }, 422, invalid('seconds', 'int_type')],
	['sglang', 'json', { prompt: 7 }, 422, invalid('prompt', 'string_type')],
	['sglang', 'json', { prompt: 'A', size: 'wide' }, 422, invalid('size', 'string_pattern_mismatch')],
	['sglang', 'form', { prompt: 'A', input_reference: file('no') }, 400, { detail: 'Failed to process image source' }],
	['sglang', 'json', { prompt: 'A', reference_url: 'no' }, 400, { detail: 'Failed to process image source' }],
	['sglang older', 'form', { prompt: 'A' }, 400, { detail: 'input_reference file is required' }],
	['dynamo', 'form', { model: 'x', prompt: 'A' }, 415, { error: expect.any(String) }],
	[
		'dynamo',
		'json',
		{ ...dynamo, seconds: '2' },
		400,
		{ error: expect.stringContaining('invalid type: string, expected i32') },
	],
	[
		'dynamo',
		'json',
		{ ...dynamo, prompt: undefined },
		400,
		{ error: expect.stringContaining('missing field `prompt`') },
	],
	['dynamo', 'json', { ...dynamo, model: 'x' }, 404, { error: 'Model x not found' }],
	['dynamo', 'json', { ...dynamo, input_reference: {} }, 400, { error: expect.stringContaining('expected a string') }],
	['dynamo', 'json', { ...dynamo, size: 'wide' }, 400, { error: 'Invalid size: wide' }],
	['dynamo', 'json', { ...dynamo, output_format: 'avi' }, 400, { error: 'Invalid output_format: avi' }],
	['localai', 'form', { prompt: 'A' }, 400, error({ code: 400 })],
	['localai', 'json', {}, 400, error({ code: 400, message: 'prompt is required' })],
	['localai', 'json', { prompt: 'A', model: 'x' }, 412, error({ code: 412 })],
	['localai', 'json', { prompt: 'A', seconds: 'four' }, 400, error({ message: 'seconds: not a positive number' })],
	['localai', 'json', { prompt: 'A', start_image: '!' }, 400, error({ message: 'start_image: not a picture' })],
	['newApi', 'json', { ...open, prompt: '' }, 400, task('invalid_request', 'prompt is required')],
	['newApi', 'json', { ...open, model: 'sora-2', size: '1x1' }, 400, task('invalid_size', 'sora-2 size is invalid')],
	['newApi', 'json', { ...open, model: 'x' }, 404, upstream('model_not_found')],
	['newApi', 'form', { ...open, model: 'sora-2', size: '720x1280' }, 400, upstream('Supported values')],
	['newApi', 'json', { prompt: 'A' }, 400, error({ type: 'new_api_error' })],
])('%s (%s) refuses %j', async (name, encoding, order, status, body) => {
	const [personality, form] = name.split(' ');
	server = await startPersonality(personality, { form });
	const { apiKey } = server.simulator;
	if (personality === 'azure') server.useHeaders({ 'api-key': apiKey });
	const answer = await server[encoding](personality === 'localai' ? '/video' : '/videos', order);
	expect([answer.status, answer.body]).toEqual([status, body]);
	expect(server.simulator.ledger()).toMatchObject({ jobsCreated: 0, charges: 0 });
});

describe('pictures that are taken', () => {
	test.each([
		['openai', 'json', async () => ({ ...open, input_reference: { image_url: await dataUrl() } })],
		['openai', 'json', async () => ({ ...open, input_reference: { file_id: 'file-1' } })],
		['apiyi', 'form', async () => ({ ...open, input_reference: await picture() })],
		[
			'openrouter',
			'json',
			async () => ({
				...routed,
				frame_images: [{ type: 'image_url', image_url: { url: await dataUrl() }, frame_type: 'first_frame' }],
				input_references: [{ type: 'image_url', image_url: { url: 'https://x/a.png' } }],
			}),
		],
		['laozhang', 'json', async () => ({ ...muse, image: await dataUrl(), last_frame: await dataUrl() })],
		['laozhang', 'form', async () => ({ ...muse, input_reference: await picture(), last_frame: await picture() })],
		['vllmOmni', 'form', async () => ({ ...omni, input_reference: await picture() })],
		['vllmOmni', 'form', async () => ({ ...omni, image_reference: JSON.stringify({ image_url: await dataUrl() }) })],
		['sglang', 'form', async () => ({ prompt: 'A', input_reference: await picture() })],
		['sglang', 'json', async () => ({ prompt: 'A', reference_url: await dataUrl() })],
		['sglang older', 'form', async () => ({ prompt: 'A', input_reference: await picture() })],
		['newApi', 'form', async () => ({ ...open, input_reference: await picture() })],
	])('%s (%s)', async (name, encoding, makeOrder) => {
		const [personality, form] = name.split(' ');
		server = await startPersonality(personality, { form });
		const { status } = await server[encoding]('/videos', await makeOrder());
		expect([200, 202]).toContain(status);
	});

	test('localai, also as bare base64', async () => {
		server = await startPersonality('localai');
		const bare = (await picture()).bytes.toString('base64');
		const order = { prompt: 'A', seconds: 1, size: '320x240', start_image: bare, end_image: await dataUrl() };
		expect((await server.json('/video', order)).status).toBe(200);
	});

	test('both ways at once are too many for vLLM-Omni; other pixels for OpenAI', async () => {
		server = await startPersonality('vllmOmni');
		const image_reference = JSON.stringify({ image_url: await dataUrl() });
		const both = await server.form('/videos', { ...omni, input_reference: await picture(), image_reference });
		expect([both.status, both.body.detail]).toEqual([400, expect.stringContaining('Only one of')]);
		await server.simulator.close();
		server = await startPersonality('openai');
		const other = await server.json('/videos', { ...open, input_reference: { image_url: await dataUrl(64, 64) } });
		expect(other.body.error.message).toBe('Inpaint image must match the requested width and height');
	});
});
