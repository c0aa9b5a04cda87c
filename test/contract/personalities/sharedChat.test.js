'use strict';

const { measure, readStream, startPersonality } = require('../../support/contract/personalityClient');
const { makePicture } = require('../../support/simulator/images');

/** `sora_video2`: the chat endpoint for videos that APIYI, LaoZhang and others share. */

/** @type {Awaited<ReturnType<typeof startPersonality>>} */
let server;
afterEach(async () => await server.simulator.close());

const order = (content, fields = {}) => ({ model: 'sora_video2', messages: [{ role: 'user', content }], ...fields });
const send = async (body) => await server.json('/chat/completions', body);
const contentOf = (bytes) => readStream(bytes).content;
const linkIn = (content) => /\]\((http[^)]+)\)/u.exec(content)?.[1] ?? '';
const SMALL = { pixels: '160x96', seconds: 2 };

test.each(['apiyi', 'laozhang', 'openai'])('%s: streamed, line by line', async (personality) => {
	server = await startPersonality(personality);
	server.simulator.scriptChatVideos(SMALL);
	const { status, bytes } = await send(order('猫', { stream: true, model: 'sora_video2-landscape-15s' }));
	const content = contentOf(bytes);
	expect(status).toBe(200);
	expect(content.split('\n\n').map((line) => line.replace(/\(http[^)]+\)/u, '(LINK)'))).toEqual([
		'```json\n{\n    "prompt": "猫",\n    "mode": "横屏模式"\n}\n```',
		'> ⌛️ 任务正在队列中，请耐心等待...',
		'> 🏃 进度：25.0%',
		'> 🏃 进度：50.0%',
		'> 🏃 进度：75.0%',
		'> ✅ 视频生成成功，[点击这里](LINK) 查看视频~~~',
		'',
	]);
	expect(String(bytes)).toMatch(/"delta":\{\},"finish_reason":"stop"\}\],"usage":\{[^}]+\}\}\n\ndata: \[DONE\]\n\n$/);
	expect(await measure((await server.open(linkIn(content))).bytes)).toEqual({ size: '160x96', seconds: 2 });
	expect(server.simulator.ledger()).toMatchObject({ charges: 1, chatVideos: [{ size: '1280x720', seconds: 15 }] });
});

test.each([
	[{}, /^\[下载视频\]\(http[^)]+\.mp4[^)]*\)$/],
	[{ clickHere: true }, /^video generated successfully,\[click here\]\(http[^)]+\)$/],
	[{ mention: 'sid' }, /\n\n> sid: s_[0-9a-f]{32}$/],
])('in one piece %j', async (script, content) => {
	server = await startPersonality('laozhang');
	server.simulator.scriptChatVideos({ ...SMALL, ...script });
	const { body } = await send(order('A boat'));
	expect(body).toMatchObject({ object: 'chat.completion', model: 'sora_video2', choices: [{ finish_reason: 'stop' }] });
	expect(body.choices[0].message.content).toMatch(content);
});

test.each([
	['sora_video2', { size: '720x1280', seconds: 10, usd: 0.15 }],
	['sora_video2-portrait-hd-25s-pro', { size: '1024x1792', seconds: 25, usd: 0.8 }],
	['sora_video2-landscape-hd', { size: '1792x1024', seconds: 10 }],
])('%s', async (model, row) => {
	server = await startPersonality('apiyi');
	server.simulator.scriptChatVideos({ ...SMALL, mention: 'task' });
	const { bytes } = await send(order('A boat', { model, stream: true }));
	expect(contentOf(bytes)).toMatch(/> ID: `task_01k[0-9a-f]+`/);
	expect(server.simulator.ledger().chatVideos).toEqual([expect.objectContaining({ model, ...row })]);
});

test('a refusal with HTTP 200 is billed; a linked picture counts; an empty prompt is 400', async () => {
	server = await startPersonality('apiyi');
	server.simulator.scriptChatVideos({ refusal: '生成失败', times: 1 });
	server.simulator.scriptChatVideos(SMALL);
	const refused = contentOf((await send(order('A boat', { stream: true }))).bytes);
	expect([refused.includes('> 生成失败'), linkIn(refused)]).toEqual([true, '']);
	const bytes = await makePicture({ width: 40, height: 40, format: 'png', seed: 'red' });
	const url = server.simulator.otherOrigin.put('/red.png', bytes, 'image/png');
	await send(
		order([
			{ type: 'text', text: 'Linked' },
			{ type: 'image_url', image_url: { url } },
		]),
	);
	expect(await send(order(''))).toMatchObject({ status: 400, body: { error: { message: 'Prompt cannot be empty' } } });
	expect(server.simulator.ledger()).toMatchObject({
		charges: 2,
		chatVideos: [{ usd: 0.15 }, { reference: { width: 40, height: 40 } }],
	});
});
