'use strict';

const fc = require('fast-check');

const { describeSeen, observe, startWaiting } = require('../../../build/nodes/core/video/waiting');
const {
	expectJustBefore,
	limitsOf,
	lookAt,
	MINUTE,
	RUNNING,
	SECOND,
	seeing,
	START,
	waitFor,
} = require('../../support/unit/waits');

describe('the first look', () => {
	test('at a new job comes after the shortest pause', () => {
		expect(startWaiting(limitsOf({ minPollMs: 10 * SECOND })).decision).toEqual({ kind: 'wait', pauseMs: 10_000 });
	});

	test('at a job that was there before comes at once', () => {
		const { decision } = startWaiting(limitsOf({ isNew: false, minPollMs: 10 * SECOND }));
		expect(decision.kind).toBe('wait');
		expect(decision.pauseMs).toBeLessThan(100);
	});

	test("comes after the user's own pause where one was chosen", () => {
		expect(startWaiting(limitsOf({ fixedPollMs: 3_500 })).decision.pauseMs).toBe(3_500);
	});

	test.each([5 * SECOND, 50])('comes by the deadline of %i ms, however long the shortest pause is', (maxWaitMs) => {
		const { pauseMs } = startWaiting(limitsOf({ maxWaitMs, minPollMs: 15 * SECOND })).decision;
		expect(pauseMs).toBeGreaterThan(0);
		expect(pauseMs).toBeLessThanOrEqual(maxWaitMs);
	});
});

