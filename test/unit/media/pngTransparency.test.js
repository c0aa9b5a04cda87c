'use strict';

const sharp = require('sharp');

const { canBeTransparent } = require('../../../build/nodes/core/media/pngTransparency');

const SIZE = { width: 8, height: 8 };
const opaque = () => sharp({ create: { ...SIZE, channels: 3, background: '#336699' } });
const seeThrough = () => sharp({ create: { ...SIZE, channels: 4, background: { r: 1, g: 2, b: 3, alpha: 0.5 } } });

test.each([
	['an alpha channel', () => seeThrough().png(), true],
	['a palette with transparent colours', () => seeThrough().png({ palette: true }), true],
	['colours alone', () => opaque().png(), false],
	['a palette of opaque colours', () => opaque().png({ palette: true }), false],
	['grey alone', () => opaque().toColourspace('b-w').png(), false],
])('%s', async (_what, image, expected) => {
	const png = await image().toBuffer();
	expect(canBeTransparent(png)).toBe(expected);
	// Also in the middle of a larger buffer.
	expect(canBeTransparent(Buffer.concat([Buffer.alloc(3), png]).subarray(3))).toBe(expected);
});

test('a file that is cut off, or whose chunks lie about their length, is not judged', async () => {
	const png = await opaque().png().toBuffer();
	for (const length of [0, 20, 26, 40]) expect(canBeTransparent(png.subarray(0, length))).toBe(true);
	png.writeUInt32BE(0xffffffff, 8);
	expect(canBeTransparent(png)).toBe(true);
});
