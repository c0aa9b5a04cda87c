'use strict';

const { makeMovie } = require('../support/simulator/movie');
const { makePicture } = require('../support/simulator/images');
const { MAJORS, useBench } = require('../support/engine/majors');

const SHARE_LINK = 'https://sora.chatgpt.com/p/s_68e3a06dcd888191b150971da152c1f5';

describe.each(MAJORS)('videos over chat completions in the engine of n8n %s', (_major, folder) => {
	const bench = useBench(folder, { personality: 'sora2api' });
	const credential = { server: 'sora2api' };

	const run = async (parameters, wish = {}) =>
		await bench.run({ credential, parameters: { seconds: 'custom', customSeconds: '10', ...parameters }, ...wish });
	const one = async (parameters, wish) => {
		const { items, error } = await run(parameters, wish);
		expect(error).toBeUndefined();
		return items[0];
	};
	const lastFields = () => bench.simulator.state.requests.filter(({ method }) => method === 'POST').at(-1).fields;
	const lastText = () => {
		const { content } = lastFields().messages[0];
		return typeof content === 'string' ? content : content.find(({ type }) => type === 'text').text;
	};
	const file = (bytes, mimeType) => ({
		...{ item: 0, field: 'data', base64: bytes.toString('base64'), mimeType },
		fileName: `input.${mimeType.split('/')[1]}`,
	});

	test.each([
		['720x1280', '10', 'sora-2', 'sora2-portrait-10s'],
		['1280x720', '15', 'sora-2', 'sora2-landscape-15s'],
		['1280x720', '25', 'sora-2-pro', 'sora2pro-landscape-25s'],
		['1792x1024', '15', 'sora-2-pro', 'sora2pro-hd-landscape-15s'],
		['720x1280', '10', 'sora2-landscape-10s', 'sora2-landscape-10s'],
	])('size %s and %s seconds of %s are the model %s', async (customSize, customSeconds, id, model) => {
		const { json, files } = await one({
			...{ size: 'custom', customSize, customSeconds, prompt: '一只纸船 ⛵ in the rain' },
			model: { __rl: true, mode: 'id', value: id },
		});
		expect(lastFields()).toEqual({
			...{ model, stream: true },
			messages: [{ role: 'user', content: '一只纸船 ⛵ in the rain' }],
		});
		expect(json).toMatchObject({ status: 'completed', model, mimeType: 'video/mp4', resumed: false });
		expect(json.durationSeconds).toBeCloseTo(Number(json.seconds), 0);
		expect(files.data.bytes).toBe(json.fileSize);
		expect(json).not.toHaveProperty('error');
	});

	test('a video that is not what was asked for is told', async () => {
		bench.simulator.scriptChatVideos({ pixels: '1280x720', seconds: 5 });
		const { task } = await run({ size: '720x1280', prompt: 'A paper boat' });
		const messages = task.hints.map(({ message }) => message);
		expect(messages).toContain('The video of item 0 is 1280x720, although portrait was asked for.');
		expect(messages).toContainEqual(
			expect.stringMatching(/^The video of item 0 lasts 5(\.\d+)? seconds, although 10 were asked for\.$/),
		);
	});

	test('no job can fail: Retry Failed Jobs does not count for Max Cost', async () => {
		const options = { price: 0.1, maxCost: 1, retryFailedJobs: 2 };
		const { json } = await one({ prompt: 'A paper boat', options });
		expect(json.costUsd).toBe(1);
		const tooDear = await run({ prompt: 'A paper boat', options: { ...options, retryUncertain: 1 } });
		expect(tooDear.error.message).toMatch(/above the Max Cost/);
	});

	test('a length that the server lacks becomes the next longer one, and that is said', async () => {
		const { items, task } = await run({ customSeconds: '4' });
		expect(items[0].json.model).toBe('sora2-portrait-10s');
		expect(task.hints.map(({ message }) => message)).toEqual([
			expect.stringMatching(/ sora2-portrait-10s was chosen for 4 seconds/),
			'1 video, price not known',
		]);
	});

	test.each([
		['style', { videoStyle: 'anime' }, /^\{anime\}A paper boat$/],
		['remix', { remixTarget: SHARE_LINK }, new RegExp(`^${SHARE_LINK} A paper boat$`)],
		['remix with a style', { remixTarget: SHARE_LINK, videoStyle: 'comic' }, /^\{comic\}https:.* A paper boat$/],
		['characters', { characterNames: '@captain123, boat456' }, /^@captain123 @boat456 A paper boat$/],
		[
			'storyboard',
			{
				shots: {
					shot: [
						{ seconds: 5, scene: 'The cat jumps' },
						{ seconds: 7.5, scene: 'It lands' },
					],
				},
			},
			/^A paper boat\n\[5\.0s\]The cat jumps\n\[7\.5s\]It lands$/,
		],
	])('%s by what is filled in among the options', async (_name, options, text) => {
		const { json } = await one({ options });
		expect(lastText()).toMatch(text);
		expect(json.mimeType).toBe('video/mp4');
	});

	test('the same in full, where Chat Completions is chosen; a storyboard needs no prompt', async () => {
		const shots = { shot: [{ seconds: 10, scene: 'The boat sinks' }] };
		await one({ api: 'chat', mode: 'storyboard', prompt: '', shots, videoStyle: 'retro' });
		expect(lastText()).toBe('{retro}[10.0s]The boat sinks');
	});

	test('an extension goes on from a generation', async () => {
		await one({ options: { generationId: 'gen_01abc' }, model: { __rl: true, mode: 'id', value: 'sora-2' } });
		expect(lastFields().model).toBe('sora2-extension-10s');
		expect(lastText()).toBe('gen_01abc A paper boat');
	});

	test('a reference image travels as a data URL, a link as the file behind it', async () => {
		const picture = await makePicture({ width: 64, height: 48, format: 'png', seed: 'reference' });
		await one({ reference: 'binary' }, { files: [file(picture, 'image/png')] });
		const sent = `data:image/png;base64,${picture.toString('base64')}`;
		expect(lastFields().messages[0].content[1]).toEqual({ type: 'image_url', image_url: { url: sent } });
		const { otherOrigin } = bench.simulator;
		const referenceUrl = otherOrigin.put('/first.png', picture, 'image/png');
		const allowed = { ...credential, allowedDownloadHosts: otherOrigin.host };
		await one({ reference: 'url', referenceUrl }, { credential: allowed });
		expect(lastFields().messages[0].content[1].image_url.url).toBe(sent);
		expect(bench.simulator.ledger().chatVideos.every(({ reference }) => reference)).toBe(true);
	});

	test.each(['loopback', 'self', 'relative', 'other'])('a result on %s is fetched without the key', async (host) => {
		bench.simulator.scriptChatVideos({ host });
		const allowed = { ...credential, allowedDownloadHosts: bench.simulator.otherOrigin.host };
		const { files } = await one({}, { credential: allowed });
		expect(files.data.mimeType).toBe('video/mp4');
		for (const { headers } of bench.simulator.otherOrigin.requests) expect(headers.authorization).toBeUndefined();
	});

	test.each([
		['a policy failure', { refusal: 'This content may violate our content policies' }, 'moderation', /violate/],
		['Cloudflare with the literal [DONE]', { rateLimited: true }, 'noResult', /429/],
		['an error frame', { stream: { error: { message: 'upstream is gone' } } }, 'noResult', /upstream is gone/],
		['a stream that is cut before the link', { stream: { cut: 'before' } }, 'resultUncertain', undefined],
		['a web page', { junk: 'html' }, 'resultUncertain', undefined],
	])('%s with HTTP 200 is an error in the server’s words', async (_name, script, kind, words) => {
		bench.simulator.scriptChatVideos(script);
		const { items } = await run({}, { node: { onError: 'continueRegularOutput' } });
		expect(items[0].json.error).toMatchObject({ kind });
		if (words) expect(items[0].json.error.description).toMatch(words);
		expect(bench.simulator.state.requests).toHaveLength(1);
	});

	test('UTF-8 that is cut inside of a character, and a stream without [DONE], are read', async () => {
		bench.simulator.scriptChatVideos({
			stream: { splitCharacters: true, done: 'none', comments: true, lineEnd: '\r\n' },
		});
		expect((await one({})).files.data.mimeType).toBe('video/mp4');
	});

	test('Retry On Fail takes up a video whose download failed', async () => {
		bench.simulator.fault({ match: { path: '/tmp/' }, status: 410, body: {} });
		const { items } = await run({}, { node: { retryOnFail: true, maxTries: 2, waitBetweenTries: 1 } });
		expect(items[0].json.resumed).toBe(true);
		expect(bench.simulator.ledger().chatVideoRequests).toBe(1);
	});

	test.each([
		['a remix without a shared video', { options: { remixTarget: 'my video' } }, /holds no ID of a shared video/],
		['a shot without a scene', { options: { shots: { shot: [{ seconds: 5, scene: ' ' }] } } }, /Shot 1 has no scene/],
		['no prompt', { prompt: ' ' }, /^Prompt is empty/],
		['an extension of nothing', { api: 'chat', mode: 'extension', generationId: '' }, /Generation ID is empty/],
	])('%s stops before anything is sent', async (_name, parameters, message) => {
		expect((await run(parameters)).error.message).toMatch(message);
		expect(bench.simulator.state.requests).toEqual([]);
	});

	test('operations on jobs say plainly that there are none', async () => {
		for (const parameters of [{ operation: 'create' }, { operation: 'wait', jobId: 'x' }, { operation: 'getAll' }]) {
			expect((await run(parameters)).error.message).toMatch(/^sora2api \(Self-Hosted\) cannot/);
		}
		expect(bench.simulator.state.requests).toEqual([]);
	});

	describe('characters and prompts', () => {
		const movie = async () => await makeMovie({ width: 320, height: 240, seconds: 2, seed: 'me' });
		const create = { resource: 'character', operation: 'create' };

		test('a character of a file, of a generation', async () => {
			bench.simulator.scriptChatVideos({ name: 'captain' });
			const { json } = await one(create, { files: [file(await movie(), 'video/mp4')] });
			expect(json).toMatchObject({ name: expect.stringMatching(/^captain\d{3}$/), characterId: expect.any(String) });
			expect(lastFields()).toMatchObject({ model: 'avatar-create', stream: true });
			expect(lastFields().messages[0].content[0].type).toBe('video_url');
			await one({ ...create, videoSource: 'jobId', jobId: 'gen_01abc' });
			expect(lastFields().messages[0].content).toBe('gen_01abc');
		});

		test('today’s server refuses the older form in its own words', async () => {
			const { error } = await run(
				{ ...create, options: { olderForm: true } },
				{ files: [file(await movie(), 'video/mp4')] },
			);
			expect(lastFields().model).toBe('sora2-landscape-10s');
			expect(error.description).toMatch(/avatar-create/);
		});

		test.each([true, false])('a prompt is written out, stream %s', async (stream) => {
			const { json } = await one({
				...{ resource: 'prompt', operation: 'enhance', prompt: 'kitten', detailLevel: 'long', duration: '15' },
				options: { stream },
			});
			expect(lastFields()).toMatchObject({ model: 'prompt-enhance-long-15s', stream });
			expect(json).toMatchObject({ prompt: 'kitten', model: 'prompt-enhance-long-15s' });
			expect(json.enhancedPrompt.length).toBeGreaterThan(20);
		});

		test('a prompt that could not be written out is an error', async () => {
			bench.simulator.scriptChatVideos({ refusal: 'no model is free' });
			const { error } = await run({ resource: 'prompt', operation: 'enhance', prompt: 'kitten' });
			expect(error.message).toBe('The server could not enhance the prompt');
		});
	});
});

