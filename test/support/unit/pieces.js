'use strict';

const fc = require('fast-check');

/** Bytes cut at the given places, which are taken around its end. */
function cut(bytes, places) {
	const ends = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b);
	return [...ends, bytes.length].map((end, index, all) => bytes.subarray(index === 0 ? 0 : all[index - 1], end));
}

const anyPlaces = fc.array(fc.nat(), { maxLength: 12 });

/** Bytes that nobody made on purpose, and texts of the given words in any order: what a parser must live with. */
function anyBytes(words) {
	const texts = fc.array(fc.oneof(fc.constantFrom(...words), fc.string({ unit: 'grapheme', maxLength: 8 })));
	return fc.oneof(
		texts.map((parts) => Buffer.from(parts.join(''))),
		fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
		// Cut in the middle of a character.
		texts.chain((parts) => {
			const bytes = Buffer.from(parts.join(''));
			return fc.nat({ max: bytes.length }).map((end) => bytes.subarray(0, end));
		}),
	);
}

module.exports = { anyBytes, anyPlaces, cut };
