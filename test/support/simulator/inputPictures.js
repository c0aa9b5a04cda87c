'use strict';

const { refusal } = require('./contract');
const { averageColour, readPicture } = require('./images');

const FORMATS = ['jpeg', 'png', 'webp'];
const MIME_TYPES = ['image/jpeg', 'image/png', 'image/webp'];
const DATA_URL = /^data:([^;,]*);base64,(.*)$/su;
/** The simulator never leaves the machine. */
const REACHABLE = ['127.0.0.1', 'localhost', '[::1]'];
const FETCH_TIMEOUT_MS = 5_000;

/**
 * A picture that came with a request.
 * @typedef {{bytes: Buffer, mimeType: string, width: number, height: number, format: string, colour: {r: number, g: number, b: number}}} InputPicture
 */

/**
 * Reads bytes as a picture.
 * @param {{bytes: Buffer, mimeType: string, name: string, position: number}} file `name` as in `image[0]`; `position` from 1
 * @returns {Promise<{picture: InputPicture} | {refusal: {status: number, body: object}}>}
 */
async function readInput({ bytes, mimeType, name, position }) {
	if (!MIME_TYPES.includes(mimeType)) {
		const message = `Invalid file '${name}': unsupported mimetype ('${mimeType}'). Supported file formats are 'image/jpeg', 'image/png', and 'image/webp'.`;
		return { refusal: refusal(400, message, { param: name, code: 'unsupported_file_mimetype' }) };
	}
	const image = await readPicture(bytes);
	if (!image || !FORMATS.includes(image.format)) {
		const message = `Invalid image file or mode for image ${position}, please check your image file.`;
		return { refusal: refusal(400, message, { param: name, code: 'invalid_image_file' }) };
	}
	try {
		return { picture: { bytes, mimeType, ...image, colour: await averageColour(bytes) } };
	} catch {
		// It has a header, but its pixels cannot be decoded.
		const message = `Invalid image file or mode for image ${position}, please check your image file.`;
		return { refusal: refusal(400, message, { param: name, code: 'invalid_image_file' }) };
	}
}

/**
 * Reads a picture from a data URL or from a link, which the provider fetches without any credential.
 * @param {string} url
 * @param {{name: string, position: number}} where
 */
async function readInputUrl(url, where) {
	const data = DATA_URL.exec(url);
	if (data) {
		return await readInput({ bytes: Buffer.from(data[2], 'base64'), mimeType: data[1], ...where });
	}
	const unreachable = {
		refusal: refusal(400, `Error while downloading ${url}.`, { param: where.name, code: 'invalid_image_url' }),
	};
	if (!/^https?:/u.test(url)) {
		const message = `Invalid '${where.name}': expected a base64-encoded data URL or a URL with a supported scheme.`;
		return { refusal: refusal(400, message, { param: where.name, code: 'invalid_value' }) };
	}
	if (!URL.canParse(url) || !REACHABLE.includes(new URL(url).hostname)) return unreachable;
	try {
		const response = await fetch(url, { signal: AbortSignal.timeout(FETCH_TIMEOUT_MS) });
		if (!response.ok) return unreachable;
		const bytes = Buffer.from(await response.arrayBuffer());
		const mimeType = (response.headers.get('content-type') ?? '').split(';')[0];
		return await readInput({ bytes, mimeType, ...where });
	} catch {
		return unreachable;
	}
}

module.exports = { readInput, readInputUrl };
