'use strict';

const sharp = require('sharp');

const { randomFrom } = require('./movie');

/** Where the colours of the input pictures are: the lower half, one stripe for each, in their order. */
const STRIPES_FROM = 0.5;

/** Small pictures that were made before: benchmarks ask for the same thousands, and making one costs more than all else. */
const kept = new Map();
const KEPT_PICTURES = 10_000;
const KEPT_BYTES = 1_000;

/** The colour that stands for a text. */
function colourOf(seed) {
	const random = randomFrom(seed);
	const level = () => Math.floor(random() * 256);
	return { r: level(), g: level(), b: level() };
}

/** Rectangles of the stripes for so many input pictures, in pixels. */
function stripesOf(width, height, count) {
	const top = Math.round(height * STRIPES_FROM);
	const edge = (index) => Math.round((width * index) / count);
	return Array.from({ length: count }, (_, index) => ({
		left: edge(index),
		top,
		width: edge(index + 1) - edge(index),
		height: height - top,
	}));
}

/**
 * A real picture of the asked pixels and format whose colour depends on the seed. Its lower half shows the colours of
 * the pictures that it was made from, so that a test can tell which were sent.
 * @param {object} wish
 * @param {number} wish.width in pixels
 * @param {number} wish.height in pixels
 * @param {'png' | 'jpeg' | 'webp' | 'gif' | 'svg'} wish.format
 * @param {string} wish.seed
 * @param {object} [wish.options] for sharp's encoder
 * @param {Array<{r: number, g: number, b: number}>} [wish.inputColours]
 * @param {boolean} [wish.transparent] one can see through the background
 * @returns {Promise<Buffer>}
 */
async function makePicture(wish) {
	const key = JSON.stringify(wish);
	const before = kept.get(key);
	if (before) return Buffer.from(before);
	const bytes = await draw(wish);
	if (bytes.length <= KEPT_BYTES && kept.size < KEPT_PICTURES) kept.set(key, Buffer.from(bytes));
	return bytes;
}

async function draw({ width, height, format, seed, options, inputColours = [], transparent = false }) {
	const background = colourOf(seed);
	const stripes = stripesOf(width, height, inputColours.length);
	if (format === 'svg') return Buffer.from(svgOf({ width, height, background, stripes, inputColours, transparent }));
	const canvas = sharp({
		create: {
			width,
			height,
			channels: transparent ? 4 : 3,
			background: transparent ? { ...background, alpha: 0 } : background,
		},
	});
	if (inputColours.length > 0) {
		canvas.composite(
			stripes.map((stripe, index) => ({
				input: {
					create: { width: stripe.width, height: stripe.height, channels: 3, background: inputColours[index] },
				},
				left: stripe.left,
				top: stripe.top,
			})),
		);
	}
	return await canvas.toFormat(format, options).toBuffer();
}

function svgOf({ width, height, background, stripes, inputColours, transparent }) {
	const fill = ({ r, g, b }) => `rgb(${r},${g},${b})`;
	const parts = stripes.map(
		(stripe, index) =>
			`<rect x="${stripe.left}" y="${stripe.top}" width="${stripe.width}" height="${stripe.height}" fill="${fill(inputColours[index])}"/>`,
	);
	if (!transparent) parts.unshift(`<rect width="${width}" height="${height}" fill="${fill(background)}"/>`);
	return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">${parts.join('')}</svg>\n`;
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

/** The average colour of a picture. */
async function averageColour(bytes) {
	const pixel = await sharp(bytes).toColourspace('srgb').removeAlpha().resize(1, 1, { fit: 'fill' }).raw().toBuffer();
	return { r: pixel[0], g: pixel[1], b: pixel[2] };
}

/** For tests: the colours of the input pictures as a made picture shows them, in the order in which they were sent. */
async function readInputColours(bytes, count) {
	const { width, height } = await sharp(bytes).metadata();
	const colours = [];
	for (const stripe of stripesOf(width, height, count)) {
		// Not from the edges: there lossy formats mix the colours.
		const middle = {
			left: stripe.left + Math.floor(stripe.width / 4),
			top: stripe.top + Math.floor(stripe.height / 4),
			width: Math.ceil(stripe.width / 2),
			height: Math.ceil(stripe.height / 2),
		};
		colours.push(await averageColour(await sharp(bytes).extract(middle).png().toBuffer()));
	}
	return colours;
}

module.exports = { averageColour, colourOf, makePicture, readInputColours, readPicture };
