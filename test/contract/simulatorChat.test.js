'use strict';

const sharp = require('sharp');

const { createPlainClient } = require('../support/contract/plainClient');
const { startSimulator } = require('../support/simulator');
const { colourOf, makePicture, readInputColours } = require('../support/simulator/images');
const { REFUSALS } = require('../support/simulator/imageScripts');

/** The simulator's chat completions for image models, and how their streams go wrong. */

/** @type {Awaited<ReturnType<typeof startSimulator>>} */
let simulator;
/** @type {ReturnType<typeof createPlainClient>} */
let client;

beforeEach(async () => {
	simulator = await startSimulator();
	client = createPlainClient(simulator);
});
afterEach(async () => await simulator.close());

const STREAM = { stream: true };
/** The frames of a well-behaved stream. */
const framesOf = (text) =>
	text
		.split('\n\n')
		.filter((line) => line.startsWith('data: {'))
		.map((line) => JSON.parse(line.slice('data: '.length)));
const contentOf = (text) =>
	framesOf(text)
		.map(({ choices }) => choices[0].delta.content ?? '')
		.join('');
const linkIn = (text) => /!\[[^\]]*\]\(([^)]+)\)/u.exec(text)?.[1] ?? '';
const fileAt = async (url) => Buffer.from(await (await fetch(url)).arrayBuffer());
const dataUrl = (bytes) => `data:image/png;base64,${bytes.toString('base64')}`;
/** What arrives until the connection ends or breaks, and how it ended. */
async function readAll(response) {
	const chunks = [];
	try {
		for await (const chunk of response.body) chunks.push(Buffer.from(chunk));
		return { chunks, text: Buffer.concat(chunks).toString(), isBroken: false };
	} catch {
		return { chunks, text: Buffer.concat(chunks).toString(), isBroken: true };
	}
}

test.each([
	['A boat【2:3】', {}, 1024, 1536],
	['A boat【3:2】\n', {}, 1536, 1024],
	['A boat【1:1】', { size: '1024x1536' }, 1024, 1024],
	['A boat2:3】', {}, 1024, 1024],
	['A boat', { size: '1536x1024' }, 1536, 1024],
	['【3:2】 is a tag only at the end', { model: 'gpt-image-portrait', stream: true }, 1024, 1536],
])('%s %j has %i x %i pixels', async (prompt, fields, width, height) => {
	const text = await (await client.chat(prompt, fields)).text();
	const message = fields.stream ? contentOf(text) : JSON.parse(text).choices[0].message.content;
	expect(await sharp(await fileAt(linkIn(message))).metadata()).toMatchObject({ width, height, format: 'png' });
});

test('the plain form, in one piece and streamed', async () => {
	const whole = await (await client.chat('A boat')).json();
	expect(whole).toMatchObject({
		id: expect.stringMatching(/^foaicmpl-/),
		object: 'chat.completion',
		model: 'sora_image',
		choices: [{ index: 0, message: { role: 'assistant' }, finish_reason: 'stop' }],
		usage: { total_tokens: expect.any(Number) },
	});
	expect(whole.choices[0].message.content).toMatch(/^!\[图片\]\(http[^)]+\.png\?[^)]+\)\n\n$/);
	const response = await client.chat('A boat', { ...STREAM, n: 2 });
	expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
	const text = await response.text();
	expect(text).toMatch(/\n\ndata: \[DONE\]\n\n$/);
	const frames = framesOf(text);
	expect(frames.length).toBeGreaterThan(8);
	expect(frames.at(-1).choices[0]).toEqual({ index: 0, delta: {}, finish_reason: 'stop' });
	expect(contentOf(text).match(/!\[图片\]\(/gu)).toHaveLength(2);
});

test('the form of gpt-4o-image, line by line', async () => {
	const prompt = '猫 "😀" 【2:3】';
	const content = contentOf(await (await client.chat(prompt, { ...STREAM, model: 'gpt-4o-image' })).text());
	const host = simulator.otherOrigin.url;
	expect(content.split('\n').map((line) => line.replace(/[0-9a-f-]{24,}/gu, 'ID').replace(/\?[^)]*/u, ''))).toEqual([
		...['```json', '{"prompt":"猫 \\"😀\\" 【2:3】","ratio":"2:3","n":1}', '```', ''],
		'> ID: `ID`',
		'>[数据预览](https://pro.asyncdata.net/web/ID) | [原始数据](https://pro.asyncdata.net/source/ID)',
		...['', '>🕐 排队中.', '', '>⚡ 生成中.....', ''],
		'>🏃 进度 72..[100](https://videos.openai.com/vg-assets/ID.png)',
		...['', '> ✅ 生成完成', '', ''],
		expect.stringMatching(/^!\[gen_ID\]\(http.*\/cdn\/20260311\/ID\.png\)$/),
		'',
		`[点击下载](${host}/cdn/download/20260311/ID.png)`,
	]);
	const download = /\[点击下载\]\(([^)]+)\)/u.exec(content)?.[1] ?? '';
	expect((await fileAt(download)).equals(await fileAt(linkIn(content)))).toBe(true);
	expect(simulator.state.requests[0].fields.messages[0].content).toBe(prompt);
});

