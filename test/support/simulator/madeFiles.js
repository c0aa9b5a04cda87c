'use strict';

const { createHash } = require('node:crypto');

const hashOf = (bytes) => createHash('sha256').update(bytes).digest('hex');

/** Knows the pictures and chat videos that were made, by their bytes: a test asks whether what came out is one of them. */
class MadeFiles {
	hashes = new Set();

	note(bytes) {
		this.hashes.add(hashOf(bytes));
		return bytes;
	}

	has(bytes) {
		return this.hashes.has(hashOf(bytes));
	}

	reset() {
		this.hashes.clear();
	}
}

module.exports = { MadeFiles };
