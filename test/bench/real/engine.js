'use strict';

const { execFileSync } = require('node:child_process');
const { cpSync, mkdtempSync, readFileSync, readdirSync, statSync } = require('node:fs');
const { tmpdir } = require('node:os');
const path = require('node:path');

const { findHost } = require('../../../scripts/n8nHosts');
const { ENGINES } = require('../../../scripts/steps');
const { startEngine } = require('../../support/engine');
const { FOREIGN_NODES } = require('./contenders');

/** The n8n that is measured unless a benchmark asks for another. */
const MAJOR = 2;

/**
 * Arguments for Node that give an engine a heap as that of a server which has been at work for a while. The heap of a fresh
 * process is small and collects garbage at moments that differ from run to run; what is measured differs with them. One that
 * has nothing to do for some seconds gives memory back, and what is added then is more.
 */
const BUSY_HEAP = ['--min-semi-space-size=16', '--initial-old-space-size=512', '--no-memory-reducer'];

/** Why n8n's own nodes cannot be measured on this machine; undefined when they can. */
function whatIsMissing(major = MAJOR) {
	const host = findHost(major);
	if (host.missing || host.installed) return host.missing;
	return `n8n ${major}.x is not installed: npm run test:e2e -- --prepare does it`;
}

/** @type {string | undefined} */
let copiedPackage;

/** A copy of our packed package, apart from every n8n, as n8n itself keeps community packages. */
function ownPackage() {
	if (copiedPackage === undefined) {
		copiedPackage = path.join(mkdtempSync(path.join(tmpdir(), 'package-')), 'n8n-nodes-sora');
		cpSync(path.join(ENGINES[MAJOR], 'node_modules', 'n8n-nodes-sora'), copiedPackage, { recursive: true });
	}
	return copiedPackage;
}

/**
 * The engine of an installed n8n in a fresh process, on the Node of that n8n, with all contenders or with some.
 * @param {(starting: Promise<{close(): Promise<void>}>) => () => Promise<void>} closeAtTheEnd
 * @param {{binaryMode?: 'default' | 'filesystem', major?: 1 | 2, foreignNodes?: Record<string, any>, nodeArguments?: string[]}} [options]
 * @returns the engine, whose `measure` runs a workflow and gives what it took, see test/support/engine/cost.js
 */
async function startContenders(
	closeAtTheEnd,
	{ binaryMode = 'filesystem', major = MAJOR, foreignNodes = FOREIGN_NODES, nodeArguments = [] } = {},
) {
	const { folder: engineFolder, node } = findHost(major);
	const starting = startEngine({
		engineFolder,
		packageFolder: ownPackage(),
		node,
		nodeArguments: ['--expose-gc', ...nodeArguments],
		binaryMode,
		foreignNodes,
		environment: { N8N_LOG_LEVEL: 'warn' },
	});
	const close = closeAtTheEnd(starting);
	const engine = await starting;
	return {
		...engine,
		close,
		/** The size of all files that it holds. */
		storedBytes: () =>
			readdirSync(engine.userFolder, { recursive: true, withFileTypes: true })
				.filter((entry) => entry.isFile())
				.reduce((sum, { parentPath, name }) => sum + statSync(path.join(parentPath, name)).size, 0),
		/** Throws unless so many items came out of the last node. */
		async measure(request, count, measured = 'cost') {
			const { status, error, cost, itemCounts } = await engine.execute({ ...request, measured });
			if (error || status !== 'success')
				throw new Error(`The run failed: ${error?.message}\n${error?.description ?? ''}`);
			if (itemCounts.Result !== count) throw new Error(`${itemCounts.Result} of ${count} items came out`);
			return cost;
		},
	};
}

/** The version of the n8n whose engine and nodes are measured. */
function n8nVersion(major = MAJOR) {
	const manifest = path.join(findHost(major).folder, 'node_modules', 'n8n', 'package.json');
	return JSON.parse(readFileSync(manifest, 'utf8')).version;
}

/** The version of the Node that runs it. */
function nodeVersion(major = MAJOR) {
	const { node } = findHost(major);
	return execFileSync(node, ['--version'], { encoding: 'utf8' }).trim().slice(1);
}

module.exports = { BUSY_HEAP, MAJOR, n8nVersion, nodeVersion, ownPackage, startContenders, whatIsMissing };
