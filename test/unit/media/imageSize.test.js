'use strict';

const fc = require('fast-check');
const sharp = require('sharp');

const { readImageSize } = require('../../../build/nodes/core/media/imageSize');

const WIDTH = 60;
const HEIGHT = 44;

function canvas({ channels = 3, width = WIDTH, height = HEIGHT } = {}) {
	const background = channels === 4 ? { r: 200, g: 40, b: 10, alpha: 0.5 } : { r: 200, g: 40, b: 10 };
	return sharp({ create: { width, height, channels, background } });
}

/** Each kind of picture that a program may write, by name. */
const PICTURES = {
	PNG: () => canvas().png(),
	'PNG with alpha': () => canvas({ channels: 4 }).png(),
	'PNG with a palette': () => canvas().png({ palette: true }),
	'interlaced PNG': () => canvas().png({ progressive: true }),
	'baseline JPEG': () => canvas().jpeg(),
	'progressive JPEG': () => canvas().jpeg({ progressive: true }),
	'JPEG with a colour profile': () => canvas().jpeg().withIccProfile('p3'),
	'grey JPEG': () => canvas().greyscale().jpeg(),
	'lossy WebP': () => canvas().webp({ quality: 80 }),
	'lossless WebP': () => canvas().webp({ lossless: true }),
	'lossy WebP with alpha (extended)': () => canvas({ channels: 4 }).webp({ quality: 80 }),
	'lossless WebP with alpha': () => canvas({ channels: 4 }).webp({ lossless: true }),
	'WebP with a colour profile (extended)': () => canvas().webp().withIccProfile('p3'),
	GIF: () => canvas().gif(),
};

