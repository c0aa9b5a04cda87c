'use strict';

const { assertFits, describeTooLarge } = require('../../dist/nodes/adapter/binaryLimits');

const MEBIBYTE = 1024 * 1024;

/** An n8n that stores under ids such as this. */
const n8nWith = (id) => {
	const stored = [];
	const prepareBinaryData = async (bytes) => {
		stored.push(bytes.length);
		return { id };
	};
	return { execution: /** @type {any} */ ({ helpers: { prepareBinaryData } }), stored };
};

test.each([
	['in memory', undefined, 384, /keeps binary data in memory, which ends at 383 MiB/],
	['in the database', 'database:1', 513, /keeps binary data in its database, which ends at 512 MiB/],
])('%s there is a limit', async (_name, id, mebibytes, message) => {
	const { execution } = n8nWith(id);
	await expect(assertFits(execution, mebibytes * MEBIBYTE)).rejects.toThrow(message);
	await expect(assertFits(execution, (mebibytes - 1) * MEBIBYTE)).resolves.toBeUndefined();
});

test.each(['filesystem-v2:x', 's3:x', 'azure:x'])('%s has none', async (id) => {
	await expect(assertFits(n8nWith(id).execution, 4096 * MEBIBYTE)).resolves.toBeUndefined();
});

test('files that fit everywhere, and those of unknown length, are not asked about', async () => {
	const { execution, stored } = n8nWith(undefined);
	await assertFits(execution, 300 * MEBIBYTE);
	await assertFits(execution, NaN);
	expect(stored).toEqual([]);
});

test('without a limit nothing is too large', () => {
	expect(describeTooLarge('unlimited', 1e15)).toBeUndefined();
});
