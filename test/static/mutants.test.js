'use strict';

const { existsSync, readFileSync } = require('node:fs');
const path = require('node:path');

const { MUTANTS_DOCUMENT, withMutantTable } = require('../../scripts/mutantTable');
const { ROOT } = require('../../scripts/steps');
const { MUTANTS } = require('../mutants/mutants');
const { applyMutant, haveSeen } = require('../mutants/workspace');

test('docs/mutants.md shows the mutants as they are', () => {
	const document = readFileSync(MUTANTS_DOCUMENT, 'utf8');
	expect(document).toBe(withMutantTable(document));
});

test('docs/mutants.md tells of a run of all that are there now', () => {
	const document = readFileSync(MUTANTS_DOCUMENT, 'utf8');
	const [, seen] = /^Last run: all (\d+) were seen, on \d{4}-\d\d-\d\d, in \d+ seconds\.$/m.exec(document) ?? [];
	expect(Number(seen)).toBe(MUTANTS.length);
	const later = withMutantTable(document, { seen: 3, day: '2030-01-01', seconds: 9 });
	expect(later).toContain('Last run: all 3 were seen, on 2030-01-01, in 9 seconds.');
});

test('there are enough of them, each with a name of its own', () => {
	expect(MUTANTS.length).toBeGreaterThanOrEqual(16);
	expect(new Set(MUTANTS.map(({ name }) => name)).size).toBe(MUTANTS.length);
});

test.each(MUTANTS.map((mutant) => [mutant.name, mutant]))(
	'%s fits the build, and its test file is there',
	(_name, mutant) => {
		const source = readFileSync(path.join(ROOT, 'build', mutant.file), 'utf8');
		expect(applyMutant(mutant, source)).not.toBe(source);
		expect(existsSync(path.join(ROOT, mutant.testFile))).toBe(true);
	},
);

test('a mutant that does not fit is refused', () => {
	const mutant = { ...MUTANTS[0], text: 'a', replacement: 'b' };
	expect(() => applyMutant(mutant, 'a a')).toThrow('its text stands 2 times');
	expect(() => applyMutant(mutant, '')).toThrow('its text stands 0 times');
});

test('only failed expectations count', () => {
	const failed = (...messages) => ({ file: 'x', name: 'x', hasPassed: false, messages });
	const expected = 'Error: expect(received).toBe(expected)';
	expect(haveSeen([failed(expected), failed(expected)])).toBe(true);
	expect(haveSeen([failed(expected), { ...failed(), hasPassed: true }])).toBe(false);
	expect(haveSeen([failed(expected, 'TypeError: x is not a function')])).toBe(false);
	expect(haveSeen([failed('Error: thrown: "Exceeded timeout of 30000 ms for a test.')])).toBe(false);
});