describe('readImageSize', () => {
	test.each(Object.keys(PICTURES))('reads the pixels of a %s', async (kind) => {
		const picture = await PICTURES[kind]().toBuffer();
		expect(readImageSize(picture)).toEqual({ width: WIDTH, height: HEIGHT, rotated: false });
	});

	test.each([
		['<svg width="60" height="44"/>', 60, 44],
		["<svg height='44px' viewBox='0 0 6 4' width=' 60 '>", 60, 44],
		['<?xml version="1.0"?>\n<!-- drawn <by> hand -->\n<svg viewBox="0 0 60 44"></svg>', 60, 44],
		['<svg width="100%" height="100%" viewBox="-5,-5,60.4,43.6">', 60, 44],
		['<svg width="3in" height="2in" viewBox="0 0 60 44">', 60, 44],
		['<svg stroke-width="3" width="60" height="44">', 60, 44],
	])('reads the pixels of %s', (text, width, height) => {
		expect(readImageSize(Buffer.from(text))).toEqual({ width, height, rotated: false });
	});

	test.each(['<svg/>', '<svg width="60"/>', '<svg viewBox="0 0"/>', '<svg width="wide" height="high"/>', '<svg'])(
		'%s does not tell its pixels',
		(text) => {
			expect(readImageSize(Buffer.from(text))).toBeUndefined();
		},
	);

	test('the three WebP layouts are really among them', async () => {
		const layout = async (kind) => (await PICTURES[kind]().toBuffer()).toString('latin1', 12, 16);
		expect(await layout('lossy WebP')).toBe('VP8 ');
		expect(await layout('lossless WebP')).toBe('VP8L');
		expect(await layout('lossy WebP with alpha (extended)')).toBe('VP8X');
	});

	test.each([
		['png', 1280, 720],
		['png', 1, 1],
		['jpeg', 1792, 1024],
		['jpeg', 1, 3000],
		['webp', 1080, 1920],
		['webp', 4097, 3],
		['gif', 720, 1280],
	])('reads %s of %i×%i', async (format, width, height) => {
		const picture = await canvas({ width, height }).toFormat(format).toBuffer();
		expect(readImageSize(picture)).toEqual({ width, height, rotated: false });
	});

	test.each([1, 2, 3, 4, 5, 6, 7, 8])('obeys EXIF orientation %i of a JPEG', async (orientation) => {
		const picture = await canvas().jpeg().withMetadata({ orientation }).toBuffer();
		const isTurned = orientation >= 5;
		expect(readImageSize(picture)).toEqual({
			width: isTurned ? HEIGHT : WIDTH,
			height: isTurned ? WIDTH : HEIGHT,
			rotated: isTurned,
		});
	});

	/** A JPEG of 60×44 whose EXIF segment is this. */
	async function withExif(content) {
		const plain = await canvas().jpeg().toBuffer();
		const length = Buffer.alloc(2);
		length.writeUInt16BE(content.length + 2);
		return Buffer.concat([plain.subarray(0, 2), Buffer.from([0xff, 0xe1]), length, content, plain.subarray(2)]);
	}

	test('reads EXIF in the byte order of Motorola', async () => {
		const tiff = 'MM\0\x2a\0\0\0\x08' + '\0\x01' + '\x01\x12\0\x03\0\0\0\x01\0\x06\0\0' + '\0\0\0\0';
		const picture = await withExif(Buffer.from(`Exif\0\0${tiff}`, 'latin1'));
		expect(readImageSize(picture)).toEqual({ width: HEIGHT, height: WIDTH, rotated: true });
	});

	test.each([
		['of another kind', 'http://ns.adobe.com/xap/1.0/\0<x/>'],
		['whose directory lies outside of the file', 'Exif\0\0II\x2a\0\xff\xff\xff\x7f'],
		['whose orientation is nonsense', 'Exif\0\0II\x2a\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x63\0\0\0\0\0\0\0'],
		['that is empty', ''],
	])('a metadata segment %s does not hide the pixels', async (_name, content) => {
		const picture = await withExif(Buffer.from(content, 'latin1'));
		expect(readImageSize(picture)).toEqual({ width: WIDTH, height: HEIGHT, rotated: false });
	});

	test('fill bytes between the segments of a JPEG are passed over', async () => {
		const plain = await canvas().jpeg().toBuffer();
		const filled = Buffer.concat([plain.subarray(0, 2), Buffer.from([0xff, 0xff, 0xff]), plain.subarray(2)]);
		expect(readImageSize(filled)).toEqual({ width: WIDTH, height: HEIGHT, rotated: false });
	});

	test('reads a picture that lies in the middle of a larger memory', async () => {
		const picture = await canvas().png().toBuffer();
		const memory = Buffer.concat([Buffer.alloc(7, 1), picture, Buffer.alloc(9, 2)]);
		expect(readImageSize(memory.subarray(7, 7 + picture.length))).toEqual({
			width: WIDTH,
			height: HEIGHT,
			rotated: false,
		});
	});

	test.each(Object.keys(PICTURES))('a %s that is cut off anywhere never throws and never lies', async (kind) => {
		const picture = await PICTURES[kind]().toBuffer();
		const whole = { width: WIDTH, height: HEIGHT, rotated: false };
		expect(readImageSize(picture.subarray(0, 9))).toBeUndefined();
		for (let length = 0; length < picture.length; length++) {
			expect([undefined, whole]).toContainEqual(readImageSize(picture.subarray(0, length)));
		}
	});

	test('a PNG without pixels has no size', async () => {
		const picture = await canvas().png().toBuffer();
		picture.writeUInt32BE(0, 16);
		expect(readImageSize(picture)).toBeUndefined();
	});

	test.each([
		'',
		'a',
		'{"error":"no"}',
		'<html></html>',
		'RIFF\0\0\0\0WEBPVP9 \0\0\0\0\0\0\0\0\0\0\0\0\0\0',
		'\xff\xd8\xff\xd9',
	])('%j is not a picture with a size', (content) => {
		expect(readImageSize(Buffer.from(content, 'latin1'))).toBeUndefined();
	});

	test('never throws on any bytes, whatever signature they begin with', () => {
		const start = fc.constantFrom(
			'',
			'\xff\xd8\xff\xe1\0\x20Exif\0\0II\x2a\0',
			'\xff\xd8\xff\xc0',
			'GIF89a',
			'\x89PNG\r\n\x1a\n\0\0\0\rIHDR',
			'RIFF\0\0\0\0WEBPVP8 ',
			'RIFF\0\0\0\0WEBPVP8L',
			'RIFF\0\0\0\0WEBPVP8X',
		);
		fc.assert(
			fc.property(start, fc.uint8Array({ maxLength: 120 }), (signature, rest) => {
				const size = readImageSize(Buffer.concat([Buffer.from(signature, 'latin1'), rest]));
				if (size) expect(size.width > 0 && size.height > 0).toBe(true);
			}),
			{ numRuns: 1_000 },
		);
	});
});
