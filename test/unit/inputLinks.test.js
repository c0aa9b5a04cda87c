'use strict';

const { readLink } = require('../../build/nodes/adapter/binaryInput');
const { StreamBody } = require('../../build/nodes/adapter/responseBody');
const { Readable } = require('node:stream');

const MEBIBYTE = 1024 * 1024;

/** An item of a run at whose links these files lie, one after the other. */
function itemWith(files) {
	const left = [...files];
	const fetched = [];
	const http = async ({ url }) => {
		fetched.push(url);
		const body = new StreamBody(/** @type {any} */ (Readable.from([left.shift()], { objectMode: false })), {
			now: () => 0,
			timeoutMs: 0,
		});
		return { outcome: 'response', status: 200, headers: {}, url, body };
	};
	return { item: /** @type {any} */ ({ run: { ports: { http } } }), fetched };
}

const fileOf = (mebibytes, fill = 0) => Buffer.alloc(mebibytes * MEBIBYTE, fill);

test('files behind links are held up to 64 MiB for a run; beyond that they are fetched again', async () => {
	const { item, fetched } = itemWith([fileOf(40), fileOf(30), fileOf(24), fileOf(30)]);
	const first = await readLink(item, 'https://cdn.example/1.mp4', 100 * MEBIBYTE);
	const second = await readLink(item, 'https://cdn.example/2.mp4', 100 * MEBIBYTE);
	const third = await readLink(item, 'https://cdn.example/3.mp4', 100 * MEBIBYTE);
	expect(fetched).toHaveLength(3);
	for (const file of [first, second, third]) expect(await file.load()).toHaveLength(file.bytes);
	expect(fetched.slice(3)).toEqual(['https://cdn.example/2.mp4']);
});

test('a file that is not the same any more is not sent', async () => {
	const { item } = itemWith([fileOf(65), fileOf(64), fileOf(65)]);
	const file = await readLink(item, 'https://cdn.example/1.mp4', 100 * MEBIBYTE);
	await expect(file.load()).rejects.toMatchObject({ kind: 'invalidInput', billed: 'no' });
	expect(await file.load()).toHaveLength(file.bytes);
});
