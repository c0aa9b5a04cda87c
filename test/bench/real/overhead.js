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
const { FOREIGN_NODES, LIGHT_NODES, credentialsOf, images } = require('./contenders');
const { usableCores } = require('./cores');
const { measurePair, ratioOf } = require('./pair');
const { realPart, verdict } = require('./part');

const GOAL_RATIO = 1.5;
const SOME = 20;
const PICTURE = { pixels: '16x16', answer: 'b64_json' };
/** Turns of each pair before the first that counts, with half of the items: then nothing gets much faster any more. */
const WARM_UPS = 2;

const some = (workflow) => (wish) => workflow({ ...wish, concurrency: SOME, atOnce: SOME });
const oneByOne = (workflow) => (wish) => workflow({ ...wish, concurrency: 1 });

/** Our node and its rival; those that take long with fewer items, some of them more often. */
const COMPARISONS = [
	{
		atOnce: 'all',
		binaryMode: 'default',
		share: 1,
		own: { title: 'GPT Image', workflow: images.own },
		rival: { title: 'HTTP Request', workflow: images.request },
	},
	{
		atOnce: String(SOME),
		binaryMode: 'default',
		share: 1 / 2,
		times: 2,
		own: { title: 'GPT Image', workflow: some(images.own) },
		rival: { title: 'HTTP Request in Loop Over Items', workflow: some(images.requestInLoop) },
	},
	{
		atOnce: 'all',
		binaryMode: 'filesystem',
		share: 1,
		own: { title: 'GPT Image', workflow: images.own },
		rival: { title: 'HTTP Request, Convert to File', workflow: images.requestAndFile },
	},
	{
		atOnce: '1',
		binaryMode: 'filesystem',
		share: 1 / 5,
		own: { title: 'GPT Image', workflow: oneByOne(images.own) },
		rival: { title: 'OpenAI', workflow: images.openAi, foreignNodes: FOREIGN_NODES },
		notQuick: true,
	},
];

const options = {
	overheadItems: { type: 'number', default: 1000, quick: 200, about: 'items of one execution' },
	overheadRuns: { type: 'number', default: 5, quick: 1, about: 'how often each pair is measured' },
};

async function run({ overheadItems, overheadRuns, quick }, { closeAtTheEnd }) {
	const comparisons = [];
	for (const comparison of COMPARISONS.filter(({ notQuick }) => !quick || !notQuick)) {
		const { atOnce, binaryMode, share, times = 1, own, rival } = comparison;
		const items = Math.ceil(overheadItems * share);
		const work = ({ workflow }) => {
			return async (engine, provider, isWarmUp) => {
				const count = isWarmUp ? Math.ceil(items / 2) : items;
				const request = {
					workflow: workflow({ count, baseUrl: provider.baseUrl }),
					credentials: credentialsOf(provider),
				};
				const cost = await engine.measure(request, count, 'cpu');
				return { cpuMsPerItem: cost.cpuMs / count, eventLoopDelayP99Ms: cost.eventLoopDelayP99Ms };
			};
		};
		const turns = await measurePair(closeAtTheEnd, {
			engines: [own, rival].map(({ foreignNodes = LIGHT_NODES }) => ({ binaryMode, foreignNodes })),
			prepare: async (provider) => await provider.script('images', PICTURE),
			work: [own, rival].map(work),
			warmUps: WARM_UPS,
			runs: overheadRuns * times,
		});
		const ratio = ratioOf(turns.map(([one, other]) => [one.cpuMsPerItem, other.cpuMsPerItem]));
		const sides = [own, rival].map(({ title }, side) => ({
			title,
			cpuMsPerItem: spread(turns.map((turn) => turn[side].cpuMsPerItem)),
			eventLoopDelayP99Ms: spread(turns.map((turn) => turn[side].eventLoopDelayP99Ms)),
		}));
		comparisons.push({ atOnce, binaryMode, items, sides, ratio, goalMet: ratio.median <= GOAL_RATIO });
		console.log(`  ${sides.map(({ title }) => title).join(' ÷ ')}, ${atOnce} at once: ${showSpread(ratio)}`);
	}
	return { runs: overheadRuns, goalRatio: GOAL_RATIO, isBound: usableCores().length > 1, comparisons };
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
		? 'each on a core of its own together with its server. A run is two turns, the second with the cores changed: one may be slower than the other for minutes'
		: 'on a system that cannot bind a process to a core';
	return {
		markdown: `Items with an image that the server has at once, in one execution of n8n ${n8n}; CPU time of n8n's process. Our node and what it is compared
with work at the same moment, ${cores}.
After ${WARM_UPS} turns to warm up; median and range of ${runs} runs, twice as many with half of the items. *At once*: our node's *Concurrency*; the HTTP Request node sends all requests
at once by itself, behind Loop Over Items some at a time, and the OpenAI node makes one image after the other. With files in memory
both nodes keep the picture as base64 in the item; on the disk all end with a file.

${table(HEAD, rowsOf(report))}

Goal: at most ${goalRatio} times the CPU time of n8n's own nodes. ${missed.length === 0 ? 'Met.' : `Missed against ${missed.map(({ sides }) => sides[1].title).join(', ')}.`}`,
	};
}

module.exports = realPart({
	method: 2,
	title: 'Overhead: CPU time for each item',
	about: "the CPU time of an item that the server answers at once, beside n8n's own nodes",
	options,
	run,
	summarize,
	figures,
	sections,
});
