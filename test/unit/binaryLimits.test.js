'use strict';

const { Readable } = require('node:stream');

const { assertFits, createSizeGuard, describeTooLarge } = require('../../build/nodes/adapter/binaryLimits');
const { createFileStore } = require('../../build/nodes/adapter/fileStore');
const { StreamBody } = require('../../build/nodes/adapter/responseBody');

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

describe('a file of unknown length', () => {
	/** What the guard says while so many mebibytes come, in pieces of one. */
	async function guard(id, isPicture, mebibytes) {
		const { execution, stored } = n8nWith(id);
		const told = [];
		const { count } = createSizeGuard(execution, isPicture, ({ kind, message }) => told.push(`${kind}: ${message}`));
		for (let come = 0; come < mebibytes; come++) {
			count(MEBIBYTE);
			await Promise.resolve();
		}
		await new Promise((resolve) => setImmediate(resolve));
		return { told, stored };
	}

	test.each([
		['in memory', undefined, 400, /fileTooLarge: The file has 3\d\d MiB or more, .* which ends at 383 MiB/],
		['in the database', 'database:1', 600, /fileTooLarge: The file has 513 MiB or more, .* which ends at 512 MiB/],
	])('%s ends at the limit, for which n8n is asked once', async (_name, id, mebibytes, message) => {
		const { told, stored } = await guard(id, false, mebibytes);
		expect(told).toEqual([expect.stringMatching(message)]);
		expect(stored).toHaveLength(1);
	});

	test('that fits everywhere is not asked about', async () => {
		expect(await guard(undefined, false, 383)).toEqual({ told: [], stored: [] });
	});

	test('has no limit elsewhere when it is a video, and 1 GiB when it is a picture', async () => {
		expect((await guard('filesystem-v2:x', false, 5000)).told).toEqual([]);
		expect((await guard('filesystem-v2:x', true, 1024)).told).toEqual([]);
		expect((await guard('filesystem-v2:x', true, 1025)).told).toEqual([
			'fileTooLarge: The picture has 1024 MiB or more',
		]);
	});

	test('and without an end is broken off', async () => {
		const piece = Buffer.alloc(64 * MEBIBYTE);
		const source = Readable.from(
			(async function* () {
				for (;;) yield piece;
			})(),
			{ objectMode: false },
		);
		const helpers = {
			prepareBinaryData: async (body) => {
				if (Buffer.isBuffer(body)) return { id: undefined };
				for await (const chunk of body) expect(chunk).toBeDefined();
				return { id: undefined };
			},
		};
		const body = new StreamBody(/** @type {any} */ (source), { now: () => 0, timeoutMs: 0 });
		const response = { outcome: 'response', status: 200, headers: {}, url: 'https://cdn.example.com/x', body };
		const files = createFileStore(/** @type {any} */ ({ helpers }));
		const type = { mimeType: 'image/png', extension: 'png' };
		await expect(files.store(/** @type {any} */ (response), 'x.png', type)).rejects.toMatchObject({
			kind: 'fileTooLarge',
			billed: 'yes',
		});
		expect(source.destroyed).toBe(true);
	});
});
