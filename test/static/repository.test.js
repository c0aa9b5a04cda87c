'use strict';

const { readdirSync, readFileSync } = require('node:fs');
const path = require('node:path');

const { whatIsWrong } = require('../../scripts/release');
const manifest = require('../../package.json');

const ROOT = path.resolve(__dirname, '../..');
const read = (...parts) => readFileSync(path.join(ROOT, ...parts), 'utf8');

test('CONTRIBUTING describes every command of package.json', () => {
	const text = read('CONTRIBUTING.md');
	const commands = Object.keys(manifest.scripts).map((name) =>
		['start', 'test'].includes(name) ? `npm ${name}` : `npm run ${name}`,
	);
	expect(commands.filter((command) => !text.includes(`\n| \`${command}\` | `))).toEqual([]);
});

test('the README says of every development package what it is for, and of no other', () => {
	const readme = read('README.md');
	const table = readme.slice(readme.indexOf('| Package | For |'));
	const named = table
		.split('\n\n')[0]
		.split('\n')
		.slice(2)
		.flatMap((row) => [...row.split('|')[1].matchAll(/`([^`]+)`/g)].map((match) => match[1]));
	expect(named.sort()).toEqual(Object.keys(manifest.devDependencies).sort());
});

test('the index of decisions names each of them', () => {
	const files = readdirSync(path.join(ROOT, 'docs', 'decisions')).filter((file) => /^\d/.test(file));
	const index = read('docs', 'decisions', 'README.md');
	expect(files.length).toBeGreaterThan(8);
	expect(files.filter((file) => !index.includes(`](${file})`))).toEqual([]);
});

test('actions of other people are pinned to a commit, with their version beside it', () => {
	const folder = path.join(ROOT, '.github', 'workflows');
	const uses = readdirSync(folder).flatMap((file) => read('.github', 'workflows', file).match(/uses: .*/g) ?? []);
	expect(uses.length).toBeGreaterThan(5);
	for (const line of uses) expect(line).toMatch(/^uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
});

describe('a tag may be published', () => {
	const RELEASED = '# Changes\n\n## 1.2.3 (2026-11-21)\n\n- A change.\n\n## 1.2.2 (2026-11-01)\n';

	test('when it, the version and the newest changes agree', () => {
		expect(whatIsWrong('v1.2.3', '1.2.3', RELEASED)).toBeUndefined();
	});

	test.each([
		['v1.2.4', '1.2.3', RELEASED, 'The tag is v1.2.4, the version of package.json is 1.2.3'],
		['1.2.3', '1.2.3', RELEASED, 'The tag is 1.2.3'],
		['v1.2.3', '1.2.3', '# Changes\n\n## Unreleased (1.2.3)\n', 'CHANGELOG.md begins with "## Unreleased (1.2.3)"'],
		['v1.2.2', '1.2.2', RELEASED, 'CHANGELOG.md begins with "## 1.2.3 (2026-11-21)"'],
		['v1.2.3', '1.2.3', '', 'CHANGELOG.md begins with "no heading"'],
	])('%s of version %s is refused otherwise', (tag, version, changes, message) => {
		expect(whatIsWrong(tag, version, changes)).toContain(message);
	});
});
