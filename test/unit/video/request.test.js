'use strict';

const fc = require('fast-check');

const { findVideoModel } = require('../../../build/nodes/core/catalogue');
const { GenerationError } = require('../../../build/nodes/core/errors');
const { readSize } = require('../../../build/nodes/core/size');
const { checkVideoRequest, readSeconds } = require('../../../build/nodes/core/video/request');

const PNG = { family: 'image', mimeType: 'image/png', extension: 'png' };
const WISH = { model: 'sora-2', prompt: 'a cat on a wall', size: '1280x720', seconds: '8' };

function check(change = {}) {
	const wish = { ...WISH, ...change };
	return checkVideoRequest(wish, findVideoModel(wish.model));
}

function reference({ type = PNG, width = 1280, height = 720, rotated = false } = {}) {
	return { fileName: 'cat.png', type, size: { width, height, rotated } };
}

/** The refusal of a request; every one of them must come before money is spent. */
function refusalOf(action) {
	try {
		action();
	} catch (error) {
		expect(error).toBeInstanceOf(GenerationError);
		expect(error).toMatchObject({ kind: 'invalidInput', billed: 'no' });
		return error;
	}
	throw new Error('the request was let through');
}

describe('readSeconds', () => {
	test.each([
		[8, '8'],
		['8', '8'],
		['8s', '8'],
		[' 8 s ', '8'],
		['8 sec', '8'],
		['8 secs', '8'],
		['1 second', '1'],
		['12 Seconds', '12'],
		['8.0', '8'],
		['2.5', '2.5'],
		['08', '8'],
	])('%j is %s seconds', (value, expected) => {
		expect(readSeconds(value)).toBe(expected);
	});

	test.each(['', ' ', '0', '0s', '-8', 'eight', '8m', '8 8', '1e3', 'Infinity', '9'.repeat(400), 0, -1, NaN, Infinity])(
		'%j is not a length of time',
		(value) => {
			expect(refusalOf(() => readSeconds(value)).message).toContain('not a length of time');
		},
	);

	test('throws nothing but the refusal, on any text and number', () => {
		fc.assert(
			fc.property(
				fc.oneof(
					fc.string(),
					fc.double(),
					fc.double().map((value) => `${value}s`),
				),
				(value) => {
					try {
						expect(Number(readSeconds(value))).toBeGreaterThan(0);
					} catch (error) {
						expect(error.kind).toBe('invalidInput');
					}
				},
			),
		);
	});
});

describe('readSize', () => {
	test.each(['1280x720', '1280X720', ' 1280 x 720 ', '1280×720', '1280*720', '1280 × 720'])(
		'%j is 1280x720',
		(value) => {
			expect(readSize(value)).toBe('1280x720');
		},
	);

	test.each(['', '1280', '1280x', 'x720', '0x720', '1280x0', '-1280x720', '1280x720x3', '12.5x10', '720p', '123456x1'])(
		'%j is not a width and a height',
		(value) => {
			expect(refusalOf(() => readSize(value)).message).toContain('not a width and a height');
		},
	);

	test('throws nothing but the refusal, and gives nothing but WIDTHxHEIGHT', () => {
		const numbers = fc.tuple(fc.nat(99_999), fc.constantFrom('x', ' × ', '*', 'X'), fc.nat(99_999));
		fc.assert(
			fc.property(
				fc.oneof(
					fc.string(),
					numbers.map((parts) => parts.join('')),
				),
				(value) => {
					try {
						expect(readSize(value)).toMatch(/^[1-9]\d*x[1-9]\d*$/);
					} catch (error) {
						expect(error.kind).toBe('invalidInput');
					}
				},
			),
		);
	});
});

describe('checkVideoRequest lets through what may be bought', () => {
	test('a plain request, with its texts trimmed and its length as digits', () => {
		expect(check({ model: ' sora-2 ', prompt: '  a cat\n', size: '1280 × 720', seconds: '8s' })).toEqual({
			request: { model: 'sora-2', prompt: 'a cat', size: '1280x720', seconds: '8' },
			hints: [],
		});
	});

	test.each(['1080x1920', '1920x1080', '1024x1792', '1792x1024', '720x1280', '1280x720'])(
		'sora-2-pro at %s for each of its lengths',
		(size) => {
			for (const seconds of [4, 8, 12]) {
				expect(check({ model: 'sora-2-pro', size, seconds }).request).toMatchObject({ size, seconds: String(seconds) });
			}
		},
	);

	test('an unknown model with any size and length, with a hint', () => {
		const checked = check({ model: 'house-model', size: '640x481', seconds: 77 });
		expect(checked.request).toEqual({ model: 'house-model', prompt: WISH.prompt, size: '640x481', seconds: '77' });
		expect(checked.hints).toHaveLength(1);
		expect(checked.hints[0]).toContain('house-model');
	});

	test('a model whose sizes are not all known at any size, but only with its own lengths', () => {
		expect(check({ model: 'muse-video', size: '960x960', seconds: 10 })).toEqual({
			request: { model: 'muse-video', prompt: WISH.prompt, size: '960x960', seconds: '10' },
			hints: [],
		});
		const error = refusalOf(() => check({ model: 'muse-video', seconds: 4 }));
		expect(error.message).toContain('5, 8 or 10 seconds, not 4');
	});

	test('a prompt beyond the documented length, with a hint', () => {
		expect(check({ prompt: 'x'.repeat(32_000) }).hints).toEqual([]);
		const { request, hints } = check({ prompt: 'x'.repeat(32_001) });
		expect(request.prompt).toHaveLength(32_001);
		expect(hints[0]).toMatch(/32001.*32000/);
	});

	test.each(['image/jpeg', 'image/png', 'image/webp'])('a reference of type %s with the right pixels', (mimeType) => {
		expect(check({ reference: reference({ type: { ...PNG, mimeType } }) }).hints).toEqual([]);
	});

	test('a reference whose pixels could not be read, with a hint', () => {
		const { hints } = check({ reference: { fileName: 'odd.png', type: PNG, size: undefined } });
		expect(hints).toHaveLength(1);
		expect(hints[0]).toContain('odd.png');
	});

	test('Match Reference takes the pixels of the reference', () => {
		const wish = { size: 'matchReference', reference: reference({ width: 720, height: 1280 }) };
		expect(check(wish).request.size).toBe('720x1280');
	});

	test.each(['1280x720', '720x1280'])('a reference that its EXIF data turn, at %s, with a hint', (size) => {
		const { hints } = check({ size, reference: reference({ width: 1280, height: 720, rotated: true }) });
		expect(hints).toHaveLength(1);
		expect(hints[0]).toContain('720x1280');
	});
});

