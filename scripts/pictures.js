'use strict';

const { mkdirSync, writeFileSync } = require('node:fs');
const path = require('node:path');
const sharp = require('sharp');

const { ROOT } = require('./steps');

/**
 * Keeps a picture in few colours: documents load many of them.
 * @param {Buffer} picture PNG
 * @param {string[]} place below the repository's folder, without the extension
 * @param {{colours?: number}} [options] as many as it may have
 */
async function savePicture(picture, place, { colours = 256 } = {}) {
	const small = await sharp(picture).png({ palette: true, colours, compressionLevel: 9, effort: 10 }).toBuffer();
	const target = path.join(ROOT, ...place.slice(0, -1), `${place.at(-1)}.png`);
	mkdirSync(path.dirname(target), { recursive: true });
	writeFileSync(target, small);
	console.log(`${path.relative(ROOT, target)}: ${Math.round(small.length / 1024)} KB`);
}

module.exports = { savePicture };
