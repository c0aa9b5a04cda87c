'use strict';

const { repeatSection, summarizeRepeat, withBefore } = require('../bench/repeat');

const part = { figures: ({ ratios }) => Object.entries(ratios).map(([name, value]) => ({ name, kind: 'cpu', value })) };
const report = (ratios, settings = {}, n8n = '2.0.0') => ({
	n8n,
	machine: { cpu: 'a', cores: 2 },
	measuredAt: '2026-11-01',
	settings: { quick: false, ...settings },
	ratios,
});
const compare = (now, before) => ({ overhead: withBefore(part, now, before) });
const parts = { overhead: part };

describe('two runs of a benchmark', () => {
	test('are compared ratio by ratio, and the largest difference is shown', () => {
		const reports = compare(report({ a: 1.02, b: 0.96, c: 2 }), report({ a: 1, b: 1, c: 2 }));
		const row = '| overhead | CPU time | 3 | 4.0 % | 1.000 | 0.960 | b |';
		expect(repeatSection(parts, reports).split('\n')).toContain(row);
		expect(summarizeRepeat(parts, reports)).toMatch(/^overhead .* 4\.0 % /m);
	});

	test('show what differs too much', () => {
		const reports = compare(report({ a: 1.06 }), report({ a: 1 }));
		expect(repeatSection(parts, reports)).toContain('| 6.0 %, too much |');
	});

	test('keep the older figures when the document is made anew from the reports', () => {
		const reports = compare(report({ a: 1.02 }), report({ a: 1 }));
		const stored = JSON.parse(JSON.stringify(reports));
		expect(repeatSection(parts, stored)).toBe(repeatSection(parts, reports));
	});

	test.each([
		['there is no other', report({ a: 1 }), undefined],
		['one had other settings', report({ a: 1 }, { items: 5 }), report({ a: 1 }, { items: 6 })],
		['n8n was another one', report({ a: 1 }), report({ a: 1 }, {}, '1.0.0')],
		['they were measured in different ways', { ...report({ a: 1 }), method: 2 }, report({ a: 1 })],
		['they were quick', report({ a: 1 }, { quick: true }), report({ a: 1 }, { quick: true })],
	])('are not compared when %s', (_, now, before) => {
		const reports = compare(now, before);
		expect(repeatSection(parts, reports)).toBe('');
		expect(summarizeRepeat(parts, reports)).toBe('');
	});
});
