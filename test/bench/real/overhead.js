'use strict';

/**
 * `npm run bench -- overhead`: what an item costs this machine when the server answers at once, with our node and with n8n's
 * own. All send the same request. The pictures are tiny, so that it is the nodes that are measured.
 *
 * Comparisons of like with like: with files in memory our node against the HTTP Request node alone, both of which then keep
 * the picture as base64 in the item; with files on the disk against what n8n's own nodes do to end with a file; and each time
 * with as many items at once.
 */

const { table } = require('../../../scripts/markdown');
const { showSpread, spread, textTable } = require('../report');
const { FOREIGN_NODES, credentialsOf, images } = require('./contenders');
const { usableCores } = require('./cores');
const { startPair } = require('./pair');
const { realPart, verdict } = require('./part');

const GOAL_RATIO = 1.5;
const SOME = 20;
const PICTURE = { pixels: '16x16', answer: 'b64_json' };
/** Executions of each pair before the first that counts, with half of the items: then nothing gets much faster any more. */
const WARM_UPS = 2;
/** What an execution takes varies by 3 to 5 percent: each run is the sum of some. */
const EXECUTIONS_OF_RUN = 2;
/**
 * Executions in which each side has a core for itself: on a shared one it could not listen while the other works. They come
 * first, and in all processes: one that has done more is warmer, and so the rival's code gains more than ours.
 */
const APART = 2;
/** What a process takes differs a little from that of another that does the same: the runs are shared among so many. */
const PROCESSES = { usual: 2, quick: 1 };

const some = (workflow) => (wish) => workflow({ ...wish, concurrency: SOME, atOnce: SOME });
const oneByOne = (workflow) => (wish) => workflow({ ...wish, concurrency: 1 });

/** Our node and its rival, those in a row with the same engines; those that take long with fewer items. */
const PAIRS = [
	{
		binaryMode: 'default',
		comparisons: [
			{
				atOnce: 'all',
				share: 1,
				own: { title: 'GPT Image', workflow: images.own },
				rival: { title: 'HTTP Request', workflow: images.request },
			},
			{
				atOnce: String(SOME),
				share: 1 / 2,
				own: { title: 'GPT Image', workflow: some(images.own) },
				rival: { title: 'HTTP Request in Loop Over Items', workflow: some(images.requestInLoop) },
			},
		],
	},
	{
		binaryMode: 'filesystem',
		notQuick: true,
		comparisons: [
			{
				atOnce: 'all',
				share: 1 / 2,
				own: { title: 'GPT Image', workflow: images.own },
				rival: { title: 'HTTP Request, Convert to File', workflow: images.requestAndFile },
			},
			{
				atOnce: '1',
				share: 1 / 8,
				own: { title: 'GPT Image', workflow: oneByOne(images.own) },
				rival: { title: 'OpenAI', workflow: images.openAi },
			},
		],
	},
];

const options = {
	overheadItems: { type: 'number', default: 1000, quick: 200, about: 'items of one execution' },
	overheadRuns: { type: 'number', default: 5, quick: 1, about: 'how often each pair is measured' },
};

async function run({ overheadItems, overheadRuns, quick }, { closeAtTheEnd }) {
	const processes = quick ? PROCESSES.quick : PROCESSES.usual;
	const pairs = PAIRS.filter(({ notQuick }) => !quick || !notQuick);
	const measured = pairs.map(({ comparisons }) =>
		comparisons.map(() => ({ cpuMsPerItem: [], eventLoopDelayP99Ms: [] })),
	);
	// In turn, so that each comparison sees more than one minute of the machine.
	for (const runs of shares(overheadRuns, processes)) {
		for (const [index, pair] of pairs.entries()) {
			const more = await measureProcesses(closeAtTheEnd, pair, overheadItems, runs);
			for (const [number, values] of more.entries()) {
				measured[index][number].cpuMsPerItem.push(...values.cpuMsPerItem);
				measured[index][number].eventLoopDelayP99Ms.push(...values.eventLoopDelayP99Ms);
			}
		}
	}
	const results = pairs.flatMap(({ binaryMode, comparisons }, index) =>
		comparisons.map((comparison, number) => ({
			atOnce: comparison.atOnce,
			binaryMode,
			items: itemsOf(comparison, overheadItems),
			...judge(comparison, measured[index][number]),
		})),
	);
	const isBound = usableCores().length > 0;
	return { runs: overheadRuns, processes, goalRatio: GOAL_RATIO, isBound, comparisons: results };
}

const itemsOf = ({ share }, most) => Math.ceil(most * share);

/** A number of runs shared among processes, as evenly as it can be; none gets nothing. */
function shares(runs, processes) {
	const count = Math.min(runs, processes);
	return Array.from({ length: count }, (_, index) => Math.floor((runs + index) / count));
}

/** What each comparison gives in fresh processes. */
async function measureProcesses(closeAtTheEnd, { binaryMode, comparisons }, most, runs) {
	// As many nodes as in a real n8n, on both sides: what is loaded makes garbage more expensive to collect.
	const engine = { binaryMode, foreignNodes: FOREIGN_NODES };
	const pair = await startPair(closeAtTheEnd, {
		engines: [engine, engine],
		prepare: async (provider) => await provider.script('images', PICTURE),
	});
	const measured = [];
	for (const comparison of comparisons) {
		measured.push(await measureComparison(pair, comparison, { items: itemsOf(comparison, most), runs }));
	}
	await pair.close();
	return measured;
}

