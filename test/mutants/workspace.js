'use strict';

const { spawnSync } = require('node:child_process');
const {
	cpSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} = require('node:fs');
const { tmpdir } = require('node:os');
const path = require('node:path');

const { ROOT } = require('../../scripts/steps');

const PACKAGE = 'n8n-nodes-sora';
const ENGINES = ['test/engine/core1', 'test/engine/core2'];
const JEST = path.join(ROOT, 'node_modules', 'jest', 'bin', 'jest.js');
/** Of one test or hook: a slow machine must not look like a test that has seen something. */
const TEST_LIMIT_MS = 2 * 60_000;
/** Of one test file. */
const FILE_LIMIT_MS = 5 * 60_000;
/** How jest's messages of failed expectations begin; everything else that fails a test is a fault of another kind. */
const EXPECTATION = /^(\w*Error: )?expect\(/;

/**
 * @typedef {import('./mutants').Mutant} Mutant
 * @typedef {{file: string, name: string, hasPassed: boolean, messages: string[]}} TestResult
 */

/** A copy of the build and of the tests in a temporary folder, in which the build may be spoilt. */
class Workspace {
	constructor() {
		this.folder = mkdtempSync(path.join(tmpdir(), 'mutants-'));
		/** Where the tests load the nodes from: unit and contract tests from the build, the engines as packages. */
		this.builds = ['build', ...ENGINES.map((engine) => path.join(engine, 'node_modules', PACKAGE, 'dist'))].map(
			(build) => path.join(this.folder, build),
		);
		const installed = (file) => ENGINES.some((engine) => file === path.join(ROOT, engine, 'node_modules'));
		for (const part of ['package.json', 'jest.config.js', 'scripts', 'test']) {
			cpSync(path.join(ROOT, part), path.join(this.folder, part), {
				recursive: true,
				filter: (file) => !installed(file),
			});
		}
		symlinkSync(path.join(ROOT, 'node_modules'), path.join(this.folder, 'node_modules'));
		for (const engine of ENGINES) this.linkEngine(engine);
		for (const build of this.builds) cpSync(path.join(ROOT, 'build'), build, { recursive: true });
	}

	/** An engine as it is installed, but for our package, which gets a folder of its own. */
	linkEngine(engine) {
		const [from, to] = [ROOT, this.folder].map((root) => path.join(root, engine, 'node_modules'));
		mkdirSync(path.join(to, PACKAGE), { recursive: true });
		for (const name of readdirSync(from).filter((each) => each !== PACKAGE)) {
			symlinkSync(path.join(from, name), path.join(to, name));
		}
		cpSync(path.join(ROOT, 'package.json'), path.join(to, PACKAGE, 'package.json'));
	}

	/**
	 * Spoils the builds while `work` goes on. Throws when the mutant's text is not there exactly once, or when the nodes
	 * cannot be loaded with it.
	 * @template Result
	 * @param {Mutant} mutant
	 * @param {() => Result} work
	 */
	withMutant(mutant, work) {
		const files = this.builds.map((build) => path.join(build, mutant.file));
		const original = readFileSync(files[0], 'utf8');
		const spoilt = applyMutant(mutant, original);
		try {
			for (const file of files) writeFileSync(file, spoilt);
			this.load(mutant);
			return work();
		} finally {
			for (const file of files) writeFileSync(file, original);
		}
	}

	/** A build that cannot be loaded fails every test, which would prove nothing. */
	load({ name }) {
		const { n8n } = require('../../package.json');
		const files = [...n8n.nodes, ...n8n.credentials].map((file) =>
			path.join(this.folder, file.replace(/^dist/, 'build')),
		);
		const program = 'for (const file of process.argv.slice(1)) require(file)';
		const { status, stderr } = spawnSync(process.execPath, ['-e', program, ...files], { encoding: 'utf8' });
		if (status !== 0) throw new Error(`The nodes cannot be loaded with the mutant "${name}": ${stderr}`);
	}

	/**
	 * Runs the named tests of the given mutants; gives the result of each test that has such a name.
	 * @param {Mutant[]} mutants
	 * @returns {TestResult[]}
	 */
	runTests(mutants) {
		const report = path.join(this.folder, 'report.json');
		rmSync(report, { force: true });
		const names = mutants.map(({ test }) => test.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
		const files = [...new Set(mutants.map(({ testFile }) => path.join(this.folder, testFile)))];
		const options = ['--json', `--outputFile=${report}`, '--silent', '--forceExit', `--testTimeout=${TEST_LIMIT_MS}`];
		const { error } = spawnSync(
			process.execPath,
			[
				JEST,
				...options,
				'--cacheDirectory',
				path.join(this.folder, 'cache'),
				'-t',
				`(${names.join('|')})$`,
				'--runTestsByPath',
				...files,
			],
			{
				cwd: this.folder,
				env: { ...process.env, FORCE_COLOR: '0' },
				stdio: 'ignore',
				timeout: files.length * FILE_LIMIT_MS,
			},
		);
		if (error) throw error;
		return readReport(report, this.folder);
	}

	remove() {
		rmSync(this.folder, { recursive: true, force: true });
	}
}

/**
 * A built file with a mutant in it. Throws when the text to replace is not there exactly once.
 * @param {Mutant} mutant
 * @param {string} source
 */
function applyMutant({ name, file, text, replacement }, source) {
	const parts = source.split(text);
	if (parts.length === 2) return parts.join(replacement);
	throw new Error(`The mutant "${name}" does not fit: its text stands ${parts.length - 1} times in ${file}`);
}

/** @returns {TestResult[]} */
function readReport(file, folder) {
	const { testResults } = JSON.parse(readFileSync(file, 'utf8'));
	return testResults.flatMap(({ name, message, assertionResults }) => {
		if (assertionResults.length === 0) throw new Error(`${name} could not be run: ${message}`);
		return assertionResults
			.filter(({ status }) => status === 'passed' || status === 'failed')
			.map(({ fullName, status, failureMessages }) => ({
				file: path.relative(folder, name),
				name: fullName,
				hasPassed: status === 'passed',
				messages: failureMessages,
			}));
	});
}

/**
 * The results of a mutant's own test. Throws when there is none of its name.
 * @param {Mutant} mutant
 * @param {TestResult[]} results
 */
function resultsOf({ name, testFile, test }, results) {
	const own = results.filter((result) => result.file === testFile && result.name.endsWith(test));
	if (own.length === 0) throw new Error(`The mutant "${name}" names a test that is not in ${testFile}: ${test}`);
	return own;
}

/** Whether tests failed because of what they expect, and not because of anything else. */
function haveSeen(results) {
	return results.every(({ hasPassed, messages }) => !hasPassed && messages.every((text) => EXPECTATION.test(text)));
}

module.exports = { Workspace, applyMutant, haveSeen, resultsOf };
