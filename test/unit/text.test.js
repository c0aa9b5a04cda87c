'use strict';

const { compareNames, decodePercents, listOf, splitAtCommas } = require('../../build/nodes/core/text');

test('names stand in the order in which people look for them', () => {
	const names = ['sora2api', 'NVIDIA', 'New API', 'APIYI', 'New API', 'vLLM', 'OpenAI'];
	expect(names.sort(compareNames)).toEqual(['APIYI', 'New API', 'New API', 'NVIDIA', 'OpenAI', 'sora2api', 'vLLM']);
});

test('a typed list keeps what lies between the commas', () => {
	expect(splitAtCommas(' a, ,b c,')).toEqual(['a', 'b c']);
	expect(splitAtCommas('')).toEqual([]);
});

test('a percent sign that encodes nothing is a percent sign', () => {
	expect(decodePercents('first%20frame')).toBe('first frame');
	expect(decodePercents('100%')).toBe('100%');
});

test('choices read as a sentence', () => {
	expect(listOf([4, 8, 12])).toBe('4, 8 or 12');
	expect(listOf(['a'])).toBe('a');
	expect(listOf([])).toBe('');
});
