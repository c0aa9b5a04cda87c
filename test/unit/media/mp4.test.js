'use strict';

const fc = require('fast-check');

const { Mp4Reader } = require('../../../build/nodes/core/media/mp4');
const { makeMovie } = require('../../support/simulator/movie');
const { box, largeBox, movieHeader, topBoxes, track, trackHeader, uint32 } = require('../../support/unit/boxes');

const WISH = { width: 128, height: 72, seconds: 2, seed: 'reader' };

/** @type {Buffer} */
let movie;
beforeAll(async () => {
	movie = await makeMovie(WISH);
});

function read(bytes, chunkLength = bytes.length || 1) {
	const reader = new Mp4Reader();
	for (let at = 0; at < bytes.length; at += chunkLength) reader.push(bytes.subarray(at, at + chunkLength));
	return reader;
}

function expectWholeMovie(reader) {
	expect(reader.isTruncated).toBe(false);
	const facts = reader.facts();
	expect(facts).toMatchObject({ width: WISH.width, height: WISH.height, hasAudio: true });
	expect(Math.abs(facts.durationSeconds - WISH.seconds)).toBeLessThan(0.1);
}

describe('a real movie', () => {
	test.each([1, 3, 7, 13, 1_021, 65_536, Infinity])('is read in chunks of %d bytes', (chunkLength) => {
		const reader = read(movie, Math.min(chunkLength, movie.length));
		expectWholeMovie(reader);
		expect(reader.totalBytes).toBe(movie.length);
	});

	test('is read in chunks of any lengths', () => {
		fc.assert(
			fc.property(fc.array(fc.integer({ min: 0, max: 3_000 }), { maxLength: 30 }), (lengths) => {
				const reader = new Mp4Reader();
				let at = 0;
				for (const length of lengths) {
					reader.push(movie.subarray(at, at + length));
					at = Math.min(movie.length, at + length);
				}
				reader.push(movie.subarray(at));
				expectWholeMovie(reader);
			}),
			{ numRuns: 50 },
		);
	});

	test('is read although the memory of each chunk is used again for the next', () => {
		const reader = new Mp4Reader();
		const memory = Buffer.alloc(777);
		for (let at = 0; at < movie.length; at += memory.length) {
			const length = movie.copy(memory, 0, at, at + memory.length);
			reader.push(memory.subarray(0, length));
		}
		expectWholeMovie(reader);
	});

	test('is read with its movie box at the end', () => {
		const boxes = topBoxes(movie);
		const moved = [...boxes.filter(({ type }) => type !== 'moov'), ...boxes.filter(({ type }) => type === 'moov')];
		expect(moved[moved.length - 1].type).toBe('moov');
		const bytes = Buffer.concat(moved.map((entry) => entry.bytes));
		expectWholeMovie(read(bytes));
		expectWholeMovie(read(bytes, 5));
	});

	test('is read with 64-bit box sizes', () => {
		const bytes = Buffer.concat(topBoxes(movie).map(({ type, body }) => largeBox(type, body)));
		expectWholeMovie(read(bytes));
		expectWholeMovie(read(bytes, 1));
	});

	test('is read with a last box that runs to the end of the file', () => {
		const boxes = topBoxes(movie);
		const last = boxes.pop();
		expect(last.type).toBe('mdat');
		const open = Buffer.concat([uint32(0), Buffer.from('mdat'), last.body]);
		expectWholeMovie(read(Buffer.concat([...boxes.map((entry) => entry.bytes), open]), 4_096));
	});

	test('with a few bytes of padding behind it is whole', () => {
		expect(read(Buffer.concat([movie, Buffer.alloc(3)]), 999)).toMatchObject({ isTruncated: false });
	});

	test('that is cut off inside any box is told as truncated', () => {
		let boundary = 0;
		const boundaries = new Set([0]);
		for (const { bytes } of topBoxes(movie)) boundaries.add((boundary += bytes.length));
		const [fileTypeEnd] = [...boundaries].filter((at) => at > 0);
		const step = Math.max(1, Math.floor(movie.length / 200));
		const cuts = [fileTypeEnd + 1, fileTypeEnd + 7, fileTypeEnd + 8, fileTypeEnd + 9, movie.length - 1];
		for (let at = fileTypeEnd + 1; at < movie.length; at += step) cuts.push(at);
		// Up to seven bytes behind a box look like padding; there the announced length must tell.
		const isPadding = (at) => [...boundaries].some((boundary) => at > boundary && at < boundary + 8);
		for (const cut of cuts.filter((at) => !boundaries.has(at) && !isPadding(at))) {
			expect([cut, read(movie.subarray(0, cut), 999).isTruncated]).toEqual([cut, true]);
		}
	});

	test('that is cut off in its movie box has no facts', () => {
		const start = topBoxes(movie).find(({ type }) => type === 'moov').at;
		expect(read(movie.subarray(0, start + 100)).facts()).toBeUndefined();
	});
});

