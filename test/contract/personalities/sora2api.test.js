'use strict';

const { chatVideo: video, measure, readStream, startPersonality } = require('../../support/contract/personalityClient');
const { makePicture } = require('../../support/simulator/images');

/** sora2api: videos, characters and prompts over chat completions. */

/** @type {Awaited<ReturnType<typeof startPersonality>>} */
let server;
beforeEach(async () => (server = await startPersonality('sora2api')));
afterEach(async () => await server.simulator.close());

const PATH = '/chat/completions';
const SMALL = { pixels: '160x96', seconds: 2 };
const REMIX = `s_${'68e3a06dcd888191'.repeat(2)}`;
const text = (value) => ({ type: 'text', text: value });
const imagePart = (url) => ({ type: 'image_url', image_url: { url } });
const videoPart = (url) => ({ type: 'video_url', video_url: { url } });
const MOVIE = `data:video/mp4;base64,${Buffer.from('\0\0\0\x18ftypmp42').toString('base64')}`;
async function dataUrl(seed) {
	const bytes = await makePicture({ width: 40, height: 40, format: 'png', seed });
	return `data:image/png;base64,${bytes.toString('base64')}`;
}

/** The answer to a request for a stream, and what it says. */
async function stream(body) {
	const answer = await server.json(PATH, body);
	return { ...answer, ...readStream(answer.bytes) };
}
const linkIn = (content) => /<video src='([^']+)' controls>/u.exec(content)?.[1] ?? '';
const made = () => server.simulator.ledger().chatVideos;

