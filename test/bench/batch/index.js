'use strict';

/**
 * `npm run bench -- batch`: how much longer many jobs take than one, in simulated time. The real engine runs the packed
 * package against the simulator over real HTTP, but time jumps from timer to timer (see jumpingTime.js): what is left is
 * waiting, and what the machine is busy with costs nothing.
 */

const { existsSync, mkdtempSync, readFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const path = require('node:path');
const { setTimeout: sleep } = require('node:timers/promises');

const { table } = require('../../../scripts/markdown');
const { findHost } = require('../../../scripts/n8nHosts');
const { ENGINES } = require('../../../scripts/steps');
const { startEngine } = require('../../support/engine');
const { plot } = require('../plot');
const { FOREIGN_NODES, credentialsOf } = require('../real/contenders');
const { MAJOR, nodeVersion, ownPackage, whatIsMissing } = require('../real/engine');
const { textTable } = require('../report');
const { CONTENDERS } = require('./contenders');

const PRELOAD = path.join(__dirname, 'preload.js');
const COUNTS = [1, 5, 20, 100];
const QUICK_COUNTS = [1, 5, 20];
/** How many engines share the contenders. */
const ENGINE_COUNT = 2;
const GOAL = { contender: 'Sora 2 Video, Concurrency N', items: 20, ratio: 1.15 };
/** The node whose output is counted. */
const RESULT = 'Result';
const LOOK = /\/videos\/[^/]+$/;
/** The number of items for which looks are shown. */
const SHOWN_COUNT = 20;

const options = {
	videoSeconds: { type: 'number', default: 105, about: 'how long each video job takes' },
	imageSeconds: { type: 'number', default: 60, about: 'how long each image request takes' },
};

/** The engine of the installed n8n with its own nodes; where that is missing the engine alone. */
function engineOptions(missing) {
	if (missing !== undefined) return { engineFolder: ENGINES[MAJOR] };
	const { folder, node } = findHost(MAJOR);
	return { engineFolder: folder, node, foreignNodes: FOREIGN_NODES };
}

/** The engine with the simulator inside, both in jumping time. */
async function startJumpingEngine({ videoSeconds, imageSeconds }, missing, closeAtTheEnd) {
	const providerFile = path.join(mkdtempSync(path.join(tmpdir(), 'batch-')), 'provider.json');
	const starting = startEngine({
		...engineOptions(missing),
		packageFolder: ownPackage(),
		nodeArguments: ['--require', PRELOAD],
		environment: {
			PROVIDER_FILE: providerFile,
			SECONDS_PER_VIDEO: String(videoSeconds),
			SECONDS_PER_IMAGE: String(imageSeconds),
			N8N_LOG_LEVEL: 'warn',
		},
	});
	closeAtTheEnd(starting);
	const engine = await starting;
	while (!existsSync(providerFile)) await sleep(20);
	return { engine, provider: JSON.parse(readFileSync(providerFile, 'utf8')) };
}

/** How many GETs of jobs the simulator has seen so far. */
async function countLooks({ baseUrl }) {
	const response = await fetch(new URL('/admin/requests', baseUrl));
	const { requests } = /** @type {any} */ (await response.json());
	return requests.filter(({ method, path: at }) => method === 'GET' && LOOK.test(at)).length;
}

/** One workflow run of so many items: the seconds of simulated time that it takes, and the looks at each job. */
async function measureOnce({ engine, provider }, contender, count) {
	const looksBefore = await countLooks(provider);
	const workflow = contender.workflow({ count, baseUrl: provider.baseUrl });
	const { nodes, error, elapsedMs } = await engine.execute({ workflow, credentials: credentialsOf(provider) });
	// A loop may come to its end several times.
	const items = (nodes[RESULT] ?? []).flatMap(({ outputs }) => outputs[0] ?? []);
	const delivered = items.filter(({ files }) => Object.keys(files).length > 0);
	if (error || delivered.length !== count) {
		throw new Error(
			`${contender.name}: ${delivered.length} of ${count} delivered; ${JSON.stringify(error ?? items[0])}`,
		);
	}
	const looks = (await countLooks(provider)) - looksBefore;
	return { seconds: elapsedMs / 1000, looksPerJob: looks / count };
}

/** Wall time of one contender in relation to that of one job, for each number of items. */
async function measureContender(running, contender, counts, { videoSeconds, imageSeconds }) {
	const jobSeconds = contender.kind === 'video' ? videoSeconds : imageSeconds;
	const runs = [];
	for (const items of counts) {
		const { seconds, looksPerJob } = await measureOnce(running, contender, items);
		runs.push({ items, seconds, ratio: seconds / jobSeconds, looksPerJob });
		console.log(`${contender.name}  ${items} items: ${(seconds / jobSeconds).toFixed(2)} × ${jobSeconds} s`);
	}
	return { name: contender.name, kind: contender.kind, jobSeconds, runs };
}

async function run(settings, { closeAtTheEnd }) {
	const counts = settings.quick ? QUICK_COUNTS : COUNTS;
	const missing = whatIsMissing();
	const chosen = CONTENDERS.filter(({ needsN8n }) => !needsN8n || missing === undefined);
	// One engine for every other contender: what a machine is busy with costs no time here.
	const engines = await Promise.all(
		Array.from({ length: ENGINE_COUNT }, () => startJumpingEngine(settings, missing, closeAtTheEnd)),
	);
	const measured = engines.map(async (running, number) => {
		const results = [];
		for (const contender of chosen.filter((_, index) => index % ENGINE_COUNT === number)) {
			results.push(await measureContender(running, contender, counts, settings));
		}
		return results;
	});
	const byEngine = await Promise.all(measured);
	const results = chosen.map((_, index) => byEngine[index % ENGINE_COUNT][Math.floor(index / ENGINE_COUNT)]);
	const { coreVersion } = await engines[0].engine.facts();
	const judged = results.find(({ name }) => name === GOAL.contender)?.runs.find(({ items }) => items === GOAL.items);
	return {
		engine: `n8n-core ${coreVersion}`,
		...(missing === undefined && { engineNode: nodeVersion() }),
		counts,
		goal: GOAL,
		goalMet: (judged?.ratio ?? Infinity) <= GOAL.ratio,
		results,
	};
}

function tableOf({ counts, results }) {
	return {
		head: ['', 'One job takes', ...counts.map((count) => `N = ${count}`), `Looks at each job, N = ${SHOWN_COUNT}`],
		rows: results.map(({ name, kind, jobSeconds, runs }) => [
			name,
			`${jobSeconds} s`,
			...runs.map(({ ratio }) => ratio.toFixed(2)),
			kind === 'video' ? (runs.find(({ items }) => items === SHOWN_COUNT)?.looksPerJob.toFixed(1) ?? '') : '–',
		]),
	};
}

/** The report for a terminal. */
function summarize(report) {
	const { head, rows } = tableOf(report);
	const goal = `Goal: ${GOAL.contender}, N = ${GOAL.items}: at most ${GOAL.ratio}: ${report.goalMet ? 'met' : 'MISSED'}`;
	return `Simulated time of one workflow run of N items ÷ the time of one job\n\n${textTable(head, rows)}\n\n${goal}`;
}

/** Simulated time has no noise: a missed goal is a change for the worse. */
function isBroken({ goalMet }) {
	return !goalMet;
}

function figures({ results }) {
	return results.flatMap(({ name, runs }) =>
		runs.map(({ items, ratio }) => ({ name: `${name}, N = ${items}`, kind: 'wall', value: ratio })),
	);
}

const PLOT = 'batch.svg';

function sections(report) {
	const { head, rows } = tableOf(report);
	const { engine, goal, goalMet, missing } = report;
	const videos = report.results.filter(({ kind }) => kind === 'video');
	return {
		title: 'Batches: N jobs in one run, in simulated time',
		markdown: `Time of one workflow run of N items, divided by the time that one job takes. ${engine} runs the packed package against the
simulator over HTTP; time jumps from timer to timer, so that only waiting counts and not what this machine can do.${missing === undefined ? '' : ` n8n's own nodes are left out: ${missing}.`}

![Batches](images/${PLOT})

${table(head, rows)}

Goal: at most ${goal.ratio} for ${goal.items} videos with as much concurrency: ${goalMet ? 'met' : 'missed'}. All jobs of a run share 300 looks a minute,
which 100 jobs feel.`,
		plots: {
			[PLOT]: plot({
				title: 'Time of a run of N videos, divided by the time of one job',
				x: { label: 'videos in one run', ticks: report.counts, isLog: true },
				y: { label: 'time of the run ÷ time of one job', ticks: [1, 2, 5, 10, 20, 50, 100, 200], isLog: true },
				panels: [
					{
						series: videos.map(({ name, runs }) => ({
							name,
							points: runs.map(({ items, ratio }) => ({ x: items, y: ratio })),
							isLine: true,
						})),
					},
				],
			}),
		},
	};
}

module.exports = {
	about: 'how much longer many jobs take than one, in simulated time',
	options,
	run,
	summarize,
	isBroken,
	figures,
	sections,
};