test('sora2api: progress beside the content, another id in each frame, STOP; links to its own origin', async () => {
	const text = await (await client.chat('A boat', { ...STREAM, model: 'gpt-image-landscape' })).text();
	const frames = framesOf(text);
	expect(frames[0].choices[0].delta).toEqual({
		...{ role: 'assistant', content: null, tool_calls: null },
		reasoning_content: '**Generation Process Begins**\n\nInitializing generation request...\n',
	});
	expect(new Set(frames.map(({ id }) => id)).size).toBe(frames.length);
	expect(frames.at(-1)).toMatchObject({
		model: 'sora',
		choices: [{ delta: { content: expect.any(String) }, finish_reason: 'STOP', native_finish_reason: 'STOP' }],
	});
	expect(contentOf(text)).toMatch(/^!\[Generated Image\]\([^)]+\)$/);
	expect(linkIn(contentOf(text)).startsWith(`${simulator.url}/tmp/`)).toBe(true);
	const without = await (await client.chat('A boat', { model: 'gpt-image' })).json();
	expect(without.choices[0].message.content).toBe(
		'All tokens available for image generation. Please enable streaming to use the generation feature.',
	);
});

test('gpt-image-2-all answers the images shape, also when a stream was asked for', async () => {
	const response = await client.chat('A boat【3:2】', { ...STREAM, model: 'gpt-image-2-all' });
	expect(response.headers.get('content-type')).toBe('application/json');
	const body = await response.json();
	expect(body).not.toHaveProperty('choices');
	expect(body).toMatchObject({ created: expect.any(Number), data: [{ url: expect.any(String) }], usage: {} });
	expect(await sharp(await fileAt(body.data[0].url)).metadata()).toMatchObject({ width: 1536 });
});

test('input pictures, linked or inline, are in the result; sora2api overlooks links and takes the last', async () => {
	const [red, blue] = await Promise.all(
		['red', 'blue'].map(async (seed) => await makePicture({ width: 40, height: 40, format: 'png', seed })),
	);
	const hosted = simulator.otherOrigin.put('/red.png', red, 'image/png');
	const part = (url) => ({ type: 'image_url', image_url: { url } });
	const messages = [
		{ role: 'user', content: [{ type: 'text', text: 'Both' }, part(hosted), part(dataUrl(blue)), part(hosted)] },
	];
	const { choices } = await (await client.chat('', { messages })).json();
	const made = await readInputColours(await fileAt(linkIn(choices[0].message.content)), 3);
	expect(made).toEqual([colourOf('red'), colourOf('blue'), colourOf('red')]);
	const text = await (await client.chat('', { ...STREAM, messages, model: 'gpt-image' })).text();
	expect(await readInputColours(await fileAt(linkIn(contentOf(text))), 1)).toEqual([colourOf('blue')]);
	expect(JSON.stringify(simulator.state.requests[0].fields)).toContain(dataUrl(blue));
});

test.each([
	[{ model: undefined }, 400, 'you must provide a model parameter'],
	[{ model: 'sora-9' }, 404, "The model 'sora-9' does not exist or you do not have access to it."],
	[{ messages: [] }, 400, "Missing required parameter: 'messages'."],
	[{ messages: [{ role: 'user', content: ' ' }] }, 400, "Missing required parameter: 'prompt'."],
	[{ messages: [{ role: 'user', content: 3 }] }, 400, "Invalid type for 'messages[0].content'"],
	[
		{ messages: [{ role: 'user', content: [{ type: 'video' }] }] },
		400,
		"Supported values are: 'text', and 'image_url'.",
	],
	[{ messages: [{ role: 'user', content: [{ type: 'image_url', image_url: 'x' }] }] }, 400, 'expected an object'],
	[
		{
			messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'data:image/png;base64,bm8=' } }] }],
		},
		400,
		'Invalid image file or mode for image 1',
	],
	[{ n: 5 }, 400, "Invalid 'n'"],
	[{ stream: 'yes' }, 400, "Invalid type for 'stream'"],
])('refuses %j', async (fields, status, message) => {
	const response = await client.chat('A boat', fields);
	expect(response.status).toBe(status);
	expect((await response.json()).error.message).toContain(message);
	expect(simulator.ledger().imageRequests).toBe(0);
});

