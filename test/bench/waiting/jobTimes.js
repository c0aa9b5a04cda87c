'use strict';

/**
 * How long jobs take, in seconds: each distribution by its quantile function. `short` has half of its jobs evenly between 83 s
 * and the median of 105 s, the others up to 253 s, the rarer the longer. The other two are even.
 */
const DISTRIBUTIONS = {
	short: {
		title: '83–253 s, median 105',
		medianSeconds: 105,
		quantile: (part) => (part < 0.5 ? 83 + 22 * (part / 0.5) : 105 + 148 * ((part - 0.5) / 0.5) ** 2),
	},
	middle: { title: '3–5 min', medianSeconds: 240, quantile: (part) => 180 + 120 * part },
	long: { title: '8–10 min', medianSeconds: 540, quantile: (part) => 480 + 120 * part },
};

/**
 * Durations of so many jobs, in seconds: one from each of as many equal parts of the distribution, so that the mean hardly
 * depends on chance.
 * @param {{quantile: (part: number) => number}} distribution
 * @param {() => number} random in [0, 1)
 */
function drawSeconds({ quantile }, jobs, random) {
	return Array.from({ length: jobs }, (_, index) => quantile((index + random()) / jobs));
}

module.exports = { DISTRIBUTIONS, drawSeconds };
