'use strict';

const path = require('node:path');

const { LLMock } = require('@copilotkit/aimock');

const { startEngine } = require('../support/engine');
const { MAJORS, NODE } = require('../support/engine/majors');
const { credentialsFor, videoWorkflow } = require('../support/engine/workflows');
const { makePicture } = require('../support/simulator/images');
const { makeMovie } = require('../support/simulator/movie');
const { createOtherOrigin } = require('../support/simulator/otherOrigin');

/**
 * aimock, a server that nobody here wrote: the answers are ours, but which requests it takes and what it makes of them
 * is its own. It plays OpenAI's and OpenRouter's way of making videos, and the Images API.
 */

const KEY = 'sk-foreign-server';
const PROMPT = 'A paper boat ⛵ auf dem Fluß';
const SIZE = { width: 320, height: 240 };
const byId = (value) => ({ __rl: true, mode: 'id', value });

describe.each(MAJORS)('a server that nobody here wrote, in the engine of n8n %s', (_major, folder) => {
	/** @type {Awaited<ReturnType<typeof startEngine>>} */
	let engine;
	/** @type {LLMock} */
	let server;
	/** @type {Awaited<ReturnType<typeof createOtherOrigin>>} */
	let storage;
	beforeAll(async () => {
		engine = await startEngine({
			engineFolder: folder,
			packageFolder: path.join(folder, 'node_modules', 'n8n-nodes-sora'),
		});
	});
	afterAll(async () => await engine.close());
	beforeEach(async () => {
		storage = await createOtherOrigin();
		server = await LLMock.create({
			auth: { apiKeys: [KEY] },
			openRouterVideo: { pollsBeforeInProgress: 1, pollsBeforeCompleted: 2 },
		});
	});
	afterEach(async () => {
		await Promise.all([server.stop(), storage.close()]);
		for (const { headers } of storage.requests) expect(JSON.stringify(headers)).not.toContain(KEY);
	});

	/** Runs one of our nodes against the server; gives its only item, and what the server noted. */
	async function run({ basePath = '/v1', credential = {}, apiKey = KEY, ...wish }) {
		const there = { baseUrl: `${server.url}${basePath}`, apiKey };
		const { nodes, error } = await engine.execute({
			workflow: videoWorkflow(wish),
			credentials: credentialsFor(there, { allowedDownloadHosts: storage.host, ...credential }),
		});
		const [{ outputs }] = nodes[NODE] ?? [{ outputs: [[]] }];
		const requests = server.getRequests().map(({ method, path: url, response }) => [method, url, response.status]);
		return { error, items: outputs[0] ?? [], requests };
	}

	const makeVideo = async () => await makeMovie({ ...SIZE, seconds: 4, seed: 'foreign' });
	const makeImage = async (seed) => await makePicture({ ...SIZE, format: 'png', seed });
	const frame = async () => ({
		...{ item: 0, field: 'data', fileName: 'frame.png', mimeType: 'image/png' },
		base64: (await makeImage('frame')).toString('base64'),
	});
	const videoParameters = (model) => ({
		...{ model: byId(model), prompt: PROMPT, seconds: '4' },
		...{ size: 'custom', customSize: '320x240', options: { pollInterval: 0.02 } },
	});

	test.each([
		['JSON', 'none'],
		['a form with a picture', 'binary'],
	])('a video over the Videos API, asked for as %s; the file is behind its link', async (_name, reference) => {
		const bytes = await makeVideo();
		const url = storage.put('/videos/boat.mp4?sig=1', bytes, 'video/mp4');
		server.onVideo(PROMPT, { video: { id: 'video_foreign', status: 'completed', url } });
		const parameters = { ...videoParameters('open-video-1'), reference };
		const { error, items, requests } = await run({ parameters, files: reference === 'none' ? [] : [await frame()] });
		expect(error).toBeUndefined();
		expect(items[0].json).toMatchObject({
			...{ jobId: 'video_foreign', status: 'completed', mimeType: 'video/mp4', ...SIZE },
			...{ fileSize: bytes.length, durationSeconds: 4 },
		});
		expect(items[0].files.data.bytes).toBe(bytes.length);
		expect(requests[0]).toEqual(['POST', '/v1/videos', 200]);
	});

	test.each(['none', 'binary'])('a video over OpenRouter’s API, waited for, reference: %s', async (reference) => {
		const bytes = await makeVideo();
		server.onVideo(PROMPT, { video: { id: 'ignored', status: 'completed', b64: bytes.toString('base64'), cost: 0.4 } });
		const { error, items, requests } = await run({
			...{ basePath: '/api/v1', credential: { server: 'openrouter' } },
			parameters: { ...videoParameters('openai/sora-2'), reference },
			files: reference === 'none' ? [] : [await frame()],
		});
		expect(error).toBeUndefined();
		const [{ json, files }] = items;
		expect(json).toMatchObject({ status: 'completed', mimeType: 'video/mp4', ...SIZE, durationSeconds: 4 });
		expect(files.data.bytes).toBe(bytes.length);
		const job = `/api/v1/videos/${json.jobId}`;
		expect(requests).toEqual([
			['POST', '/api/v1/videos', 200],
			['GET', job, 200],
			['GET', job, 200],
			['GET', `${job}/content?index=0`, 200],
		]);
	});

	test.each([
		['inline', (bytes) => ({ b64Json: bytes.toString('base64') })],
		['behind a link', (bytes) => ({ url: storage.put('/boat.png', bytes, 'image/png') })],
	])('a picture %s, and what was made of the prompt', async (_name, give) => {
		const bytes = await makeImage('made');
		server.onImage(PROMPT, { image: { ...give(bytes), revisedPrompt: 'A small paper boat' } });
		const { error, items, requests } = await run({ type: 'gptImage', parameters: { prompt: PROMPT } });
		expect(error).toBeUndefined();
		expect(items).toHaveLength(1);
		expect(items[0].json).toMatchObject({ ...SIZE, mimeType: 'image/png', revisedPrompt: 'A small paper boat' });
		expect(items[0].files.data.bytes).toBe(bytes.length);
		expect(requests).toEqual([['POST', '/v1/images/generations', 200]]);
	});

	test('two pictures from an edit', async () => {
		const pictures = await Promise.all(['one', 'two'].map(makeImage));
		server.onImage(PROMPT, { images: pictures.map((bytes) => ({ b64Json: bytes.toString('base64') })) });
		const parameters = { operation: 'edit', prompt: PROMPT, n: 2 };
		const { error, items, requests } = await run({ type: 'gptImage', parameters, files: [await frame()] });
		expect(error).toBeUndefined();
		expect(items.map(({ files }) => files.data.bytes)).toEqual(pictures.map(({ length }) => length));
		expect(requests).toEqual([['POST', '/v1/images/edits', 200]]);
	});

	test('a picture over chat, as a stream', async () => {
		const bytes = await makeImage('chat');
		const url = storage.put('/chat.png', bytes, 'image/png');
		server.onMessage(/paper boat/u, { content: `Here it is:\n\n![picture](${url})\n` });
		const { error, items, requests } = await run({ type: 'soraImage', parameters: { prompt: PROMPT } });
		expect(error).toBeUndefined();
		expect(items[0].json).toMatchObject({ ...SIZE, mimeType: 'image/png' });
		expect(items[0].files.data.bytes).toBe(bytes.length);
		expect(requests).toEqual([['POST', '/v1/chat/completions', 200]]);
	});

	test('a failed job, a wrong key and a refusal say what the server said', async () => {
		server.onVideo('fails', { video: { id: 'x', status: 'failed', error: 'The prompt was blocked' } });
		const parameters = { ...videoParameters('openai/sora-2'), prompt: 'fails' };
		const wish = { basePath: '/api/v1', credential: { server: 'openrouter' }, parameters };
		const failed = await run(wish);
		expect(failed.error.description).toContain('The prompt was blocked');
		const refused = await run({ ...wish, apiKey: 'wrong' });
		expect(refused.error.message).toMatch(/key/i);
		const unknown = await run({ type: 'gptImage', parameters: { prompt: 'nothing matches' } });
		expect(unknown.error.description).toContain('No fixture matched');
	});
});
