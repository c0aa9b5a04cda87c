'use strict';

const sharp = require('sharp');

const { randomFrom } = require('./movie');

function colourOf(seed) {
	const random = randomFrom(seed);
	const level = () => Math.floor(random() * 256);
	return { r: level(), g: level(), b: level() };
}

/**
 * A real picture of the asked pixels and format whose colour depends on the seed.
 * @param {{width: number, height: number, format: 'png' | 'jpeg' | 'webp' | 'gif', seed: string, options?: object}} wish
 * @returns {Promise<Buffer>}
 */
async function makePicture({ width, height, format, seed, options }) {
	const canvas = sharp({ create: { width, height, channels: 3, background: colourOf(seed) } });
	return await canvas.toFormat(format, options).toBuffer();
}

/** Pixels and format of a picture as an independent program reads them; undefined when it is none. */
async function readPicture(bytes) {
	try {
		const { width, height, format } = await sharp(bytes).metadata();
		return { width, height, format };
	} catch {
		return undefined;
	}
}

module.exports = { makePicture, readPicture };
