'use strict';

const fc = require('fast-check');
const sharp = require('sharp');

const { bytesToLatin1, SNIFF_BYTES, sniffFileType } = require('../../../build/nodes/core/media/fileType');
const { makeMovie } = require('../../support/simulator/movie');

const text = (value) => Buffer.from(value, 'latin1');
const box = (brand) => text(`\0\0\0\x20ftyp${brand}\0\0\x02\0isomiso2`);

describe('sniffFileType', () => {
	test.each([
		['png', 'image/png', 'png'],
		['jpeg', 'image/jpeg', 'jpg'],
		['webp', 'image/webp', 'webp'],
		['gif', 'image/gif', 'gif'],
		['avif', 'image/avif', 'avif'],
	])('knows a real %s picture', async (format, mimeType, extension) => {
		const picture = await sharp({ create: { width: 16, height: 8, channels: 3, background: '#336699' } })
			.toFormat(format)
			.toBuffer();
		const expected = { family: 'image', mimeType, extension };
		expect(sniffFileType(picture)).toEqual(expected);
		expect(sniffFileType(picture.subarray(0, SNIFF_BYTES))).toEqual(expected);
	});

	test('knows a real MP4', async () => {
		const movie = await makeMovie({ width: 64, height: 48, seconds: 1, seed: 'type' });
		expect(sniffFileType(movie)).toEqual({ family: 'video', mimeType: 'video/mp4', extension: 'mp4' });
	});

	test.each([
		['MP4 of another brand', box('isom'), 'video/mp4'],
		['QuickTime', box('qt  '), 'video/quicktime'],
		['HEIC', box('heic'), 'image/heic'],
		['AVIF', box('avif'), 'image/avif'],
		['WebM', text('\x1a\x45\xdf\xa3\x01\0\0\0'), 'video/webm'],
		['GIF of 1987', text('GIF87a\x01\0\x01\0'), 'image/gif'],
		['SVG', text('<svg xmlns="http://www.w3.org/2000/svg"/>'), 'image/svg+xml'],
		[
			'SVG behind comments and a document type',
			text(`<?xml version="1.0"?><!-- ${'made by hand, '.repeat(20)} -->\n<!DOCTYPE svg PUBLIC "-//W3C">\n<svg >`),
			'image/svg+xml',
		],
		['a web page with an SVG in it', text('<!DOCTYPE html><html><svg ></svg>'), 'text/html'],
		['XML that is no SVG', text('<?xml version="1.0"?><svgfont/>'), 'application/xml'],
		['SVG after an XML head', text('<?xml version="1.0" encoding="UTF-8"?>\n<svg/>'), 'image/svg+xml'],
	])('knows %s', (_name, bytes, mimeType) => {
		expect(sniffFileType(bytes).mimeType).toBe(mimeType);
	});

	test.each([
		['JSON', '{"error":{"message":"Video is not ready yet"}}', 'application/json'],
		['JSON after white space', ' \r\n\t{"a":1}', 'application/json'],
		['JSON after a byte order mark', '\xef\xbb\xbf{"a":1}', 'application/json'],
		['a JSON list', '[1]', 'application/json'],
		['a web page', '<!DOCTYPE html><html>', 'text/html'],
		['a web page without a doctype', '\n<HTML><body>', 'text/html'],
		['XML', '<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>', 'application/xml'],
	])('tells %s as text, whatever type the server claims', (_name, content, mimeType) => {
		expect(sniffFileType(text(content))).toMatchObject({ family: 'text', mimeType });
	});

	test.each([
		['nothing', ''],
		['plain words', 'Video is not ready yet'],
		['half a PNG signature', '\x89PNG'],
		['a box of another kind', '\0\0\0\x08free'],
		['zeros', '\0'.repeat(64)],
	])('does not know %s', (_name, content) => {
		expect(sniffFileType(text(content))).toBeUndefined();
	});

	test('never throws on any bytes, and the first bytes decide', () => {
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
				expect(sniffFileType(bytes)).toEqual(sniffFileType(bytes.subarray(0, SNIFF_BYTES)));
			}),
		);
	});
});

describe('bytesToLatin1', () => {
	test('makes one character of each byte', () => {
		expect(bytesToLatin1(Uint8Array.of(0x41, 0xe9, 0xff))).toBe('A\u00e9\u00ff');
	});

	test('takes a part, and no more than there is', () => {
		expect(bytesToLatin1(text('abcdef'), 2, 4)).toBe('cd');
		expect(bytesToLatin1(text('abc'), 2, 9)).toBe('c');
		expect(bytesToLatin1(text('abc'), 5, 9)).toBe('');
	});
});
