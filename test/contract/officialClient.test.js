'use strict';

const { OpenAI, toFile } = require('openai');
const sharp = require('sharp');

const { startSimulator } = require('../support/simulator');
const { makePicture, readPicture } = require('../support/simulator/images');
const { makeMovie, readMovie } = require('../support/simulator/movie');

/** The official client against the simulator: what nobody here wrote must be able to use what we test our nodes with. */

/** @type {Awaited<ReturnType<typeof startSimulator>>} */
let simulator;
/** @type {OpenAI} */
let client;
let nowMs = Date.UTC(2026, 10, 21, 12);

beforeEach(async () => {
	simulator = await startSimulator({ secondsPerJob: 100, now: () => nowMs });
	client = new OpenAI({ apiKey: simulator.apiKey, baseURL: simulator.baseUrl, maxRetries: 0 });
});
afterEach(async () => {
	await simulator.close();
	expect(simulator.state.unmatched).toEqual([]);
});

const PORTRAIT = { width: 720, height: 1280 };
const WISH = /** @type {const} */ ({ model: 'sora-2', prompt: 'A paper boat ⛵', size: '720x1280', seconds: '4' });
const png = async (size, seed = 'one') => await makePicture({ ...size, format: 'png', seed });
const upload = async (bytes, name, type) => await toFile(bytes, name, { type });
const bytesOf = async (response) => Buffer.from(await response.arrayBuffer());

async function finishedVideo(wish = WISH) {
	const { id } = await client.videos.create(wish);
	nowMs += 100_000;
	return id;
}

describe('videos', () => {
	test('create, look, download, each variant', async () => {
		const created = await client.videos.create(WISH);
		expect(created).toMatchObject({ ...WISH, object: 'video', status: 'queued', progress: 0, error: null });
		nowMs += 50_000;
		expect(await client.videos.retrieve(created.id)).toMatchObject({ status: 'in_progress', progress: 50 });
		await expect(client.videos.downloadContent(created.id)).rejects.toMatchObject({ status: 404, code: 'not_ready' });
		nowMs += 50_000;
		expect(await client.videos.retrieve(created.id)).toMatchObject({ status: 'completed', progress: 100 });
		const movie = await readMovie(await bytesOf(await client.videos.downloadContent(created.id)));
		expect(movie).toMatchObject({ ...PORTRAIT, seconds: 4 });
		for (const [variant, format] of /** @type {const} */ ([
			['thumbnail', 'webp'],
			['spritesheet', 'jpeg'],
		])) {
			const response = await client.videos.downloadContent(created.id, { variant });
			expect(await readPicture(await bytesOf(response))).toMatchObject({ format });
		}
		expect(simulator.ledger()).toMatchObject({ jobsCreated: 1, chargedUsd: 0.4 });
	});

	test('a reference image, which must have the pixels of the video', async () => {
		const input_reference = await upload(await png(PORTRAIT), 'frame.png', 'image/png');
		expect(await client.videos.create({ ...WISH, input_reference })).toMatchObject({ status: 'queued' });
		await expect(client.videos.create({ ...WISH, size: '1280x720', input_reference })).rejects.toMatchObject({
			status: 400,
			type: 'invalid_request_error',
			requestID: expect.stringMatching(/^req_/),
			message: '400 Inpaint image must match the requested width and height',
		});
		expect(simulator.ledger().jobsCreated).toBe(1);
	});

	test('the list, page by page, and delete', async () => {
		const ids = [];
		for (const prompt of ['one', 'two', 'three']) ids.unshift(await finishedVideo({ ...WISH, prompt }));
		const listed = [];
		for await (const { id } of client.videos.list({ limit: 2, order: 'desc' })) listed.push(id);
		expect(listed).toEqual(ids);
		expect(await client.videos.delete(ids[0])).toEqual({ id: ids[0], deleted: true, object: 'video.deleted' });
		await expect(client.videos.retrieve(ids[0])).rejects.toMatchObject({ status: 404, code: 'not_found' });
	});

	test('remix, edit and extend a job; edit a file', async () => {
		const id = await finishedVideo();
		const prompt = 'The same at night';
		const video = { id };
		const remixed = await client.videos.remix(id, { prompt });
		const edited = await client.videos.edit({ prompt, video });
		const extended = await client.videos.extend({ prompt, video, seconds: '8' });
		for (const made of [remixed, edited, extended]) {
			expect(made).toMatchObject({ prompt, remixed_from_video_id: id, status: 'queued', size: WISH.size });
		}
		expect(extended.seconds).toBe('12');
		const movie = await makeMovie({ width: 320, height: 240, seconds: 8, seed: 'own' });
		const file = await upload(movie, 'own.mp4', 'video/mp4');
		expect(await client.videos.edit({ prompt, video: file })).toMatchObject({ size: '320x240', seconds: '8' });
	});

	test('characters', async () => {
		const movie = await makeMovie({ width: 320, height: 240, seconds: 4, seed: 'person' });
		const video = await upload(movie, 'person.mp4', 'video/mp4');
		const made = await client.videos.createCharacter({ video, name: 'Captain Paper' });
		expect(made).toEqual({ id: expect.stringMatching(/^char_/), name: 'Captain Paper', created_at: nowMs / 1000 });
		expect(await client.videos.getCharacter(String(made.id))).toEqual(made);
	});

	test('a refusal and a failed job read as documented', async () => {
		const wrong = /** @type {any} */ ({ ...WISH, seconds: '10' });
		await expect(client.videos.create(wrong)).rejects.toMatchObject({ param: 'seconds', code: 'invalid_value' });
		await expect(
			new OpenAI({ apiKey: 'wrong', baseURL: simulator.baseUrl }).videos.create(WISH),
		).rejects.toBeInstanceOf(OpenAI.AuthenticationError);
		simulator.script({ fail: { code: 'moderation_blocked', message: 'Your request was blocked.' } });
		expect(await client.videos.retrieve(await finishedVideo())).toMatchObject({
			status: 'failed',
			error: { code: 'moderation_blocked', message: 'Your request was blocked.' },
		});
	});
});

