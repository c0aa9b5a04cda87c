'use strict';

const { Readable } = require('node:stream');

const { StreamBody } = require('../../build/nodes/adapter/responseBody');

const TIMEOUT_MS = 5_000;

/** @param {Readable} stream */
const bodyOf = (stream) =>
	new StreamBody(/** @type {any} */ (stream), { now: () => Date.now(), timeoutMs: TIMEOUT_MS });
/** An answer that goes on and on, as long as somebody pushes into it. */
const openStream = () => new Readable({ read() {} });

describe('a body that is watched over', () => {
	beforeEach(() => jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate'] }));
	afterEach(() => jest.useRealTimers());

	test('costs no timer of its own, and none once it has been read', async () => {
		const bodies = Array.from({ length: 50 }, () => bodyOf(Readable.from([Buffer.from('{}')])));
		const answers = await Promise.all(bodies.map(async (body) => await body.text()));
		expect(new Set(answers.map(({ text }) => text))).toEqual(new Set(['{}']));
		expect(jest.getTimerCount()).toBe(1);
		await jest.advanceTimersByTimeAsync(1_000);
		expect(jest.getTimerCount()).toBe(0);
	});

	test('is broken off when it is silent for too long, while another that speaks is not', async () => {
		const [silent, alive] = [openStream(), openStream()];
		const texts = [silent, alive].map(async (stream) => await bodyOf(stream).text());
		for (const stream of [silent, alive]) stream.push('a');
		for (let second = 1; second <= 8; second++) {
			await jest.advanceTimersByTimeAsync(1_000);
			alive.push('b');
		}
		expect([silent.destroyed, alive.destroyed]).toEqual([true, false]);
		alive.push(null);
		expect(await Promise.all(texts)).toEqual([{ text: 'a', problem: 'truncated' }, { text: 'abbbbbbbb' }]);
		await jest.advanceTimersByTimeAsync(1_000);
		expect(jest.getTimerCount()).toBe(0);
	});

	test('is not broken off before its time', async () => {
		const stream = openStream();
		const text = bodyOf(stream).text();
		stream.push('a');
		await jest.advanceTimersByTimeAsync(TIMEOUT_MS - 1);
		expect(stream.destroyed).toBe(false);
		await jest.advanceTimersByTimeAsync(2_000);
		expect(await text).toEqual({ text: 'a', problem: 'truncated' });
	});
});
