'use strict';

/**
 * `npm run bench`: how much memory one download of a large video adds when our node does it, and when a node does it
 * with nothing but n8n's helpers. Both in the real engine of both majors, with n8n's files on the disk.
 *
 * Each measurement has a process of its own, which first downloads a small file in the same way, so that all code is
 * loaded. The two kinds take turns: what else happens on the machine meets both.
 */

const { mkdirSync, mkdtempSync, rmSync, writeFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const path = require('node:path');
const { setTimeout: sleep } = require('node:timers/promises');
const { parseArgs } = require('node:util');

const { ENGINES, ROOT, build, installDevelopment, installEngines } = require('../../scripts/steps');
const { startEngine } = require('../support/engine');
const { credentialsFor, videoWorkflow } = require('../support/engine/workflows');
const { startProvider } = require('./provider');
const { GOAL, MEGABYTE, compare, toTable } = require('./report');

const USAGE = `How much memory a download adds, with our node and with the bare helper of n8n.

  npm run bench -- [--mebibytes 300] [--runs 5] [--installed]

--installed measures the package as it is installed beside the engines, without building and packing it first.`;

const MEBIBYTE = 1024 * 1024;
const NODE_NAME = 'Sora 2 Video';
const REPORT_FILE = path.join(ROOT, 'output', 'bench-memory.json');

/** A file of 300 MiB takes one or two seconds on an idle machine. */
const LIMIT_MS = 60_000;

/** How to close what is open: for the end of the benchmark, whatever ends it. */
const closers = new Set();
let isStopping = false;

function readArguments() {
	const { values } = parseArgs({
		options: {
			mebibytes: { type: 'string', default: '300' },
			runs: { type: 'string', default: '5' },
			installed: { type: 'boolean', default: false },
			help: { type: 'boolean', default: false },
		},
	});
	const [mebibytes, runs] = [values.mebibytes, values.runs].map((text) => {
		const value = Number(text);
		if (!Number.isInteger(value) || value < 1) throw new Error(`Not a number of one or more: ${text}`);
		return value;
	});
	return { ...values, mebibytes, runs };
}

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
async function measureOnce({ engineFolder, kind, provider, jobs, mebibytes }) {
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

async function measureEngine(engineFolder, { provider, jobs, mebibytes, runs }) {
	const measurements = { own: [], bare: [] };
	let name = '';
	for (let run = 1; run <= runs; run++) {
		for (const kind of ['own', 'bare']) {
			const { measured, coreVersion } = await measureOnce({ engineFolder, kind, provider, jobs, mebibytes });
			measurements[kind].push(measured);
			name = `n8n-core ${coreVersion}`;
			const added = (measured.added.rss / MEGABYTE).toFixed(1);
			console.log(`${name}  run ${run}  ${kind.padEnd(4)}  +${added} MB in ${measured.elapsedMs} ms`);
		}
	}
	return compare(name, measurements);
}

async function main() {
	const { help, installed, mebibytes, runs } = readArguments();
	if (help) {
		console.log(USAGE);
		return;
	}
	if (!installed) {
		installDevelopment();
		build();
		installEngines();
	}
	useOwnTemporaryFolder();
	const starting = startProvider();
	closeAtTheEnd(starting);
	const provider = await starting;
	const jobs = { small: await provider.makeJob(0), large: await provider.makeJob(mebibytes * MEBIBYTE) };
	const comparisons = [];
	for (const engineFolder of Object.values(ENGINES)) {
		comparisons.push(await measureEngine(engineFolder, { provider, jobs, mebibytes, runs }));
	}
	const what = `RSS added by a download of ${mebibytes} MiB: median and range of ${runs}`;
	const goal = `Goal: at most ${GOAL.ratio} times the bare helper, or ${GOAL.megabytes} MB more`;
	console.log(`\n${what}\n\n${toTable(comparisons)}\n\n${goal}`);
	mkdirSync(path.dirname(REPORT_FILE), { recursive: true });
	const report = {
		measuredAt: new Date().toISOString(),
		node: process.version,
		mebibytes,
		runs,
		goal: GOAL,
		comparisons,
	};
	writeFileSync(REPORT_FILE, `${JSON.stringify(report, undefined, '\t')}\n`);
	console.log(`Written to ${path.relative(ROOT, REPORT_FILE)}`);
}

/** Everything temporary goes into one folder, which is gone when this process is: the files are large. */
function useOwnTemporaryFolder() {
	const folder = mkdtempSync(path.join(tmpdir(), 'memory-benchmark-'));
	for (const name of ['TMPDIR', 'TMP', 'TEMP']) process.env[name] = folder;
	process.on('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
}

/** Notes a part that is starting, and gives what closes it. It may start in the very moment of a Ctrl-C. */
function closeAtTheEnd(starting) {
	const close = async () => {
		closers.delete(close);
		const part = await starting.catch(() => undefined);
		await part?.close();
	};
	closers.add(close);
	return close;
}

async function closeAll() {
	await Promise.all([...closers].map(async (close) => await close()));
}

for (const signal of ['SIGINT', 'SIGTERM']) {
	process.once(signal, () => {
		isStopping = true;
		void closeAll().finally(() => process.exit(130));
	});
}

main()
	.catch((error) => {
		// What was closed in the middle of its work complains.
		if (!isStopping) console.error(error.stack);
		process.exitCode = 1;
	})
	.finally(closeAll);