describe('whole waits', () => {
	const durations = Array.from({ length: 171 }, (_value, index) => 83 + index);
	const randoms = [0, 0.25, 0.5, 0.75, 0.999999];

	test.each(randoms)('look first at the shortest pause, then at half the usual time (random %d)', (random) => {
		const { looks } = waitFor(200, limitsOf({ typicalMs: 180 * SECOND, minPollMs: 10 * SECOND }), random);
		expect(looks[0]).toBe(10);
		expect(looks[1]).toBeGreaterThanOrEqual(86);
		expect(looks[1]).toBeLessThanOrEqual(94);
	});

	test('without any randomness the second look is exactly at half the usual time', () => {
		const { looks } = waitFor(200, limitsOf({ typicalMs: 180 * SECOND, minPollMs: 10 * SECOND }), 0.5);
		expect(looks.slice(0, 3)).toEqual([10, 90, 100]);
	});

	test.each([
		// Server, shortest pause, usual time, most looks that a job of 253 seconds may need, share of the time elapsed.
		['an unknown server, usual time known', 5, 180, 22, 0.0615],
		['APIYI, usual time known', 10, 180, 19, 0.0615],
		['LaoZhang, usual time known', 15, 180, 14, 0.0615],
		['an unknown server, usual time unknown', 5, undefined, 18, 0.12],
		['APIYI, usual time unknown', 10, undefined, 17, 0.12],
	])('%s: few looks, and none much later than needed', (_name, minPoll, typical, mostLooks, share) => {
		const limits = limitsOf({ minPollMs: minPoll * SECOND, typicalMs: typical && typical * SECOND });
		for (const random of randoms) {
			for (const duration of durations) {
				const { ending, looks, atSeconds } = waitFor(duration, limits, random);
				expect(ending).toBe('ended');
				expect(looks.length).toBeLessThanOrEqual(mostLooks);
				const step = 1.05 * Math.max(minPoll, share * duration);
				// With the usual time known the second look is at half of it; otherwise pauses of 20 seconds begin before 75.
				const firstThatMatters = typical === undefined ? 75 + 1.05 * 20 : minPoll + 1.05 * (typical / 2 - minPoll);
				const latest = Math.max(duration + step, firstThatMatters);
				expect(atSeconds).toBeGreaterThanOrEqual(duration);
				expect(atSeconds).toBeLessThanOrEqual(latest + 0.01);
			}
		}
	});

	test('the mean delay is about half of a step: 3 % of the time that jobs take', () => {
		const limits = limitsOf({ minPollMs: 5 * SECOND, typicalMs: 180 * SECOND });
		const delays = durations.flatMap((duration) =>
			randoms.map((random) => (waitFor(duration, limits, random).atSeconds - duration) / duration),
		);
		const mean = delays.reduce((sum, delay) => sum + delay, 0) / delays.length;
		expect(mean).toBeGreaterThan(0.015);
		expect(mean).toBeLessThan(0.04);
	});

	test('after half the usual time each step is 6.15 % of the time elapsed, within the shortest pause and 29 seconds', () => {
		const limits = limitsOf({ minPollMs: 5 * SECOND, typicalMs: 40 * SECOND, maxWaitMs: 60 * MINUTE });
		const { looks } = waitFor(2_000, limits, 0.5);
		expect(looks.slice(0, 3)).toEqual([5, 20, 25]);
		for (let index = 2; index < looks.length; index++) {
			const expected = Math.min(29, Math.max(5, 0.0615 * looks[index - 1]));
			expect(looks[index] - looks[index - 1]).toBeCloseTo(expected, 6);
		}
	});

	test.each([
		[2, [2, 4, 8, 16, 32, 52, 72, 92]],
		[5, [5, 10, 20, 40, 60, 80, 89.6]],
		[15, [15, 30, 50, 70, 90, 105]],
	])('without a usual time and with pauses from %i s the pauses double, to 20 seconds', (minPoll, expected) => {
		const { looks } = waitFor(2_000, limitsOf({ minPollMs: minPoll * SECOND, maxWaitMs: 60 * MINUTE }), 0.5);
		expect(looks.slice(0, expected.length)).toEqual(expected);
		for (let index = expected.length; index < looks.length; index++) {
			const pause = Math.min(29, Math.max(minPoll, 0.12 * looks[index - 1]));
			expect(looks[index] - looks[index - 1]).toBeCloseTo(pause, 6);
		}
	});

	test('two jobs that were created together are soon looked at apart', () => {
		const limits = limitsOf({ minPollMs: 5 * SECOND, typicalMs: 180 * SECOND });
		const [one, other] = [0.1, 0.9].map((random) => waitFor(250, limits, random).looks);
		expect(Math.abs(one[1] - other[1])).toBeGreaterThan(2);
	});

	test("the user's own pause is kept to the millisecond, whatever the usual time and the progress are", () => {
		const limits = limitsOf({ fixedPollMs: 7_500, minPollMs: 10 * SECOND, typicalMs: 180 * SECOND });
		const { looks } = waitFor(60, limits, 0.9, () => seeing('in_progress', 80));
		expect(looks).toEqual([7.5, 15, 22.5, 30, 37.5, 45, 52.5, 60]);
	});

	test('a job that was finished before is found with one look', () => {
		const { looks, ending } = waitFor(0, limitsOf({ isNew: false }), 0.5);
		expect(looks).toHaveLength(1);
		expect(ending).toBe('ended');
	});

	test.each(['completed', 'failed', 'cancelled', 'expired'])('end when the server says %s', (status) => {
		const { decision } = lookAt(MINUTE, { kind: 'job', job: { status, statusWord: status } }, limitsOf());
		expect(decision).toEqual({ kind: 'ended' });
	});

	test('state may be stored as JSON between any two looks', () => {
		const limits = limitsOf({ typicalMs: 180 * SECOND });
		const plain = waitFor(233, limits, 0.3);
		const stored = waitFor(233, limits, 0.3, RUNNING, (state) => JSON.parse(JSON.stringify(state)));
		expect(stored).toEqual(plain);
	});
});

