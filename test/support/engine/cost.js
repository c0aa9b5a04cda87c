'use strict';

const { monitorEventLoopDelay } = require('node:perf_hooks');

const SAMPLE_EVERY_MS = 20;
/** How often the event loop is looked at; the histogram holds what lies between two looks. */
const RESOLUTION_MS = 5;
const NANOSECONDS = 1e6;

/**
 * Begins to measure what this process does; `stop` gives what it took. Sizes are in bytes: `added` is how far the memory
 * rose above its size at the beginning, `retained` what is still held after a collection of garbage (0 without
 * `--expose-gc`). CPU time is that of all threads.
 * @param {'cost' | 'memory'} what of `memory` the process first gives back what it no longer needs: what it once took
 *   while it loaded code would otherwise hide what is added. That makes the code cold, too, and CPU time useless.
 */
function startMeasuring(what) {
	collectGarbage();
	if (what === 'memory') globalThis.gc?.({ type: 'major', execution: 'sync', flavor: 'last-resort' });
	const before = process.memoryUsage();
	const highest = { ...before };
	let samples = 0;
	const sample = () => {
		samples++;
		for (const [kind, bytes] of Object.entries(process.memoryUsage())) highest[kind] = Math.max(highest[kind], bytes);
	};
	const timer = setInterval(sample, SAMPLE_EVERY_MS);
	const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
	delay.enable();
	const cpuBefore = process.cpuUsage();
	const startedMs = performance.now();
	return {
		stop() {
			const wallMs = performance.now() - startedMs;
			const { user, system } = process.cpuUsage(cpuBefore);
			delay.disable();
			clearInterval(timer);
			sample();
			collectGarbage();
			const after = process.memoryUsage();
			const held = ({ heapUsed, external }) => heapUsed + external;
			return {
				wallMs,
				cpuMs: (user + system) / 1000,
				eventLoopDelayP99Ms: Math.max(0, delay.percentile(99) / NANOSECONDS - RESOLUTION_MS),
				added: Object.fromEntries(Object.keys(before).map((kind) => [kind, highest[kind] - before[kind]])),
				retained: globalThis.gc ? held(after) - held(before) : 0,
				samples,
			};
		},
	};
}

/** Twice: what the first collection finalizes is freed by the second. */
function collectGarbage() {
	globalThis.gc?.();
	globalThis.gc?.();
}

module.exports = { collectGarbage, startMeasuring };
