'use strict';

const { readInputUrl } = require('../inputPictures');
const { openAiRefusal } = require('./parts');

const DEFAULT_SIZE = '720x1280';
const MAX_URL = 20_971_520;

/**
 * OpenAI's `input_reference` in JSON, from wire facts 1.1: an object with exactly one of `image_url` (an address or a data
 * URL) and `file_id`; the picture's pixels must be those of the video. Not documented: the texts beside that of the pixels,
 * and which file ids exist (all do).
 * @param {{encoding: string, fields: any}} body
 * @throws {import('./parts').Refusal}
 */
async function checkJsonReference({ encoding, fields }) {
	const reference = fields.input_reference;
	// Text is refused with the other fields.
	if (encoding !== 'json' || typeof reference !== 'object' || reference === null) return;
	const refuse = (message, code) => openAiRefusal(400, message, { param: 'input_reference', code });
	const { image_url: url, file_id: fileId } = reference;
	if ((url === undefined) === (fileId === undefined)) {
		throw refuse("Exactly one of 'image_url' and 'file_id' must be provided.", 'invalid_value');
	}
	if (url === undefined) return;
	if (typeof url !== 'string' || url.length > MAX_URL) throw refuse("Invalid 'image_url'.", 'invalid_value');
	const read = await readInputUrl(url, { name: 'input_reference', position: 1 });
	if ('refusal' in read) throw openAiRefusal(400, read.refusal.body.error.message, read.refusal.body.error);
	const { width, height } = read.picture;
	if (`${width}x${height}` !== (fields.size ?? DEFAULT_SIZE)) {
		throw openAiRefusal(400, 'Inpaint image must match the requested width and height');
	}
}

module.exports = { checkJsonReference };
