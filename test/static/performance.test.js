'use strict';

const { existsSync, readFileSync, statSync } = require('node:fs');
const path = require('node:path');

const { readReports, render } = require('../bench/documents');

const ROOT = path.resolve(__dirname, '../..');

describe('the document of the benchmarks', () => {
	const files = render(readReports());

	test.each(Object.keys(files))('%s is what the reports say', (file) => {
		expect(readFileSync(path.join(ROOT, file), 'utf8')).toBe(files[file]);
	});

	test('has a value wherever it shows one', () => {
		for (const text of Object.values(files)) expect(text).not.toMatch(/undefined|NaN|Infinity/);
	});

	test('shows plots that are there, each at most 60 kB', () => {
		const document = files[path.join('docs', 'performance.md')] ?? '';
		const plots = [...document.matchAll(/\]\((images\/[^)]+)\)/g)].map(([, plot]) =>
			path.join(ROOT, 'docs', plot ?? ''),
		);
		expect(plots.length).toBeGreaterThan(0);
		for (const plot of plots) {
			expect(existsSync(plot)).toBe(true);
			expect(statSync(plot).size).toBeLessThanOrEqual(60_000);
		}
	});
});
