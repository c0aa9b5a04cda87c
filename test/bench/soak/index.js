'use strict';

/**
 * `npm run bench -- soak`: thousands of jobs in the real engine while a fifth of all requests fails in some way.
 *
 * In batches, each one workflow run of the engine, one after the other in one process: so n8n is used, and what a run
 * leaves behind for ever shows as a slope of memory over the batches. (One run of all items would hold all results until
 * its end, and its slope would be the size of a result.) Time runs faster in the engine and the simulator: see fastTime.js.
 */

const path = require('node:path');

const { table } = require('../../../scripts/markdown');
const { ENGINES } = require('../../../scripts/steps');
const { startEngine } = require('../../support/engine');
const { credentialsFor, videoWorkflow } = require('../../support/engine/workflows');
const { makeMovie } = require('../../support/simulator/movie');
const { startProvider } = require('../provider');
const { GOAL, isDelivered, judge, slopeOf } = require('./judge');

const NODE_NAME = 'Sora 2 Video';
const FAST_TIME = path.join(__dirname, 'fastTime.js');
const SIMULATOR = path.join(__dirname, 'simulator.js');
const KILOBYTE = 1e3;
/** In each batch so many orders are equal to another one. */
const EQUAL_PAIRS = 2;
/** The smallest files that the simulator makes. */
const MOVIE = { width: 64, height: 64, seconds: 1 };
const SECONDS_PER_JOB = [4, 20];
/** In the fast time; all others are as they are by default. */
const NODE_OPTIONS = { pollInterval: 2 };

const options = {
	major: { type: 'string', default: '2', about: 'the engine: 1 or 2' },
	jobs: { type: 'number', default: 2000, quick: 200, about: 'how many jobs' },
	batch: { type: 'number', default: 100, about: 'how many of them in one workflow run' },
	concurrency: { type: 'number', default: 50, about: 'how many at once' },
	faults: { type: 'percent', default: 20, about: 'which share of all requests fails, in percent' },
	retryUncertain: { type: 'count', default: 0, about: "the node's Retry Uncertain Submissions" },
	speed: { type: 'number', default: 20, about: 'how much faster time runs' },
	seed: { type: 'string', default: 'soak', about: 'of the faults' },
};

/** Orders that all differ, but for a few pairs in each batch. */
function promptsOf(batch, size) {
	return Array.from({ length: size }, (_, index) => {
		const twin = index < 2 * EQUAL_PAIRS ? Math.floor(index / 2) : index;
		return `Paper boat ${batch}-${twin}`;
	});
}

function workflowOf(prompts, { concurrency, retryUncertain }) {
	return videoWorkflow({
		items: prompts.map((prompt) => ({ prompt })),
		parameters: {
			model: { __rl: true, mode: 'id', value: 'open-video-1' },
			prompt: '={{ $json.prompt }}',
			size: 'custom',
			customSize: `${MOVIE.width}x${MOVIE.height}`,
			seconds: 'custom',
			customSeconds: String(MOVIE.seconds),
			options: { ...NODE_OPTIONS, concurrency, retryUncertain },
		},
		node: { onError: 'continueRegularOutput' },
	});
}

/** The simulator and the engine, each in a process of its own, with one fast time. */
async function startBoth({ major, speed, faults, seed }, closeAtTheEnd) {
	const environment = { TIME_FACTOR: String(speed), TIME_ORIGIN_MS: String(Date.now()) };
	const engineFolder = ENGINES[major];
	if (!engineFolder) throw new Error(`There is no engine of n8n ${major}.x here`);
	const provider = startProvider({
		command: ['--require', FAST_TIME, SIMULATOR],
		environment: {
			...environment,
			FAULT_SHARE: String(faults / 100),
			SEED: seed,
			SECONDS_PER_JOB: SECONDS_PER_JOB.join(' '),
		},
	});
	closeAtTheEnd(provider);
	const engine = startEngine({
		engineFolder,
		packageFolder: path.join(engineFolder, 'node_modules', 'n8n-nodes-sora'),
		binaryMode: 'filesystem',
		nodeArguments: ['--expose-gc', '--require', FAST_TIME],
		environment,
	});
	closeAtTheEnd(engine);
	return { provider: await provider, engine: await engine };
}

