'use strict';

const { spawnSync } = require('node:child_process');
const { existsSync, readdirSync, chownSync } = require('node:fs');
const path = require('node:path');

const { freePort, makeFolder, removeFolder, runToEnd, startProcess, until } = require('./processes');

/** Redis and PostgreSQL, which n8n's queue mode works with: each with a port and a folder of its own. */

const START_TIMEOUT_MS = 30_000;
const DEBIAN_POSTGRES = '/usr/lib/postgresql';

/** The first of these folders, or of those on the PATH, that has a program; with the program's name. */
function findProgram(name, folders = []) {
	const places = [...folders, ...(process.env.PATH ?? '').split(path.delimiter)];
	return places.map((folder) => path.join(folder, name)).find((file) => existsSync(file));
}

function findPostgres() {
	const versions = existsSync(DEBIAN_POSTGRES) ? readdirSync(DEBIAN_POSTGRES) : [];
	const folders = versions
		.sort((a, b) => Number(b) - Number(a))
		.map((version) => path.join(DEBIAN_POSTGRES, version, 'bin'));
	const [initdb, postgres, createdb] = ['initdb', 'postgres', 'createdb'].map((name) => findProgram(name, folders));
	return initdb && postgres && createdb ? { initdb, postgres, createdb } : undefined;
}

/** What queue mode needs and this machine does not have; undefined when all is there. */
function missingBackends() {
	const missing = [
		...(findProgram('redis-server') ? [] : ['redis-server']),
		...(findPostgres() ? [] : ['a PostgreSQL server']),
	];
	return missing.length === 0 ? undefined : `queue mode needs ${missing.join(' and ')}`;
}

async function startRedis(logFile) {
	const [port, folder] = [await freePort(), makeFolder('n8n-e2e-redis')];
	const redis = await startProcess({
		command: /** @type {string} */ (findProgram('redis-server')),
		args: ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder],
		logFile,
	});
	await until(() => redis.log().includes('Ready to accept connections'), {
		timeoutMs: START_TIMEOUT_MS,
		what: 'Redis',
	});
	return {
		environment: { QUEUE_BULL_REDIS_HOST: '127.0.0.1', QUEUE_BULL_REDIS_PORT: String(port) },
		async stop() {
			await redis.stop();
			removeFolder(folder);
		},
	};
}

/** PostgreSQL refuses to run as root: then it runs as the user that its package made. */
function postgresUser() {
	if (process.getuid?.() !== 0) return undefined;
	const id = (flag) => Number(spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' }).stdout);
	return { uid: id('-u'), gid: id('-g') };
}

async function startPostgres(logFile) {
	const programs = /** @type {{initdb: string, postgres: string, createdb: string}} */ (findPostgres());
	const [port, folder, user] = [await freePort(), makeFolder('n8n-e2e-postgres'), postgresUser()];
	if (user) chownSync(folder, user.uid, user.gid);
	const data = path.join(folder, 'data');
	const place = { cwd: folder, user, env: { PATH: process.env.PATH ?? '', LANG: 'C.UTF-8' } };
	await runToEnd({
		command: programs.initdb,
		args: ['-D', data, '-U', 'n8n', '--auth=trust', '-E', 'UTF8', '--no-sync'],
		...place,
	});
	const settings = { listen_addresses: '127.0.0.1', fsync: 'off', max_connections: '100' };
	const postgres = await startProcess({
		command: programs.postgres,
		args: [
			...['-D', data, '-p', String(port), '-k', folder],
			...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
		],
		logFile,
		hasSharedMemory: true,
		...place,
	});
	const stop = async () => {
		await postgres.stop();
		removeFolder(folder);
	};
	try {
		await until(() => postgres.log().includes('ready to accept connections'), {
			timeoutMs: START_TIMEOUT_MS,
			what: 'PostgreSQL',
		});
		const server = ['-h', '127.0.0.1', '-p', String(port), '-U', 'n8n'];
		await runToEnd({ command: programs.createdb, args: [...server, '--maintenance-db=postgres', 'n8n'], ...place });
	} catch (error) {
		await stop();
		throw error;
	}
	return {
		environment: {
			DB_TYPE: 'postgresdb',
			DB_POSTGRESDB_HOST: '127.0.0.1',
			DB_POSTGRESDB_PORT: String(port),
			DB_POSTGRESDB_DATABASE: 'n8n',
			DB_POSTGRESDB_USER: 'n8n',
			DB_POSTGRESDB_PASSWORD: 'unused',
		},
		stop,
	};
}

module.exports = { missingBackends, startPostgres, startRedis };
