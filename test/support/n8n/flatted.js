'use strict';

/**
 * Reads the format in which n8n keeps executions: a JSON list of values, in which every text inside of an object or list
 * is the index of the value that belongs there. The first value is the whole.
 * @param {string} text
 */
function readFlatted(text) {
	const values = JSON.parse(text);
	const known = new Map();
	const valueAt = (index) => {
		const value = values[index];
		if (typeof value !== 'object' || value === null) return value;
		if (known.has(index)) return known.get(index);
		const result = Array.isArray(value) ? [] : {};
		// Noted first: a value may hold itself.
		known.set(index, result);
		for (const [key, entry] of Object.entries(value)) {
			result[key] = typeof entry === 'string' ? valueAt(Number(entry)) : entry;
		}
		return result;
	};
	return valueAt(0);
}

module.exports = { readFlatted };
