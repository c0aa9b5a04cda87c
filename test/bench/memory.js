'use strict';

/**
 * `npm run bench -- memory`: how much memory one download of a large video adds when our node does it, and when a node does it
 * with nothing but n8n's helpers. Both in the real engine of both majors, with n8n's files on the disk.
 *
 * Each measurement has a process of its own, which first downloads a small file in the same way, so that all code is
 * loaded. The two kinds take turns: what else happens on the machine meets both.
 */

const path = require('node:path');
const { setTimeout: sleep } = require('node:timers/promises');

const { ENGINES } = require('../../scripts/steps');
const { startEngine } = require('../support/engine');
const { credentialsFor, videoWorkflow } = require('../support/engine/workflows');
const { startProvider } = require('./provider');
const { GOAL, MEGABYTE, compare, toTable } = require('./memoryReport');

const MEBIBYTE = 1024 * 1024;
const NODE_NAME = 'Sora 2 Video';

/** A file of 300 MiB takes one or two seconds on an idle machine. */
const LIMIT_MS = 60_000;

const options = {
	mebibytes: { type: 'number', default: 300, quick: 100, about: 'the size of the file' },
	runs: { type: 'number', default: 5, quick: 1, about: 'how often each kind is measured' },
};

/** The workflow of a download; the kinds differ in their node and in nothing else. */
const WORKFLOWS = {
	own: (_provider, jobId) =>
		videoWorkflow({
			parameters: { operation: 'download', jobId, variant: 'video' },
			node: { type: 'memory-benchmark.sora2Video' },
		}),
	bare: ({ baseUrl, apiKey }, jobId) =>
		videoWorkflow({
			parameters: { url: `${baseUrl}/videos/${jobId}/content`, apiKey },
			node: { type: 'memory-benchmark.bareDownload', credentials: {} },
		}),
};

/** One measurement in a fresh process. */
async function measureOnce({ engineFolder, kind, provider, jobs, mebibytes, closeAtTheEnd }) {
	const packageFolder = path.join(__dirname, 'measured');
	const starting = startEngine({ engineFolder, packageFolder, binaryMode: 'filesystem' });
	const close = closeAtTheEnd(starting);
	const engine = await starting;
	const download = async (jobId) => {
		const request = { workflow: WORKFLOWS[kind](provider, jobId), credentials: credentialsFor(provider) };
		const { nodes, error } = await withinLimit(engine.execute(request));
		if (error) throw new Error(`The download failed: ${error.message}\n${error.description ?? ''}`);
		return nodes[NODE_NAME][0].outputs[0][0].json;
	};
	try {
		await download(jobs.small);
		const measured = await download(jobs.large);
		if (measured.storedBytes < mebibytes * MEBIBYTE) throw new Error(`Only ${measured.storedBytes} bytes were stored`);
		const { coreVersion } = await engine.facts();
		return { measured, coreVersion };
	} finally {
		await close();
	}
}

/** Rejects when a download takes too long, so that the benchmark ends by itself whatever happens. */
async function withinLimit(download) {
	const cancelling = new AbortController();
	const limit = sleep(LIMIT_MS, undefined, { signal: cancelling.signal }).then(() => {
		throw new Error(`The download took longer than ${LIMIT_MS / 1000} seconds`);
	});
	try {
		return await Promise.race([download, limit]);
	} finally {
		limit.catch(() => {});
		cancelling.abort();
	}
}

async function measureEngine(engineFolder, { runs, ...parts }) {
	const measurements = { own: [], bare: [] };
	let name = '';
	for (let run = 1; run <= runs; run++) {
		for (const kind of ['own', 'bare']) {
			const { measured, coreVersion } = await measureOnce({ engineFolder, kind, ...parts });
			measurements[kind].push(measured);
			name = `n8n-core ${coreVersion}`;
			const added = (measured.added.rss / MEGABYTE).toFixed(1);
			console.log(`${name}  run ${run}  ${kind.padEnd(4)}  +${added} MB in ${measured.elapsedMs} ms`);
		}
	}
	return compare(name, measurements);
}

/** Measures both engines and gives the report. */
async function run({ mebibytes, runs }, { closeAtTheEnd }) {
	const starting = startProvider();
	closeAtTheEnd(starting);
	const provider = await starting;
	const jobs = { small: await provider.makeJob(0), large: await provider.makeJob(mebibytes * MEBIBYTE) };
	const comparisons = [];
	for (const engineFolder of Object.values(ENGINES)) {
		const parts = { provider, jobs, mebibytes, runs, closeAtTheEnd };
		comparisons.push(await measureEngine(engineFolder, parts));
	}
	return { mebibytes, runs, goal: GOAL, comparisons };
}

/** The report for a terminal. */
function summarize({ mebibytes, runs, comparisons }) {
	const what = `RSS added by a download of ${mebibytes} MiB: median and range of ${runs}`;
	const goal = `Goal: at most ${GOAL.ratio} times the bare helper, or ${GOAL.megabytes} MB more`;
	return `${what}\n\n${toTable(comparisons)}\n\n${goal}`;
}

module.exports = {
	about: 'how much memory a download adds, with our node and with the bare helper',
	options,
	run,
	summarize,
};
