'use strict';

/**
 * `npm run bench -- weight`: how large the package is and how long n8n takes to load its nodes. Sizes of other packages for
 * media are asked of the registry, by the ordinary client and without running anything of theirs; loading is compared with
 * n8n's own nodes, where n8n is installed.
 */

const { execFile, execFileSync } = require('node:child_process');
const { existsSync, mkdirSync, readFileSync, writeFileSync } = require('node:fs');
const path = require('node:path');
const { promisify } = require('node:util');

const { table } = require('../../../scripts/markdown');
const { findHost } = require('../../../scripts/n8nHosts');
const { ENGINES, NPM, ROOT } = require('../../../scripts/steps');
const { FOREIGN_NODES } = require('../real/contenders');
const { MAJOR, whatIsMissing } = require('../real/engine');
const { showSpread, spread, textTable } = require('../report');

const LOAD_TIME = path.join(__dirname, 'loadTime.js');
/** Other packages of nodes for generated media, by the names that their makers document. */
const OTHERS = ['@fal-ai/n8n-nodes-fal', 'n8n-nodes-veed'];
const OTHERS_FOLDER = path.join(ROOT, '.cache', 'bench');
const REGISTRY_LIMIT_MS = 30_000;
const KILOBYTE = 1e3;
const GOAL = { packedKilobytes: 120, loadMs: 40 };

const options = {
	loads: { type: 'number', default: 5, quick: 3, about: 'how often the loading is measured' },
};

/** Sizes of the tarball that `npm pack` makes of a package: of this one, or of a name in the registry. */
function sizesOf({ size, unpackedSize, entryCount, version }) {
	return { version, packedBytes: size, unpackedBytes: unpackedSize, files: entryCount };
}

function ownSizes() {
	const output = execFileSync(NPM, ['pack', '--dry-run', '--json', '--loglevel=error'], {
		cwd: ROOT,
		encoding: 'utf8',
	});
	return sizesOf(JSON.parse(output)[0]);
}

/** What another package weighs, kept in .cache; or why that is not known. */
async function sizesOfOther(name) {
	const file = path.join(OTHERS_FOLDER, `${name.replaceAll('/', '+')}.json`);
	if (existsSync(file)) return { name, ...JSON.parse(readFileSync(file, 'utf8')) };
	mkdirSync(OTHERS_FOLDER, { recursive: true });
	try {
		const args = ['pack', name, '--json', '--ignore-scripts', '--loglevel=error', '--fetch-retries=0'];
		const { stdout } = await promisify(execFile)(NPM, args, { cwd: OTHERS_FOLDER, timeout: REGISTRY_LIMIT_MS });
		const sizes = sizesOf(JSON.parse(stdout)[0]);
		writeFileSync(file, JSON.stringify(sizes));
		return { name, ...sizes };
	} catch (error) {
		const [, code = 'no answer'] = /npm error code (\S+)/.exec(String(error)) ?? [];
		return { name, missing: code };
	}
}

/** What is loaded: the Node that runs it, a file beside which n8n-workflow lies, and the files. */
function loads() {
	const own = Object.values(ENGINES).map((folder) => {
		const packageFolder = path.join(folder, 'node_modules', 'n8n-nodes-sora');
		const { n8n } = JSON.parse(readFileSync(path.join(packageFolder, 'package.json'), 'utf8'));
		const { version } = JSON.parse(readFileSync(path.join(folder, 'node_modules', 'n8n-core', 'package.json'), 'utf8'));
		return {
			name: `this package, all nodes (n8n-core ${version})`,
			isOwn: true,
			node: process.execPath,
			origin: path.join(packageFolder, 'any.js'),
			files: [...n8n.nodes, ...n8n.credentials].map((file) => path.join(packageFolder, file)),
		};
	});
	if (whatIsMissing() !== undefined) return own;
	const { folder, node } = findHost(MAJOR);
	const foreign = Object.entries(FOREIGN_NODES).flatMap(([packageName, { nodes }]) =>
		nodes
			.filter((file) => /\/(OpenAi|HttpRequest)\.node\.js$/.test(file))
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
	return [...own, ...foreign];
}

async function run({ loads: times }) {
	const measured = loads().map((load) => ({
		...load,
		rounds: /** @type {Array<{wallMs: number, cpuMs: number}>} */ ([]),
	}));
	// The first round only fills the caches of the system. The kinds take turns: what else happens meets all of them.
	for (let round = 0; round <= times; round++) {
		for (const { node, origin, files, rounds } of measured) {
			const { stdout } = await promisify(execFile)(node, [LOAD_TIME, origin, ...files]);
			if (round > 0) rounds.push(JSON.parse(stdout));
		}
	}
	const own = ownSizes();
	const others = [];
	for (const name of OTHERS) others.push(await sizesOfOther(name));
	const loading = measured.map(({ name, isOwn, rounds }) => ({
		name,
		isOwn,
		wallMs: spread(rounds.map(({ wallMs }) => wallMs)),
		cpuMs: spread(rounds.map(({ cpuMs }) => cpuMs)),
	}));
	return {
		goal: GOAL,
		goalMet: {
			packed: own.packedBytes <= GOAL.packedKilobytes * KILOBYTE,
			loading: loading.every(({ isOwn, wallMs }) => !isOwn || wallMs.median <= GOAL.loadMs),
		},
		own,
		others,
		loading,
	};
}

const LOADING_HEAD = ['Loading on top of n8n-workflow', 'ms, median and range', 'of the processor, ms'];
const SIZES_HEAD = ['Package', 'Version', 'Packed, kB', 'Unpacked, kB', 'Files'];

function loadingRows({ loading }) {
	return loading.map(({ name, wallMs, cpuMs }) => [name, showSpread(wallMs, 1), showSpread(cpuMs, 1)]);
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

function sections(report) {
	const unknown = unknownOthers(report);
	const [{ wallMs }] = report.loading;
	return {
		title: 'Weight',
		markdown: `${table(SIZES_HEAD, sizesRows(report))}

${unknown ? `Not to be had from the registry: ${unknown}.\n\n` : ''}Each load is a fresh process that has loaded n8n-workflow before; ${wallMs.values.length} interleaved runs.

${table(LOADING_HEAD, loadingRows(report))}

${describeGoals(report)}`,
	};
}

module.exports = {
	about: 'how large the package is, and how long its nodes take to load',
	options,
	run,
	summarize,
	isBroken,
	sections,
};