/** Runs one batch after the other; gives the items that came out, and the engine's memory after each batch. */
async function runBatches({ provider, engine }, settings) {
	const startedMs = Date.now();
	const outcomes = [];
	const samples = [];
	for (let batch = 1; outcomes.length < settings.jobs; batch++) {
		const prompts = promptsOf(batch, Math.min(settings.batch, settings.jobs - outcomes.length));
		const request = { workflow: workflowOf(prompts, settings), credentials: credentialsFor(provider) };
		const { nodes, error } = await engine.execute(request);
		const items = nodes[NODE_NAME]?.[0]?.outputs[0] ?? [];
		if (error || items.length !== prompts.length) throw new Error(`The batch failed: ${JSON.stringify(error)}`);
		outcomes.push(...items.map((item) => ({ ...item, prompt: prompts[item.pairedItem.item] })));
		const { rss, heapUsed, external } = await engine.memory();
		samples.push({ jobs: outcomes.length, rss, heapUsed, external });
		const seconds = Math.round((Date.now() - startedMs) / 1000);
		console.log(`${outcomes.length} jobs  ${seconds} s  RSS ${(rss / 1e6).toFixed(1)} MB`);
	}
	return { outcomes, samples };
}

/** Runs the soak and gives its report. */
async function run(settings, { closeAtTheEnd }) {
	const startedMs = Date.now();
	const { provider, engine } = await startBoth(settings, closeAtTheEnd);
	const { coreVersion } = await engine.facts();
	const { outcomes, samples } = await runBatches({ provider, engine }, settings);
	const { tally, byPrompt } = await provider.ask({});
	const { jobs } = await provider.ledger();
	const verdict = judge({ outcomes, jobs, log: engine.log(), faultsByPrompt: byPrompt });
	const spoiledFiles = await countSpoiledFiles(outcomes.filter(isDelivered));
	const memory = describeMemory(samples, Math.max(0, settings.jobs - 1000));
	return {
		engine: `n8n-core ${coreVersion}`,
		settings: {
			...settings,
			nodeOptions: NODE_OPTIONS,
			secondsPerJob: SECONDS_PER_JOB,
			time: 'Seconds of settings are seconds of the fast time: `speed` of them pass in each real one.',
		},
		realSeconds: Math.round((Date.now() - startedMs) / 1000),
		...verdict,
		spoiledFiles,
		memory,
		requests: describeRequests(tally),
		goal: GOAL,
		goalMet: {
			lost: verdict.lost <= GOAL.lost,
			chargedTwice: verdict.chargedTwice <= GOAL.chargedTwice,
			spoiledFiles: spoiledFiles <= GOAL.spoiledFiles,
			uncertainShare: verdict.uncertain.share <= GOAL.uncertainShare,
			rssSlope: memory.rssSlopeKilobytesPerJob <= GOAL.rssSlopeKilobytesPerJob,
		},
	};
}

/** Files that came out with another length than the server's: each movie has the time of its making in it. */
async function countSpoiledFiles(delivered) {
	let spoiled = 0;
	for (const { prompt, files } of delivered) {
		const { length } = await makeMovie({ ...MOVIE, seed: `${prompt} ` });
		if (Object.values(files).some(({ bytes }) => bytes !== length)) spoiled += 1;
	}
	return spoiled;
}

/** Slopes over the samples after so many jobs. */
function describeMemory(samples, afterJobs) {
	const counted = samples.filter(({ jobs }) => jobs >= afterJobs);
	const slope = (kind) => slopeOf(counted.map((sample) => ({ x: sample.jobs, y: sample[kind] / KILOBYTE })));
	return {
		rssSlopeKilobytesPerJob: slope('rss'),
		heapSlopeKilobytesPerJob: slope('heapUsed'),
		afterJobs,
		samples,
	};
}

