'use strict';

const { startPersonality } = require('../../support/contract/personalityClient');

/** Credentials, and what each server says about jobs that are not there, not ready, or failed. */

/** @type {Awaited<ReturnType<typeof startPersonality>>} */
let server;
afterEach(async () => await server.simulator.close());

const error = (fields) => ({ error: expect.objectContaining(fields) });
const task = (code, message) => ({ code, message, data: null });
const open = { model: 'open-video-1', prompt: 'A', seconds: '2', size: '320x240' };
const routed = { model: 'google/veo-3.1', prompt: 'A', duration: 4 };
const muse = { model: 'muse', prompt: 'A' };
const omni = { prompt: 'A', size: '320x240' };

describe('credentials', () => {
	test.each([
		['openai', {}, 401, error({ code: 'invalid_api_key' })],
		['azure', { authorization: 'Bearer KEY' }, 401, { error: { code: '401', message: expect.any(String) } }],
		['litellm', { 'x-litellm-api-key': 'no' }, 401, error({ type: 'auth_error', code: '401' })],
		['openrouter', {}, 401, error({ code: 401, message: 'No auth credentials found' })],
		['custom ofox', {}, 401, error({ code: 'invalid_api_key' })],
		['vllmOmni', {}, 401, { error: 'Unauthorized' }],
		['localai', {}, 401, error({ code: 401 })],
		['newApi', { authorization: 'Bearer no' }, 401, error({ type: 'new_api_error', message: '无效的令牌' })],
		['sora2api', {}, 403, { detail: 'Not authenticated' }],
		['sora2api', { authorization: 'Bearer no' }, 401, { detail: 'Invalid API key' }],
		['apiyi oldAsync', { authorization: 'KEY' }, 200, { object: 'list', data: expect.any(Array) }],
		['azure', { 'api-key': 'KEY' }, 200, expect.objectContaining({ object: 'list' })],
		['azure', { authorization: 'Bearer entra-KEY' }, 200, expect.objectContaining({ object: 'list' })],
		['litellm', { 'x-litellm-api-key': 'KEY' }, 200, expect.objectContaining({ object: 'list' })],
		['sglang', {}, 200, expect.objectContaining({ object: 'list' })],
		['dynamo', {}, 200, expect.objectContaining({ object: 'list' })],
	])('%s %j: %i', async (name, headers, status, body) => {
		const [personality, form] = name.split(' ');
		server = await startPersonality(personality, { form, apiKey: 'KEY' });
		server.useHeaders(headers);
		const answer = await server.get('/models');
		expect([answer.status, answer.body]).toEqual([status, body]);
	});

	test.each(['vllmOmni', 'localai', 'sora2api', 'newApi'])('%s without a key lets everyone in', async (personality) => {
		server = await startPersonality(personality, { apiKey: '' });
		server.useHeaders({});
		expect((await server.get('/models')).status).toBe(200);
	});

	test('a storage refuses them', async () => {
		server = await startPersonality('openrouter');
		const { id } = (await server.json('/videos', routed)).body;
		server.pass(200);
		const job = (await server.get(`/videos/${id}`)).body;
		expect((await server.get(job.urls[0])).status).toBe(400);
		expect((await server.open(job.unsigned_urls[0])).status).toBe(401);
		expect(job.usage).toEqual({ cost: 0.2, is_byok: false });
	});
});

