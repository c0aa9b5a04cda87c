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
/** Turns of each comparison before the first that counts, with half of the items: then nothing gets much faster any more. */
const WARM_UPS = 4;
/**
 * Turns in which each work has a core for itself: on a shared one it could not listen while the other works. They come first:
 * a process that has done more is warmer, and so the rival's code gains more than ours.
 */
const APART = 2;
/** Each run is the sum of some turns, an even number: the sides change their work from one to the next. */
const TURNS_OF_RUN = 2;

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
				share: 1 / 4,
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
	const pairs = PAIRS.filter(({ notQuick }) => !quick || !notQuick);
	const opened = await Promise.all(pairs.map(async (pair) => await open(closeAtTheEnd, pair, overheadItems)));
	const measurements = opened.flat();
	for (const measurement of measurements) await warmUp(measurement);
	// In turn, so that each sees all minutes of the machine: what is compared differs from one to the next by some percent.
	for (let run = 1; run <= overheadRuns; run++) {
		for (const measurement of measurements) await measureRun(measurement);
		console.log(`  run ${run} of ${overheadRuns}`);
	}
	const isBound = usableCores().length > 0;
	return { runs: overheadRuns, goalRatio: GOAL_RATIO, isBound, comparisons: measurements.map(judge) };
}

/** Starts what a pair needs, the same engine for both sides, and gives what is to be measured with it. */
async function open(closeAtTheEnd, { binaryMode, comparisons }, most) {
	// As many nodes as in a real n8n: what is loaded makes garbage more expensive to collect.
	const engine = { binaryMode, foreignNodes: FOREIGN_NODES };
	const pair = await startPair(closeAtTheEnd, {
		engines: [engine, engine],
		prepare: async (provider) => await provider.script('images', PICTURE),
	});
	return comparisons.map(({ share, ...comparison }) => {
		const items = Math.ceil(most * share);
		return { ...comparison, binaryMode, items, pair, cpuMsPerItem: [], eventLoopDelayP99Ms: [] };
	});
}

/** What our node and its rival do. */
function execute({ own, rival }, count) {
	return [own, rival].map(({ workflow }) => async (engine, provider) => {
		const request = {
			workflow: workflow({ count, baseUrl: provider.baseUrl }),
			credentials: credentialsOf(provider),
		};
		return await engine.measure(request, count);
	});
}

/** Makes both sides warm, and notes the event loop delay. */
async function warmUp({ pair, items, eventLoopDelayP99Ms, ...comparison }) {
	const some = execute(comparison, Math.ceil(items / 2));
	for (let turn = 0; turn < WARM_UPS; turn++) await pair.apart(some, turn);
	for (let turn = 0; turn < APART; turn++) {
		const costs = await pair.apart(execute(comparison, items), turn);
		eventLoopDelayP99Ms.push(costs.map((cost) => cost.eventLoopDelayP99Ms));
	}
}

/** Notes the CPU time of an item. */
async function measureRun({ pair, items, cpuMsPerItem, ...comparison }) {
	const sums = [0, 0];
	for (let turn = 0; turn < TURNS_OF_RUN; turn++) {
		const costs = await pair.together(execute(comparison, items), turn);
		for (const [side, { cpuMs }] of costs.entries()) sums[side] += cpuMs;
	}
	cpuMsPerItem.push(sums.map((cpuMs) => cpuMs / items / TURNS_OF_RUN));
}

function judge({ atOnce, binaryMode, items, own, rival, cpuMsPerItem, eventLoopDelayP99Ms }) {
	const ratio = spread(cpuMsPerItem.map(([one, other]) => one / other));
	return {
		atOnce,
		binaryMode,
		items,
		sides: [own, rival].map(({ title }, side) => ({
			title,
			cpuMsPerItem: spread(cpuMsPerItem.map((both) => both[side])),
			eventLoopDelayP99Ms: spread(eventLoopDelayP99Ms.map((both) => both[side])),
		})),
		ratio,
		goalMet: ratio.median <= GOAL_RATIO,
	};
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
	const { runs, n8n, goalRatio, isBound, comparisons } = report;
	const missed = comparisons.filter(({ goalMet }) => !goalMet);
	const cores = isBound
		? 'on one core, which the system gives them in turn for some milliseconds, with their servers on another'
		: 'on a system that cannot bind a process to a core';
	return {
		markdown: `Items with an image that the server has at once, in one execution of n8n ${n8n}; CPU time of n8n's process. Our node and what it is compared
with work at the same moment, ${cores}.
Garbage is collected before each execution. Median and range of ${runs} runs of ${TURNS_OF_RUN} executions, between which the two processes change their
work; the comparisons take turns. The event loop delay is that of executions before, in which each node has a core for itself. *At once*: our node's *Concurrency*; the HTTP Request node sends all requests
at once by itself, behind Loop Over Items some at a time, and the OpenAI node makes one image after the other. With files in memory
both nodes keep the picture as base64 in the item; on the disk all end with a file.

${table(HEAD, rowsOf(report))}

Goal: at most ${goalRatio} times the CPU time of n8n's own nodes. ${missed.length === 0 ? 'Met.' : `Missed against ${missed.map(({ sides }) => sides[1].title).join(', ')}.`}`,
	};
}

module.exports = realPart({
	method: 6,
	title: 'Overhead: CPU time for each item',
	about: "the CPU time of an item that the server answers at once, beside n8n's own nodes",
	options,
	run,
	summarize,
	figures,
	sections,
});
