'use strict';

const { createHash } = require('node:crypto');

/** In hexadecimal digits. */
const sha256Of = (bytes) => createHash('sha256').update(bytes).digest('hex');

/** Knows the pictures and chat videos that were made, by their bytes: a test asks whether what came out is one of them. */
class MadeFiles {
	hashes = new Set();

	note(bytes) {
		this.hashes.add(sha256Of(bytes));
		return bytes;
	}

	has(bytes) {
		return this.hashes.has(sha256Of(bytes));
	}

	reset() {
		this.hashes.clear();
	}
}

module.exports = { MadeFiles, sha256Of };
