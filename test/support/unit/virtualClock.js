'use strict';

/** A clock that only moves when everybody who could go on is asleep. */
function virtualClock(startMs = Date.UTC(2026, 10, 21)) {
	let nowMs = startMs;
	/** @type {Array<{atMs: number, wake: () => void}>} */
	const sleepers = [];

	/** Lets all promises that can go on do so. */
	const settleAll = () => new Promise((resolve) => setImmediate(resolve));

	return {
		startMs,
		now: () => nowMs,
		/** @param {number} milliseconds */
		sleep: (milliseconds) =>
			new Promise((wake) => {
				sleepers.push({ atMs: nowMs + milliseconds, wake: () => wake(undefined) });
			}),
		/**
		 * Moves from sleeper to sleeper until the promise is settled; throws when nobody is left to wake.
		 * @param {Promise<unknown>} promise
		 */
		async runUntil(promise) {
			let isSettled = false;
			const settled = () => (isSettled = true);
			promise.then(settled, settled);
			await settleAll();
			while (!isSettled) {
				// The one who fell asleep first is woken first when two wake at the same time.
				const next = sleepers.reduce((first, sleeper) => (sleeper.atMs < first.atMs ? sleeper : first), sleepers[0]);
				if (!next) throw new Error('everybody waits, and nobody sleeps');
				sleepers.splice(sleepers.indexOf(next), 1);
				nowMs = Math.max(nowMs, next.atMs);
				next.wake();
				await settleAll();
			}
			return await promise;
		},
	};
}

module.exports = { virtualClock };
