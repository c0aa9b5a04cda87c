'use strict';

const { readWhileAlive } = require('../../build/nodes/core/aliveBody');
const { GenerationError } = require('../../build/nodes/core/errors');
const { virtualClock } = require('../support/unit/virtualClock');

const LIMITS = { firstMs: 360_000, idleMs: 180_000, maxBytes: 1_000 };

/**
 * A body whose pieces come after so many milliseconds each; it ends in order, breaks off, or is silent for ever.
 * @param {{sleep: (milliseconds: number) => Promise<void>}} clock
 * @param {number[]} pausesMs
 * @param {'ended' | 'broken' | 'silent'} ending
 */
function bodyOf(clock, pausesMs, ending) {
	const pauses = [...pausesMs];
	const body = { isBroken: false, discarded: 0, asked: 0 };
	return Object.assign(body, {
		async nextChunk() {
			body.asked++;
			const pauseMs = pauses.shift();
			if (pauseMs !== undefined) {
				await clock.sleep(pauseMs);
				return Buffer.from('x');
			}
			body.isBroken = ending === 'broken';
			return ending === 'silent' ? await new Promise(() => {}) : undefined;
		},
		discard() {
			body.discarded++;
		},
	});
}

function read(pausesMs, ending, limits = {}) {
	const clock = virtualClock();
	const body = bodyOf(clock, pausesMs, ending);
	let text = '';
	const promise = readWhileAlive(/** @type {any} */ (body), { ...LIMITS, ...limits }, clock, (bytes) => {
		text += Buffer.from(bytes).toString();
	});
	return { clock, body, promise, text: () => text };
}

test('a body that goes on for hours is read to its end', async () => {
	const hours = new Array(100).fill(170_000);
	const { clock, body, promise, text } = read(hours, 'ended');
	expect(await clock.runUntil(promise)).toBe('ended');
	expect(text()).toHaveLength(100);
	expect(body.discarded).toBe(0);
	expect(clock.now() - clock.startMs).toBeGreaterThan(4 * 3_600_000);
});

test('the first bytes may take longer than the others', async () => {
	const { clock, promise } = read([350_000, 100], 'ended');
	expect(await clock.runUntil(promise)).toBe('ended');
});

test.each([
	['before the first byte', [], 360_000],
	['behind it', [1_000], 181_000],
	['after a long time of life', [1_000, 179_000, 179_000], 539_000],
])('silence ends it: %s', async (_name, pauses, endedAfterMs) => {
	const { clock, body, promise } = read(pauses, 'silent');
	expect(await clock.runUntil(promise)).toBe('silent');
	expect(body.discarded).toBe(1);
	const tookMs = clock.now() - clock.startMs;
	expect(tookMs).toBeGreaterThanOrEqual(endedAfterMs);
	expect(tookMs).toBeLessThanOrEqual(endedAfterMs + 1_000);
});

test('a connection that breaks is told from an end', async () => {
	const { clock, body, promise, text } = read([5, 5], 'broken');
	expect(await clock.runUntil(promise)).toBe('broken');
	expect([text(), body.discarded]).toEqual(['xx', 1]);
});

test('a body without end is not kept', async () => {
	const { clock, body, promise } = read(new Array(50).fill(1), 'silent', { maxBytes: 20 });
	expect(await clock.runUntil(promise)).toBe('tooLarge');
	expect([body.asked, body.discarded]).toEqual([21, 1]);
});

test('only one pause is under way at any time', async () => {
	const clock = virtualClock();
	let asleep = 0;
	let most = 0;
	const sleep = async (milliseconds) => {
		most = Math.max(most, ++asleep);
		await clock.sleep(milliseconds);
		asleep--;
	};
	const body = bodyOf(clock, new Array(300).fill(700), 'ended');
	const promise = readWhileAlive(
		/** @type {any} */ (body),
		{ ...LIMITS, maxBytes: 1e6 },
		{ ...clock, sleep },
		() => {},
	);
	await clock.runUntil(promise);
	expect(most).toBe(1);
});

describe('a stop of the execution', () => {
	test('ends the reading at once, in the middle of silence', async () => {
		const clock = virtualClock();
		const body = bodyOf(clock, [10], 'silent');
		let stop = (_error) => {};
		const stopped = new Promise((_resolve, reject) => (stop = reject));
		const sleep = async (milliseconds) => await Promise.race([clock.sleep(milliseconds), stopped]);
		const promise = readWhileAlive(/** @type {any} */ (body), LIMITS, { ...clock, sleep }, () => {
			stop(new GenerationError('cancelled', 'The execution was stopped'));
		});
		await expect(clock.runUntil(promise)).rejects.toMatchObject({ kind: 'cancelled' });
		expect(clock.now() - clock.startMs).toBe(10);
		expect(body.discarded).toBe(1);
	});

	test('is not taken for a broken connection', async () => {
		const clock = virtualClock();
		const body = bodyOf(clock, [], 'broken');
		const sleep = async () => await Promise.reject(new GenerationError('cancelled', 'The execution was stopped'));
		await expect(
			readWhileAlive(/** @type {any} */ (body), LIMITS, { ...clock, sleep }, () => {}),
		).rejects.toMatchObject({
			kind: 'cancelled',
		});
	});
});
