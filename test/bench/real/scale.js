'use strict';

/**
 * `npm run bench -- scale`: whether an item costs more when there are many of them in one execution. Each number of items
 * has a fresh process, which is warmed up first.
 *
 * Memory is what is in use at most, not what the process has: that is mostly garbage which Node has not collected yet, and
 * differs from run to run. It has an execution of its own, since collecting again and again takes time.
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
const KILOBYTE = 1e3;
/** Nothing may grow from this number of items to the largest. */
const FROM = 100;

const options = {
	scaleMost: { type: 'number', default: 5000, quick: 1000, about: 'the largest number of items' },
	scaleRuns: { type: 'number', default: 5, quick: 1, about: 'how often each number is measured; memory once' },
};

async function run({ scaleMost, scaleRuns }, { provider, closeAtTheEnd }) {
	await provider.script('images', PICTURE);
	const counts = [10, FROM, 1000].filter((count) => count < scaleMost).concat(scaleMost);
	const credentials = credentialsOf(provider);
	const execute = async (engine, count, measured) =>
		await engine.measure({ workflow: images.own({ count, concurrency: CONCURRENCY }), credentials }, count, measured);
	const start = async () => {
		const engine = await startContenders(closeAtTheEnd, { foreignNodes: {} });
		await execute(engine, WARM_UP_ITEMS);
		return engine;
	};
	const names = counts.map(String);
	const measure = (measured) => async (name, engine) => await execute(engine, Number(name), measured);
	const costs = await takeFreshTurns(names, scaleRuns, start, measure('cost'));
	const memory = await takeFreshTurns(names, 1, start, measure('live'));
	const report = { from: FROM, most: scaleMost, runs: scaleRuns, goalRatio: GOAL_RATIO };
	return { ...report, ...judge(counts, costs, memory) };
}

function judge(counts, costs, memory) {
	const rows = counts.map((count) => {
		const [name, perItem] = [String(count), (value) => value / count];
		return {
			count,
			cpuMsPerItem: spread(costs[name].map(({ cpuMs }) => perItem(cpuMs))),
			liveKilobytesPerItem: spread(memory[name].map(({ live }) => perItem(live / KILOBYTE))),
		};
	});
	const [from, last] = [FROM, counts.at(-1)].map((count) => rows.find((row) => row.count === count));
	const growthOf = (figure) => last[figure].median / from[figure].median;
	const growth = { cpu: growthOf('cpuMsPerItem'), memory: growthOf('liveKilobytesPerItem') };
	return { rows, growth, goalMet: growth.cpu <= GOAL_RATIO && growth.memory <= GOAL_RATIO };
}

const HEAD = ['items', 'CPU per item, ms', 'memory in use per item at most, kB'];

function rowsOf({ rows }) {
	return rows.map(({ count, cpuMsPerItem, liveKilobytesPerItem }) => [
		count.toLocaleString('en-US'),
		showSpread(cpuMsPerItem),
		showSpread(liveKilobytesPerItem, 1),
	]);
}

function describeGrowth({ growth: { cpu, memory }, from, most }) {
	const [least, top] = [from, most].map((count) => count.toLocaleString('en-US'));
	return `An item among ${top}, in relation to one among ${least}: CPU time ${cpu.toFixed(2)}, memory ${memory.toFixed(2)}`;
}

function summarize(report) {
	const goal = `Goal: both at most ${report.goalRatio}: ${verdict(report.goalMet)}`;
	return `${textTable(HEAD, rowsOf(report))}\n\n${describeGrowth(report)}\n${goal}`;
}

function figures({ growth: { cpu, memory }, from, most }) {
	const name = `an item among ${most} ÷ among ${from}`;
	return [
		{ name, kind: 'cpu', value: cpu },
		{ name: `memory of ${name}`, kind: 'bytes', value: memory },
	];
}

function sections(report) {
	const { runs, n8n, goalRatio, goalMet } = report;
	return {
		markdown: `One execution of n8n ${n8n} with more and more items of the GPT Image node, each with a file on the disk. Each number in a fresh
process, after ${WARM_UP_ITEMS} items to warm up; median and range of ${runs}, memory once. Memory in use is what a collection of garbage leaves, looked at
every half second and at the end. Our node with *Concurrency* ${CONCURRENCY}.

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
	figures,
	sections,
});
