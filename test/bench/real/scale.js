'use strict';

/**
 * `npm run bench -- scale`: whether an item costs more when there are many of them in one execution.
 *
 * CPU time: one process makes one large execution while another makes as many items in smaller ones.
 * Memory is what is in use at most, not what the process has: that is mostly garbage which Node has not collected yet, and
 * differs from run to run. It has executions of its own, since collecting again and again takes time.
 */

const { setTimeout } = require('node:timers/promises');

const { table } = require('../../../scripts/markdown');
const { openProvider } = require('../provider');
const { showSpread, spread, textTable, upperQuartile } = require('../report');
const { credentialsOf, images } = require('./contenders');
const { startContenders } = require('./engine');
const { startPair } = require('./pair');
const { realPart, verdict } = require('./part');

const GOAL_RATIO = 1.2;
const CONCURRENCY = 20;
const PICTURE = { pixels: '16x16', answer: 'b64_json' };
const WARM_UP = { items: 800, executions: { usual: 2, quick: 1 } };
const KILOBYTE = 1e3;
/** Nothing may grow from this number of items to the largest. */
const FROM = 100;
/** How many executions of so few items one process makes, while the other makes one of a thousand. */
const FEW = { items: 10, executions: { usual: 50, quick: 5 } };
const MANY = 1000;
const IN_MEMORY = { binaryMode: 'default', foreignNodes: {} };
/** What the execution before has left, connections that are closing among it, is gone after so long. */
const SETTLING_MS = 1_000;
/** How often memory is measured, by the number of items; else once. What a few items use is little beside all else. */
const MEMORY_RUNS = new Map([
	[FEW.items, 5],
	[FROM, 10],
]);

const options = {
	scaleMost: { type: 'number', default: 5000, quick: 300, about: 'the largest number of items' },
	scaleRuns: { type: 'number', default: 5, quick: 1, about: 'how often CPU time is measured' },
};

async function run({ scaleMost, scaleRuns, quick }, { closeAtTheEnd }) {
	const counts = [FEW.items, FROM, MANY].filter((count) => count < scaleMost).concat(scaleMost);
	const turns = await measureCpu(closeAtTheEnd, { most: scaleMost, runs: scaleRuns, quick });
	const memory = await measureMemory(closeAtTheEnd, { counts, quick });
	const report = { from: FROM, most: scaleMost, runs: scaleRuns, goalRatio: GOAL_RATIO };
	return { ...report, ...judge(counts, turns, memory) };
}

async function execute(engine, provider, count, measured) {
	const workflow = images.own({ count, concurrency: CONCURRENCY });
	return await engine.measure({ workflow, credentials: credentialsOf(provider) }, count, measured);
}

/**
 * What an item takes in milliseconds of CPU time, when so many executions follow each other. Garbage is collected before the first
 * only: a small execution would find done what a large one has to do.
 */
const perItem = (count, executions) => async (engine, provider) => {
	let cpuMs = 0;
	for (let made = 0; made < executions; made++) {
		cpuMs += (await execute(engine, provider, count, made === 0 ? 'cost' : 'cpu')).cpuMs;
	}
	return cpuMs / count / executions;
};

/** For each run what an item takes in milliseconds, by the number of items. */
async function measureCpu(closeAtTheEnd, { most, runs, quick }) {
	const pair = await startPair(closeAtTheEnd, {
		// A file on the disk for each of so many items takes longer to delete than to make.
		engines: [IN_MEMORY, IN_MEMORY],
		prepare: async (provider) => await provider.script('images', PICTURE),
	});
	const warmUp = perItem(WARM_UP.items, quick ? WARM_UP.executions.quick : WARM_UP.executions.usual);
	await pair.apart([warmUp, warmUp], 0);
	const few = perItem(FEW.items, quick ? FEW.executions.quick : FEW.executions.usual);
	const results = [];
	for (let run = 1; run <= runs; run++) {
		const [ofMost, ofFrom] = await pair.together([perItem(most, 1), perItem(FROM, Math.ceil(most / FROM))], run);
		const [ofMany, ofFew] = await pair.together([perItem(MANY, 1), few], run);
		results.push(
			new Map([
				[FEW.items, ofFew],
				[FROM, ofFrom],
				[MANY, ofMany],
				[most, ofMost],
			]),
		);
		console.log(`  run ${run} of ${runs}`);
	}
	await pair.close();
	return results;
}

