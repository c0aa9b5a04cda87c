'use strict';

const { startPersonality } = require('../../support/contract/personalityClient');

/** Which routes each server has beside those of one job: lists, deletions, other addresses; and too many jobs. */

/** @type {Awaited<ReturnType<typeof startPersonality>>} */
let server;
afterEach(async () => await server.simulator.close());

const error = (fields) => ({ error: expect.objectContaining(fields) });
const task = (code, message) => ({ code, message, data: null });
const open = { model: 'open-video-1', prompt: 'A', seconds: '2', size: '320x240' };
const routed = { model: 'google/veo-3.1', prompt: 'A', duration: 4 };
const omni = { prompt: 'A', size: '320x240' };

describe('lists, deletions, addresses and too many jobs', () => {
	test.each([
		['openai', { object: 'list', has_more: false }],
		['azure', { object: 'list', has_more: false }],
		['litellm', { object: 'list' }],
		['laozhang', { object: 'list', data: [] }],
		['vllmOmni', { object: 'list', first_id: null, last_id: null, has_more: false }],
		['vllmOmni fork', { object: 'list' }, '/videos/list'],
		['sglang', { data: [] }],
	])('%s has a list', async (name, body, path = '/videos') => {
		const [personality, form] = name.split(' ');
		server = await startPersonality(personality, { form });
		const { apiKey } = server.simulator;
		if (personality === 'azure') server.useHeaders({ 'api-key': apiKey });
		const list = await server.get(path);
		expect([list.status, list.body]).toEqual([200, expect.objectContaining(body)]);
		if (personality === 'sglang') expect(Object.keys(list.body)).toEqual(['data']);
	});

	test.each([
		['newApi', error({ message: 'Invalid URL (GET /v1/videos)' })],
		['openrouter', { error: { code: 404, message: 'Not Found' } }],
		['dynamo', { error: 'Not Found' }],
		['sora2api', { detail: 'Not Found' }],
		['localai', error({ code: 404 })],
		['azure', { error: { code: '404', message: 'Resource not found' } }, '/nothing'],
		['azure', { detail: 'Not Found' }, 'URL/v1/videos'],
	])('%s has none, and answers %j', async (personality, body, path = '/videos') => {
		server = await startPersonality(personality);
		const { apiKey, url, baseUrl } = server.simulator;
		if (personality === 'azure') server.useHeaders({ 'api-key': apiKey });
		const answer = await server.get(path.replace('URL', url));
		expect([answer.status, answer.body]).toEqual([404, body]);
		expect((await server.remove(`${baseUrl}/videos/x`)).status).toBe(404);
	});

	test('pages of vLLM-Omni; a limit of nothing', async () => {
		server = await startPersonality('vllmOmni');
		const ids = [];
		for (let job = 0; job < 3; job++) ids.unshift((await server.form('/videos', omni)).body.id);
		expect((await server.get('/videos?limit=0')).body).toMatchObject({ data: [], has_more: true });
		const first = (await server.get('/videos?limit=2')).body;
		expect(first).toMatchObject({ first_id: ids[0], last_id: ids[1], has_more: true });
		const rest = (await server.get(`/videos?limit=2&after=${ids[1]}`)).body;
		expect(rest.data.map(({ id }) => id)).toEqual([ids[2]]);
		expect((await server.get('/videos?order=asc&limit=1')).body.first_id).toBe(ids[2]);
	});

	test.each([
		['vllmOmni', { deleted: true }, 404, undefined],
		['vllmOmni fork', { status: 'deleted' }, 404, undefined],
		['sglang', { status: 'cancelling' }, 200, 'cancelled'],
	])('%s: deleting a running job', async (name, body, after, word) => {
		const [personality, form] = name.split(' ');
		server = await startPersonality(personality, { form });
		const { id } = (await server.form('/videos', { prompt: 'A' })).body;
		expect((await server.remove(`/videos/${id}`)).body).toMatchObject({ id, ...body });
		const later = await server.get(`/videos/${id}`);
		expect([later.status, later.body.status]).toEqual([after, word]);
	});

	test('SGLang: deleting what has ended; the fork does not stop what runs', async () => {
		server = await startPersonality('sglang', { form: 'fork' });
		const { id } = (await server.json('/videos', { prompt: 'A' })).body;
		expect((await server.remove(`/videos/${id}`)).status).toBe(409);
		server.pass(95);
		expect((await server.get(`/videos/${id}`)).body.status).toBe('uploading');
		server.pass(10);
		expect((await server.remove(`/videos/${id}`)).body.status).toBe('deleted');
		expect((await server.get(`/videos/${id}`)).status).toBe(404);
	});

	test('SGLang: what is in a cloud storage is not at /content', async () => {
		server = await startPersonality('sglang', { form: 'cloud' });
		const { id } = (await server.json('/videos', { prompt: 'A', size: '320x240', seconds: 1 })).body;
		server.pass(200);
		const refused = await server.get(`/videos/${id}/content`);
		expect([refused.status, refused.body.detail]).toEqual([400, expect.stringContaining('Please use the cloud URL')]);
	});

	test.each([
		['openai', open, error({ code: 'too_many_running_tasks' })],
		['openrouter', routed, error({ code: 429 })],
		['newApi', open, task('rate_limited', '当前分组上游负载已饱和，请稍后再试')],
		['sglang', { prompt: 'A' }, { detail: 'Too many requests' }],
	])('%s: too many jobs', async (personality, order, body) => {
		server = await startPersonality(personality, { maxRunning: 1 });
		await server.json('/videos', order);
		const answer = await server.json('/videos', order);
		expect([answer.status, answer.body]).toEqual([429, body]);
		expect(server.simulator.ledger().jobsCreated).toBe(1);
	});

	test('LiteLLM without /v1; what OpenRouter says about its models and an order', async () => {
		server = await startPersonality('litellm');
		const { url, apiKey } = server.simulator;
		const created = await server.json(`${url}/videos`, open);
		expect(Buffer.from(created.body.id.slice('video_'.length), 'base64').toString()).toMatch(
			/^litellm:custom_llm_provider:openai;model_id:open-video-1;video_id:video_/,
		);
		expect((await server.get(`${url}/videos/${encodeURIComponent(created.body.id)}`)).status).toBe(200);
		await server.simulator.close();
		server = await startPersonality('openrouter', { apiKey });
		const { body } = await server.json('/videos', routed);
		expect(body).toEqual({ id: body.id, polling_url: `/api/v1/videos/${body.id}`, status: 'pending' });
		expect((await server.get('/videos/models')).body.data[0]).toMatchObject({ supported_durations: expect.any(Array) });
	});

	test.each([
		['vllmOmni', 'form', '/videos', {}],
		['dynamo', 'json', '/videos', {}],
		['localai', 'json', '/video', {}],
		['openrouter', 'json', '/videos', { duration: 4 }],
	])('%s knows the models that it is given', async (personality, encoding, path, fields) => {
		server = await startPersonality(personality, { models: ['my-model'] });
		const order = { model: 'my-model', prompt: 'A', size: '64x64', ...fields };
		expect([200, 202]).toContain((await server[encoding](path, order)).status);
		expect((await server[encoding](path, { ...order, model: 'other' })).status).toBeGreaterThanOrEqual(400);
		expect(server.simulator.ledger().jobs).toMatchObject([{ model: 'my-model' }]);
	});

	test('a name that no server has', async () => {
		await expect(startPersonality('nothing')).rejects.toThrow('There is no personality nothing');
		await expect(startPersonality('azure', { form: 'x' })).rejects.toThrow('azure has no form x');
		await expect(startPersonality('toString')).rejects.toThrow('There is no personality toString');
		server = await startPersonality('openai');
	});
});
