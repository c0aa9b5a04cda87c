'use strict';

/**
 * `npm run bench -- weight`: how large the package is and how long n8n takes to load its nodes. Sizes of other packages for
 * media are asked of the registry; loading is compared with their nodes and, where n8n is installed, with its own.
 */

const { execFile, execFileSync } = require('node:child_process');
const { readFileSync } = require('node:fs');
const path = require('node:path');
const { promisify } = require('node:util');

const { table } = require('../../../scripts/markdown');
const { findHost } = require('../../../scripts/n8nHosts');
const { ENGINES, NPM, ROOT } = require('../../../scripts/steps');
const { FOREIGN_NODES } = require('../real/contenders');
const { bindToCores, usableCores } = require('../real/cores');
const { MAJOR, whatIsMissing } = require('../real/engine');
const { showSpread, spread, textTable, upperQuartile } = require('../report');
const { fetchOthers, sizesOf } = require('./others');

const LOAD_TIME = path.join(__dirname, 'loadTime.js');
const KILOBYTE = 1e3;
/** Loads of ours in each round, which are short and differ the more for it. */
const OWN_LOADS = 4;
const GOAL = { packedKilobytes: 120, loadMs: 40 };

const options = {
	loads: { type: 'number', default: 5, quick: 1, about: 'how often the loading is measured' },
};

/** Sizes of the tarball that would be published. */
function ownSizes() {
	const output = execFileSync(NPM, ['pack', '--dry-run', '--json', '--loglevel=error'], {
		cwd: ROOT,
		encoding: 'utf8',
	});
	return sizesOf(JSON.parse(output)[0]);
}

const readManifest = (folder) => JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));

/** All nodes and credentials of a package beside which n8n-workflow lies, on the Node of an n8n where there is one. */
function loadOf(packageFolder, major = MAJOR) {
	const { n8n } = readManifest(packageFolder);
	return {
		node: whatIsMissing(major) === undefined ? findHost(major).node : process.execPath,
		origin: path.join(packageFolder, 'any.js'),
		files: [...n8n.nodes, ...(n8n.credentials ?? [])].map((file) => path.join(packageFolder, file)),
	};
}

/** What is loaded: the Node that runs it, a file beside which n8n-workflow lies, and the files. */
function loads(others) {
	const own = Object.entries(ENGINES).map(([major, folder]) => {
		const { version } = readManifest(path.join(folder, 'node_modules', 'n8n-core'));
		return {
			name: `this package, all nodes (n8n-core ${version})`,
			isOwn: true,
			...loadOf(path.join(folder, 'node_modules', 'n8n-nodes-sora'), Number(major)),
		};
	});
	const ofOthers = others.map(({ name, folder }) => ({
		name: `${name}, all nodes`,
		isOwn: false,
		...loadOf(folder),
	}));
	if (whatIsMissing() !== undefined) return [...own, ...ofOthers];
	const { folder, node } = findHost(MAJOR);
	const foreign = Object.entries(FOREIGN_NODES).flatMap(([packageName, { nodes }]) =>
		nodes
			.filter((file) => file.endsWith('/OpenAi.node.js'))
			.map((file) => {
				const packageFolder = path.join(folder, 'node_modules', packageName);
				return {
					name: `n8n's ${path.basename(file, '.node.js')} node`,
					isOwn: false,
					node,
					origin: path.join(packageFolder, 'any.js'),
					files: [path.join(packageFolder, file)],
				};
			}),
	);
	return [...own, ...ofOthers, ...foreign];
}

async function run({ loads: times }) {
	const others = await fetchOthers();
	const measured = loads(others.filter(({ folder }) => folder !== undefined)).map((load) => ({
		...load,
		rounds: /** @type {Array<{wallMs: number, cpuMs: number, cpuOfWorkflow: number}>} */ ([]),
	}));
	const load = async ({ node, origin, files }) => {
		const { stdout } = await promisify(execFile)(node, [LOAD_TIME, origin, ...files]);
		return JSON.parse(stdout);
	};
	// This only fills the caches of the system. After it the kinds take turns: what else happens meets all of them.
	await Promise.all(measured.map(load));
	const cores = usableCores();
	try {
		for (let round = 1; round <= times; round++) {
			// What this process starts stays there: whatever Node does beside, on another core, takes longer or shorter by chance.
			bindToCores(process.pid, cores.slice(round % 2, (round % 2) + 1));
			for (const one of measured) {
				for (let count = one.isOwn ? OWN_LOADS : 1; count > 0; count--) one.rounds.push(await load(one));
			}
		}
	} finally {
		bindToCores(process.pid, cores);
	}
	const own = ownSizes();
	const loading = measured.map(({ name, isOwn, rounds }) => ({
		name,
		isOwn,
		wallMs: spread(rounds.map(({ wallMs }) => wallMs)),
		cpuMs: spread(rounds.map(({ cpuMs }) => cpuMs)),
		// A collection of garbage by chance makes some loads faster: the heap does not grow onto new pages then.
		cpuOfWorkflow: upperQuartile(rounds.map(({ cpuOfWorkflow }) => cpuOfWorkflow)),
	}));
	return {
		goal: GOAL,
		goalMet: {
			packed: own.packedBytes <= GOAL.packedKilobytes * KILOBYTE,
			loading: loading.every(({ isOwn, wallMs }) => !isOwn || wallMs.median <= GOAL.loadMs),
		},
		own,
		others: others.map(({ name, sizes, missing }) => ({ name, ...sizes, missing })),
		loading,
	};
}

