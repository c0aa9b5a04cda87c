'use strict';

const { measure, startPersonality } = require('../../support/contract/personalityClient');

/** Every server that makes videos as jobs: from the order to the file, in its own fields, words and shapes. */

/** @type {Awaited<ReturnType<typeof startPersonality>>} */
let server;
afterEach(async () => await server.simulator.close());

const SMALL = { size: '320x240', seconds: 2 };
const content = async (job) => (await server.get(`/videos/${encodeURIComponent(job.id)}/content`)).bytes;
const linkAt = (read) => async (job) => (await server.open(read(job))).bytes;
const sora = (fields) => ({ model: 'sora-2', prompt: 'A boat', seconds: '4', size: '1280x720', ...fields });
const open = { model: 'open-video-1', prompt: 'A boat', seconds: '2', size: '320x240' };
const routed = { model: 'google/veo-3.1', prompt: 'A boat', duration: 4, size: '320x240' };
const usual = ['queued', 'in_progress', 'completed'];

test.each([
	['openai', undefined, 'json', open, 200, /^video_[0-9a-f]{32}$/, usual, content, SMALL],
	['custom', undefined, 'form', open, 200, /^video_/, usual, content, SMALL],
	['azure', undefined, 'json', open, 200, /^video_/, usual, content, SMALL],
	['apiyi', undefined, 'form', sora({}), 200, /^video_/, usual, content, { size: '1280x720', seconds: 4 }],
	[
		...['apiyi', 'oldAsync', 'form', sora({ seconds: '10' }), 200, /^video_/, ['submitted', ...usual.slice(1)]],
		async (job) => (await server.get(job.url)).bytes,
		{ size: '1280x720', seconds: 10 },
	],
	['litellm', undefined, 'json', open, 200, /^video_[^+]*\+.*\/.*=$/, usual, content, SMALL],
	['litellm', 'upstreamWords', 'form', open, 200, /^video_/, ['pending', 'processing', 'succeeded'], content, SMALL],
	[
		...['openrouter', undefined, 'json', routed, 202, /^[\w-]+$/, ['pending', 'in_progress', 'completed']],
		linkAt((job) => job.urls[0]),
		{ ...SMALL, seconds: 4 },
	],
	[
		...['openrouter', 'unsignedOnly', 'json', routed, 202, /^[\w-]+$/, ['pending', 'in_progress', 'completed']],
		async (job) => (await server.get(job.unsigned_urls[0])).bytes,
		{ ...SMALL, seconds: 4 },
	],
	[
		...['custom', 'ofox', 'json', { ...routed, model: 'sora-2' }, 202, /^vid_/, usual],
		linkAt((job) => job.unsigned_urls[0]),
		{ ...SMALL, seconds: 4 },
	],
	[
		...['laozhang', undefined, 'json', { model: 'muse', prompt: 'A', size: '320x240', seconds: 5 }, 200, /^video_/],
		...[usual, linkAt((job) => job.video_url), { ...SMALL, seconds: 5 }],
	],
	[
		...['laozhang', undefined, 'form', { model: 'muse-20s', prompt: 'A', aspect_ratio: '9:16' }, 200, /^video_/],
		...[usual, content, { size: '720x1280', seconds: 20 }],
	],
	[
		...['laozhang', 'seedance', 'json'],
		{ model: 'seedance', content: [{ type: 'text', text: 'A boat' }], duration: 3, ratio: '1:1' },
		...[200, /^video_/, ['submitted', ...usual.slice(1)], linkAt((job) => job.video_url)],
		{ size: '720x720', seconds: 3 },
	],
	[
		...['laozhang', 'seedanceNative', 'json', { model: 'seedance', prompt: 'A boat', duration: 3, ratio: '1:1' }, 200],
		...[/^video_/, ['queued', 'running', 'succeeded'], linkAt((job) => job.content.video_url)],
		{ size: '720x720', seconds: 3 },
	],
	[
		...['vllmOmni', undefined, 'form', { prompt: 'A', seconds: '2', size: '320x240' }, 200],
		...[/^video_gen_[0-9a-f]{32}$/, usual, content, SMALL],
	],
	[
		...['vllmOmni', 'fork', 'form', { prompt: 'A', width: '320', height: '240', num_frames: '48' }, 200, /^video_gen_/],
		...[['queued', 'in_progress', 'complete'], content, SMALL],
	],
	[
		...['sglang', undefined, 'json', { prompt: 'A', seconds: 2, size: '320x240' }, 200, /^[0-9a-f-]{36}$/],
		...[usual, content, SMALL],
	],
	[
		...['sglang', 'cloud', 'form', { prompt: 'A', seconds: '2', size: '320x240' }, 200, /^[0-9a-f-]{36}$/],
		...[usual, linkAt((job) => job.url), SMALL],
	],
	[
		...['sglang', 'older', 'json', { prompt: 'A', seconds: 2, size: '320x240' }, 200, /^[0-9a-f-]{36}$/],
		...[['queued', 'queued', 'completed'], content, SMALL],
	],
	[
		...['sglang', 'fork', 'json', { prompt: 'A', num_frames: 48, size: '320x240' }, 200, /^[0-9a-f-]{36}$/],
		...[['queued', 'running', 'completed'], content, SMALL],
	],
	['newApi', undefined, 'json', open, 200, /^task_[A-Za-z0-9]{32}$/, usual, content, SMALL],
	['newApi', 'milliseconds', 'form', open, 200, /^task_/, usual, linkAt((job) => job.metadata.url), SMALL],
	['newApi', 'upstream', 'json', open, 200, /^video_/, ['queued', 'processing', 'succeeded'], content, SMALL],
	['custom', 'mux', 'json', open, 200, /^video_/, ['processing', 'processing', 'completed'], content, SMALL],
	[
		...['custom', 'anyfast', 'json', open, 200, /^sora-2:task_01k[0-9a-f]+$/, usual],
		async (job) => (await server.open(JSON.parse(String(await content(job))).video_url)).bytes,
		SMALL,
	],
	[
		...['custom', 'juhe', 'json', open, 200, /^video_/, usual],
		async (job) => (await server.get(`/video/${job.id}/content`)).bytes,
		SMALL,
	],
	[
		...['custom', 'aisix', 'json', open, 200, /^video_/, usual],
		async (job) => {
			const { status, headers } = await server.get(`/videos/${job.id}/content`);
			expect(status).toBe(302);
			return (await server.open(headers.get('location'))).bytes;
		},
		SMALL,
	],
])('%s (%s, %s)', async (name, form, encoding, order, status, id, words, fetchFile, looks) => {
	server = await startPersonality(name, { form });
	if (name === 'azure') server.useHeaders({ 'api-key': server.simulator.apiKey });
	const created = await server[encoding]('/videos', order);
	expect([created.status, created.body]).toEqual([status, expect.objectContaining({ id: expect.stringMatching(id) })]);
	const seen = [];
	const look = async () => {
		const { body } = await server.get(`/videos/${encodeURIComponent(created.body.id)}`);
		seen.push(body.status);
		return body;
	};
	expect((await look()).id).toBe(created.body.id);
	for (const seconds of [50, 60]) {
		server.pass(seconds);
		await look();
	}
	expect(seen).toEqual(words);
	const job = await look();
	expect(await measure(await fetchFile(job))).toEqual(looks);
	expect(server.simulator.ledger()).toMatchObject({ jobsCreated: 1, charges: 1, jobs: [{ id: job.id }] });
	expect(server.simulator.state.unmatched).toEqual([]);
});

