'use strict';

const { isFinal } = require('../../../build/nodes/core/video/job');
const { observe, startWaiting } = require('../../../build/nodes/core/video/waiting');

const SECOND = 1_000;
const MINUTE = 60_000;
const START = Date.UTC(2026, 10, 21, 12);

/** Limits of a wait for a job that was just created at a server of which nothing is known. */
function limitsOf(change = {}) {
	return { startedAtMs: START, maxWaitMs: 20 * MINUTE, minPollMs: 5 * SECOND, isNew: true, isOwn: true, ...change };
}

const STATUS_OF_WORD = { queued: 'queued', in_progress: 'running', completed: 'completed', failed: 'failed' };

/** A look that saw the job with this word of the server. */
function seeing(statusWord, progressPercent = undefined) {
	return { kind: 'job', job: { status: STATUS_OF_WORD[statusWord] ?? 'unknown', statusWord, progressPercent } };
}

const RUNNING = () => seeing('in_progress');

/**
 * A whole wait on a clock of its own: the job is finished after `durationSeconds`, until then looks see `before()`.
 * @returns how it ended, the seconds at which the looks were, and when it was over
 */
function waitFor(durationSeconds, limits, random, before = RUNNING, store = (state) => state) {
	let { state, decision } = startWaiting(limits);
	let elapsedMs = 0;
	const looks = [];
	while (decision.kind === 'wait') {
		elapsedMs += decision.pauseMs;
		looks.push(elapsedMs / SECOND);
		const isDone = elapsedMs >= durationSeconds * SECOND;
		const observation = isDone ? seeing('completed') : before();
		if (!isDone && observation.kind === 'job' && isFinal(observation.job.status)) throw new Error('ended too early');
		({ state, decision } = observe(store(state), observation, limits.startedAtMs + elapsedMs, random));
	}
	return { ending: decision.kind, looks, atSeconds: elapsedMs / SECOND, state };
}

/** The first look of a wait, after so many milliseconds, and what was decided. */
function lookAt(elapsedMs, observation, limits, { random = 0.5 } = {}) {
	return observe(startWaiting(limits).state, observation, START + elapsedMs, random);
}

/** The last look leaves the server a moment to answer. */
function expectJustBefore(deadlineSeconds, atSeconds) {
	expect(atSeconds).toBeGreaterThan(deadlineSeconds - 1);
	expect(atSeconds).toBeLessThan(deadlineSeconds);
}

module.exports = { expectJustBefore, limitsOf, lookAt, MINUTE, RUNNING, SECOND, seeing, START, waitFor };
