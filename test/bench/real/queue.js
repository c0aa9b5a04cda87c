'use strict';

/**
 * `npm run bench -- queue`: whether a second worker of n8n's queue mode doubles what is made. A real server with Redis and
 * PostgreSQL runs one video in each of many executions, with one worker and with two.
 */

const { rmSync } = require('node:fs');
const path = require('node:path');

const { table } = require('../../../scripts/markdown');
const { CACHE, TARBALL, findHost, packForHosts } = require('../../../scripts/n8nHosts');
const { missingBackends } = require('../../support/n8n/backends');
const { Client } = require('../../support/n8n/client');
const { until } = require('../../support/n8n/processes');
const { startServer } = require('../../support/n8n/server');
const { videoNode, webhookNode, workflowOf } = require('../../support/n8n/workflows');
const { openProvider } = require('../provider');
const { textTable } = require('../report');
const { realPart, verdict } = require('./part');

const GOAL_RATIO = 1.8;
const MAJOR = 2;
const LOGS = path.join(CACHE, 'logs', 'benchmark-queue');
const JOBS_PER_WORKER = 5;
const HOOK = 'benchmark';
/** So many executions are begun and forgotten first: a worker has loaded everything then. */
const WARM_UP = 2;
const LIMIT_MS = 300_000;

const options = {
	queueExecutions: { type: 'number', default: 40, about: 'executions, each with one video' },
	queueSeconds: { type: 'number', default: 10, about: 'what each video takes' },
};

async function run({ queueExecutions, queueSeconds }, { closeAtTheEnd, everyoneIsReady }) {
	const provider = await openProvider(closeAtTheEnd);
	packForHosts();
	// Who waits for a word in a log must not find it in that of an earlier run.
	rmSync(LOGS, { recursive: true, force: true });
	const starting = startServer({
		host: findHost(MAJOR),
		tarball: TARBALL,
		mode: 'queue',
		workers: 2,
		jobsPerWorker: JOBS_PER_WORKER,
		logFolder: LOGS,
	}).then((server) => ({ ...server, close: server.stop }));
	const close = closeAtTheEnd(starting);
	const server = await starting;
	const client = new Client(server.url);
	await client.setUpOwner();
	const workflow = await createWorkflow(client, provider);
	const second = server.members[2];

	const measure = async (workers) => {
		await provider.script('settings', { secondsPerJob: 0.1 });
		await runMany(client, workflow, WARM_UP * workers);
		await provider.script('settings', { secondsPerJob: queueSeconds });
		const wallMs = await runMany(client, workflow, queueExecutions);
		const perMinute = queueExecutions / (wallMs / 60_000);
		console.log(`  ${workers} of 2 workers: ${perMinute.toFixed(1)} executions per minute`);
		return { workers, wallSeconds: wallMs / 1000, perMinute, ofPossible: perMinute / possible(workers, queueSeconds) };
	};
	const two = await measure(2);
	await second.stop();
	// Two workers are alone on the machine, which they make use of; one has nothing to do most of the time.
	await everyoneIsReady();
	// What has become warm until now is to the good of the single worker.
	const one = await measure(1);
	await close();
	const ratio = two.perMinute / one.perMinute;
	return {
		executions: queueExecutions,
		seconds: queueSeconds,
		jobsPerWorker: JOBS_PER_WORKER,
		rows: [one, two],
		ratio,
		goalRatio: GOAL_RATIO,
		goalMet: ratio >= GOAL_RATIO,
	};
}

/** Executions per minute if nothing but the videos took time. */
function possible(workers, seconds) {
	return (workers * JOBS_PER_WORKER * 60) / seconds;
}

async function createWorkflow(client, { baseUrl, apiKey }) {
	const credential = await client.createCredential('soraApi', 'Sora API', { server: 'custom', baseUrl, apiKey });
	const parameters = { prompt: 'A paper boat', options: { pollInterval: 1 } };
	const nodes = [webhookNode(HOOK, 'onReceived'), videoNode(credential, { parameters })];
	const workflow = await client.createWorkflow(workflowOf('Benchmark', nodes));
	await client.activate(workflow);
	return workflow;
}

/** Begins so many executions and waits for all of them; gives the time from the first call to the last end, in ms. */
async function runMany(client, { id }, count) {
	const before = await countEnded(client, id, 'success');
	const startedMs = performance.now();
	await Promise.all(
		Array.from({ length: count }, async () => {
			const { status, bytes } = await client.callWebhook(HOOK, {});
			if (status !== 200) throw new Error(`The webhook was answered with ${status}: ${bytes}`);
		}),
	);
	await until(
		async () => {
			if ((await countEnded(client, id, 'error')) > 0) throw new Error('An execution failed');
			return (await countEnded(client, id, 'success')) >= before + count;
		},
		{ timeoutMs: LIMIT_MS, what: `${count} executions` },
	);
	return performance.now() - startedMs;
}

async function countEnded(client, workflowId, status) {
	const filter = encodeURIComponent(JSON.stringify({ workflowId, status: [status] }));
	return (await client.request('GET', `/rest/executions?filter=${filter}&limit=1`)).count;
}

const HEAD = ['workers', 'executions per minute', 'of what is possible'];

function rowsOf({ rows }) {
	return rows.map(({ workers, perMinute, ofPossible }) => [
		String(workers),
		perMinute.toFixed(1),
		`${Math.round(ofPossible * 100)} %`,
	]);
}

function summarize(report) {
	const { ratio, goalRatio, goalMet } = report;
	return `${textTable(HEAD, rowsOf(report))}\n\nTwo workers ÷ one: ${ratio.toFixed(2)}. Goal: at least ${goalRatio}: ${verdict(goalMet)}`;
}

function figures({ ratio }) {
	return [{ name: 'two workers ÷ one', kind: 'wall', value: ratio }];
}

function sections(report) {
	const { executions, seconds, jobsPerWorker, n8n, ratio, goalRatio, goalMet } = report;
	return {
		markdown: `${executions} executions with a video that takes ${seconds} s, in queue mode of n8n ${n8n} with Redis and PostgreSQL; \`--concurrency=${jobsPerWorker}\`; measured once,
one worker at the same time as the many videos. What is possible: as if nothing but the videos took time.

${table(HEAD, rowsOf(report))}

Two workers make ${ratio.toFixed(2)} times as much as one. Goal: at least ${goalRatio}. ${goalMet ? 'Met.' : 'Missed.'}`,
	};
}

module.exports = realPart({
	method: 2,
	nearlyAlwaysWaits: true,
	title: 'Queue mode: a second worker',
	about: 'how much more two workers of the queue mode make than one',
	options,
	missing: missingBackends,
	notQuick: 'it takes three minutes',
	run,
	summarize,
	figures,
	sections,
});
