'use strict';

/**
 * `npm run bench -- overhead`: what an item costs this machine when the server answers at once, with our node and with n8n's
 * own. All send the same request. The pictures are tiny, so that it is the nodes that are measured.
 *
 * Two comparisons of like with like: with files in memory our node against the HTTP Request node alone, both of which
 * then keep the picture as base64 in the item; with files on the disk against what n8n's own nodes do to end with a file.
 */

const { table } = require('../../../scripts/markdown');
const { median, showSpread, spread, textTable } = require('../report');
const { credentialsOf, images } = require('./contenders');
const { startContenders } = require('./engine');
const { realPart, takeTurns, verdict } = require('./part');

const GOAL_RATIO = 1.5;
const CONCURRENCY = 20;
const PICTURE = { pixels: '16x16', answer: 'b64_json' };

const KINDS = {
	ownInMemory: { title: 'GPT Image', workflow: images.own, binaryMode: 'default' },
	requestInMemory: { title: 'HTTP Request', workflow: images.request, binaryMode: 'default' },
	own: { title: 'GPT Image', workflow: images.own, binaryMode: 'filesystem' },
	requestAndFile: {
		title: 'HTTP Request, Convert to File',
		workflow: images.requestAndFile,
		binaryMode: 'filesystem',
	},
	/** It works on one item after the other. */
	openAi: { title: 'OpenAI', workflow: images.openAi, binaryMode: 'filesystem', isSlow: true },
};
/** What each of our kinds is compared with. */
const RIVALS = { ownInMemory: ['requestInMemory'], own: ['requestAndFile', 'openAi'] };

const options = {
	overheadItems: { type: 'number', default: 1000, quick: 200, about: 'items of the measured execution' },
	overheadRuns: {
		type: 'number',
		default: 5,
		quick: 1,
		about: 'how often each kind is measured; the OpenAI node once',
	},
};

/** What is slow takes too long for a quick run. */
function kindsOf(isQuick) {
	return Object.keys(KINDS).filter((kind) => !isQuick || !KINDS[kind].isSlow);
}

async function run({ overheadItems, overheadRuns, quick }, { provider, closeAtTheEnd }) {
	await provider.script('images', PICTURE);
	const credentials = credentialsOf(provider);
	const { baseUrl } = provider;
	/** @type {Record<string, any>} */
	const engines = {};
	const execute = async (kind, count) => {
		const workflow = KINDS[kind].workflow({ count, concurrency: CONCURRENCY, baseUrl });
		return await engines[kind].measure({ workflow, credentials }, count);
	};
	const kinds = kindsOf(quick);
	const starting = kinds.map((kind) => startContenders(closeAtTheEnd, { binaryMode: KINDS[kind].binaryMode }));
	const started = await Promise.all(starting);
	for (const [index, kind] of kinds.entries()) {
		engines[kind] = started[index];
		// All code is loaded and compiled before anything is measured.
		await execute(kind, Math.ceil(overheadItems / (KINDS[kind].isSlow ? 4 : 2)));
	}
	const measure = async (kind) => await execute(kind, overheadItems);
	const [slow, fast] = [true, false].map((isSlow) => kinds.filter((kind) => (KINDS[kind].isSlow ?? false) === isSlow));
	const results = { ...(await takeTurns(fast, overheadRuns, measure)), ...(await takeTurns(slow, 1, measure)) };
	return { items: overheadItems, runs: overheadRuns, goalRatio: GOAL_RATIO, ...compare(results, overheadItems) };
}

function compare(results, items) {
	const kinds = Object.fromEntries(
		Object.entries(results).map(([kind, costs]) => [
			kind,
			{
				cpuMsPerItem: spread(costs.map(({ cpuMs }) => cpuMs / items)),
				eventLoopDelayP99Ms: spread(costs.map(({ eventLoopDelayP99Ms }) => eventLoopDelayP99Ms)),
			},
		]),
	);
	const ratios = Object.entries(RIVALS).flatMap(([own, rivals]) =>
		rivals
			.filter((rival) => results[rival])
			.map((rival) => {
				// Run by run: what slows the machine down for a while meets both.
				const ownMedian = median(results[own].map(({ cpuMs }) => cpuMs));
				const ofRun = (index) => (KINDS[rival].isSlow ? ownMedian : results[own][index].cpuMs);
				const ratio = spread(results[rival].map(({ cpuMs }, index) => ofRun(index) / cpuMs));
				return { own, rival, ratio, goalMet: ratio.median <= GOAL_RATIO };
			}),
	);
	return { kinds, ratios };
}

const where = (kind) => (KINDS[kind].binaryMode === 'default' ? 'in memory' : 'on the disk');

function rowsOf({ kinds, ratios }) {
	return Object.entries(kinds).map(([kind, { cpuMsPerItem, eventLoopDelayP99Ms }]) => [
		KINDS[kind].title,
		where(kind),
		showSpread(cpuMsPerItem),
		showSpread(eventLoopDelayP99Ms, 0),
		ratios
			.filter(({ rival }) => rival === kind)
			.map(({ ratio }) => showSpread(ratio))
			.join(),
	]);
}

const HEAD = ['', 'files', 'CPU per item, ms', 'event loop delay (99 %), ms', 'ours ÷ this'];

function summarize(report) {
	const met = report.ratios.every(({ goalMet }) => goalMet);
	return `${textTable(HEAD, rowsOf(report))}\n\nGoal: at most ${report.goalRatio} times: ${verdict(met)}`;
}

function figures({ ratios }) {
	return ratios.map(({ own, rival, ratio }) => ({
		name: `${KINDS[own].title} ÷ ${KINDS[rival].title}, files ${where(own)}`,
		kind: 'cpu',
		value: ratio.median,
	}));
}

function sections(report) {
	const { items, runs, n8n, goalRatio, ratios } = report;
	const missed = ratios.filter(({ goalMet }) => !goalMet);
	return {
		markdown: `${items.toLocaleString('en-US')} items with an image that the server has at once, in one execution of n8n ${n8n}; each kind in a process of its own, warmed up;
median and range of ${runs} runs, the OpenAI node once. Our node with *Concurrency* ${CONCURRENCY}; the HTTP Request node sends
all requests at once. With files in memory both nodes keep the picture as base64 in the item; on the disk all end with a file.

${table(HEAD, rowsOf(report))}

Goal: at most ${goalRatio} times the CPU time of n8n's own nodes. ${missed.length === 0 ? 'Met.' : `Missed against ${missed.map(({ rival }) => KINDS[rival].title).join(', ')}.`}`,
	};
}

module.exports = realPart({
	title: 'Overhead: CPU time for each item',
	about: "the CPU time of an item that the server answers at once, beside n8n's own nodes",
	options,
	run,
	summarize,
	figures,
	sections,
});
