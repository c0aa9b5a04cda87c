'use strict';

/** What holds of every wait, whatever the server does and the user chose. */

const fc = require('fast-check');

const { observe, startWaiting } = require('../../../build/nodes/core/video/waiting');
const { limitsOf, MINUTE, START } = require('../../support/unit/waits');

const status = fc.constantFrom('queued', 'running', 'unknown', 'queued', 'running', 'completed', 'failed');
const observation = fc.oneof(
	fc.record({
		kind: fc.constant('job'),
		job: fc.record(
			{ status, statusWord: fc.string(), progressPercent: fc.double({ min: 0, max: 100, noNaN: true }) },
			{ requiredKeys: ['status'] },
		),
	}),
	fc.constant({ kind: 'notFound' }),
	fc.record(
		{ kind: fc.constant('noAnswer'), label: fc.string(), retryAfterMs: fc.oneof(fc.nat(1_000), fc.nat(200_000)) },
		{ requiredKeys: ['kind', 'label'] },
	),
);
/** Observations that do not end a job themselves, so that the wait must. */
const endless = observation.filter((seen) => seen.kind !== 'job' || !['completed', 'failed'].includes(seen.job.status));

const limits = fc
	.record({
		maxWaitMs: fc.integer({ min: 10, max: 10 * MINUTE }),
		minPollMs: fc.integer({ min: 500, max: 60_000 }),
		fixedPollMs: fc.option(fc.double({ min: 500, max: 900_000, noNaN: true }), { nil: undefined }),
		typicalMs: fc.option(fc.nat(20 * MINUTE), { nil: undefined }),
		isNew: fc.boolean(),
		isOwn: fc.boolean(),
	})
	.map(limitsOf);
const random = fc.double({ min: 0, max: 0.9999999, noNaN: true });

describe('observe', () => {
	test('decides on a pause above zero that ends by the deadline, or ends the wait', () => {
		const fraction = fc.double({ min: 0, max: 1.2, noNaN: true });
		fc.assert(
			fc.property(
				limits,
				fc.array(observation, { minLength: 1, maxLength: 5 }),
				fraction,
				random,
				(wish, seen, part, chance) => {
					const elapsedMs = wish.maxWaitMs * part;
					let { state } = startWaiting(wish);
					for (const entry of seen) {
						const result = observe(state, entry, START + elapsedMs, chance);
						state = result.state;
						const { decision } = result;
						expect(['wait', 'ended', 'notVisible', 'giveUp']).toContain(decision.kind);
						if (decision.kind !== 'wait') continue;
						expect(decision.pauseMs).toBeGreaterThan(0);
						expect(elapsedMs + decision.pauseMs).toBeLessThanOrEqual(wish.maxWaitMs + 1e-6);
					}
				},
			),
			{ numRuns: 1_000 },
		);
	});

	test('never asks for a second look within what the server asked to be spared', () => {
		fc.assert(
			fc.property(limits, fc.nat(10 * MINUTE), fc.nat(10 * MINUTE), random, (wish, elapsedMs, retryAfterMs, chance) => {
				const busy = { kind: 'noAnswer', label: '429', retryAfterMs };
				const { decision } = observe(startWaiting(wish).state, busy, START + elapsedMs, chance);
				if (decision.kind === 'wait') expect(decision.pauseMs).toBeGreaterThanOrEqual(retryAfterMs);
			}),
			{ numRuns: 1_000 },
		);
	});
});

describe('a whole wait', () => {
	/** Looks take this long; gives the time at which the wait was over. */
	function run(wish, sequence, chances, lookMs) {
		let { state, decision } = startWaiting(wish);
		let nowMs = START;
		for (let look = 0; decision.kind === 'wait'; look++) {
			// The shortest possible pause between two looks is 10 ms, so this many looks would be a loop without end.
			if (look > 2 + wish.maxWaitMs / 10) throw new Error('the wait does not end');
			nowMs += decision.pauseMs;
			if (nowMs - START > wish.maxWaitMs + 1e-6) throw new Error('a look began after the deadline');
			nowMs += lookMs;
			({ state, decision } = observe(state, sequence[look % sequence.length], nowMs, chances[look % chances.length]));
		}
		return { elapsedMs: nowMs - START, decision };
	}

	const sequences = fc.array(endless, { minLength: 1, maxLength: 8 });
	const chances = fc.array(random, { minLength: 1, maxLength: 5 });

	test('ends by the deadline plus nothing, whatever is seen', () => {
		fc.assert(
			fc.property(limits, sequences, chances, (wish, sequence, numbers) => {
				const { elapsedMs, decision } = run(wish, sequence, numbers, 0);
				expect(['giveUp', 'notVisible']).toContain(decision.kind);
				expect(elapsedMs).toBeLessThanOrEqual(wish.maxWaitMs + 1e-6);
			}),
			{ numRuns: 300 },
		);
	});

	test('ends by the deadline plus one look when looks take their time', () => {
		fc.assert(
			fc.property(
				limits,
				sequences,
				chances,
				fc.integer({ min: 1, max: 30_000 }),
				(wish, sequence, numbers, lookMs) => {
					const { elapsedMs } = run(wish, sequence, numbers, lookMs);
					expect(elapsedMs).toBeLessThanOrEqual(wish.maxWaitMs + lookMs + 1e-6);
				},
			),
			{ numRuns: 300 },
		);
	});
});
