'use strict';

const { mkdirSync, writeFileSync } = require('node:fs');
const path = require('node:path');

const { NPM } = require('../../../scripts/steps');
const { startPostgres, startRedis } = require('./backends');
const { n8nEnvironment } = require('./environment');
const { freePort, makeFolder, removeFolder, runToEnd, startProcess, until } = require('./processes');

const READY_TIMEOUT_MS = 120_000;
/** A request that only asks whether somebody is there. */
const PROBE_TIMEOUT_MS = 2_000;
const JOBS_PER_WORKER = 10;

/**
 * @typedef {object} ServerOptions
 * @property {import('../../../scripts/n8nHosts').Host} host
 * @property {string} tarball the packed package, installed as a community package
 * @property {'regular' | 'queue'} [mode] queue: a main process and workers, with Redis and PostgreSQL of their own
 * @property {number} [workers] in queue mode
 * @property {number} [jobsPerWorker] how many executions a worker has at once
 * @property {string} logFolder where the logs of all processes are kept
 * @property {number} [port] of the main process; any free one when absent
 * @property {Record<string, string>} [environment] added to that of every n8n process
 */

/**
 * Starts a new, empty n8n and gives it when it answers. `stop` ends everything that belongs to it and removes its folders.
 * @param {ServerOptions} options
 */
async function startServer({ host, tarball, mode = 'regular', logFolder, port, environment = {}, ...queue }) {
	const { workers = 2, jobsPerWorker = JOBS_PER_WORKER } = queue;
	const home = makeFolder(`n8n-e2e-${host.major}`);
	/** @type {Array<{stop(): Promise<void>}>} what is ended last, in the reverse order of its start */
	const backends = [];
	/** @type {Array<Awaited<ReturnType<typeof prepareMember>>>} */
	const members = [];
	const stop = async () => {
		await Promise.all(members.map((member) => member.stop()));
		for (const backend of backends.reverse()) await backend.stop();
		removeFolder(home);
	};
	try {
		const shared = { ...environment };
		if (mode === 'queue') {
			const redis = await startRedis(path.join(logFolder, 'redis.log'));
			backends.push(redis);
			const postgres = await startPostgres(path.join(logFolder, 'postgres.log'));
			backends.push(postgres);
			Object.assign(shared, redis.environment, postgres.environment, {
				EXECUTIONS_MODE: 'queue',
				OFFLOAD_MANUAL_EXECUTIONS_TO_WORKERS: 'true',
			});
		}
		const names = ['main', ...(mode === 'queue' ? Array.from({ length: workers }, (_, i) => `worker${i + 1}`) : [])];
		for (const name of names) {
			const place = { home, name, logFolder, tarball, jobsPerWorker, port: name === 'main' ? port : undefined };
			members.push(await prepareMember(host, place, shared));
		}
		const start = async () => {
			const [main, ...others] = members;
			// The main process makes the tables.
			await main.start();
			await Promise.all(others.map((worker) => worker.start()));
		};
		await start();
		await noteInstallation(host, path.join(home, 'main'), shared);
		return {
			url: members[0].url,
			host,
			/** The main process first, then the workers. */
			members,
			/** Where each of them writes its log. */
			logFiles: members.map((member) => member.logFile),
			/** Everything that all of its processes logged so far. */
			log: () => members.map((member) => member.log()).join('\n'),
			/** Ends all of its processes without a warning; `start` starts them again over the same data. */
			kill: async () => void (await Promise.all(members.map((member) => member.kill()))),
			start,
			stop,
		};
	} catch (error) {
		await stop();
		throw error;
	}
}

/** One process of a server: its user folder with the package in it, its ports, its log. */
async function prepareMember(host, { home, name, logFolder, tarball, jobsPerWorker, port }, shared) {
	const place = {
		userFolder: path.join(home, name),
		port: port ?? (await freePort()),
		brokerPort: await freePort(),
	};
	const isMain = name === 'main';
	const url = `http://127.0.0.1:${place.port}`;
	const logFile = path.join(logFolder, `${name}.log`);
	await installPackage(place.userFolder, tarball);
	const health = isMain ? {} : { QUEUE_HEALTH_CHECK_ACTIVE: 'true', QUEUE_HEALTH_CHECK_PORT: String(place.port) };
	/** @type {Awaited<ReturnType<typeof startProcess>> | undefined} */
	let running;
	return {
		name,
		url,
		logFile,
		log: () => running?.log() ?? '',
		/** When it has ended, for whatever reason. */
		ended: async () => void (await running?.ended),
		async start() {
			running = await startProcess({
				command: host.node,
				args: [host.program, ...(isMain ? ['start'] : ['worker', `--concurrency=${jobsPerWorker}`])],
				env: n8nEnvironment(host, place, { ...shared, ...health }),
				cwd: place.userFolder,
				logFile,
			});
			const member = running;
			const pages = isMain ? ['/healthz/readiness', '/rest/settings'] : ['/healthz/readiness'];
			await until(
				async () => {
					if (!member.isRunning())
						throw new Error(`n8n ${host.major}.x ended at its start:\n${member.log().slice(-3000)}`);
					const answers = await Promise.all(pages.map((page) => answersOk(`${url}${page}`)));
					return answers.every(Boolean);
				},
				{ timeoutMs: READY_TIMEOUT_MS, what: () => `n8n ${host.major}.x, ${name}:\n${member.log().slice(-3000)}` },
			);
		},
		stop: async () => await running?.stop(),
		kill: async () => await running?.kill(),
	};
}

/** 1.123 says that it is ready before its REST routes are there, so both are asked for. */
async function answersOk(url) {
	const response = await fetch(url, { signal: AbortSignal.timeout(PROBE_TIMEOUT_MS) }).catch(() => undefined);
	await response?.arrayBuffer();
	return response?.status === 200;
}

/** Installs a tarball where n8n installs community packages. */
async function installPackage(userFolder, tarball) {
	const folder = path.join(userFolder, '.n8n', 'nodes');
	mkdirSync(folder, { recursive: true });
	const manifest = { name: 'installed-nodes', private: true, dependencies: {} };
	writeFileSync(path.join(folder, 'package.json'), JSON.stringify(manifest));
	const flags = ['--ignore-scripts', '--legacy-peer-deps', '--no-audit', '--no-fund', '--offline', '--loglevel=error'];
	await runToEnd({ command: NPM, args: ['install', ...flags, tarball], cwd: folder, env: process.env });
}

/** Notes the package in the new database, so that n8n lists it among its community nodes. */
async function noteInstallation(host, userFolder, shared) {
	const folder = path.join(userFolder, '.n8n');
	await runToEnd({
		command: host.node,
		args: [
			path.join(__dirname, 'installedPackage.js'),
			path.join(folder, 'nodes', 'node_modules', 'n8n-nodes-sora'),
			path.join(folder, 'database.sqlite'),
		],
		env: { ...shared, HOME: userFolder, TMPDIR: userFolder, NODE_PATH: path.join(host.folder, 'node_modules') },
		cwd: userFolder,
	});
}

module.exports = { startServer };
