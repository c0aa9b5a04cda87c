'use strict';

const { chatVideo: video, readStream, startPersonality } = require('../../support/contract/personalityClient');
const { REFUSALS } = require('../../support/simulator/imageScripts');

/** sora2api: what it refuses, what it does not make, and how its streams go wrong. */

/** @type {Awaited<ReturnType<typeof startPersonality>>} */
let server;
beforeEach(async () => (server = await startPersonality('sora2api')));
afterEach(async () => await server.simulator.close());

const PATH = '/chat/completions';
const SMALL = { pixels: '160x96', seconds: 2 };
const stream = async (body) => {
	const answer = await server.json(PATH, body);
	return { ...answer, ...readStream(answer.bytes) };
};

test.each([
	[
		'sora2-portrait-10s',
		{},
		'All tokens available for video generation. Please enable streaming to use the generation feature.',
	],
	['sora2-portrait-10s', { available: false }, 'No available models for video generation'],
	['avatar-create', {}, 'All tokens available for avatar creation. Please enable streaming to create avatar.'],
	['avatar-create', { available: false }, 'No available tokens for avatar creation'],
])('without a stream %s %j makes nothing', async (model, script, content) => {
	server.simulator.scriptChatVideos(script);
	const { status, body } = await server.json(PATH, video('A', { model, stream: undefined }));
	expect([status, body.object, body.choices[0].message.content]).toEqual([200, 'chat.completion', content]);
	expect(server.simulator.ledger()).toMatchObject({ charges: 0, chatVideoRequests: 0 });
});

test.each([
	[
		{ model: 'sora-2' },
		500,
		{ error: { message: '400: Invalid model: sora-2', type: 'server_error', param: null, code: null } },
	],
	[{ messages: [] }, 500, { error: expect.objectContaining({ message: '400: Messages cannot be empty' }) }],
	[{ messages: undefined }, 422, { detail: [expect.objectContaining({ loc: ['body', 'messages'], type: 'missing' })] }],
	[{ messages: 'A' }, 422, { detail: [expect.objectContaining({ type: 'list_type' })] }],
	[
		{ messages: [{ content: 7 }] },
		422,
		{ detail: [expect.objectContaining({ loc: ['body', 'messages', 0, 'content'] })] },
	],
	[{ model: undefined }, 422, { detail: [expect.objectContaining({ loc: ['body', 'model'] })] }],
	[{ model: 7 }, 422, { detail: [expect.objectContaining({ type: 'string_type' })] }],
	[{ stream: 'yes' }, 422, { detail: [expect.objectContaining({ type: 'bool_type' })] }],
])('refuses %j', async (fields, status, body) => {
	const answer = await server.json(PATH, video('A', fields));
	expect([answer.status, answer.body]).toEqual([status, body]);
	expect(server.simulator.ledger().chatVideoRequests).toBe(0);
});

