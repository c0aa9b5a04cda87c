'use strict';

/** The pictures of an order as OpenRouter and ofox take them: wire facts 2.1, column "reference". */

const FRAME_TYPES = ['first_frame', 'last_frame'];

/** `{type: 'image_url', image_url: {url}}` with an address that a picture can be behind. */
function isPictureEntry(entry) {
	return entry?.type === 'image_url' && /^(https?:|data:image\/)/u.test(entry.image_url?.url ?? '');
}

const isListOf = (value, isEntry) => value === undefined || (Array.isArray(value) && value.every(isEntry));

/** The names of the frames are not documented beside the field's: these are the usual ones. */
function isFrames(value) {
	return isListOf(value, (entry) => isPictureEntry(entry) && FRAME_TYPES.includes(entry.frame_type));
}

/** Not documented beyond the field's name: taken to have the same entries, without a frame. */
function isReferences(value) {
	return isListOf(value, isPictureEntry);
}

module.exports = { isFrames, isReferences };
