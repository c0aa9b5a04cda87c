'use strict';

const fc = require('fast-check');

const { firstText, isObject, parseJson, readPath } = require('../../build/nodes/core/json');

describe('isObject', () => {
	test.each([
		['an object', {}, true],
		['an array', [], false],
		['null', null, false],
		['a text', '{}', false],
		['a number', 1, false],
		['nothing', undefined, false],
	])('%s: %j is an object: %s', (_name, value, expected) => {
		expect(isObject(value)).toBe(expected);
	});
});

describe('readPath', () => {
	const answer = { id: 'a', data: [{ url: 'first' }, { url: 'second' }], nested: { empty: null, zero: 0 } };

	test.each([
		['id', 'a'],
		['data.0.url', 'first'],
		['data.1.url', 'second'],
		['nested.zero', 0],
		['nested.empty', null],
	])('finds %s', (path, expected) => {
		expect(readPath(answer, path)).toBe(expected);
	});

	test.each(['missing', 'id.length', 'data.2.url', 'data.url', 'nested.empty.more', 'data.length', 'data.-1'])(
		'%s leads nowhere',
		(path) => {
			expect(readPath(answer, path)).toBeUndefined();
		},
	);

	test.each(['constructor', 'toString', '__proto__', 'nested.hasOwnProperty'])(
		'%s, which every object inherits, is not a value of the answer',
		(path) => {
			expect(readPath(answer, path)).toBeUndefined();
		},
	);

	test('never throws on any JSON and any path', () => {
		fc.assert(
			fc.property(fc.jsonValue(), fc.string(), (value, path) => {
				readPath(value, path);
				readPath(value, `data.0.${path}`);
			}),
		);
	});
});

describe('firstText', () => {
	test('takes the first path that holds text', () => {
		expect(firstText({ a: '', b: '  ', c: 'third', d: 'fourth' }, ['missing', 'a', 'b', 'c', 'd'])).toBe('third');
	});

	test('takes the white space off', () => {
		expect(firstText({ a: ' text\n' }, ['a'])).toBe('text');
	});

	test('reads a number as text, zero included', () => {
		expect(firstText({ a: 400 }, ['a'])).toBe('400');
		expect(firstText({ a: 0 }, ['a'])).toBe('0');
	});

	test.each([[null], [true], [{}], [['text']], [NaN], [Infinity]])('passes over %p', (value) => {
		expect(firstText({ a: value, b: 'next' }, ['a', 'b'])).toBe('next');
	});

	test('is undefined where no path leads to text', () => {
		expect(firstText({ a: null }, ['a', 'b.c'])).toBeUndefined();
		expect(firstText('text', ['length'])).toBeUndefined();
	});
});

describe('parseJson', () => {
	test('reads JSON', () => {
		expect(parseJson('{"a":[1,"b",null]}')).toEqual({ a: [1, 'b', null] });
		expect(parseJson('null')).toBeNull();
	});

	test.each(['', ' ', '<html></html>', '{"a":', "{'a':1}", 'undefined'])('%j is not JSON', (text) => {
		expect(parseJson(text)).toBeUndefined();
	});

	test('reads back whatever JSON was written', () => {
		fc.assert(
			fc.property(fc.json(), (text) => {
				expect(parseJson(text)).toEqual(JSON.parse(text));
			}),
		);
	});

	test('never throws on any text', () => {
		fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void parseJson(text)));
	});
});

describe('ids that are numbers', () => {
	const id = '9007199254740993';

	test.each([`{"id":${id}}`, `{"data": {"task_id" : ${id} , "status": "queued"}}`, `{"data":[{"video_id":${id}\n}]}`])(
		'keep all of their digits: %s',
		(text) => {
			expect(firstText(parseJson(text), ['id', 'data.task_id', 'data.0.video_id'])).toBe(id);
		},
	);

	test('other numbers stay numbers, and texts stay as they are', () => {
		const text = `{"created_at":1795262400,"id":7,"nonce":12345678901234567000,"note":"{\\"id\\":${id}}"}`;
		expect(parseJson(text)).toEqual(JSON.parse(text));
	});
});

test('a byte order mark in front of JSON does not make it unreadable', () => {
	expect(require('../../build/nodes/core/json').parseJson('\uFEFF{"id": "video_1"}')).toEqual({ id: 'video_1' });
});
