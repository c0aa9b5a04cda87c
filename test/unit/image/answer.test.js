'use strict';

const fc = require('fast-check');

const { withoutBase64 } = require('../../../build/nodes/core/base64');
const { linkExpiryMs, pictureFrom } = require('../../../build/nodes/core/image/answer');
const { readKept, readKeptFailure, toKept } = require('../../../build/nodes/core/image/delivery');
const { readImagesAnswer, readImagesJson } = require('../../../build/nodes/core/image/readImagesAnswer');

const answerOf = async (text, problem) =>
	await readImagesAnswer(
		/** @type {any} */ ({
			status: 200,
			headers: { 'content-type': 'application/json' },
			body: { text: async () => ({ text, ...(problem ? { problem } : {}) }) },
		}),
	);

describe('pictureFrom', () => {
	test.each([
		['https://a.example/x.png', { url: 'https://a.example/x.png' }],
		[' /tmp/x.png ', { url: '/tmp/x.png' }],
		['data:image/png;base64,aGk=', { base64: 'aGk=' }],
		['DATA:image/png;charset=x;BASE64,aGk=', { base64: 'aGk=' }],
		['data:,hi', { base64: 'aGk=' }],
		['data:image/svg+xml;utf8,%3Csvg/%3E', { base64: Buffer.from('<svg/>').toString('base64') }],
		['data:image/svg+xml,<svg>雨 100%</svg>', { base64: Buffer.from('<svg>雨 100%</svg>').toString('base64') }],
	])('%s', (text, expected) => {
		expect(pictureFrom(text)).toEqual(expected);
	});

	test('reads data URLs of many megabytes', () => {
		expect(pictureFrom(`data:image/png;base64,${'A'.repeat(40_000_000)}`).base64).toHaveLength(40_000_000);
	});
});

describe('linkExpiryMs', () => {
	test.each([
		['https://a.example/x?Expires=1795262400&Signature=a', 1_795_262_400_000],
		['https://a.example/x?X-Amz-Date=20261121T120000Z&X-Amz-Expires=3600', Date.UTC(2026, 10, 21, 13)],
		['https://a.example/x?Expires=soon', undefined],
		['https://a.example/x?Expires=60', undefined],
		['https://a.example/x?X-Amz-Date=today&X-Amz-Expires=3600', undefined],
		['https://a.example/x?X-Amz-Date=20261121T120000Z', undefined],
		['https://a.example/x', undefined],
		['no link', undefined],
	])('%s', (link, expected) => {
		expect(linkExpiryMs(link)).toBe(expected);
	});
});

describe('withoutBase64', () => {
	test('shortens long base64 wherever it stands and leaves the rest', () => {
		const long = 'QUJD'.repeat(500);
		const text = '长'.repeat(1_500);
		const json = { a: [long, { b: `![x](data:image/png;base64,${long}) and more` }], text, n: 1, none: null };
		expect(withoutBase64(json)).toEqual({
			...json,
			a: ['[2000 characters of base64]', { b: '![x](data:image/png;base64,[2000 characters of base64]) and more' }],
		});
	});

	test('many megabytes do not overflow it', () => {
		expect(withoutBase64('A'.repeat(60_000_000))).toBe('[60000000 characters of base64]');
	});

	test('short texts stay as they are', () => {
		fc.assert(fc.property(fc.string({ maxLength: 999 }), (text) => expect(withoutBase64(text)).toBe(text)));
	});
});

