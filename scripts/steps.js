'use strict';

/** Steps that the commands of the README have in common. Uses nothing but Node itself: it runs before the install. */

const { spawnSync } = require('node:child_process');
const { cpSync, mkdtempSync, rmSync, statSync, writeFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const path = require('node:path');

const ROOT = path.resolve(__dirname, '..');
const NPM = process.platform === 'win32' ? 'npm.cmd' : 'npm';

/** The engines of n8n's two majors, each with its own n8n-workflow. */
const ENGINES = {
	1: path.join(ROOT, 'test', 'engine', 'core1'),
	2: path.join(ROOT, 'test', 'engine', 'core2'),
};

const INSTALL_FLAGS = ['--ignore-scripts', '--legacy-peer-deps', '--no-audit', '--no-fund', '--loglevel=error'];

/** Runs a command to its end; ends this process with the command's code when it fails. */
function run(command, args, options = {}) {
	const result = spawnSync(command, args, { cwd: ROOT, stdio: 'inherit', ...options });
	if (result.signal) process.exit(130);
	if (result.error) throw result.error;
	if (result.status !== 0) {
		if (result.stdout) process.stdout.write(result.stdout);
		if (result.stderr) process.stderr.write(result.stderr);
		process.exit(result.status ?? 1);
	}
	return result;
}

/** Runs `npm ci` in a folder, unless something was installed there since its lock file last changed. */
function install(folder, what) {
	const changedMs = (file) => statSync(path.join(folder, file), { throwIfNoEntry: false })?.mtimeMs ?? 0;
	// npm writes this file last, whichever command installed.
	if (changedMs('node_modules/.package-lock.json') >= changedMs('package-lock.json')) return;
	console.log(`Installing ${what} …`);
	run(NPM, ['ci', ...INSTALL_FLAGS], { cwd: folder });
}

/** Does something with a temporary folder of its own, because tools leave caches in theirs. */
function inTemporaryFolder(action) {
	const folder = mkdtempSync(path.join(tmpdir(), 'tools-'));
	const earlier = process.env.TMPDIR;
	const remove = () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
	// `run` ends this process when a command fails.
	process.once('exit', remove);
	process.env.TMPDIR = folder;
	try {
		return action();
	} finally {
		if (earlier === undefined) delete process.env.TMPDIR;
		else process.env.TMPDIR = earlier;
		process.off('exit', remove);
		remove();
	}
}

function installDevelopment() {
	install(ROOT, 'the development tools (one or two minutes, once)');
}

/**
 * Compiles the nodes into build, module by module, for the tests, and into dist as they are published.
 * @param {{isForDebugging?: boolean}} [options] with it, every file carries the way back to its source
 */
function build({ isForDebugging = false } = {}) {
	const bin = (name) => path.join(ROOT, 'node_modules', ...name.split('/'));
	const maps = isForDebugging ? ['--inlineSourceMap', '--sourceRoot', ROOT] : [];
	inTemporaryFolder(() => {
		run(process.execPath, [bin('gulp/bin/gulp.js'), '--silent']);
		run(process.execPath, [bin('typescript/bin/tsc'), '-p', ROOT, ...maps]);
		run(process.execPath, [path.join(__dirname, 'bundle.js'), ...(isForDebugging ? ['--debug'] : [])]);
	});
}

/** Packs the package as it would be published; gives the path of the tarball. */
function pack() {
	const { stdout } = run(NPM, ['pack', '--json', '--loglevel=error'], {
		stdio: ['ignore', 'pipe', 'pipe'],
		encoding: 'utf8',
	});
	return path.join(ROOT, JSON.parse(stdout)[0].filename);
}

/**
 * Installs both engines, and our packed package into each. npm unpacks it in an empty folder: beside an engine it would
 * reconsider a thousand packages first, which takes a quarter of a minute and changes nothing for one without dependencies.
 */
function installEngines() {
	for (const [major, folder] of Object.entries(ENGINES)) install(folder, `the engine of n8n ${major}.x`);
	const tarball = pack();
	const folder = mkdtempSync(path.join(tmpdir(), 'packed-'));
	try {
		writeFileSync(path.join(folder, 'package.json'), '{}');
		run(NPM, ['install', ...INSTALL_FLAGS, '--no-package-lock', tarball], {
			cwd: folder,
			stdio: ['ignore', 'pipe', 'inherit'],
		});
		for (const engine of Object.values(ENGINES)) {
			const place = path.join('node_modules', 'n8n-nodes-sora');
			rmSync(path.join(engine, place), { recursive: true, force: true });
			cpSync(path.join(folder, place), path.join(engine, place), { recursive: true });
		}
	} finally {
		rmSync(tarball);
		rmSync(folder, { recursive: true });
	}
}

module.exports = {
	ENGINES,
	NPM,
	ROOT,
	build,
	inTemporaryFolder,
	install,
	installDevelopment,
	installEngines,
	pack,
	run,
};
