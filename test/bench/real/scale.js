'use strict';

/**
 * `npm run bench -- scale`: whether an item costs more when there are many of them in one execution. Each number of items
 * has a fresh process, which is warmed up first.
 *
 * CPU time is compared item by item. Memory is not: the heap keeps what the warm-up took, so that few items seem to need
 * none at all. It is the step that counts, from one number of items to the next: how much each further item adds.
 */

const { table } = require('../../../scripts/markdown');
const { showSpread, spread, textTable } = require('../report');
const { credentialsOf, images } = require('./contenders');
const { startContenders } = require('./engine');
const { realPart, takeFreshTurns, verdict } = require('./part');

const GOAL_RATIO = 1.2;
const CONCURRENCY = 20;
const PICTURE = { pixels: '16x16', answer: 'b64_json' };
const WARM_UP_ITEMS = 200;
const MEGABYTE = 1e6;
/** CPU time may not grow from this number of items to the largest; memory not from the step that begins here to the next. */
const FROM = 100;
const MIDDLE = 1000;

const options = {
	scaleMost: { type: 'number', default: 5000, quick: 1000, about: 'the largest number of items' },
	scaleRuns: { type: 'number', default: 5, quick: 1, about: 'how often each number is measured' },
};

async function run({ scaleMost, scaleRuns }, { provider, closeAtTheEnd }) {
	await provider.script('images', PICTURE);
	const counts = [10, FROM, MIDDLE].filter((count) => count < scaleMost).concat(scaleMost);
	const credentials = credentialsOf(provider);
	const execute = async (engine, count) =>
		await engine.measure({ workflow: images.own({ count, concurrency: CONCURRENCY }), credentials }, count);
	const start = async () => {
		const engine = await startContenders(closeAtTheEnd, { foreignNodes: {} });
		await execute(engine, WARM_UP_ITEMS);
		return engine;
	};
	const results = await takeFreshTurns(counts.map(String), scaleRuns, start, async (name, engine) => {
		return await execute(engine, Number(name));
	});
	return {
		from: FROM,
		middle: MIDDLE,
		most: scaleMost,
		runs: scaleRuns,
		goalRatio: GOAL_RATIO,
		...judge(counts, results),
	};
}

function judge(counts, results) {
	const rows = counts.map((count) => {
		const costs = results[String(count)];
		const peakMegabytes = spread(costs.map(({ added }) => added.rss / MEGABYTE));
		return { count, cpuMsPerItem: spread(costs.map(({ cpuMs }) => cpuMs / count)), peakMegabytes };
	});
	const [from, middle, last] = [FROM, MIDDLE, counts.at(-1)].map((count) => rows.find((row) => row.count === count));
	const step = (a, b) => (b.peakMegabytes.median - a.peakMegabytes.median) / (b.count - a.count);
	const growth = {
		cpu: last.cpuMsPerItem.median / from.cpuMsPerItem.median,
		// There is no second step in a quick run.
		memory: middle === last ? null : step(middle, last) / step(from, middle),
	};
	return { rows, growth, goalMet: growth.cpu <= GOAL_RATIO && (growth.memory ?? 0) <= GOAL_RATIO };
}

const HEAD = ['items', 'CPU per item, ms', 'memory added at most, MB'];

function rowsOf({ rows }) {
	return rows.map(({ count, cpuMsPerItem, peakMegabytes }) => [
		count.toLocaleString('en-US'),
		showSpread(cpuMsPerItem),
		showSpread(peakMegabytes, 1),
	]);
}

function describeGrowth({ growth: { cpu, memory }, from, middle, most }) {
	const [least, mid, top] = [from, middle, most].map((count) => count.toLocaleString('en-US'));
	const first = `CPU time of an item among ${top}, in relation to one among ${least}: ${cpu.toFixed(2)}`;
	if (memory === null) return first;
	return `${first}. Memory that each item adds from ${mid} to ${top}, in relation to ${least} to ${mid}: ${memory.toFixed(2)}`;
}

function summarize(report) {
	const goal = `Goal: both at most ${report.goalRatio}: ${verdict(report.goalMet)}`;
	return `${textTable(HEAD, rowsOf(report))}\n\n${describeGrowth(report)}\n${goal}`;
}

function sections(report) {
	const { runs, n8n, goalRatio, goalMet } = report;
	return {
		markdown: `One execution of n8n ${n8n} with more and more items of the GPT Image node, each with a file on the disk. Each number in a fresh
process, after ${WARM_UP_ITEMS} items to warm up; median and range of ${runs}.

${table(HEAD, rowsOf(report))}

${describeGrowth(report)}. Goal: both at most ${goalRatio}. ${goalMet ? 'Met.' : 'Missed.'}`,
	};
}

module.exports = realPart({
	title: 'Scale: many items in one execution',
	about: 'CPU time and memory for each item, from 10 to 5,000 items in one execution',
	options,
	run,
	summarize,
	sections,
});