describe('jobs that are not there, not ready, or failed', () => {
	const unknown = async (path = '/videos/nothing') => await server.get(path);
	test.each([
		['openai', open, 404, error({ code: 'not_found' }), 404, error({ code: 'not_ready' })],
		['openrouter', routed, 404, error({ code: 404 }), 400, error({ code: 400 })],
		['custom ofox', { ...routed, model: 'sora-2' }, 404, error({ code: 'not_found' }), 409, error({})],
		['custom juhe', open, 404, error({ code: 'not_found' }), 200, error({ code: 'video_not_ready' })],
		['laozhang', muse, 404, error({ code: 'not_found' }), 404, error({ code: 'not_ready' })],
		['vllmOmni', omni, 404, { detail: 'Video nothing not found' }, 404, { detail: /in-progress/ }],
		['sglang', { prompt: 'A' }, 404, { detail: 'Video not found' }, 404, { detail: 'Generation is still in-progress' }],
		[
			...['newApi', open, 400, task('task_not_exist', 'task_not_exist'), 400],
			error({ message: 'Task is not completed yet, current status: QUEUED' }),
		],
		['litellm', open, 404, error({ code: '404' }), 404, error({ code: '404', message: expect.any(String) })],
	])('%s', async (name, order, unknownStatus, unknownBody, earlyStatus, earlyBody) => {
		const [personality, form] = name.split(' ');
		server = await startPersonality(personality, { form });
		const missing = await unknown();
		expect([missing.status, missing.body]).toEqual([unknownStatus, unknownBody]);
		const { id } = (await server[name === 'vllmOmni' ? 'form' : 'json']('/videos', order)).body;
		const folder = form === 'juhe' ? '/video' : '/videos';
		const early = await server.get(`${folder}/${encodeURIComponent(id)}/content`);
		expect(early.status).toBe(earlyStatus);
		if (earlyBody.detail instanceof RegExp) expect(early.body.detail).toMatch(earlyBody.detail);
		else expect(early.body).toEqual(earlyBody);
	});

	test('the older LiteLLM calls an error a video, and another forgets its way', async () => {
		server = await startPersonality('litellm', { form: 'oldContent' });
		const { id } = (await server.json('/videos', open)).body;
		const early = await server.get(`/videos/${encodeURIComponent(id)}/content`);
		expect([early.status, early.type, JSON.parse(String(early.bytes))]).toEqual([200, 'video/mp4', error({})]);
		await server.simulator.close();
		server = await startPersonality('litellm', { form: 'reencoded' });
		const first = (await server.json('/videos', open)).body;
		const second = (await server.get(`/videos/${encodeURIComponent(first.id)}`)).body;
		expect(second.id).not.toBe(first.id);
		const lost = await server.get(`/videos/${encodeURIComponent(second.id)}`);
		expect([lost.status, lost.body.error.message]).toEqual([401, 'Incorrect API key provided: None.']);
		expect((await server.get(`/videos/${encodeURIComponent(first.id)}`)).status).toBe(200);
	});

	test.each([
		['openai', open, { code: 'moderation_blocked', message: 'no' }],
		['openrouter', routed, 'no'],
		['apiyi oldAsync', { prompt: 'A' }, 'no'],
		['vllmOmni fork', omni, { type: 'ValueError', message: 'no' }],
		['sglang', { prompt: 'A' }, { message: 'no' }],
		['newApi', open, { code: 'moderation_blocked', message: 'no' }],
		['laozhang', muse, { code: 'moderation_blocked', message: 'no' }],
	])('%s: a failed job says %j', async (name, order, says) => {
		const [personality, form] = name.split(' ');
		server = await startPersonality(personality, { form });
		server.simulator.script({ fail: { code: 'moderation_blocked', message: 'no' } });
		const isForm = ['vllmOmni', 'apiyi'].includes(personality);
		const { id } = (await server[isForm ? 'form' : 'json']('/videos', order)).body;
		server.pass(200);
		expect((await server.get(`/videos/${id}`)).body).toMatchObject({ status: 'failed', error: says });
		expect(server.simulator.ledger().chargedUsd).toBe(0);
	});

	test('a LoRA that is no JSON is noticed when the job runs, with a number for a code', async () => {
		server = await startPersonality('vllmOmni');
		const { status, body } = await server.form('/videos', { ...omni, lora: 'no' });
		expect([status, body.status]).toEqual([200, 'queued']);
		server.pass(200);
		expect((await server.get(`/videos/${body.id}`)).body).toMatchObject({ status: 'failed', error: { code: 400 } });
	});

	test('two replicas forget every second time; a cancelled or expired job has its own word', async () => {
		server = await startPersonality('vllmOmni', { form: 'replicas' });
		const { id } = (await server.form('/videos', omni)).body;
		const statuses = [];
		for (let look = 0; look < 4; look++) statuses.push((await server.get(`/videos/${id}`)).status);
		expect(statuses).toEqual([404, 200, 404, 200]);
		await server.simulator.close();
		server = await startPersonality('openrouter');
		for (const endStatus of ['cancelled', 'expired']) {
			server.simulator.script({ fail: null, endStatus, times: 1 });
			const job = (await server.json('/videos', routed)).body;
			server.pass(200);
			expect((await server.get(`/videos/${job.id}`)).body.status).toBe(endStatus);
		}
		expect(server.simulator.ledger().chargedUsd).toBe(0);
	});
});