test('nothing was found out about its tokens; a body that is no JSON; no other routes; its models', async () => {
	server.simulator.scriptChatVideos({ available: 'unknown' });
	const { status, body } = await server.json(PATH, video('A', { stream: false }));
	expect([status, body.error.message]).toEqual([500, 'Availability check failed']);
	expect((await server.form(PATH, { model: 'gpt-image' })).status).toBe(422);
	for (const path of ['/videos', '/images/generations']) {
		expect(await server.json(path, { prompt: 'A' })).toMatchObject({ status: 404, body: { detail: 'Not Found' } });
	}
	const { data } = (await server.get('/models')).body;
	const ids = data.map(({ id }) => id);
	expect(ids).toHaveLength(3 + 6 + 6 + 4 + 2 + 1 + 9);
	expect(ids).toEqual(expect.arrayContaining(['gpt-image', 'sora2pro-hd-landscape-15s', 'prompt-enhance-medium-20s']));
	expect(data[0]).toEqual({ id: 'gpt-image', object: 'model', owned_by: 'sora2api', description: expect.any(String) });
	expect((await stream(video('A', { model: 'gpt-image' }))).content).toMatch(/^!\[Generated Image\]\(/);
});

describe('how it goes wrong', () => {
	test.each(REFUSALS.slice(0, 2))('policy: %s', async (refusal) => {
		server.simulator.scriptChatVideos({ refusal });
		const { status, content, reasoning } = await stream(video('A'));
		expect([status, content]).toEqual([200, `❌ 生成失败: ${refusal}`]);
		expect(reasoning).toContain('**Content Policy Violation**');
		expect(server.simulator.ledger().charges).toBe(0);
	});

	test('Cloudflare or 429: backslashes that stand for themselves', async () => {
		server.simulator.scriptChatVideos({ rateLimited: true });
		const { status, raw, content, reasoning } = await stream(video('A'));
		expect([status, content]).toEqual([
			200,
			expect.stringMatching(/^❌ Generation failed: Cloudflare challenge or rate limit/),
		]);
		expect(reasoning).toContain('**CF Shield/429 Error**\\n\\n');
		expect(raw.endsWith('}\n\ndata: [DONE]\\n\\n')).toBe(true);
	});

	test('retries, then an error that comes through from upstream', async () => {
		const error = { message: '{"error":{"code":"sentinel_block"}}', code: 'sentinel_block' };
		server.simulator.scriptChatVideos({ retries: 2, stream: { error } });
		const { reasoning, frames, content } = await stream(video('A'));
		expect(reasoning).toContain('**生成失败，正在重试**\n\n第 2 次重试（共 3 次）');
		expect(frames.at(-1)).toEqual({ error: { type: 'server_error', param: null, ...error } });
		expect([content, server.simulator.ledger().charges]).toEqual(['', 0]);
	});

	test.each([
		[
			{ pieceLength: 7, splitCharacters: true, lineEnd: '\r\n' },
			/"finish_reason":"STOP".*\r\n\r\ndata: \[DONE\]\r\n\r\n$/,
		],
		[{ done: 'none' }, /"total_tokens":1\}\}\n\n$/],
		[{ done: 'literal' }, /data: \[DONE\]\\n\\n$/],
		[{ finishReason: null }, /"finish_reason":null[^\n]*\n\ndata: \[DONE\]\n\n$/],
	])('a stream of the form %j', async (form, end) => {
		server.simulator.scriptChatVideos({ ...SMALL, stream: form });
		const { raw } = await stream(video('A'));
		expect(raw).toMatch(end);
		expect(server.simulator.ledger().charges).toBe(1);
	});

	test.each(['before', 'inside', 'after'])('a connection that breaks %s the link has still made it', async (cut) => {
		server.simulator.scriptChatVideos({ ...SMALL, stream: { cut } });
		await expect(stream(video('A'))).rejects.toThrow();
		expect(server.simulator.ledger().charges).toBe(1);
	});

	test.each([
		['before', /```html\n<video src='$/],
		['inside', /<video src='http:\/\/127[^']+$/],
		['after', /\.mp4$/],
	])('silence %s the link', async (stall, end) => {
		server.simulator.scriptChatVideos({ ...SMALL, stream: { stall } });
		const { baseUrl, apiKey } = server.simulator;
		const response = await fetch(`${baseUrl}${PATH}`, {
			method: 'POST',
			headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
			body: JSON.stringify(video('A')),
		});
		const chunks = [];
		const reading = (async () => {
			for await (const chunk of response.body ?? []) chunks.push(Buffer.from(chunk));
		})();
		while (!end.test(readStream(Buffer.concat(chunks)).content)) await new Promise(setImmediate);
		await server.simulator.close();
		await expect(reading).rejects.toThrow();
		expect(String(Buffer.concat(chunks))).not.toContain('DONE');
		server = await startPersonality('sora2api');
	});

	test('over the admin endpoint: other answers, and forgetting', async () => {
		const { url } = server.simulator;
		const scripts = [
			{ error: { status: 503, body: 'busy' }, times: 1 },
			{ junk: 'html', billed: true, times: 1 },
			{ text: 'nothing' },
		];
		await server.json(`${url}/admin/chatVideos`, scripts);
		expect(await server.json(PATH, video('A'))).toMatchObject({ status: 503, body: 'busy' });
		expect((await server.json(PATH, video('A'))).type).toContain('html');
		expect((await stream(video('A'))).content).toBe('nothing');
		const ledger = (await server.get(`${url}/admin/ledger`)).body;
		expect(ledger.chatVideos.map(({ status, usd }) => [status, usd])).toEqual([
			[503, 0],
			[200, 0.15],
			[200, 0.15],
		]);
		await server.json(`${url}/admin/reset`, {});
		expect(server.simulator.ledger()).toMatchObject({ chatVideoRequests: 0, charges: 0 });
	});
});
