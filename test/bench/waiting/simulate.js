'use strict';

const { observe, startWaiting } = require('../../../build/nodes/core/video/waiting');

const START_MS = Date.UTC(2026, 10, 21, 12);
const HOUR_MS = 3_600_000;

/**
 * Waits for one job with the node's own rules, on a clock that only looks and pauses move; answers take no time.
 * @param {number} durationSeconds
 * @param {object} wish
 * @param {number} wish.minPollSeconds the server's shortest pause
 * @param {number} [wish.fixedSeconds] the user's own pause
 * @param {number} [wish.typicalSeconds] how long such jobs are said to take
 * @param {(part: number) => number} [wish.progress] what a job reports after this part of its time, in percent
 * @param {() => number} random in [0, 1)
 * @returns {{delaySeconds: number, polls: number}} from the end of the job to the look that saw it, and how many looks
 */
function waitOnce(durationSeconds, { minPollSeconds, fixedSeconds, typicalSeconds, progress }, random) {
	let { state, decision } = startWaiting({
		startedAtMs: START_MS,
		maxWaitMs: HOUR_MS,
		minPollMs: minPollSeconds * 1000,
		fixedPollMs: fixedSeconds && fixedSeconds * 1000,
		typicalMs: typicalSeconds && typicalSeconds * 1000,
		isNew: true,
		isOwn: true,
	});
	let elapsedMs = 0;
	while (decision.kind === 'wait') {
		elapsedMs += decision.pauseMs;
		const part = elapsedMs / 1000 / durationSeconds;
		const job =
			part >= 1
				? { status: 'completed', statusWord: 'completed' }
				: { status: 'running', statusWord: 'in_progress', progressPercent: progress?.(part) };
		({ state, decision } = observe(state, { kind: 'job', job }, START_MS + elapsedMs, random()));
	}
	if (decision.kind !== 'ended') throw new Error(`The wait ended with ${decision.kind}`);
	return { delaySeconds: elapsedMs / 1000 - durationSeconds, polls: state.polls };
}

/** Means over many jobs: the delay as a share of the time that the job took, and the number of looks. */
function waitForAll(durationsSeconds, wish, random) {
	let delayShares = 0;
	let polls = 0;
	for (const seconds of durationsSeconds) {
		const wait = waitOnce(seconds, wish, random);
		delayShares += wait.delaySeconds / seconds;
		polls += wait.polls;
	}
	return { delayPercent: (100 * delayShares) / durationsSeconds.length, polls: polls / durationsSeconds.length };
}

module.exports = { waitForAll };