describe('readImagesJson', () => {
	test.each([
		[
			'links',
			{ data: [{ url: 'https://a/x' }, { url: 'https://a/y' }] },
			[{ url: 'https://a/x' }, { url: 'https://a/y' }],
		],
		['base64', { data: [{ b64_json: 'aGk=' }] }, [{ base64: 'aGk=' }]],
		['a data URL as base64', { data: [{ b64_json: 'data:image/png;base64,aGk=' }] }, [{ base64: 'aGk=' }]],
		['a data URL as url', { data: [{ url: 'data:image/png;base64,aGk=' }] }, [{ base64: 'aGk=' }]],
		['an empty url beside base64', { data: [{ url: '', b64_json: 'aGk=' }] }, [{ base64: 'aGk=' }]],
		['null beside a link', { data: [{ b64_json: null, url: '/x.png' }] }, [{ url: '/x.png' }]],
		['one object instead of a list', { data: { url: 'https://a/x' } }, [{ url: 'https://a/x' }]],
		['a revised prompt', { data: [{ url: '/x', revised_prompt: 'y' }] }, [{ url: '/x', revisedPrompt: 'y' }]],
		['an empty revised prompt', { data: [{ url: '/x', revised_prompt: '' }] }, [{ url: '/x' }]],
		['gaps', { data: [null, {}, 'x', { url: '/x' }] }, [{ url: '/x' }]],
		['nothing', {}, []],
	])('%s', (_name, json, pictures) => {
		expect(readImagesJson(json).pictures).toEqual(pictures);
	});

	test('what the server says that it made', () => {
		const usage = { input_tokens: 1, output_tokens: 2 };
		const made = { size: '1024x1024', quality: 'low', output_format: 'webp' };
		expect(readImagesJson({ created: 1_795_262_400, data: [{ url: '/x' }], usage, ...made })).toMatchObject({
			createdAtMs: 1_795_262_400_000,
			usage,
			made: { size: '1024x1024', quality: 'low', outputFormat: 'webp' },
		});
		expect(readImagesJson({ created: 'now', data: [{ url: '/x' }], usage: 'much' })).toMatchObject({
			createdAtMs: undefined,
			usage: undefined,
		});
	});

	test('an error only counts where there is no picture', () => {
		const error = { message: 'busy', code: 'x' };
		expect(readImagesJson({ error }).failure).toMatchObject({ message: 'busy', code: 'x' });
		expect(readImagesJson({ error, data: [{ url: '/x' }] }).failure).toBeUndefined();
	});
});

describe('readImagesAnswer', () => {
	test('a web page holds no picture, whatever addresses stand in it', async () => {
		const answer = await answerOf('<html><script>{"url":"https://a/logo.png"}</script></html>');
		expect(answer.pictures).toEqual([]);
		expect(answer.brokenOff).toMatch(/not an answer of the API/);
	});

	test.each([
		['truncated', /connection ended/],
		['tooLarge', /larger than 256 MiB/],
		['tooSlow', /too slowly/],
	])('%s: whole pictures before the end are kept', async (problem, why) => {
		const answer = await answerOf(
			'{"data":[{"url":"https:\\/\\/a\\/x.png"},{"b64_json":"aGk="},{"b64_json":"aG',
			problem,
		);
		expect(answer.pictures).toEqual([{ url: 'https://a/x.png' }, { base64: 'aGk=' }]);
		expect(answer.brokenOff).toMatch(why);
	});

	test('never throws on any text', async () => {
		await fc.assert(
			fc.asyncProperty(fc.string(), async (text) => {
				expect(await answerOf(`{"data":[{"url":"${text}`, 'truncated')).toHaveProperty('brokenOff');
				expect(await answerOf(text)).toHaveProperty('pictures');
			}),
		);
	});
});

describe('what is kept for a retry', () => {
	const delivery = {
		...{ submittedAtMs: 5, requestId: 'r', resumed: false, raw: {}, usage: { input_tokens: 1 } },
		pictures: [
			{
				index: 0,
				url: '/x',
				file: { reference: { id: 'f' }, fileName: 'x.png', mimeType: 'image/png', fileSizeBytes: 3 },
			},
			{ index: 1, url: '/y', error: new Error('dead') },
		],
	};

	test('comes back as it was, without errors and resumed', () => {
		const kept = readKept(JSON.parse(JSON.stringify(toKept(/** @type {any} */ (delivery)))));
		expect(kept).toMatchObject({ requestId: 'r', resumed: true, usage: { input_tokens: 1 } });
		expect(kept.pictures).toEqual([
			{ index: 0, url: '/x', revisedPrompt: undefined, file: delivery.pictures[0].file },
			{ index: 1, url: '/y', revisedPrompt: undefined, file: undefined },
		]);
	});

	test.each([undefined, null, 'x', {}, { pictures: [] }, { pictures: [{}] }, { pictures: ['x'], submittedAtMs: 1 }])(
		'%j is no delivery',
		(value) => {
			expect(readKept(value)).toBeUndefined();
		},
	);

	test('anything may stand there: it never throws', () => {
		fc.assert(
			fc.property(fc.anything(), (value) => {
				readKept(value);
				readKept({ pictures: [value], submittedAtMs: 1 });
				readKeptFailure(value);
				readKeptFailure({ failure: value });
			}),
		);
	});

	test('a failure of an unknown kind is none', () => {
		expect(readKeptFailure({ failure: { kind: 'noResult', message: 'm', serverMessage: 's' } })).toEqual({
			...{ kind: 'noResult', message: 'm', serverMessage: 's' },
		});
		expect(readKeptFailure({ failure: { kind: 'toString', message: 'm' } })).toBeUndefined();
	});
});