describe.each(MAJORS)('an older sora2api in the engine of n8n %s', (_major, folder) => {
	const bench = useBench(folder, { personality: 'sora2api', form: 'oldCharacters' });
	const movie = async () => ({
		...{ item: 0, field: 'data', fileName: 'me.mp4', mimeType: 'video/mp4' },
		base64: (await makeMovie({ width: 320, height: 240, seconds: 2, seed: 'me' })).toString('base64'),
	});
	const run = async (parameters) =>
		await bench.run({ credential: { server: 'sora2api' }, parameters, files: [await movie()] });
	const lastContent = () =>
		bench.simulator.state.requests.filter(({ method }) => method === 'POST').at(-1).fields.messages[0].content;

	test('makes a character of a video alone', async () => {
		const { items } = await run({ resource: 'character', operation: 'create', options: { olderForm: true } });
		expect(items[0].json.name).toMatch(/^\w+$/);
		expect(lastContent().map(({ type }) => type)).toEqual(['video_url']);
	});

	test('makes a video that shows the character of a video', async () => {
		const { items, error } = await run({
			...{ reference: 'binary', seconds: 'custom', customSeconds: '10', prompt: 'The character dances' },
		});
		expect(error).toBeUndefined();
		expect(lastContent()).toEqual([
			{ type: 'text', text: 'The character dances' },
			{ type: 'video_url', video_url: { url: expect.stringMatching(/^data:video\/mp4;base64,/) } },
		]);
		expect(items[0].json.mimeType).toBe('video/mp4');
	});
});