describe('images', () => {
	const SQUARE = { width: 256, height: 256 };
	const pictureOf = async ({ b64_json }) => await readPicture(Buffer.from(b64_json, 'base64'));

	test('generate, several at once', async () => {
		const { data, usage } = await client.images.generate({
			...{ model: 'gpt-image-2.5-flare', prompt: 'A paper boat', n: 2, size: '1536x1024' },
			...{ quality: 'high', background: 'opaque', output_format: 'webp', output_compression: 80 },
		});
		const pictures = await Promise.all(/** @type {any[]} */ (data).map(pictureOf));
		expect(pictures).toMatchObject(Array(2).fill({ width: 1536, height: 1024, format: 'webp' }));
		expect(usage).toMatchObject({ output_tokens: expect.any(Number), total_tokens: expect.any(Number) });
		expect(simulator.ledger().charges).toBe(1);
	});

	test.each([1, 3])('edit %i pictures under a mask', async (count) => {
		const image = [];
		for (let index = 0; index < count; index++) {
			image.push(await upload(await png(SQUARE, `picture ${index}`), `${index}.png`, 'image/png'));
		}
		const clear = { ...SQUARE, channels: /** @type {const} */ (4), background: { r: 0, g: 0, b: 0, alpha: 0 } };
		const mask = await upload(await sharp({ create: clear }).png().toBuffer(), 'mask.png', 'image/png');
		const wish = { model: 'gpt-image-1.5', prompt: 'Add a sail', mask, size: /** @type {const} */ ('1024x1024') };
		const { data } = await client.images.edit({ ...wish, image: count === 1 ? image[0] : image });
		expect(await pictureOf(/** @type {any} */ (data)[0])).toMatchObject({ width: 1024, height: 1024, format: 'png' });
		expect(simulator.ledger().charges).toBe(1);
	});

	test('a parameter that the model does not take', async () => {
		const wish = /** @type {any} */ ({ model: 'gpt-image-2', prompt: 'Boat', response_format: 'url' });
		await expect(client.images.generate(wish)).rejects.toMatchObject({ status: 400, code: 'unknown_parameter' });
	});

	test('a picture over chat, as a stream', async () => {
		const messages = [{ role: /** @type {const} */ ('user'), content: 'A paper boat' }];
		const stream = await client.chat.completions.create({ model: 'sora_image', messages, stream: true });
		let content = '';
		for await (const { choices } of stream) content += choices[0]?.delta.content ?? '';
		const link = /!\[[^\]]*\]\((\S+?)\)/u.exec(content)?.[1] ?? '';
		expect(await readPicture(await bytesOf(await fetch(link)))).toMatchObject({ format: 'png' });
	});
});
