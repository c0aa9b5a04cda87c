'use strict';

const { spawnSync } = require('node:child_process');
const { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const path = require('node:path');

const { collectTexts, documentationLinks, noteTexts, uiTexts } = require('../../scripts/checks/uiTexts');

const ROOT = path.resolve(__dirname, '../..');

/** @type {string} */
let folder;
beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'sora-checks-'))));
afterEach(() => rmSync(folder, { recursive: true }));

/** Puts a file into the folder. */
function place(file, text) {
	mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
	writeFileSync(path.join(folder, file), text);
}

/** Calls a function of the checks in a process of its own; gives what it returned and all that was printed. */
function call(name, ...args) {
	const code = `process.stdout.write('\\n' + require('./scripts/checks')[${JSON.stringify(name)}](...${JSON.stringify(args)}))`;
	const { stdout, stderr } = spawnSync(process.execPath, ['-e', code], {
		cwd: ROOT,
		encoding: 'utf8',
		env: { ...process.env, FORCE_COLOR: '0' },
	});
	return { isWell: stdout.endsWith('\ntrue'), printed: stdout + stderr };
}

describe('texts of a description', () => {
	test('are found at every depth, those of options too, and identifiers are left out', () => {
		const description = {
			displayName: 'Node',
			name: 'someNode',
			properties: [
				{ displayName: 'Notice', name: 'notice', type: 'notice', default: 'not shown' },
				{
					displayName: 'Operation',
					name: 'operation',
					placeholder: 'e.g. one',
					hint: 'A hint',
					options: [{ name: 'Make One', value: 'make', action: 'Make one', description: 'Makes it' }],
				},
				{ displayName: 'More', name: 'more', options: [{ displayName: 'Inner', name: 'inner' }] },
			],
		};
		expect(collectTexts(description)).toEqual([
			'Node',
			'Notice',
			'Operation',
			'e.g. one',
			'A hint',
			'Make One',
			'Make one',
			'Makes it',
			'More',
			'Inner',
		]);
	});

	test('of the package hold parameters, options, search words, the credential and hints of errors', () => {
		const texts = uiTexts();
		for (const text of ['Sora 2 Video', 'Max Cost (USD)', 'Generate video', 'text to video', 'Sora API']) {
			expect(texts).toContain(text);
		}
		expect(texts.some((text) => text.startsWith('The job is still running at the server.'))).toBe(true);
	});

	test('of the notes in the examples are all of them, with at least two in each', () => {
		const examples = readdirSync(path.join(ROOT, 'examples')).filter((file) => file.endsWith('.json'));
		const notes = noteTexts();
		expect(notes.length).toBeGreaterThanOrEqual(2 * examples.length);
		expect(notes.some((text) => text.includes('A prompt goes in, an MP4 comes out'))).toBe(true);
	});

	test('lead to documentation', () => {
		expect(documentationLinks()).toContain('https://github.com/n8n-nodes-sora/n8n-nodes-sora#the-credential');
	});
});

describe('each check finds what it is for', () => {
	// Each of them starts a program.
	jest.setTimeout(120_000);

	test('a misspelt word', () => {
		expect(call('checkWords', 'A paper boat in the rain')).toMatchObject({ isWell: true });
		const { isWell, printed } = call('checkWords', 'A paper baot in the rain');
		expect(isWell).toBe(false);
		expect(printed).toContain('baot');
	});

	test('a link to a file or a heading that does not exist', () => {
		place('there.md', '# Heading\n');
		place('whole.md', '[file](there.md) [heading](there.md#heading)\n');
		place('broken.md', '[file](nowhere.md) [heading](there.md#other) ![picture](none.png)\n');
		expect(call('checkLinksOf', ['whole.md', 'there.md'], folder)).toMatchObject({ isWell: true });
		const { isWell, printed } = call('checkLinksOf', ['broken.md', 'there.md'], folder);
		expect(isWell).toBe(false);
		for (const place of ['nowhere.md', '#other', 'none.png']) expect(printed).toContain(place);
	});

	test('what n8n allows no node to use', () => {
		const manifest = { name: 'n8n-nodes-x', version: '1.0.0' };
		place('package.json', JSON.stringify(manifest));
		place('dist/a.js', 'setTimeout(() => 1, 10);\n');
		const { isWell, printed } = call('scanFolder', folder, ['**/*.js']);
		expect(isWell).toBe(false);
		expect(printed).toContain('setTimeout');
		expect(call('scanFolder', folder, ['nothing/*.js'])).toMatchObject({ isWell: false });
	});

	test('a workflow that names what is not there', () => {
		const steps = '    steps:\n      - run: echo ${{ matrix.other }}\n';
		const workflow = `on: push\njobs:\n  one:\n    runs-on: ubuntu-latest\n${steps}`;
		place('ci.yml', workflow);
		const { isWell, printed } = call('checkWorkflowFiles', [path.join(folder, 'ci.yml')]);
		expect(isWell).toBe(false);
		expect(printed).toContain('"other" is not defined');
		place('ci.yml', workflow.replace('matrix.other', 'github.ref_name'));
		expect(call('checkWorkflowFiles', [path.join(folder, 'ci.yml')])).toMatchObject({ isWell: true });
	});
});
