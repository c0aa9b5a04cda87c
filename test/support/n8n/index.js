'use strict';

const { rmSync } = require('node:fs');
const path = require('node:path');

const { CACHE, TARBALL, findHost } = require('../../../scripts/n8nHosts');
const { startSimulator } = require('../simulator');
const { missingBackends } = require('./backends');
const { Client } = require('./client');
const { startServer } = require('./server');

const LOGS = path.join(CACHE, 'logs');
const START_TIMEOUT_MS = 240_000;
const STOP_TIMEOUT_MS = 60_000;

/** Versions of n8n to test, from the environment: `1`, `2`, or both. */
const versions = () => (process.env.E2E_VERSIONS ?? '1,2').split(',').map(Number);

/** An empty n8n with its owner logged in, a simulator, and a credential for it. */
async function startBench({ suite, host, mode, environment, simulator: simulatorOptions }) {
	const name = `${suite}-n8n${host.major}-${mode}`;
	const logFolder = path.join(LOGS, name);
	rmSync(logFolder, { recursive: true, force: true });
	const simulator = await startSimulator({ secondsPerJob: 1, ...simulatorOptions });
	try {
		const server = await startServer({ host, mode, tarball: TARBALL, logFolder, environment });
		const client = new Client(server.url);
		await client.setUpOwner();
		const secrets = { server: 'custom', baseUrl: simulator.baseUrl, apiKey: simulator.apiKey };
		const credential = await client.createCredential('soraApi', 'Sora API', secrets);
		return {
			server,
			simulator,
			client,
			secrets,
			credential,
			/** The bytes that the simulator gives for a finished job. */
			async originalFile(jobId) {
				const headers = { authorization: `Bearer ${simulator.apiKey}` };
				const response = await fetch(`${simulator.baseUrl}/videos/${jobId}/content`, { headers });
				return Buffer.from(await response.arrayBuffer());
			},
			async end() {
				await server.stop();
				await simulator.close();
			},
		};
	} catch (error) {
		await simulator.close();
		throw error;
	}
}

/**
 * Declares the same tests for every version of n8n and mode that was asked for. Each gets a server of its own, started
 * before its tests and ended after them; the simulator is emptied before each test. What this machine cannot run is
 * skipped, with the reason in the title.
 * @param {string} suite names the folder of the logs
 * @param {{modes?: Array<'regular' | 'queue'>, environment?: Record<string, string>, simulator?: object}} options
 * @param {(bench: Awaited<ReturnType<typeof startBench>>, host: import('../../../scripts/n8nHosts').Host, mode: string) => void} declare
 */
function describeServers(suite, { modes = ['regular'], environment, simulator }, declare) {
	for (const mode of modes) {
		const missing = mode === 'queue' ? missingBackends() : undefined;
		const declareWithBench = (host) => {
			const bench = /** @type {Awaited<ReturnType<typeof startBench>>} */ ({});
			beforeAll(
				async () => Object.assign(bench, await startBench({ suite, host, mode, environment, simulator })),
				START_TIMEOUT_MS,
			);
			afterAll(async () => await bench.end?.(), STOP_TIMEOUT_MS);
			beforeEach(async () => {
				await fetch(`${bench.simulator.url}/admin/reset`, { method: 'POST' });
			});
			afterEach(() => expect(bench.simulator.state.unmatched).toEqual([]));
			declare(bench, host, mode);
		};
		describeVersions(`${mode} mode`, declareWithBench, missing);
	}
}

/**
 * Declares the same tests for every version of n8n that was asked for; skipped, with the reason in the title, where this
 * machine cannot run them.
 * @param {string} what is tested
 * @param {(host: import('../../../scripts/n8nHosts').Host) => void} declare
 * @param {string} [missing] what else the tests lack, besides n8n
 */
function describeVersions(what, declare, missing) {
	for (const major of versions()) {
		const host = findHost(/** @type {1 | 2} */ (major));
		const reason = whatIsMissing(host) ?? missing;
		const title = `n8n ${major}.x, ${what}`;
		if (reason) describe.skip(`${title} (${reason})`, () => declare(host));
		else describe(title, () => declare(host));
	}
}

function whatIsMissing(host) {
	return host.missing ?? (host.installed ? undefined : 'it is not installed: npm run test:e2e does that');
}

module.exports = { LOGS, describeServers, describeVersions, startBench };
