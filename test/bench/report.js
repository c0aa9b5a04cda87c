'use strict';

/** What reports of all benchmarks have in common: medians with their range, and tables for a terminal. */

/** The middle value; of an even number of values the mean of the two in the middle. */
function median(values) {
	const sorted = [...values].sort((a, b) => a - b);
	const middle = sorted.length / 2;
	return (sorted[Math.ceil(middle - 0.5)] + sorted[Math.ceil(middle) - 1]) / 2;
}

/** What three quarters of the values do not exceed: of five the fourth. */
function upperQuartile(values) {
	return values.toSorted((a, b) => a - b)[Math.round((values.length - 1) * 0.75)];
}

/** Median and range of several runs, and the runs themselves. */
function spread(values) {
	return { median: median(values), lowest: Math.min(...values), highest: Math.max(...values), values };
}

/** `1.02 (1.01–1.05)`; of a single value `1.02 (once)` */
function showSpread({ median: middle, lowest, highest, values }, digits = 2) {
	if (values.length === 1) return `${middle.toFixed(digits)} (once)`;
	return `${middle.toFixed(digits)} (${lowest.toFixed(digits)}–${highest.toFixed(digits)})`;
}

/**
 * A table for a terminal, its columns side by side.
 * @param {string[]} head
 * @param {string[][]} rows
 */
function textTable(head, rows) {
	const lines = [head, ...rows];
	const widths = head.map((_, column) => Math.max(...lines.map((row) => row[column].length)));
	return lines
		.map((row) =>
			row
				.map((cell, column) => cell.padEnd(widths[column]))
				.join('  ')
				.trimEnd(),
		)
		.join('\n');
}

module.exports = { showSpread, spread, textTable, upperQuartile };
