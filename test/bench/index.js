'use strict';

/**
 * `npm run bench`: all benchmarks, or those that are named (see parts.js). Builds and packs first, writes each report into
 * output/ and those of a whole run into the documents, and closes at the end what a benchmark has opened, whatever ends it.
 */

const { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const { ROOT, build, installDevelopment, installEngines } = require('../../scripts/steps');
const { readArguments, usage } = require('./arguments');
const { writeDocuments } = require('./documents');
const { PARTS } = require('./parts');

/** How to close what is open. */
const closers = new Set();
let isStopping = false;

async function main() {
	const { chosen, installed, writesDocuments, help } = readArguments();
	if (help) {
		console.log(usage());
		return;
	}
	if (!installed) {
		installDevelopment();
		build();
		installEngines();
	}
	useOwnTemporaryFolder();
	/** @type {Record<string, any>} */
	const reports = {};
	for (const group of groupsOf(chosen)) {
		const meeting = createMeeting(group.length);
		await Promise.all(
			group.map(async ({ name, settings }) => {
				console.log(`\n${name}: ${PARTS[name].about}`);
				const everyoneIsReady = meeting.participant();
				try {
					reports[name] = await measure(name, settings, everyoneIsReady);
				} catch (error) {
					// What was closed in the middle of its work complains.
					if (isStopping) return;
					// The others are measured all the same.
					console.error(error);
					process.exitCode = 1;
				} finally {
					void everyoneIsReady();
				}
			}),
		);
		if (isStopping) return;
	}
	if (!writesDocuments) return;
	const repeated = writeDocuments(reports);
	console.log(`\n${repeated ? `${repeated}\n\n` : ''}Written to docs/performance.md`);
}

/** Benchmarks that follow each other and nearly always wait run at the same time, all others alone. */
function groupsOf(chosen) {
	/** @type {Array<typeof chosen>} */
	const groups = [];
	for (const one of chosen) {
		const last = groups.at(-1);
		const nearlyAlwaysWaits = ({ name }) => PARTS[name].nearlyAlwaysWaits;
		if (last && [...last, one].every(nearlyAlwaysWaits)) last.push(one);
		else groups.push([one]);
	}
	return groups;
}

/** Each of so many participants gets a function that waits until all of them have called theirs. */
function createMeeting(count) {
	let missing = count;
	/** @type {(value?: unknown) => void} */
	let open;
	const everyone = new Promise((resolve) => (open = resolve));
	return {
		participant() {
			let isHere = false;
			return async () => {
				if (!isHere && --missing === 0) open();
				isHere = true;
				await everyone;
			};
		},
	};
}

/** Runs one benchmark; gives its report with what is to be known of every run. */
async function measure(name, settings, everyoneIsReady) {
	const { run, summarize, isBroken, method = 1 } = PARTS[name];
	const startedMs = Date.now();
	const machine = describeMachine();
	/** @type {Array<() => Promise<void>>} */
	const opened = [];
	const closeAtTheEnd = (starting) => {
		const close = closerOf(starting);
		opened.push(close);
		return close;
	};
	const closeOpened = async () => await Promise.all(opened.map(async (close) => await close()));
	const measured = await run(settings, { closeAtTheEnd, everyoneIsReady }).finally(closeOpened);
	const tookSeconds = Math.round((Date.now() - startedMs) / 1000);
	const report = { measuredAt: new Date(startedMs).toISOString(), tookSeconds, machine, method, settings, ...measured };
	const file = path.join(ROOT, 'output', `bench-${name}.json`);
	mkdirSync(path.dirname(file), { recursive: true });
	writeFileSync(file, `${JSON.stringify(report, undefined, '\t')}\n`);
	console.log(`\n${summarize(report)}\n\n${tookSeconds} s; written to ${path.relative(ROOT, file)}`);
	if (isBroken?.(report)) process.exitCode = 1;
	return report;
}

function describeMachine() {
	const [first, ...others] = os.cpus();
	return {
		cores: others.length + 1,
		cpu: first?.model.trim() ?? 'unknown',
		memoryGigabytes: Math.round(os.totalmem() / 1e9),
		platform: `${os.platform()} ${os.arch()}`,
		node: process.versions.node,
		/** How many processes wanted a core in the last minute: other work than this makes figures worse. */
		loadBefore: Math.round((os.loadavg()[0] ?? 0) * 10) / 10,
	};
}

/** Everything temporary goes into one folder, which is gone when this process is: the files are large. */
function useOwnTemporaryFolder() {
	const folder = mkdtempSync(path.join(os.tmpdir(), 'benchmark-'));
	// PostgreSQL runs as somebody else, who must get to the folder of its own in here.
	chmodSync(folder, 0o711);
	for (const name of ['TMPDIR', 'TMP', 'TEMP']) process.env[name] = folder;
	process.on('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
}

/** Notes a part that is starting, and gives what closes it, once. It may start in the very moment of a Ctrl-C. */
function closerOf(starting) {
	/** @type {Promise<void> | undefined} */
	let closing;
	const close = async () => {
		closers.delete(close);
		closing ??= starting.then(
			async (part) => await part.close(),
			() => undefined,
		);
		await closing;
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
		if (!isStopping) console.error(error.stack);
		process.exitCode = 1;
	})
	.finally(closeAll);