function describeRequests(tally) {
	return Object.fromEntries(
		Object.entries(tally).map(([stage, { requests, faults }]) => {
			const spoiled = Object.values(faults).reduce((sum, count) => sum + count, 0);
			return [stage, { requests, spoiled, share: spoiled / requests, faults }];
		}),
	);
}

function describeSlope(kilobytesPerJob) {
	return Number.isNaN(kilobytesPerJob) ? 'needs two batches' : `${kilobytesPerJob.toFixed(2)} kB a job`;
}

/** The report for a terminal. */
function summarize(report) {
	const { engine, jobs, delivered, failed, lost, chargedTwice, spoiledFiles, uncertain, memory, goalMet } = report;
	const mark = (name) => (goalMet[name] ? '' : '  (goal missed)');
	return [
		`${engine}: ${jobs} jobs in ${report.realSeconds} s, ${delivered} delivered; failed: ${JSON.stringify(failed)}`,
		`Charged, and neither delivered nor named: ${lost}${mark('lost')}`,
		`Charged twice: ${chargedTwice}${mark('chargedTwice')}`,
		`Files that are not what the server has: ${spoiledFiles}${mark('spoiledFiles')}`,
		`Uncertain: ${(uncertain.share * 100).toFixed(2)} % (taken by the server ${uncertain.charged}, not taken ${uncertain.notCharged}, equal orders ${uncertain.equalOrders})${mark('uncertainShare')}`,
		`RSS after ${memory.afterJobs} jobs: ${describeSlope(memory.rssSlopeKilobytesPerJob)}${mark('rssSlope')}`,
	].join('\n');
}

/** Whether a promise was broken, not only a goal missed. Who lets the node repeat uncertain orders may pay twice. */
function isBroken({ goalMet, settings }) {
	return !goalMet.lost || !goalMet.spoiledFiles || (!goalMet.chargedTwice && settings.retryUncertain === 0);
}

/** What a reader of the report is told; the figures of one engine. */
function sections(report) {
	const { engine, settings, uncertain, memory, jobs } = report;
	const { namedInErrors, namedInLog } = report.chargedButNotDelivered;
	const share = (count) => `${count} (${((100 * count) / jobs).toFixed(1)} %)`;
	const rows = [
		['Jobs ordered', jobs],
		['Charged', report.charged],
		['Delivered', report.delivered],
		["Files that are not as long as the server's", report.spoiledFiles],
		['Charged, not delivered, named in an error or in the log', namedInErrors + namedInLog],
		['Lost: charged, and neither delivered nor named', report.lost],
		['Charged twice', report.chargedTwice],
		['Uncertain', share(uncertain.jobs)],
		['of these taken by the server, with a prompt of their own', uncertain.charged],
		[`RSS after ${memory.afterJobs} jobs`, describeSlope(memory.rssSlopeKilobytesPerJob)],
	];
	return {
		title: `Soak: ${jobs.toLocaleString('en-US')} jobs while ${settings.faults} % of all requests fail`,
		markdown: `\`npm run bench -- soak\` runs only by name. Workflow runs of ${settings.batch} items in one engine process, ${settings.concurrency} at a time, *Continue On Fail*, files
on the disk, *Poll Interval* ${NODE_OPTIONS.pollInterval}, *Retry Uncertain Submissions* ${settings.retryUncertain}, all else as it is by default. Each request of each stage (create, poll, list,
content) may meet a fault drawn at random: resets, silence, 429 and 503 with and without \`Retry-After\`, 500, 502, 504, HTML with
200, answers and files that break off, wrong lengths. Time runs ${settings.speed} times faster in engine and simulator. Batches and not one
run, because one run holds all its results until its end: its slope would be the size of a result.

${table(['', engine], rows)}

An order is uncertain when what came instead of an answer leaves open whether the job was made, and the job is in no list for a
minute: "probably not" does not buy again by itself. *Retry Uncertain Submissions* does; with equal prompts in one run that can
pay twice.`,
	};
}

module.exports = {
	about: 'thousands of jobs while a fifth of all requests fails',
	onlyByName: true,
	options,
	run,
	summarize,
	isBroken,
	sections,
};
