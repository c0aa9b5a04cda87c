'use strict';

/**
 * docs/performance.md and its plots, made from docs/performance.json: there the last report of each benchmark is kept, so
 * that a run of some of them leaves the others as they are. Nothing in the document comes from anywhere else.
 */

const { existsSync, mkdirSync, readFileSync, writeFileSync } = require('node:fs');
const path = require('node:path');

const { ROOT } = require('../../scripts/steps');
const { PARTS } = require('./parts');
const { repeatSection, summarizeRepeat, withBefore } = require('./repeat');

const REPORTS = path.join('docs', 'performance.json');
const DOCUMENT = path.join('docs', 'performance.md');
const PLOTS = path.join('docs', 'images');

const INTRODUCTION = `# Performance

Made by \`npm run bench\` (\`npm run bench -- quick\`: the same in two minutes, with rougher figures; \`-- --help\`: the single
benchmarks and their options). All figures come from [performance.json](performance.json), which holds the last report of each
benchmark. Ratios travel from machine to machine, seconds do not.`;

/** The reports of which the documents were made; none when there are none yet. */
function readReports(root = ROOT) {
	const file = path.join(root, REPORTS);
	return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
}

/**
 * Puts the reports in the place of older ones of the same benchmarks and makes all documents anew.
 * @returns {string} how far they agree with the older ones, for a terminal
 */
function writeDocuments(reports) {
	const older = readReports();
	const compared = Object.fromEntries(
		Object.entries(reports).map(([name, report]) => [name, withBefore(PARTS[name], report, older[name])]),
	);
	mkdirSync(path.join(ROOT, PLOTS), { recursive: true });
	for (const [file, text] of Object.entries(render({ ...older, ...compared }))) {
		writeFileSync(path.join(ROOT, file), text);
	}
	return summarizeRepeat(PARTS, compared);
}

/**
 * The documents of these reports.
 * @returns {Record<string, string>} the text of each file, by its path from the root of the project
 */
function render(reports) {
	const names = Object.keys(PARTS).filter((name) => PARTS[name].sections && isReadable(PARTS[name], reports[name]));
	const kept = Object.fromEntries(names.map((name) => [name, reports[name]]));
	const texts = [INTRODUCTION];
	/** @type {Record<string, string>} */
	const files = {};
	for (const name of names) {
		const { title, markdown, plots = {} } = PARTS[name].sections(reports[name]);
		texts.push(`## ${title}`, markdown.trim(), `<sub>${describeRun(reports[name])}</sub>`);
		for (const [fileName, svg] of Object.entries(plots)) files[path.join(PLOTS, fileName)] = svg;
	}
	const repeat = repeatSection(PARTS, kept);
	if (repeat) texts.push(repeat);
	return {
		[REPORTS]: `${JSON.stringify(kept, undefined, '\t')}\n`,
		[DOCUMENT]: `${texts.join('\n\n')}\n`,
		...files,
	};
}

/** Reports of another method may hold other things. */
function isReadable({ method = 1 }, report) {
	return report !== undefined && (report.method ?? 1) === method;
}

function describeRun({ measuredAt, tookSeconds, machine, settings, engineNode }) {
	const { cores, cpu, memoryGigabytes, platform, node, loadBefore } = machine;
	const how = settings.quick ? 'A quick run of' : 'Measured on';
	const where = `${cores} cores (${cpu}), ${memoryGigabytes} GB, ${platform}, Node ${engineNode ?? node}`;
	return `${how} ${measuredAt.slice(0, 10)} in ${tookSeconds} s: ${where}; load before it ${loadBefore}.`;
}

module.exports = { readReports, render, writeDocuments };