/** Kilobytes in use for each item at most, by the number of items. */
async function measureMemory(closeAtTheEnd, { counts, quick }) {
	const provider = await openProvider(closeAtTheEnd);
	await provider.script('images', PICTURE);
	const engine = await startContenders(closeAtTheEnd, { foreignNodes: {} });
	await execute(engine, provider, WARM_UP.items);
	/** @type {Map<number, number[]>} */
	const kilobytes = new Map(counts.map((count) => [count, []]));
	for (const count of counts) {
		const runs = quick ? 1 : (MEMORY_RUNS.get(count) ?? 1);
		for (let run = 1; run <= runs; run++) {
			await setTimeout(SETTLING_MS);
			const { live } = await execute(engine, provider, count, 'live');
			kilobytes.get(count)?.push(live / KILOBYTE / count);
			console.log(`  memory of ${count} items, run ${run} of ${runs}`);
		}
	}
	return kilobytes;
}

function judge(counts, runs, memory) {
	const rows = counts.map((count) => ({
		count,
		cpuMsPerItem: spread(runs.map((costs) => costs.get(count))),
		liveKilobytesPerItem: spread(memory.get(count)),
	}));
	const [from, last] = [FROM, counts.at(-1)];
	const cpu = spread(runs.map((costs) => costs.get(last) / costs.get(from)));
	// Of a few items it is chance how many hold their picture when one looks, and the highest of all still more.
	const live = (count) => upperQuartile(rows.find((row) => row.count === count).liveKilobytesPerItem.values);
	const memoryGrowth = live(last) / live(from);
	const goalMet = cpu.median <= GOAL_RATIO && memoryGrowth <= GOAL_RATIO;
	return { rows, growth: { cpu, memory: memoryGrowth }, goalMet };
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
	return `An item among ${top}, in relation to one among ${least}: CPU time ${showSpread(cpu)}, memory ${memory.toFixed(2)}`;
}

function summarize(report) {
	const goal = `Goal: both at most ${report.goalRatio}: ${verdict(report.goalMet)}`;
	return `${textTable(HEAD, rowsOf(report))}\n\n${describeGrowth(report)}\n${goal}`;
}

function figures({ growth: { cpu, memory }, from, most }) {
	const name = `an item among ${most} ÷ among ${from}`;
	return [
		{ name, kind: 'cpu', value: cpu.median },
		{ name: `memory of ${name}`, kind: 'bytes', value: memory },
	];
}

function sections(report) {
	const { runs, rows, n8n, goalRatio, goalMet } = report;
	return {
		markdown: `Executions of n8n ${n8n} with more and more items of the GPT Image node, each with a file; *Concurrency* ${CONCURRENCY}. CPU time, files in memory: one
process, warmed up, makes the largest execution while another makes as many items in executions of ${FROM}, on the same core, which the system
gives them in turn; then one makes ${MANY.toLocaleString('en-US')} while the other makes executions of ${FEW.items}; median and range of ${runs}. Memory in use, files on the disk, is what a collection of
garbage leaves, looked at ten times in the first second, then less often, and at the end; of ${FROM} items the upper quartile counts.

${table(HEAD, rowsOf(report))}

${describeGrowth(report)}. Goal: both at most ${goalRatio}. ${goalMet ? 'Met.' : 'Missed.'}`,
	};
}

module.exports = realPart({
	method: 5,
	title: 'Scale: many items in one execution',
	about: 'CPU time and memory for each item, from 10 to 5,000 items in one execution',
	options,
	run,
	summarize,
	figures,
	sections,
});