function judge({ own, rival }, { cpuMsPerItem, eventLoopDelayP99Ms }) {
	const ratio = spread(cpuMsPerItem.map(([one, other]) => one / other));
	return {
		sides: [own, rival].map(({ title }, side) => ({
			title,
			cpuMsPerItem: spread(cpuMsPerItem.map((both) => both[side])),
			eventLoopDelayP99Ms: spread(eventLoopDelayP99Ms.map((both) => both[side])),
		})),
		ratio,
		goalMet: ratio.median <= GOAL_RATIO,
	};
}

/**
 * CPU time of each run, and event loop delay of each execution that had a core for itself; of both sides each.
 * @returns {Promise<{cpuMsPerItem: number[][], eventLoopDelayP99Ms: number[][]}>}
 */
async function measureComparison(pair, { own, rival }, { items, runs }) {
	const execute = (count) =>
		[own, rival].map(({ workflow }) => async (engine, provider) => {
			const request = {
				workflow: workflow({ count, baseUrl: provider.baseUrl }),
				credentials: credentialsOf(provider),
			};
			return await engine.measure(request, count);
		});
	for (let warmUp = 1; warmUp <= WARM_UPS; warmUp++) await pair.apart(execute(Math.ceil(items / 2)));
	const eventLoopDelayP99Ms = [];
	for (let execution = 1; execution <= APART; execution++) {
		const costs = await pair.apart(execute(items));
		eventLoopDelayP99Ms.push(costs.map((cost) => cost.eventLoopDelayP99Ms));
	}
	const cpuMsPerItem = [];
	for (let run = 1; run <= runs; run++) {
		const sums = [0, 0];
		for (let execution = 1; execution <= EXECUTIONS_OF_RUN; execution++) {
			const costs = await pair.together(execute(items));
			for (const [side, { cpuMs }] of costs.entries()) sums[side] += cpuMs;
		}
		cpuMsPerItem.push(sums.map((cpuMs) => cpuMs / items / EXECUTIONS_OF_RUN));
		console.log(`  run ${run} of ${runs}`);
	}
	return { cpuMsPerItem, eventLoopDelayP99Ms };
}

const where = ({ binaryMode }) => (binaryMode === 'default' ? 'in memory' : 'on the disk');

const HEAD = ['Files', 'At once', 'Items', '', 'CPU per item, ms', 'Event loop delay (99 %), ms', 'Ours ÷ this'];

function rowsOf({ comparisons }) {
	return comparisons.flatMap((comparison) =>
		comparison.sides.map(({ title, cpuMsPerItem, eventLoopDelayP99Ms }, side) => [
			...(side === 0 ? [where(comparison), comparison.atOnce, comparison.items.toLocaleString('en-US')] : ['', '', '']),
			title,
			showSpread(cpuMsPerItem),
			showSpread(eventLoopDelayP99Ms, 0),
			side === 0 ? '' : showSpread(comparison.ratio),
		]),
	);
}

function summarize(report) {
	const met = report.comparisons.every(({ goalMet }) => goalMet);
	return `${textTable(HEAD, rowsOf(report))}\n\nGoal: at most ${report.goalRatio} times: ${verdict(met)}`;
}

function figures({ comparisons }) {
	return comparisons.map(({ sides, atOnce, ratio, ...comparison }) => ({
		name: `${sides.map(({ title }) => title).join(' ÷ ')}, ${atOnce} at once, files ${where(comparison)}`,
		kind: 'cpu',
		value: ratio.median,
	}));
}

function sections(report) {
	const { runs, processes, n8n, goalRatio, isBound, comparisons } = report;
	const missed = comparisons.filter(({ goalMet }) => !goalMet);
	const cores = isBound
		? 'on one core, which the system gives them in turn for some milliseconds, with their servers on another'
		: 'on a system that cannot bind a process to a core';
	return {
		markdown: `Items with an image that the server has at once, in one execution of n8n ${n8n}; CPU time of n8n's process. Our node and what it is compared
with work at the same moment, ${cores}.
Garbage is collected before each execution. Median and range of ${runs} runs of ${EXECUTIONS_OF_RUN} executions, in ${processes} processes of each side after one another. The event loop delay is that of executions before, in which
each side has a core for itself. *At once*: our node's *Concurrency*; the HTTP Request node sends all requests
at once by itself, behind Loop Over Items some at a time, and the OpenAI node makes one image after the other. With files in memory
both nodes keep the picture as base64 in the item; on the disk all end with a file.

${table(HEAD, rowsOf(report))}

Goal: at most ${goalRatio} times the CPU time of n8n's own nodes. ${missed.length === 0 ? 'Met.' : `Missed against ${missed.map(({ sides }) => sides[1].title).join(', ')}.`}`,
	};
}

module.exports = realPart({
	method: 5,
	title: 'Overhead: CPU time for each item',
	about: "the CPU time of an item that the server answers at once, beside n8n's own nodes",
	options,
	run,
	summarize,
	figures,
	sections,
});