describe('a video', () => {
	test.each([
		['loopback', /^http:\/\/127\.0\.0\.1:8000\/tmp\/[0-9a-f]+\.mp4$/],
		['relative', /^\/tmp\/[0-9a-f]+\.mp4$/],
		['self', /^http:\/\/127\.0\.0\.1:\d+\/tmp\//],
		['other', /^http:\/\/127\.0\.0\.1:\d+\/sora\/[0-9a-f]+\.mp4\?sig=/],
	])('behind a link of the kind "%s"', async (host, link) => {
		server.simulator.scriptChatVideos({ host, ...SMALL });
		const { status, raw, frames, content, reasoning } = await stream(video('A boat'));
		expect(status).toBe(200);
		expect(content).toMatch(/^```html\n<video src='[^']+' controls><\/video>\n```$/);
		expect(linkIn(content)).toMatch(link);
		expect(reasoning).toContain('**Generation Process Begins**\n\nInitializing generation request...\n');
		expect(reasoning).toContain('\n**Video Generation Progress**: 50% (processing)\n');
		expect(new Set(frames.map(({ id }) => id)).size).toBe(frames.length);
		expect(frames.at(-1)).toMatchObject({ model: 'sora', choices: [{ finish_reason: 'STOP' }] });
		expect(raw).toMatch(/\n\ndata: \[DONE\]\n\n$/);
		const { pathname, search } = new URL(linkIn(content), server.simulator.url);
		const origin = host === 'other' ? server.simulator.otherOrigin.url : server.simulator.url;
		const file = await server.open(`${origin}${pathname}${search}`);
		expect(await measure(file.bytes)).toEqual({ size: '160x96', seconds: 2 });
		expect(server.simulator.ledger()).toMatchObject({ charges: 1, chargedUsd: 0.15, chatVideoRequests: 1 });
	});

	test.each([
		['sora2-landscape-15s', 'landscape', { kind: 'video', size: '1280x720', seconds: 15 }],
		['sora2-portrait-25s', 'portrait', { kind: 'video', size: '720x1280', seconds: 25 }],
		['sora2pro-landscape-10s', 'pro', { kind: 'video', seconds: 10, usd: 0.8 }],
		['sora2pro-hd-portrait-15s', 'hd', { size: '1024x1792', seconds: 15 }],
		['sora2-extension-10s', 'gen_abc goes on', { kind: 'extension', generationId: 'gen_abc', prompt: 'goes on' }],
	])('%s is ordered as its name says', async (model, prompt, order) => {
		server.simulator.scriptChatVideos({ links: ['https://oscdn2.dyysy.com/MP4/s_1.mp4'] });
		const { content } = await stream(video(prompt, { model }));
		expect(linkIn(content)).toBe('https://oscdn2.dyysy.com/MP4/s_1.mp4');
		expect(made()).toEqual([expect.objectContaining({ model, ...order })]);
	});

	test('has the pixels and seconds of its model', async () => {
		const { content } = await stream(video('A boat', { model: 'sora2-portrait-10s' }));
		const { bytes } = await server.open(`${server.simulator.url}${new URL(linkIn(content)).pathname}`);
		expect(await measure(bytes)).toEqual({ size: '720x1280', seconds: 10 });
	});

	test.each([
		['{anime}A cat', {}, { style: 'anime', prompt: 'A cat' }],
		['A {comic}cat', {}, { style: 'comic', prompt: 'A cat' }],
		['A {blue}cat', {}, { style: undefined, prompt: 'A {blue}cat' }],
		[`https://sora.chatgpt.com/p/${REMIX} in ink`, {}, { remixOf: REMIX, prompt: 'in ink' }],
		[`{retro}${REMIX} in ink`, {}, { remixOf: REMIX, style: 'retro', prompt: 'in ink' }],
		['in ink', { remix_target_id: REMIX }, { remixOf: REMIX, prompt: 'in ink' }],
		[
			...['Slowly [5.0s]cat jumps [2.5s]cat lands', {}],
			{
				instructions: 'Slowly',
				shots: [
					{ seconds: 5, text: 'cat jumps' },
					{ seconds: 2.5, text: 'cat lands' },
				],
			},
		],
	])('the syntax of %s %j', async (prompt, fields, order) => {
		server.simulator.scriptChatVideos(SMALL);
		await stream(video(prompt, fields));
		expect(made()).toEqual([expect.objectContaining({ text: prompt, ...order })]);
	});

	test('only the last message, text and inline picture count; links are overlooked', async () => {
		server.simulator.scriptChatVideos(SMALL);
		const [red, blue] = [await dataUrl('red'), await dataUrl('blue')];
		const parts = [text('First'), imagePart(red), imagePart(blue), text('Last'), imagePart('https://x/a.png')];
		const messages = [
			{ role: 'user', content: 'Earlier' },
			{ role: 'user', content: parts },
		];
		const withPicture = await stream(video('', { messages }));
		expect(withPicture.reasoning).toContain('**Image Upload Begins**');
		const linkAlone = await stream(video([text('Linked'), imagePart('https://x/a.png')]));
		expect(linkAlone.reasoning).not.toContain('**Image Upload Begins**');
		await stream(video('Beside', { image: red.split(',')[1] }));
		const size = { width: 40, height: 40 };
		expect(made()).toMatchObject([
			{ prompt: 'Last', reference: size, ignoredPictures: 2 },
			{ prompt: 'Linked', ignoredPictures: 1 },
			{ prompt: 'Beside', reference: size, ignoredPictures: 0 },
		]);
		expect(made()[0].reference).not.toEqual(made()[2].reference);
		expect(made()[1].reference).toBeUndefined();
	});
});

describe('characters', () => {
	test.each([
		['a video', [videoPart(MOVIE)], {}],
		['an address', [videoPart('https://x/a.mp4')], {}],
		['a generation', 'gen_01abc', { source_generation_id: 'gen_01abc' }],
	])('out of %s', async (_name, content, source) => {
		server.simulator.scriptChatVideos({ name: 'Tom Cat' });
		const { frames, content: said } = await stream(video(content, { model: 'avatar-create' }));
		expect(frames).toHaveLength(3);
		const [line, ...people] = said.split('\n');
		const { event, card } = JSON.parse(line);
		expect([event, card]).toEqual([
			'character_card',
			expect.objectContaining({
				...{ username: expect.stringMatching(/^tomcat\d{3}$/), display_name: 'Tom Cat', public: true },
				...{ source_model: 'avatar-create', created_at: 1_763_726_400, ...source },
			}),
		]);
		expect(people).toEqual([
			`角色创建成功，角色名@${card.username}`,
			'显示名：Tom Cat',
			`Character ID：${card.character_id}`,
			`Cameo ID：${card.cameo_id}`,
		]);
		expect(made()).toEqual([expect.objectContaining({ kind: 'character', usd: 0.01 })]);
	});

	test.each([
		['sora2-portrait-10s', [videoPart(MOVIE)], '角色创建已独立为 avatar-create 模型，请切换模型后重试。'],
		['avatar-create', 'A cat', 'avatar-create needs a video or a gen_xxx.'],
		['avatar-create', [videoPart('data:video/mp4;base64,bm8=')], 'Invalid video data'],
		['sora2-extension-15s', 'goes on', 'Extension needs a generation id (gen_xxx) and a prompt.'],
		['sora2-extension-15s', 'gen_abc', 'Extension needs a generation id (gen_xxx) and a prompt.'],
		['sora2-portrait-10s', '', 'Prompt cannot be empty'],
		['sora2-portrait-10s', [imagePart('data:image/png;base64,bm8=')], 'Invalid image data'],
	])('%s: %j is an error frame', async (model, content, message) => {
		const { status, raw, frames } = await stream(video(content, { model }));
		expect([status, frames.at(-1)]).toEqual([
			200,
			{ error: { message, type: 'server_error', param: null, code: null } },
		]);
		expect(raw).toMatch(/\n\ndata: \[DONE\]\n\n$/);
		expect(server.simulator.ledger()).toMatchObject({ charges: 0, chatVideos: [{ usd: 0 }] });
	});

	test('the older server makes them on its video models', async () => {
		await server.simulator.close();
		server = await startPersonality('sora2api', { form: 'oldCharacters' });
		server.simulator.scriptChatVideos(SMALL);
		expect((await stream(video([videoPart(MOVIE)]))).content).toMatch(/^角色创建成功，角色名@kitten\d{3}$/);
		expect(linkIn((await stream(video([videoPart(MOVIE), text('dance')]))).content)).toMatch(/\.mp4$/);
		expect(made()).toMatchObject([
			{ hasVideo: true, prompt: '' },
			{ hasVideo: true, prompt: 'dance' },
		]);
	});
});

describe('prompts', () => {
	test.each(['short', 'medium', 'long'])('%s, streamed without [DONE] and whole', async (length) => {
		const model = `prompt-enhance-${length}-15s`;
		const { raw, content, frames } = await stream(video('kitten', { model }));
		expect(content).toMatch(/^PRIMARY: kitten\nLOOK/);
		expect(frames.at(-1).choices[0].finish_reason).toBe('STOP');
		expect(raw).not.toContain('[DONE]');
		const whole = await server.json(PATH, video('kitten', { model, stream: false }));
		expect(whole.body.choices[0].message.content).toBe(content);
	});

	test('failed', async () => {
		server.simulator.scriptChatVideos({ refusal: 'no tokens' });
		const { status, content } = await stream(video('kitten', { model: 'prompt-enhance-short-10s' }));
		expect([status, content]).toEqual([200, 'Error: Prompt enhancement failed: no tokens']);
		expect(made()).toMatchObject([{ kind: 'prompt', usd: 0 }]);
	});
});
