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
const { ENGINES } = require('../../../scripts/steps');
const { startEngine } = require('../../support/engine');
const { plot } = require('../plot');
const { textTable } = require('../report');
const { CONTENDERS, NODE_NAME } = require('./contenders');

const ENGINE = ENGINES[2];
const PRELOAD = path.join(__dirname, 'preload.js');
const COUNTS = [1, 5, 20, 100];
const QUICK_COUNTS = [1, 5, 20];
const GOAL = { contender: 'video, concurrency N', items: 20, ratio: 1.15 };

const options = {
	videoSeconds: { type: 'number', default: 105, about: 'how long each video job takes' },
	imageSeconds: { type: 'number', default: 60, about: 'how long each image request takes' },
};

/** The engine with the simulator inside, both in jumping time. */
async function startJumpingEngine({ videoSeconds, imageSeconds }, closeAtTheEnd) {
	const providerFile = path.join(mkdtempSync(path.join(tmpdir(), 'batch-')), 'provider.json');
	const starting = startEngine({
		engineFolder: ENGINE,
		packageFolder: path.join(ENGINE, 'node_modules', 'n8n-nodes-sora'),
		nodeArguments: ['--require', PRELOAD],
		environment: {
			PROVIDER_FILE: providerFile,
			SECONDS_PER_VIDEO: String(videoSeconds),
			SECONDS_PER_IMAGE: String(imageSeconds),
		},
	});
	const close = closeAtTheEnd(starting);
	const engine = await starting;
	while (!existsSync(providerFile)) await sleep(20);
	return { engine, provider: JSON.parse(readFileSync(providerFile, 'utf8')), close };
}

/** Seconds of the simulated time that one workflow run of so many items takes. */
async function measureOnce({ engine, provider }, contender, count) {
	const { nodes, error, elapsedMs } = await engine.execute(contender.request(provider, count));
	const items = nodes[NODE_NAME]?.[0]?.outputs[0] ?? [];
	const delivered = items.filter(({ files }) => Object.keys(files).length > 0);
	if (error || delivered.length !== count) {
		throw new Error(
			`${contender.name}: ${delivered.length} of ${count} delivered; ${JSON.stringify(error ?? items[0])}`,
		);
	}
	return elapsedMs / 1000;
}

async function run(settings, { closeAtTheEnd }) {
	const counts = settings.quick ? QUICK_COUNTS : COUNTS;
	const running = await startJumpingEngine(settings, closeAtTheEnd);
	const { coreVersion } = await running.engine.facts();
	const results = [];
	for (const contender of CONTENDERS) {
		const jobSeconds = contender.kind === 'video' ? settings.videoSeconds : settings.imageSeconds;
		const runs = [];
		for (const items of counts) {
			const seconds = await measureOnce(running, contender, items);
			runs.push({ items, seconds, ratio: seconds / jobSeconds });
			console.log(`${contender.name}  ${items} items: ${(seconds / jobSeconds).toFixed(2)} × ${jobSeconds} s`);
		}
		results.push({ name: contender.name, kind: contender.kind, jobSeconds, runs });
	}
	const judged = results.find(({ name }) => name === GOAL.contender)?.runs.find(({ items }) => items === GOAL.items);
	return {
		engine: `n8n-core ${coreVersion}`,
		counts,
		goal: GOAL,
		goalMet: (judged?.ratio ?? Infinity) <= GOAL.ratio,
		results,
	};
}

function tableOf({ counts, results }) {
	return {
		head: ['', 'One job takes', ...counts.map((count) => `N = ${count}`)],
		rows: results.map(({ name, jobSeconds, runs }) => [
			name,
			`${jobSeconds} s`,
			...runs.map(({ ratio }) => ratio.toFixed(2)),
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

const PLOT = 'batch.svg';

function sections(report) {
	const { head, rows } = tableOf(report);
	const { engine, goal, goalMet } = report;
	const videos = report.results.filter(({ kind }) => kind === 'video');
	return {
		title: 'Batches: N jobs in one run, in simulated time',
		markdown: `Time of one workflow run of N items, divided by the time that one job takes. ${engine} runs the packed package against the
simulator over HTTP; time jumps from timer to timer, so that only waiting counts and not what this machine can do.

![Batches](images/${PLOT})

${table(head, rows)}

Goal: at most ${goal.ratio} for ${goal.items} videos with as much concurrency: ${goalMet ? 'met' : 'missed'}.`,
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
	sections,
};
