'use strict';

const fc = require('fast-check');

const { ChatReader } = require('../../../build/nodes/core/chat/chatAnswer');
const { anyBytes, anyPlaces, cut } = require('../../support/unit/pieces');

function read(...chunks) {
	const reader = new ChatReader();
	for (const chunk of chunks) reader.push(Buffer.from(chunk));
	return reader.end();
}

const frame = (delta, more = {}) => ({ object: 'chat.completion.chunk', choices: [{ index: 0, delta, ...more }] });
const stream = (...frames) => frames.map((entry) => `data: ${JSON.stringify(entry)}\n\n`).join('');
const DONE = 'data: [DONE]\n\n';

describe('a stream', () => {
	test('its content and its reasoning are put together, each for itself', () => {
		const answer = read(
			stream(
				frame({ role: 'assistant', content: null, reasoning_content: '**Process**\n' }),
				frame({ content: '![a](htt', reasoning_content: null }),
				frame({ reasoning_content: '40%' }),
				frame({ content: 'ps://h/a.png)' }, { finish_reason: 'STOP' }),
			),
		);
		expect(answer).toMatchObject({
			text: '![a](https://h/a.png)',
			reasoning: '**Process**\n40%',
			isFinished: true,
			isReadable: true,
			error: undefined,
		});
	});

	test('is put together as one object', () => {
		const first = { ...frame({ role: 'assistant', content: 'Hello ' }), id: 'x', created: 1_700_000_000 };
		const last = { ...frame({ content: '🐈' }, { finish_reason: 'stop' }), id: 'x', usage: { total_tokens: 7 } };
		expect(read(stream(first, last) + DONE).raw).toMatchObject({
			id: 'x',
			created: 1_700_000_000,
			usage: { total_tokens: 7 },
			choices: [{ index: 0, message: { role: 'assistant', content: 'Hello 🐈' }, finish_reason: 'stop' }],
		});
	});

	test.each([
		['a finish reason', stream(frame({ content: 'a' }, { finish_reason: 'stop' })), true],
		['the terminator', stream(frame({ content: 'a' })) + DONE, true],
		['the malformed terminator', `${stream(frame({ content: 'a' }))}data: [DONE]\\n\\n`, true],
		['neither', stream(frame({ content: 'a' }, { finish_reason: null })), false],
	])('says that it is through with %s', (_name, text, isFinished) => {
		expect(read(text)).toMatchObject({ text: 'a', isFinished });
	});

	test('an error frame is kept, with what came before it', () => {
		const error = { error: { message: 'sentinel', code: 'sentinel_block' } };
		expect(read(stream(frame({ content: 'a' }), error) + DONE)).toMatchObject({ text: 'a', error });
	});

	test('an empty error is none', () => {
		expect(
			read(stream({ ...frame({ content: 'a' }), error: {} }, { ...frame({ content: 'b' }), error: null })),
		).toMatchObject({ text: 'ab', error: undefined });
	});

	test('characters in halves of JSON escapes come out whole', () => {
		const text =
			'data: {"choices":[{"delta":{"content":"\\ud83d"}}]}\n\ndata: {"choices":[{"delta":{"content":"\\udc08"}}]}';
		expect(read(text).text).toBe('🐈');
	});

	test('frames that are no JSON, or that have no choices, change nothing', () => {
		const text = `data: oops\n\n${stream({ choices: [] }, { type: 'ping' }, frame({ content: 'a' }), [1])}`;
		expect(read(text)).toMatchObject({ text: 'a', error: undefined });
	});
});

describe('one JSON', () => {
	test('a completion', () => {
		const body = { id: '1', choices: [{ index: 0, message: { content: 'a' }, finish_reason: 'stop' }], usage: null };
		expect(read(`\uFEFF \n${JSON.stringify(body, undefined, 1)}`)).toMatchObject({ text: 'a', isFinished: true });
	});

	test('the images shape', () => {
		const body = { created: 1, data: [{ url: 'https://h/a.png' }, { b64_json: 'AA==' }], usage: { total_tokens: 3 } };
		expect(read(JSON.stringify(body))).toMatchObject({ text: '', images: body.data, isFinished: true, raw: body });
	});

	test('several choices, and parts with links', () => {
		const url = 'data:image/png;base64,AA==';
		const choices = [
			{ index: 1, message: { content: [{ type: 'text', text: 'b' }] } },
			{ index: 0, message: { content: 'a', images: [{ type: 'image_url', image_url: { url } }] } },
			{ index: 2, message: { content: [{ type: 'image_url', image_url: 'https://h/c.png' }, null, 3] } },
		];
		expect(read(JSON.stringify({ choices }))).toMatchObject({ text: 'a\n\nb', links: [url, 'https://h/c.png'] });
	});

	test.each([
		['the usual envelope', { error: { message: 'no', code: 'x' } }],
		['a text', { error: 'no' }],
		['new-api’s flat form', { code: 'fail_to_fetch_task', message: 'no', data: null }],
		['FastAPI’s', { detail: 'no' }],
	])('an error: %s', (_name, body) => {
		expect(read(JSON.stringify(body))).toMatchObject({ error: body, raw: body, isReadable: true });
	});
});

describe('no answer of an API', () => {
	test.each([
		['nothing', ''],
		['spaces', ' \n\n'],
		['a web page', '<!DOCTYPE html><title>Welcome</title>'],
		['half a JSON', '{"choices":[{"message":{"content":"![a](ht'],
		['a list', '[1]'],
		['the terminator alone', DONE],
	])('%s', (_name, text) => {
		const answer = read(text);
		expect(answer).toMatchObject({ isReadable: false, links: [], images: [], error: undefined, raw: {} });
		expect(text.trim().startsWith(answer.text.slice(0, 20).trim())).toBe(true);
	});
});

const WORDS = [
	...['data: ', '\n\n', '\r\n', '[DONE]', '{', '}', '"', ': x\n', '<html>', '\uFEFF', ' ', ',', '\\n'],
	...[stream(frame({ content: '【2:3】' })), stream(frame({ content: null }, { finish_reason: 'STOP' }))],
	...[JSON.stringify({ data: [{ url: 'x' }] }), JSON.stringify(frame({ content: 'y' })), stream({ error: 'z' })],
	...['{"choices":[null,1,{"delta":null},{"message":{"content":[null,{"image_url":null}]}}]}', '{"data":[null]}'],
];

test('never throws on any bytes in any pieces, and the pieces do not matter', () => {
	fc.assert(
		fc.property(anyBytes(WORDS), anyPlaces, (bytes, places) => {
			expect(read(...cut(bytes, places))).toEqual(read(bytes));
		}),
		{ numRuns: 1_000 },
	);
});
