'use strict';

const { modelProperty, retirementNotices } = require('../../build/nodes/adapter/modelProperties');
const { VIDEO_MODELS } = require('../../build/nodes/core/catalogueData');
const { IMAGE_MODELS } = require('../../build/nodes/core/catalogueImages');
const { DIALECTS, videoHintsOf } = require('../../build/nodes/core/dialects');

const retired = [
	{ server: 'openai', date: '2026-09-24' },
	{ server: 'azure', date: '2026-09-15', unconfirmed: true },
];
const labelOf = (row) => modelProperty('search', 'video', row).default.cachedResultName;

test('the label of a default says where it ended for certain', () => {
	expect(labelOf({ id: 'one', retired })).toBe('one (ended at OpenAI)');
	expect(labelOf({ id: 'one', retired: retired.slice(1) })).toBe('one');
	expect(labelOf({ id: 'one', retired: [] })).toBe('one');
});

test('models that ended alike share a notice, which shows while one of them is chosen', () => {
	const rows = [
		{ id: 'one', retired },
		{ id: 'two', retired: [] },
		{ id: 'three', retired },
		{ id: 'four', retired: retired.slice(0, 1) },
	];
	const notices = retirementNotices(/** @type {any} */ (rows));
	expect(notices.map(({ displayOptions }) => displayOptions.show.model)).toEqual([['one', 'three'], ['four']]);
	expect(notices[0].displayName).toMatch(
		/^OpenAI ended this model on 2026-09-24, Azure OpenAI on 2026-09-15 \(unconfirmed\)\./,
	);
});

test.each(
	[...VIDEO_MODELS, ...IMAGE_MODELS].filter((model) => model.retired.length > 0).map((model) => [model.id, model]),
)('%s: the notice names every server and day of the catalogue', (id, model) => {
	const { NodeHelpers } = require('n8n-workflow');
	const notices = retirementNotices([...VIDEO_MODELS, ...IMAGE_MODELS]);
	const isShown = (notice, value) =>
		NodeHelpers.displayParameter({ model: { __rl: true, mode: 'list', value } }, notice, null, null);
	const shown = notices.filter((notice) => isShown(notice, id));
	expect(shown).toHaveLength(1);
	for (const { server, date } of model.retired) {
		expect(shown[0].displayName).toContain(DIALECTS[server].displayName);
		expect(shown[0].displayName).toContain(date);
	}
	expect(notices.some((notice) => isShown(notice, 'gpt-image-2'))).toBe(false);
});

test('what the servers’ own hints say of an end is what the catalogue says', () => {
	const ends = new Set([...VIDEO_MODELS, ...IMAGE_MODELS].flatMap((model) => model.retired.map(({ date }) => date)));
	const dated = Object.values(DIALECTS).flatMap((dialect) =>
		Object.values(videoHintsOf(dialect)).filter((hint) => /\d{4}-/.test(hint)),
	);
	expect(dated.length).toBeGreaterThan(0);
	for (const hint of dated) expect(ends).toContain(/\d{4}-\d\d-\d\d/.exec(hint)?.[0]);
});