describe('checkVideoRequest stops what is known to be wrong', () => {
	test.each(['', '   ', '\n\t'])('the empty prompt %j', (prompt) => {
		expect(refusalOf(() => check({ prompt })).message).toContain('Prompt is empty');
	});

	test('an empty model', () => {
		expect(refusalOf(() => check({ model: '  ' })).message).toContain('Model is empty');
	});

	test.each([
		[10, '8 or 12'],
		[15, '8 or 12'],
		[5, '4 or 8'],
		[1, '4 or 8'],
		[7.5, '4 or 8'],
	])('%d seconds, and suggests %s', (seconds, suggestion) => {
		const error = refusalOf(() => check({ seconds }));
		expect(error.message).toContain('4, 8 or 12 seconds');
		expect(error.hint).toContain(suggestion);
	});

	test('a length that the list of the editor does not have is told to be typed', () => {
		const error = refusalOf(() => check({ model: 'muse-video', seconds: 4 }));
		expect(error.message).toContain('5, 8 or 10 seconds');
		expect(error.hint).toBe('Set Seconds to 5 or 8 (5 as Custom).');
	});

	test.each(['1920x1080', '1024x1792', '1000x1000'])(
		'%s of sora-2, and names the model that makes larger ones',
		(size) => {
			const error = refusalOf(() => check({ size }));
			expect(error.message).toContain(size);
			expect(error.message).toContain('720x1280 or 1280x720');
			expect(error.hint).toContain('sora-2-pro');
		},
	);

	test('a size that sora-2-pro does not make', () => {
		expect(refusalOf(() => check({ model: 'sora-2-pro', size: '1000x1000' })).message).toContain('1000x1000');
	});

	test.each([
		['a GIF', { ...PNG, mimeType: 'image/gif' }, 'image/gif'],
		['a video', { family: 'video', mimeType: 'video/mp4', extension: 'mp4' }, 'video/mp4'],
		['something unknown', undefined, 'could not|not a picture'],
	])('a reference that is %s', (_name, type, words) => {
		const error = refusalOf(() => check({ reference: { fileName: 'file.bin', type, size: undefined } }));
		expect(error.message).toContain('file.bin');
		expect(error.message).toMatch(new RegExp(words));
	});

	test('a reference of other pixels: the error names both sizes and the way out', () => {
		const error = refusalOf(() => check({ reference: reference({ width: 1024, height: 768 }) }));
		expect(error.message).toContain('1024x768');
		expect(error.message).toContain('1280x720');
		expect(error.hint).toContain('Edit Image');
		expect(error.hint).not.toContain('Match Reference');
	});

	test.each([
		['pixels that the model makes', {}, { width: 720, height: 1280 }],
		['a model that nobody knows', { model: 'house-model' }, { width: 1024, height: 768 }],
	])('Match Reference is named as a way out only where it is one: with %s', (_name, wish, pixels) => {
		const refused = refusalOf(() => check({ ...wish, size: '1280x720', reference: reference(pixels) }));
		expect(refused.hint).toContain('Match Reference');
		check({ ...wish, size: 'matchReference', reference: reference(pixels) });
	});

	test('a reference of other pixels, also with a model that nobody knows', () => {
		const wish = { model: 'house-model', reference: reference({ width: 1024, height: 768 }) };
		expect(refusalOf(() => check(wish)).message).toContain('1024x768');
	});

	test('turned pixels, unless EXIF data turn them', () => {
		refusalOf(() => check({ size: '720x1280', reference: reference({ width: 1280, height: 720 }) }));
	});

	test('Match Reference without a reference, and with one that cannot be read', () => {
		expect(refusalOf(() => check({ size: 'matchReference' })).message).toContain('no reference');
		const unread = { fileName: 'odd.png', type: PNG, size: undefined };
		expect(refusalOf(() => check({ size: 'matchReference', reference: unread })).message).toContain('odd.png');
	});

	test('Match Reference with pixels that the model does not make', () => {
		const wish = { size: 'matchReference', reference: reference({ width: 1024, height: 768 }) };
		const error = refusalOf(() => check(wish));
		expect(error.message).toBe('The reference image is 1024x768, but sora-2 makes videos of 720x1280 or 1280x720');
		expect(error.hint).toContain('Edit Image');
	});
});
