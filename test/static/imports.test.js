'use strict';

const { mkdtempSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const path = require('node:path');

const ROOT = path.resolve(__dirname, '../..');

/** Every TypeScript file below a folder. */
function sources(folder) {
	return readdirSync(folder, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
		.map((entry) => path.join(entry.parentPath ?? entry.path, entry.name));
}

function importsOf(file) {
	const text = readFileSync(file, 'utf8');
	return [...text.matchAll(/(?<!\.)\b(?:(?:from|import)\s+|(?:import|require)\s*\(\s*)'([^']+)'/g)].map(
		(match) => match[1],
	);
}

/** The floor and room of a file: `core`, `adapter`, `credentials`, or the node's own folder. */
function floorOf(file, root) {
	const parts = path.relative(root, file).split(path.sep);
	return parts[0] === 'nodes' ? parts[1] : parts[0];
}

/**
 * What breaks the rule of the three floors: nodes/<Node> → nodes/adapter → nodes/core, never upwards, never sideways,
 * and n8n only above the core.
 */
function violations(root) {
	const found = [];
	for (const file of [...sources(path.join(root, 'nodes')), ...sources(path.join(root, 'credentials'))]) {
		const floor = floorOf(file, root);
		for (const imported of importsOf(file)) {
			const place = `${path.relative(root, file)} imports ${imported}`;
			if (!imported.startsWith('.')) {
				if (floor === 'core' || imported !== 'n8n-workflow') found.push(place);
				continue;
			}
			const target = floorOf(path.resolve(path.dirname(file), imported), root);
			const allowed =
				target === floor ||
				(floor === 'credentials'
					? target === 'core'
					: floor !== 'core' && (target === 'core' || (target === 'adapter' && floor !== 'adapter')));
			if (!allowed) found.push(place);
		}
	}
	return found;
}

test('imports only lead down the three floors', () => {
	expect(violations(ROOT)).toEqual([]);
});

describe('the rule sees what breaks it', () => {
	/** @type {string} */
	let root;

	beforeEach(() => {
		root = mkdtempSync(path.join(tmpdir(), 'floors-'));
		for (const folder of ['nodes/core/video', 'nodes/adapter', 'nodes/One', 'nodes/Two', 'credentials']) {
			mkdirSync(path.join(root, folder), { recursive: true });
		}
	});
	afterEach(() => rmSync(root, { recursive: true, force: true }));

	test.each([
		['core that knows n8n', 'nodes/core/video/job.ts', 'n8n-workflow'],
		['core that knows Node', 'nodes/core/video/job.ts', 'node:fs'],
		['core that looks up', 'nodes/core/video/job.ts', '../../adapter/run'],
		['an adapter that looks up', 'nodes/adapter/run.ts', '../One/description'],
		['a node that looks sideways', 'nodes/One/description.ts', '../Two/description'],
		['a node with a package of its own', 'nodes/One/One.node.ts', 'axios'],
		['a credential that looks into the adapter', 'credentials/A.credentials.ts', '../nodes/adapter/run'],
	])('%s', (_name, file, imported) => {
		writeFileSync(path.join(root, file), `import { thing } from '${imported}';\nexport { thing };\n`);
		expect(violations(root)).toEqual([`${path.normalize(file)} imports ${imported}`]);
	});
});

test('no file of the nodes passes 300 lines, but for the data of the catalogue', () => {
	const long = sources(path.join(ROOT, 'nodes')).filter(
		(file) => !path.basename(file).startsWith('catalogue') && readFileSync(file, 'utf8').split('\n').length > 301,
	);
	expect(long).toEqual([]);
});

test('an operation file holds parameters and a plan, nothing else', () => {
	const files = sources(path.join(ROOT, 'nodes')).filter((file) => file.endsWith('.operation.ts'));
	expect(files.length).toBeGreaterThan(10);
	for (const file of files) {
		const text = readFileSync(file, 'utf8');
		expect([...text.matchAll(/^export (?:const|async function|function) (\w+)/gm)].map((match) => match[1])).toEqual([
			'properties',
			'plan',
		]);
		expect(text).not.toMatch(/\bcatch\b|\bhelpers\b|for \(const item/);
	}
});