const LOADING_HEAD = [
	'Loading on top of n8n-workflow',
	'ms, median and range',
	'of the processor, ms',
	'÷ n8n-workflow, upper quartile',
];
const SIZES_HEAD = ['Package', 'Version', 'Packed, kB', 'Unpacked, kB', 'Files'];

function loadingRows({ loading }) {
	return loading.map(({ name, wallMs, cpuMs, cpuOfWorkflow }) => [
		name,
		showSpread(wallMs, 1),
		showSpread(cpuMs, 1),
		cpuOfWorkflow.toFixed(3),
	]);
}

function sizesRows({ own, others }) {
	const row = (name, { version, packedBytes, unpackedBytes, files }) => [
		name,
		version,
		(packedBytes / KILOBYTE).toFixed(1),
		(unpackedBytes / KILOBYTE).toFixed(0),
		String(files),
	];
	const known = others.filter(({ missing }) => missing === undefined);
	return [row('n8n-nodes-sora', own), ...known.map((other) => row(other.name, other))];
}

function unknownOthers({ others }) {
	const unknown = others.filter(({ missing }) => missing !== undefined);
	return unknown.map(({ name, missing }) => `${name} (${missing})`).join(', ');
}

function describeGoals({ goal, goalMet }) {
	const verdict = (isMet) => (isMet ? 'met' : 'missed');
	return `Goals: at most ${goal.packedKilobytes} kB packed: ${verdict(goalMet.packed)}; at most ${goal.loadMs} ms on top of n8n-workflow: ${verdict(goalMet.loading)}.`;
}

/** The report for a terminal. */
function summarize(report) {
	const unknown = unknownOthers(report);
	return [
		textTable(SIZES_HEAD, sizesRows(report)),
		...(unknown ? [`Not to be had from the registry: ${unknown}`] : []),
		'',
		textTable(LOADING_HEAD, loadingRows(report)),
		'',
		describeGoals(report),
	].join('\n');
}

/** The size is the same everywhere; how long loading takes is a matter of the machine, too. */
function isBroken({ goalMet }) {
	return !goalMet.packed;
}

function figures({ own, goal, loading }) {
	const ofLoading = loading
		.filter(({ isOwn }) => isOwn)
		.map(({ name, cpuOfWorkflow }) => ({
			name: `${name} ÷ n8n-workflow`,
			kind: 'cpu',
			value: cpuOfWorkflow,
		}));
	const packed = own.packedBytes / KILOBYTE / goal.packedKilobytes;
	return [{ name: 'packed package ÷ goal', kind: 'bytes', value: packed }, ...ofLoading];
}

function sections(report) {
	const unknown = unknownOthers(report);
	const { wallMs } = report.loading.find(({ isOwn }) => !isOwn) ?? report.loading[0];
	return {
		title: 'Weight',
		markdown: `${table(SIZES_HEAD, sizesRows(report))}

${unknown ? `Not to be had from the registry: ${unknown}.\n\n` : ''}Each load is a fresh process that has loaded n8n-workflow before, on the Node that n8n 2.x runs on (ours also on that of 1.x); ${wallMs.values.length} interleaved
runs, ${OWN_LOADS} times as many of ours. The last column is the time of the processor in relation to what loading n8n-workflow took in the same process, on
one core where the system can bind it to one.

${table(LOADING_HEAD, loadingRows(report))}

${describeGoals(report)}`,
	};
}

module.exports = {
	method: 3,
	about: 'how large the package is, and how long its nodes take to load',
	options,
	run,
	summarize,
	isBroken,
	figures,
	sections,
};