describe('hand-made movie boxes', () => {
	const fileType = box('ftyp', Buffer.from('isom\0\0\0\0isom', 'latin1'));
	const factsOf = (...content) => read(Buffer.concat([fileType, box('moov', ...content)])).facts();

	test.each([0, 1])('headers of version %i are read', (version) => {
		const facts = factsOf(
			movieHeader({ version, timescale: 600, duration: 7_200 }),
			track('vide', trackHeader({ version, width: 1280, height: 720 })),
		);
		expect(facts).toEqual({ width: 1280, height: 720, durationSeconds: 12, hasAudio: false });
	});

	test('a duration of version 1 may be longer than 32 bits', () => {
		const duration = 90_000 * 60_000;
		expect(factsOf(movieHeader({ version: 1, timescale: 90_000, duration })).durationSeconds).toBe(60_000);
	});

	test.each([
		['90°', [0, 1, 0, -1, 0, 0], [720, 1280]],
		['270°', [0, -1, 0, 1, 0, 0], [720, 1280]],
		['180°', [-1, 0, 0, 0, -1, 0], [1280, 720]],
		['0°', [1, 0, 0, 0, 1, 0], [1280, 720]],
	])('a picture turned by %s is told as a person sees it', (_name, [a, b, u, c, d, v], [width, height]) => {
		const header = trackHeader({ version: 0, width: 1280, height: 720, matrix: [a, b, u, c, d, v] });
		expect(factsOf(track('vide', header))).toMatchObject({ width, height });
	});

	test('a version 1 header may be turned too', () => {
		const header = trackHeader({ version: 1, width: 1920, height: 1080, matrix: [0, 1, 0, -1, 0, 0] });
		expect(factsOf(track('vide', header))).toMatchObject({ width: 1080, height: 1920 });
	});

	test('sound is told by its track, whose size is not that of the picture', () => {
		const facts = factsOf(
			track('vide', trackHeader({ version: 0, width: 640, height: 480 })),
			track('soun', trackHeader({ version: 0, width: 0, height: 0 })),
		);
		expect(facts).toMatchObject({ width: 640, height: 480, hasAudio: true });
	});

	test.each([
		['a timescale of zero', { version: 0, timescale: 0, duration: 100 }],
		['a duration of zero, as fragmented movies have', { version: 0, timescale: 600, duration: 0 }],
		['a duration of all ones, which means unknown', { version: 0, timescale: 600, duration: 0xffffffff }],
		['64 bits of ones', { version: 1, timescale: 600, duration: -1 }],
	])('%s is no length', (_name, header) => {
		expect(factsOf(movieHeader(header)).durationSeconds).toBeUndefined();
	});

	test('headers that are shorter than their version says leave the facts open', () => {
		expect(factsOf(box('mvhd', Buffer.alloc(6)), track('vide', box('tkhd', Buffer.alloc(20))))).toEqual({
			hasAudio: false,
		});
	});

	test('a movie box that says nothing has no facts but silence', () => {
		expect(factsOf(box('free', Buffer.alloc(3)))).toEqual({ hasAudio: false });
	});

	test('a file without a movie box has no facts', () => {
		const reader = read(Buffer.concat([fileType, box('mdat', Buffer.alloc(100))]));
		expect(reader.facts()).toBeUndefined();
		expect(reader.isTruncated).toBe(false);
	});

	test('a movie box beyond 16 MiB is passed over, not kept', () => {
		const reader = read(Buffer.concat([fileType, box('moov', Buffer.alloc(16 * 1024 * 1024 + 1))]), 1024 * 1024);
		expect(reader.facts()).toBeUndefined();
		expect(reader.isTruncated).toBe(false);
	});
});

describe('other bytes', () => {
	test.each([
		['JSON', '{"error":{"message":"Video is not ready yet","type":"invalid_request_error"}}'],
		['a web page', '<!DOCTYPE html><html><title>502</title></html>'],
		['nothing', ''],
	])('%s is not a movie, truncated or otherwise', (_name, content) => {
		const reader = read(Buffer.from(content), 4);
		expect(reader.facts()).toBeUndefined();
		expect(reader.isTruncated).toBe(false);
		expect(reader.totalBytes).toBe(content.length);
	});

	test('never throws on any bytes in any chunks', () => {
		const header = fc.constantFrom('ftyp', 'moov', 'trak', 'tkhd', 'mvhd', 'mdia', 'hdlr', 'free');
		const part = fc.oneof(
			fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
			fc.tuple(fc.nat(60), header).map(([size, type]) => Buffer.concat([uint32(size), Buffer.from(type)])),
			fc.tuple(header, fc.uint8Array({ maxLength: 90 })).map(([type, body]) => box(type, Buffer.from(body))),
			fc
				.tuple(header, fc.uint8Array({ maxLength: 90 }))
				.map(([type, body]) => box('moov', box(type, Buffer.from(body)))),
		);
		fc.assert(
			fc.property(fc.array(part, { maxLength: 12 }), fc.integer({ min: 1, max: 50 }), (parts, chunkLength) => {
				const bytes = Buffer.concat(parts);
				const reader = read(bytes, chunkLength);
				expect(reader.totalBytes).toBe(bytes.length);
				expect(typeof reader.isTruncated).toBe('boolean');
				// Chunks make no difference.
				expect(reader.facts()).toEqual(read(bytes).facts());
				expect(reader.isTruncated).toBe(read(bytes).isTruncated);
			}),
			{ numRuns: 500 },
		);
	});
});