describe('new-api in its older shapes', () => {
	test.each([
		['legacy', (data) => data.result_url],
		['failReason', (data) => data.fail_reason],
	])('%s', async (form, linkOf) => {
		server = await startPersonality('newApi', { form });
		const created = await server.json('/videos', open);
		expect(created.body).toEqual({ code: 'success', message: '', data: { task_id: expect.stringMatching(/^task_/) } });
		const path = `/videos/${created.body.data.task_id}`;
		server.pass(45);
		const running = (await server.get(path)).body;
		expect(running.data).toMatchObject({ status: 'IN_PROGRESS', progress: '45%', fail_reason: '' });
		server.pass(60);
		const { data, code } = (await server.get(path)).body;
		expect([code, data.status, data.progress]).toEqual(['success', 'SUCCESS', '100%']);
		expect(await measure((await server.open(linkOf(data))).bytes)).toEqual(SMALL);
	});

	test('a failed job', async () => {
		server = await startPersonality('newApi', { form: 'legacy' });
		server.simulator.script({ fail: { message: 'upstream said no' } });
		const { data } = (await server.json('/videos', open)).body;
		server.pass(200);
		const shown = (await server.get(`/videos/${data.task_id}`)).body.data;
		expect(shown).toMatchObject({ status: 'FAILURE', fail_reason: 'upstream said no' });
		expect(server.simulator.ledger().chargedUsd).toBe(0);
	});

	test('flat', async () => {
		server = await startPersonality('newApi', { form: 'flat' });
		const { task_id: id } = (await server.json('/videos', open)).body;
		expect((await server.get(`/videos/${id}`)).body).toEqual({ task_id: id, status: 'processing', error: null });
		server.pass(200);
		const shown = (await server.get(`/videos/${id}`)).body;
		expect(shown).toMatchObject({ status: 'succeeded', format: 'mp4', metadata: { width: 320, duration: 2 } });
		expect(await measure((await server.open(shown.url)).bytes)).toEqual(SMALL);
	});

	test('the older route shows the same job beside the newer one; remix', async () => {
		server = await startPersonality('newApi');
		const job = (await server.json('/videos', open)).body;
		expect(job.task_id).toBe(job.id);
		expect((await server.get(`/video/generations/${job.id}`)).body.data.status).toBe('QUEUED');
		const remix = await server.json(`/videos/${job.id}/remix`, { prompt: 'Again' });
		expect(remix.body).toMatchObject({ remixed_from_video_id: job.id, status: 'queued' });
	});
});

