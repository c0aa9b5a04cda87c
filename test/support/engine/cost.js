'use strict';

const { monitorEventLoopDelay } = require('node:perf_hooks');

const SAMPLE_EVERY_MS = 20;
/** Also an execution of a fifth of a second is looked at while it is under way; later at every tenth of the time so far. */
const LIVE_SAMPLE_EVERY_MS = 100;
const LIVE_SAMPLES = 10;
/** How often the event loop is looked at; the histogram holds what lies between two looks. */
const RESOLUTION_MS = 5;
const NANOSECONDS = 1e6;

/**
 * Begins to measure what this process does; `stop` gives what it took. Sizes are in bytes: `added` is how far the memory
 * rose above its size at the beginning. CPU time is that of all threads.
 * @param {'cost' | 'cpu' | 'live'} what garbage is collected first; not with `cpu`, where a small execution would find done what a
 *   large one has to do. With `live` it is collected before each look, too (with `--expose-gc`), so that `live` is the most that
 *   was in use at once; that takes so much CPU time that nothing else is worth measuring then
 */
function startMeasuring(what) {
	if (what !== 'cpu') collectGarbage();
	const before = process.memoryUsage();
	const highest = { ...before };
	const held = ({ heapUsed, external }) => heapUsed + external;
	let live = 0;
	const sample = () => {
		if (what === 'live') globalThis.gc?.();
		const now = process.memoryUsage();
		live = Math.max(live, held(now) - held(before));
		for (const [kind, bytes] of Object.entries(now)) highest[kind] = Math.max(highest[kind], bytes);
	};
	const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
	delay.enable();
	const cpuBefore = process.cpuUsage();
	const startedMs = performance.now();
	let timer = setTimeout(look, SAMPLE_EVERY_MS);
	function look() {
		sample();
		const liveMs = Math.max(LIVE_SAMPLE_EVERY_MS, (performance.now() - startedMs) / LIVE_SAMPLES);
		timer = setTimeout(look, what === 'live' ? liveMs : SAMPLE_EVERY_MS);
	}
	return {
		stop() {
			const wallMs = performance.now() - startedMs;
			const { user, system } = process.cpuUsage(cpuBefore);
			delay.disable();
			clearTimeout(timer);
			sample();
			return {
				wallMs,
				cpuMs: (user + system) / 1000,
				eventLoopDelayP99Ms: Math.max(0, delay.percentile(99) / NANOSECONDS - RESOLUTION_MS),
				added: Object.fromEntries(Object.keys(before).map((kind) => [kind, highest[kind] - before[kind]])),
				live,
			};
		},
	};
}

/** Twice: what the first collection finalizes is freed by the second. */
function collectGarbage() {
	globalThis.gc?.();
	globalThis.gc?.();
}

/**
 * Gives the system back what this process took while it loaded code and no longer needs: it would hide what is added after
 * that. Drops compiled code, too, so that CPU time is not worth measuring after it. Does nothing without `--expose-gc`.
 */
function giveBackMemory() {
	globalThis.gc?.({ type: 'major', execution: 'sync', flavor: 'last-resort' });
}

module.exports = { collectGarbage, giveBackMemory, startMeasuring };
