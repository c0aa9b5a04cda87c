'use strict';

/** How far two runs of the same benchmark agree: the document shows it, so that nobody need trust a single run. */

const { table } = require('../../scripts/markdown');
const { textTable } = require('./report');

/** By how many percent a ratio may differ from that of the run before, by what it is a ratio of. */
const LIMITS_PERCENT = { wall: 15, cpu: 5, bytes: 5 };
const NAMES = { wall: 'wall time', cpu: 'CPU time', bytes: 'bytes' };

/**
 * @typedef {object} Figure what should be the same in every run: a ratio, or the size of something
 * @property {string} name
 * @property {keyof typeof LIMITS_PERCENT} kind
 * @property {number} value
 */

/**
 * The report with the figures of an older one of the same benchmark; without them where nothing can be compared: a first
 * report, a quick one, or one with another method, other settings, another n8n or another machine.
 */
function withBefore(part, report, older) {
	if (!part.figures || !older || report.settings.quick || conditionsOf(older) !== conditionsOf(report)) return report;
	return { ...report, before: { measuredAt: older.measuredAt, figures: part.figures(older) } };
}

function conditionsOf({ method = 1, settings, machine, n8n, engineNode }) {
	return JSON.stringify([method, settings, machine.cpu, machine.cores, n8n, engineNode]);
}

/**
 * For each kind of figure the one that differs most from that of the run before.
 * @returns {Array<{kind: Figure['kind'], count: number, name: string, before: number, now: number, percent: number, isMet: boolean}>}
 */
function largestDifferences(part, report) {
	if (!report.before) return [];
	const older = new Map(report.before.figures.map(({ name, value }) => [name, value]));
	const compared = part
		.figures(report)
		.filter(({ name }) => older.has(name))
		.map(({ name, kind, value: now }) => {
			const before = older.get(name);
			const percent = Math.abs(now / before - 1) * 100;
			return { kind, name, before, now, percent, isMet: percent <= LIMITS_PERCENT[kind] };
		});
	return /** @type {Array<Figure['kind']>} */ (Object.keys(LIMITS_PERCENT)).flatMap((kind) => {
		const ofKind = compared.filter((one) => one.kind === kind);
		const largest = ofKind.toSorted((a, b) => b.percent - a.percent)[0];
		return largest ? [{ ...largest, count: ofKind.length }] : [];
	});
}

const HEAD = ['Benchmark', 'Ratios of', 'How many', 'Largest difference', 'Before', 'Now', 'Where'];

function rowsOf(parts, reports) {
	return Object.entries(reports).flatMap(([name, report]) =>
		largestDifferences(parts[name], report).map(({ kind, count, name: figure, before, now, percent, isMet }) => [
			name,
			NAMES[kind],
			String(count),
			`${percent.toFixed(1)} %${isMet ? '' : ', too much'}`,
			before.toFixed(3),
			now.toFixed(3),
			figure,
		]),
	);
}

const AIM = `ratios of wall time within ${LIMITS_PERCENT.wall} %, of CPU time and bytes within ${LIMITS_PERCENT.cpu} %`;

/** For a terminal; empty when there is nothing to compare. */
function summarizeRepeat(parts, reports) {
	const rows = rowsOf(parts, reports);
	return rows.length === 0 ? '' : `In relation to the run before (goal: ${AIM})\n\n${textTable(HEAD, rows)}`;
}

/** For the document; empty when there is nothing to compare. */
function repeatSection(parts, reports) {
	const rows = rowsOf(parts, reports);
	if (rows.length === 0) return '';
	return `## Repeated

Each benchmark in relation to its run before: of all its ratios the one that differs most. Goal: ${AIM}.

${table(HEAD, rows)}`;
}

module.exports = { repeatSection, summarizeRepeat, withBefore };
