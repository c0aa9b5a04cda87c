'use strict';

/** Looks that see no job do not end the wait for it: a failed poll is not a failed job. */

const { describeSeen } = require('../../../build/nodes/core/video/waiting');
const {
	expectJustBefore,
	limitsOf,
	lookAt,
	MINUTE,
	RUNNING,
	SECOND,
	seeing,
	waitFor,
} = require('../../support/unit/waits');

describe('looks that fail', () => {
	const busy = (retryAfterMs) => ({ kind: 'noAnswer', label: '503', retryAfterMs });

	test.each(['429', '500', '502', '503', '504', 'ECONNRESET', 'ETIMEDOUT', '200 unreadable'])(
		'%s again and again does not end the wait before the deadline',
		(label) => {
			const { ending, atSeconds } = waitFor(9_999, limitsOf({ maxWaitMs: 20 * MINUTE }), 0.5, () => ({
				kind: 'noAnswer',
				label,
			}));
			expect(ending).toBe('giveUp');
			expectJustBefore(1_200, atSeconds);
		},
	);

	test('an unknown word keeps waiting until the deadline, and is told', () => {
		const { ending, atSeconds, state } = waitFor(9_999, limitsOf({ maxWaitMs: 5 * MINUTE }), 0.5, () =>
			seeing('in review'),
		);
		expect(ending).toBe('giveUp');
		expectJustBefore(300, atSeconds);
		expect(describeSeen(state)).toMatch(/^in review \d+×$/);
	});

	test.each([20_001, 45_000, 100_000])('Retry-After of %i ms is obeyed to the millisecond', (retryAfterMs) => {
		expect(lookAt(MINUTE, busy(retryAfterMs), limitsOf()).decision).toEqual({ kind: 'wait', pauseMs: retryAfterMs });
	});

	test('Retry-After never shortens the planned pause', () => {
		const limits = limitsOf({ typicalMs: 180 * SECOND });
		expect(lookAt(10 * SECOND, busy(1), limits).decision).toEqual(
			lookAt(10 * SECOND, busy(undefined), limits).decision,
		);
	});

	test('Retry-After of zero does not lead to looks without a pause', () => {
		expect(lookAt(MINUTE, busy(0), limitsOf({ minPollMs: 5 * SECOND })).decision.pauseMs).toBeGreaterThanOrEqual(5_000);
	});

	test('Retry-After beyond the deadline gives up at once: it is not cut short', () => {
		const limits = limitsOf({ maxWaitMs: 5 * MINUTE });
		expect(lookAt(4 * MINUTE, busy(MINUTE + 1), limits).decision).toEqual({ kind: 'giveUp' });
	});

	test.each([0, 1, 250, 499])(
		'Retry-After that ends %i ms before the deadline is obeyed for the last look',
		(restMs) => {
			const limits = limitsOf({ maxWaitMs: 5 * MINUTE, fixedPollMs: 2 * MINUTE });
			const { decision } = lookAt(4 * MINUTE, busy(MINUTE - restMs), limits);
			expect(decision.kind).toBe('wait');
			expect(decision.pauseMs).toBeGreaterThanOrEqual(MINUTE - restMs);
			expect(decision.pauseMs).toBeLessThanOrEqual(MINUTE);
		},
	);

	test('a refusal to show the job ends the wait when it comes four times in a row', () => {
		const { ending, looks } = waitFor(999, limitsOf(), 0.5, () => ({ kind: 'refused' }));
		expect(ending).toBe('notVisible');
		expect(looks).toHaveLength(4);
	});

	test('three refusals in a row do not, nor do more with a look in between', () => {
		let look = 0;
		const { ending } = waitFor(9_999, limitsOf({ maxWaitMs: 5 * MINUTE }), 0.5, () =>
			++look % 4 === 0 ? RUNNING() : { kind: 'refused' },
		);
		expect(ending).toBe('giveUp');
	});
});

describe('a job that is not found', () => {
	const missing = () => ({ kind: 'notFound' });

	test('is given up after the fourth look in a row', () => {
		const { ending, looks } = waitFor(999, limitsOf({ isNew: false }), 0.5, missing);
		expect(ending).toBe('notVisible');
		expect(looks).toHaveLength(4);
	});

	test('is not given up within its first 60 seconds when it is new', () => {
		const { ending, looks, atSeconds } = waitFor(999, limitsOf({ fixedPollMs: 5 * SECOND }), 0.5, missing);
		expect(ending).toBe('notVisible');
		expect(atSeconds).toBe(60);
		expect(looks).toHaveLength(12);
	});

	test('is given up after four looks when it is new and these take longer than 60 seconds', () => {
		const { looks } = waitFor(999, limitsOf({ typicalMs: 180 * SECOND }), 0.5, missing);
		expect(looks).toHaveLength(4);
	});

	test.each([
		['seen', RUNNING()],
		['hidden by a failure of the server', { kind: 'noAnswer', label: '503' }],
	])('is waited for when it is %s in between', (_name, between) => {
		let look = 0;
		const { ending } = waitFor(9_999, limitsOf({ isNew: false, maxWaitMs: 5 * MINUTE }), 0.5, () =>
			++look % 3 === 0 ? between : missing(),
		);
		expect(ending).toBe('giveUp');
	});
});
