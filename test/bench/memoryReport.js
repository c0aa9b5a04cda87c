'use strict';

const MEGABYTE = 1e6;
/** The goal: a download with our node adds at most this much more memory than the bare helper does. */
const GOAL = { ratio: 1.1, megabytes: 16 };

function summarize(runs) {
	const sorted = runs.map(({ added }) => added.rss / MEGABYTE).sort((a, b) => a - b);
	const middle = sorted.length / 2;
	const median = (sorted[Math.ceil(middle) - 1] + sorted[Math.floor(middle)]) / 2;
	return { median, lowest: sorted[0], highest: sorted.at(-1), runs };
}

/** What the runs of an engine say about the goal; all sizes in megabytes of added RSS. */
function compare(engine, { own, bare }) {
	const summaries = { own: summarize(own), bare: summarize(bare) };
	const differenceMegabytes = summaries.own.median - summaries.bare.median;
	const ratio = summaries.own.median / summaries.bare.median;
	const goalMet = ratio <= GOAL.ratio || differenceMegabytes <= GOAL.megabytes;
	return { engine, ...summaries, ratio, differenceMegabytes, goalMet };
}

/** The comparisons as a table for a terminal. */
function toTable(comparisons) {
	const show = ({ median, lowest, highest }) => `${median.toFixed(1)} (${lowest.toFixed(1)}–${highest.toFixed(1)})`;
	const rows = [
		['engine', 'our node, MB', 'bare helper, MB', 'ratio', 'difference, MB', 'goal met'],
		...comparisons.map(({ engine, own, bare, ratio, differenceMegabytes, goalMet }) => [
			engine,
			show(own),
			show(bare),
			ratio.toFixed(2),
			differenceMegabytes.toFixed(1),
			goalMet ? 'yes' : 'no',
		]),
	];
	const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
	const toLine = (row) => row.map((cell, column) => cell.padEnd(widths[column])).join('  ');
	return rows.map(toLine).join('\n');
}

module.exports = { GOAL, MEGABYTE, compare, toTable };
