'use strict';

/**
 * `npm run bench`: all benchmarks, or those that are named. Each is a module with its `options`, a `run` that gives a
 * report as plain JSON, and a `summarize` that says it in a terminal; a report that `isBroken` fails the command. Builds
 * and packs first, and closes at the end what a benchmark has opened, whatever ends it.
 */

const { mkdirSync, mkdtempSync, rmSync, writeFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const path = require('node:path');
const { parseArgs } = require('node:util');

const { ROOT, build, installDevelopment, installEngines } = require('../../scripts/steps');

/** @type {Record<string, any>} */
const PARTS = { memory: require('./memory'), soak: require('./soak') };

/** How to close what is open. */
const closers = new Set();
let isStopping = false;

const READERS = {
	string: (text) => text,
	/** One or more. */
	number: (text) => readWhole(text, 1, Infinity),
	count: (text) => readWhole(text, 0, Infinity),
	percent: (text) => readWhole(text, 0, 100),
};

function readWhole(text, least, most) {
	const value = Number(text);
	if (Number.isInteger(value) && value >= least && value <= most) return value;
	throw new Error(`Not a whole number from ${least} to ${most}: ${text}`);
}

function usage() {
	const lines = Object.entries(PARTS).flatMap(([name, { about, options }]) => [
		`\n${name}: ${about}`,
		...Object.entries(options).map(([option, { default: usual, about: what }]) => `  --${option} ${usual}  ${what}`),
	]);
	return `npm run bench -- [${Object.keys(PARTS).join('] [')}] [options]

All benchmarks, or those that are named. Their reports are written into output/.
  --installed  measures the package as it is installed beside the engines, without building and packing it first
${lines.join('\n')}`;
}

/** The benchmarks to run with their settings. */
function readArguments() {
	const known = Object.values(PARTS).flatMap(({ options }) => Object.keys(options));
	const { values, positionals } = parseArgs({
		allowPositionals: true,
		options: {
			...Object.fromEntries(known.map((option) => [option, { type: /** @type {const} */ ('string') }])),
			installed: { type: 'boolean', default: false },
			help: { type: 'boolean', default: false },
		},
	});
	const unknown = positionals.find((name) => !Object.hasOwn(PARTS, name));
	if (unknown !== undefined) throw new Error(`There is no benchmark "${unknown}"\n\n${usage()}`);
	const names = positionals.length > 0 ? positionals : Object.keys(PARTS);
	const chosen = names.map((name) => {
		const settings = Object.entries(PARTS[name].options).map(([option, { type, default: usual }]) => {
			const given = values[option];
			return [option, given === undefined ? usual : READERS[type](given)];
		});
		return { name, settings: Object.fromEntries(settings) };
	});
	return { chosen, installed: values.installed, help: values.help };
}

async function main() {
	const { chosen, installed, help } = readArguments();
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
	for (const { name, settings } of chosen) {
		const { run, summarize, isBroken } = PARTS[name];
		const measuredAt = new Date().toISOString();
		const report = { measuredAt, ...(await run(settings, { closeAtTheEnd })) };
		await closeAll();
		const file = path.join(ROOT, 'output', `bench-${name}.json`);
		mkdirSync(path.dirname(file), { recursive: true });
		writeFileSync(file, `${JSON.stringify(report, undefined, '\t')}\n`);
		console.log(`\n${summarize(report)}\n\nWritten to ${path.relative(ROOT, file)}\n`);
		if (isBroken?.(report)) process.exitCode = 1;
	}
}

/** Everything temporary goes into one folder, which is gone when this process is: the files are large. */
function useOwnTemporaryFolder() {
	const folder = mkdtempSync(path.join(tmpdir(), 'benchmark-'));
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