describe('the deadline', () => {
	test('one last look comes just before it, then the wait gives up', () => {
		const { ending, looks, atSeconds } = waitFor(10_000, limitsOf({ maxWaitMs: 5 * MINUTE }), 0.5);
		expect(ending).toBe('giveUp');
		expect(looks.filter((at) => at > 299)).toHaveLength(1);
		expectJustBefore(300, atSeconds);
	});

	test('a job that ends just before it is still found', () => {
		expect(waitFor(299, limitsOf({ maxWaitMs: 5 * MINUTE }), 0.5).ending).toBe('ended');
	});

	test.each([1, 5, 9, 400, 900])('with %i ms left the pause is above zero and not beyond it', (leftMs) => {
		const { decision } = lookAt(MINUTE - leftMs, RUNNING(), limitsOf({ maxWaitMs: MINUTE }));
		expect(decision.kind).toBe('wait');
		expect(decision.pauseMs).toBeGreaterThan(0);
		expect(decision.pauseMs).toBeLessThanOrEqual(leftMs);
	});

	test.each([0, 1, MINUTE])('%i ms after it nothing is waited for', (lateMs) => {
		expect(lookAt(MINUTE + lateMs, RUNNING(), limitsOf({ maxWaitMs: MINUTE })).decision.kind).toBe('giveUp');
	});

	test('a job that has ended is ended, even after it', () => {
		expect(lookAt(2 * MINUTE, seeing('completed'), limitsOf({ maxWaitMs: MINUTE })).decision.kind).toBe('ended');
	});
});

describe('progress', () => {
	test('shortens the pause to half of what is left by it', () => {
		const limits = limitsOf({ typicalMs: 600 * SECOND, minPollMs: 5 * SECOND });
		expect(lookAt(100 * SECOND, seeing('in_progress', 50), limits).decision.pauseMs).toBe(50 * SECOND);
		expect(lookAt(100 * SECOND, RUNNING(), limits).decision.pauseMs).toBe(200 * SECOND);
	});

	test('that goes backwards is a slip of the server', () => {
		const limits = limitsOf();
		const { state } = lookAt(50 * SECOND, seeing('in_progress', 60), limits);
		const next = observe(state, seeing('in_progress', 20), START + 60 * SECOND, 0.5);
		expect(next.state.progressPercent).toBe(60);
	});

	test('never makes a pause longer, and never shorter than the shortest', () => {
		const any = {
			progress: fc.double({ min: 0, max: 100, noNaN: true }),
			elapsed: fc.nat(900),
			random: fc.constantFrom(0, 0.5, 0.99),
		};
		fc.assert(
			fc.property(fc.record(any), fc.option(fc.nat(600)), ({ progress, elapsed, random }, typical) => {
				const limits = limitsOf({ typicalMs: typical === null ? undefined : typical * SECOND, minPollMs: 5 * SECOND });
				const told = lookAt(elapsed * SECOND, seeing('in_progress', progress), limits, { random }).decision;
				const untold = lookAt(elapsed * SECOND, RUNNING(), limits, { random }).decision;
				expect(told.pauseMs).toBeLessThanOrEqual(untold.pauseMs);
				expect(told.pauseMs).toBeGreaterThanOrEqual(5_000);
			}),
		);
	});
});

describe('what was seen', () => {
	test('is counted for the message', () => {
		const limits = limitsOf();
		let { state } = startWaiting(limits);
		expect(describeSeen(state)).toBe('nothing');
		const unavailable = { kind: 'noAnswer', label: '503' };
		for (const observation of [
			seeing('queued'),
			seeing('queued'),
			unavailable,
			{ kind: 'notFound' },
			seeing(undefined),
		]) {
			({ state } = observe(state, observation, START + SECOND, 0.5));
		}
		expect(state.polls).toBe(5);
		expect(state.seen).toEqual({ queued: 2, 503: 1, 404: 1, 'no status': 1 });
		expect(describeSeen(state)).toContain('queued 2×');
		expect(state.lastStatusWord).toBe('queued');
	});

	test('is never written into the state that was handed in', () => {
		const { state } = startWaiting(limitsOf());
		const before = JSON.stringify(state);
		observe(state, seeing('queued', 30), START + SECOND, 0.5);
		observe(state, { kind: 'notFound' }, START + SECOND, 0.5);
		expect(JSON.stringify(state)).toBe(before);
	});
});
