'use strict';

const fc = require('fast-check');

const { EventReader, isDone } = require('../../build/nodes/core/sse');
const { anyBytes, anyPlaces, cut } = require('../support/unit/pieces');

function read(...chunks) {
	const reader = new EventReader();
	return [...chunks.flatMap((chunk) => reader.push(Buffer.from(chunk))), ...reader.end()];
}

test.each([
	['LF', 'data: one\n\ndata: two\n\n'],
	['CRLF', 'data: one\r\n\r\ndata: two\r\n\r\n'],
	['CR', 'data: one\r\rdata: two\r\r'],
	['no space behind the colon', 'data:one\n\ndata:two\n\n'],
	['no blank line at the end', 'data: one\n\ndata: two\n'],
	['no line end at all at the end', 'data: one\n\ndata: two'],
	['comments and other fields', ': hello\nevent: message\nid: 7\ndata: one\n\n:\n\nretry: 10\n\ndata: two\n\n'],
	['a byte order mark in front', '\uFEFFdata: one\n\ndata: two\n\n'],
])('events with %s', (_name, text) => {
	expect(read(text)).toEqual(['one', 'two']);
});

test('data over several lines are one text; a field without a colon is an empty line of it', () => {
	expect(read('data: a\ndata\ndata:  b\r\n\r\n')).toEqual(['a\n\n b']);
});

test('an event without data is none', () => {
	expect(read('event: ping\n\n\n\ndatabase: x\n\n')).toEqual([]);
});

test('a CR at the end of a piece and its LF at the beginning of the next are one line end', () => {
	expect(read('data: a\r', '\ndata: b\r', '', '\n\r', '\n')).toEqual(['a\nb']);
});

test('characters that are cut between two pieces come out whole', () => {
	const bytes = Buffer.from('data: 【2:3】🐈\n\n');
	for (let at = 0; at <= bytes.length; at++) {
		expect(read(bytes.subarray(0, at), bytes.subarray(at))).toEqual(['【2:3】🐈']);
	}
});

test('the terminator, also as sora2api writes it after a 429', () => {
	expect(read('data: {}\n\ndata: [DONE]\\n\\n')).toEqual(['{}', '[DONE]\\n\\n']);
	expect(['[DONE]', '[DONE] ', '[DONE]\\n\\n'].every(isDone)).toBe(true);
	expect(['', 'DONE', '[DONE]x', '{"a":"[DONE]"}'].some(isDone)).toBe(false);
});

const WORDS = [
	'data:',
	'data: ',
	'\n',
	'\r',
	'\r\n',
	'\n\n',
	': ',
	'event: x',
	'[DONE]',
	'\\n\\n',
	'{"a":1}',
	'\uFEFF',
];

test('never throws on any bytes in any pieces, and the pieces do not matter', () => {
	fc.assert(
		fc.property(anyBytes(WORDS), anyPlaces, (bytes, places) => {
			expect(read(...cut(bytes, places))).toEqual(read(bytes));
		}),
		{ numRuns: 500 },
	);
});