describe('scripts', () => {
	test.each(REFUSALS)('HTTP 200 without a picture: %s', async (refusal) => {
		simulator.scriptImages({ refusal });
		expect((await (await client.chat('A boat')).json()).choices[0].message.content).toBe(refusal);
		const streamed = contentOf(await (await client.chat('A boat', { ...STREAM, model: 'gpt-4o-image' })).text());
		expect([streamed.includes(refusal), linkIn(streamed)]).toEqual([true, '']);
		const sora2api = contentOf(await (await client.chat('A boat', { ...STREAM, model: 'gpt-image' })).text());
		expect(sora2api).toBe(`❌ 生成失败: ${refusal}`);
		expect(simulator.ledger()).toMatchObject({ imageRequests: 3, charges: 3, chargedUsd: 0.03 });
	});

	test.each([
		['as many pictures as it says', { images: 3, host: 'dataUrl', pixels: '80x60' }, 3, /^data:image\/png;base64,/],
		['a path alone', { host: 'relative' }, 1, /^\/tmp\/[0-9a-f]+\.png$/],
		['any addresses', { links: ['http://10.0.0.1/a.png', 'ftp://x/y'] }, 2, /^http:\/\/10\.0\.0\.1\/a\.png$/],
	])('%s', async (_name, script, count, link) => {
		simulator.scriptImages(script);
		const content = contentOf(await (await client.chat('A boat', STREAM)).text());
		expect(content.match(/!\[/gu)).toHaveLength(count);
		expect(linkIn(content)).toMatch(link);
		if (script.host === 'relative') expect((await fetch(`${simulator.url}${linkIn(content)}`)).status).toBe(200);
	});

	test('a text as it is; another form than the model has', async () => {
		simulator.scriptImages({ prompt: '^Text', text: '没有图片 😀', times: 1 });
		simulator.scriptImages({ model: '^sora_image$', form: 'images', answer: 'dataUrl' });
		expect(contentOf(await (await client.chat('Text', STREAM)).text())).toBe('没有图片 😀');
		const body = await (await client.chat('Text', STREAM)).json();
		expect(body.data[0].b64_json).toMatch(/^data:image\/png;base64,/);
	});

	test('every character in pieces, with CRLF and comments, is the same text', async () => {
		simulator.scriptImages({
			text: '图片😀![图](x)',
			stream: { splitCharacters: true, lineEnd: '\r\n', comments: true, pieceLength: 1, delayMs: 1 },
		});
		const { chunks, text, isBroken } = await readAll(await client.chat('A boat', STREAM));
		expect(isBroken).toBe(false);
		expect(chunks.some((chunk) => (chunk[0] & 0b1100_0000) === 0b1000_0000)).toBe(true);
		expect(text).toMatch(/^: 心跳 0\r\n\r\ndata: \{/u);
		expect(text).toMatch(/\}\r\n\r\ndata: \[DONE\]\r\n\r\n$/u);
		const lines = text.split('\r\n\r\n').filter((line) => !line.startsWith(':'));
		expect(framesOf(lines.join('\n\n'))).toHaveLength(1 + 10 + 1);
		expect(contentOf(lines.join('\n\n'))).toBe('图片😀![图](x)');
	});

	test.each([
		['no terminator', { done: 'none' }, /"finish_reason":"stop"\}\],"usage":\{[^}]+\}\}\n\n$/],
		['the literal terminator', { done: 'literal' }, /\}\n\ndata: \[DONE\]\\n\\n$/],
		['no finish reason', { finishReason: null }, /"delta":\{\},"finish_reason":null/],
		['another finish reason', { finishReason: 'STOP' }, /"finish_reason":"STOP"/],
		[
			'an error frame',
			{ error: { message: 'Sentinel', code: 'sentinel_block' } },
			/\n\ndata: \{"error":\{"type":"server_error","param":null,"code":"sentinel_block","message":"Sentinel"\}\}\n\ndata: \[DONE\]\n\n$/,
		],
	])('%s', async (_name, stream, end) => {
		simulator.scriptImages({ stream });
		const { text, isBroken } = await readAll(await client.chat('A boat', STREAM));
		expect([isBroken, text]).toEqual([false, expect.stringMatching(end)]);
		if (stream.error) expect(linkIn(text)).toBe('');
	});

	test.each([
		['before', /\n\n\n$/],
		['inside', /!\[gen_01[^)]*$/],
		['after', /!\[gen_01\w+\]\([^)]+\)$/],
	])('a connection that breaks %s the link; the same as silence', async (place, end) => {
		simulator.scriptImages({ stream: { cut: place }, times: 1 });
		simulator.scriptImages({ stream: { stall: place } });
		const cut = await readAll(await client.chat('A boat', { ...STREAM, model: 'gpt-4o-image' }));
		expect([cut.isBroken, contentOf(cut.text)]).toEqual([true, expect.stringMatching(end)]);
		expect(cut.text).not.toContain('DONE');
		const response = await client.chat('A boat', { ...STREAM, model: 'gpt-4o-image' });
		const silent = readAll(response);
		let isOver = false;
		void silent.then(() => (isOver = true));
		await client.chat('Another');
		expect(isOver).toBe(false);
		await simulator.close();
		expect(contentOf((await silent).text)).toMatch(end);
		simulator = await startSimulator();
	});
});
