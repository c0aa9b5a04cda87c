'use strict';

const { cpSync, mkdtempSync } = require('node:fs');
const { tmpdir } = require('node:os');
const path = require('node:path');

const { findHost } = require('../../../scripts/n8nHosts');
const { ENGINES } = require('../../../scripts/steps');
const { startEngine } = require('../../support/engine');
const { FOREIGN_NODES } = require('./contenders');

/** The engine of the installed n8n of this major is measured, with n8n's own nodes beside it and on its own Node. */
const MAJOR = 2;

/** Why n8n's own nodes cannot be measured on this machine; undefined when they can. */
function whatIsMissing() {
	const host = findHost(MAJOR);
	return (
		host.missing ?? (host.installed ? undefined : 'n8n 2.x is not installed: npm run test:e2e -- --prepare does it')
	);
}

/** @type {string | undefined} */
let packageFolder;

/** A copy of our packed package, apart from every n8n, as n8n itself keeps community packages. */
function ownPackage() {
	if (packageFolder === undefined) {
		packageFolder = path.join(mkdtempSync(path.join(tmpdir(), 'package-')), 'n8n-nodes-sora');
		cpSync(path.join(ENGINES[MAJOR], 'node_modules', 'n8n-nodes-sora'), packageFolder, { recursive: true });
	}
	return packageFolder;
}

/**
 * An engine in a fresh process that can run all contenders.
 * @param {(starting: Promise<{close(): Promise<void>}>) => () => Promise<void>} closeAtTheEnd
 * @param {{nodeArguments?: string[], packageFolder?: string}} [options]
 * @returns the engine, whose `measure` runs a workflow and gives what it took; see test/support/engine/cost.js
 */
async function startContenders(closeAtTheEnd, { nodeArguments = [], packageFolder: folder = ownPackage() } = {}) {
	const { folder: engineFolder, node } = findHost(MAJOR);
	const starting = startEngine({
		engineFolder,
		packageFolder: folder,
		node,
		nodeArguments,
		binaryMode: 'filesystem',
		foreignNodes: FOREIGN_NODES,
		environment: { N8N_LOG_LEVEL: 'warn' },
	});
	const close = closeAtTheEnd(starting);
	const engine = await starting;
	return {
		...engine,
		close,
		/** Throws unless so many items came out of the last node. */
		async measure(request, count) {
			const { status, error, cost, itemCounts } = await engine.execute({ ...request, measured: true });
			if (error || status !== 'success')
				throw new Error(`The run failed: ${error?.message}\n${error?.description ?? ''}`);
			if (itemCounts.Result !== count) throw new Error(`${itemCounts.Result} of ${count} items came out`);
			return cost;
		},
	};
}

module.exports = { MAJOR, ownPackage, startContenders, whatIsMissing };
