'use strict';

const { execFileSync } = require('node:child_process');
const { readFileSync } = require('node:fs');
const path = require('node:path');

const ROOT = path.resolve(__dirname, '../..');
const manifest = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8'));

/** @type {string[]} */
let packed;
let packedBytes = 0;

beforeAll(() => {
	const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
	const output = execFileSync(npm, ['pack', '--dry-run', '--json', '--loglevel=error'], {
		cwd: ROOT,
		encoding: 'utf8',
	});
	const [tarball] = JSON.parse(output);
	packed = tarball.files.map((file) => file.path);
	packedBytes = tarball.size;
});

test('the tarball is at most 120 kB', () => {
	expect(packedBytes).toBeGreaterThan(0);
	expect(packedBytes).toBeLessThanOrEqual(120_000);
});

test('nothing is needed at run time but n8n itself', () => {
	expect(manifest.dependencies).toBeUndefined();
	expect(manifest.peerDependencies).toEqual({ 'n8n-workflow': '*' });
});

test('every built file requires only n8n-workflow and files of the package', () => {
	const scripts = packed.filter((file) => file.endsWith('.js'));
	expect(scripts.length).toBeGreaterThan(5);
	for (const file of scripts) {
		const text = readFileSync(path.join(ROOT, file), 'utf8');
		const required = [...text.matchAll(/\brequire\(["']([^"']+)["']\)/g)].map(([, name]) => name);
		expect(required).not.toEqual([]);
		for (const name of required) {
			if (name === 'n8n-workflow') continue;
			expect(name).toMatch(/^\.{1,2}\//);
			expect(packed).toContain(path.join(path.dirname(file), name));
		}
		expect(text).not.toMatch(/\bimport\(/);
	}
});

test('the tarball holds what a user needs and nothing else', () => {
	const kinds = [
		/^(package\.json|README\.md|LICENSE\.md)$/,
		/^dist\/bundle\.js$/,
		/^dist\/nodes\/\w+\/\w+\.node\.js$/,
		/^dist\/credentials\/\w+\.credentials\.js$/,
		/^dist\/nodes\/.+\.node\.json$/,
		/^dist\/icons\/[\w.]+\.svg$/,
	];
	expect(packed.filter((file) => !kinds.some((kind) => kind.test(file)))).toEqual([]);
	for (const file of [...manifest.n8n.nodes, ...manifest.n8n.credentials]) expect(packed).toContain(file);
});

/** The nodes of the package: the folder of each, and what it says of itself. */
const NODES = manifest.n8n.nodes.map((file) => {
	const [NodeClass] = Object.values(require(path.join(ROOT, file)));
	return { folder: path.dirname(file), description: new NodeClass().description };
});

test('icons are where the descriptions say they are', () => {
	const { SoraApi } = require(path.join(ROOT, 'dist/credentials/SoraApi.credentials.js'));
	const places = NODES.map(({ folder, description }) => [folder, description.icon]);
	for (const [folder, { light, dark }] of [...places, ['dist/credentials', new SoraApi().icon]]) {
		for (const icon of [light, dark]) expect(packed).toContain(path.join(folder, icon.replace('file:', '')));
		expect(light).not.toBe(dark);
	}
});

test.each(NODES.map(({ folder, description }) => [description.name, folder, description]))(
	'%s can be found: a codex with the category AI also names its root nodes',
	(name, folder, { displayName }) => {
		const codex = JSON.parse(readFileSync(path.join(ROOT, folder, `${path.basename(folder)}.node.json`), 'utf8'));
		expect(codex.node).toBe(`n8n-nodes-sora.${name}`);
		// n8n's panel hides nodes of the category AI that are not in this subcategory.
		if (codex.categories.includes('AI')) expect(codex.subcategories.AI).toContain('Root Nodes');
		expect(codex.alias.length).toBeGreaterThan(3);
		expect(displayName).not.toBe('');
	},
);

test('lock files name no registry', () => {
	const folders = ['.', 'test/engine/core1', 'test/engine/core2', 'test/e2e/hosts/n8n1', 'test/e2e/hosts/n8n2'];
	for (const folder of folders) {
		expect(readFileSync(path.join(ROOT, folder, 'package-lock.json'), 'utf8')).not.toMatch(/"resolved":/);
	}
});

test('the README and the lists of models and options show what is in the code (npm run build && node scripts/tables.js)', () => {
	const { MODELS, OPTIONS, README, modelsDocument, optionsDocument, withTables } = require('../../scripts/tables');
	const readme = readFileSync(README, 'utf8');
	expect(readme).toBe(withTables(readme));
	expect(readFileSync(MODELS, 'utf8')).toBe(modelsDocument());
	expect(readFileSync(OPTIONS, 'utf8')).toBe(optionsDocument());
});

test('docs/errors.md is made from the error table, and explains every kind of it and no other (node scripts/tables.js)', () => {
	const { ERRORS, errorsDocument } = require('../../scripts/errorsDocument');
	const { EXPLANATIONS } = require('../../scripts/errorExplanations');
	const { ERROR_KINDS } = require('../../build/nodes/core/errors');
	expect(Object.keys(EXPLANATIONS)).toEqual(Object.keys(ERROR_KINDS));
	expect(readFileSync(ERRORS, 'utf8')).toBe(errorsDocument());
});

test('the tables of docs/faults.md show the retry policy and the fault matrix as they are (node scripts/tables.js)', () => {
	const { FAULTS, withFaultTables } = require('../../scripts/faultTables');
	const faults = readFileSync(FAULTS, 'utf8');
	expect(faults).toBe(withFaultTables(faults));
});

test('docs/servers.md has a row for every server, with the pause between two looks', () => {
	const { DIALECTS } = require('../../build/nodes/core/dialects');
	const rows = readFileSync(path.join(ROOT, 'docs', 'servers.md'), 'utf8').split('\n');
	for (const { displayName, create, minPollSeconds, videoApi } of Object.values(DIALECTS)) {
		const row = rows.find((line) => line.startsWith(`| ${displayName} |`)) ?? `No row for ${displayName}`;
		const waits = videoApi === 'videos' && !create.isSynchronous;
		expect(row).toContain(waits ? ` | ${minPollSeconds} s | ` : ' | – | ');
	}
});

test('loading the nodes compares no texts by the rules of a language, which costs more than all the rest', () => {
	const program = `
		for (const name of ['localeCompare', 'toLocaleLowerCase', 'toLocaleUpperCase']) {
			String.prototype[name] = () => { throw new Error(name); };
		}
		require('./dist/bundle.js');
	`;
	expect(() => execFileSync(process.execPath, ['-e', program], { cwd: ROOT, stdio: 'pipe' })).not.toThrow();
});