describe('servers that answer with the finished video', () => {
	test.each([
		['dynamo', undefined, '/videos', { seconds: 2 }, (entry) => entry.url],
		['dynamo', undefined, '/videos', { seconds: 2, response_format: 'b64_json' }, (entry) => entry.b64_json],
		['localai', undefined, '/video', { seconds: 2 }, (entry) => entry.url],
		['localai', 'relative', '/video', { num_frames: 48 }, (entry) => `${server.simulator.url}${entry.url}`],
		['localai', undefined, '/video', { seconds: '2', response_format: 'b64_json' }, (entry) => entry.b64_json],
	])('%s (%s) %s %j', async (name, form, path, fields, read) => {
		server = await startPersonality(name, { form });
		const { data: models } = (await server.get('/models')).body;
		const { status, body } = await server.json(path, { model: models[0].id, prompt: 'A', size: '320x240', ...fields });
		expect([status, body]).toEqual([200, expect.objectContaining({ created: 1_763_726_400, id: expect.any(String) })]);
		if (name === 'dynamo') expect(body).toMatchObject({ status: 'completed', progress: 100, error: null });
		const text = read(body.data[0]);
		const bytes = text.startsWith('http') ? (await server.open(text)).bytes : Buffer.from(text, 'base64');
		expect(await measure(bytes)).toEqual(SMALL);
		expect(server.simulator.ledger()).toMatchObject({ jobsCreated: 1, charges: 1 });
	});

	test('vLLM-Omni: the bytes themselves, or base64 from its earliest version', async () => {
		server = await startPersonality('vllmOmni', { form: 'synchronous' });
		const order = { prompt: 'A', seconds: '2', size: '320x240' };
		const sync = await server.form('/videos/sync', order);
		expect([sync.status, sync.type]).toEqual([200, 'video/mp4']);
		expect(await measure(sync.bytes)).toEqual(SMALL);
		const { data } = (await server.form('/videos', order)).body;
		expect(await measure(Buffer.from(data[0].b64_json, 'base64'))).toEqual(SMALL);
	});

	test.each([
		['dynamo', '/videos', 200, { status: 'failed', error: 'out of memory', data: [] }],
		['localai', '/video', 500, { error: { code: 500, message: 'out of memory' } }],
	])('%s fails', async (name, path, status, body) => {
		server = await startPersonality(name);
		server.simulator.script({ fail: { message: 'out of memory' } });
		const { data: models } = (await server.get('/models')).body;
		const failed = await server.json(path, { model: models[0].id, prompt: 'A' });
		expect([failed.status, failed.body]).toEqual([status, expect.objectContaining(body.error?.code ? {} : body)]);
		if (name === 'localai') expect(failed.body).toMatchObject(body);
		expect(server.simulator.ledger().chargedUsd).toBe(0);
	});
});
