'use strict';

const { describeResults } = require('../../build/nodes/adapter/resultHints');
const { DIALECTS } = require('../../build/nodes/core/dialects');
const { GenerationError } = require('../../build/nodes/core/errors');

const purchase = { makes: 'video', price: { usd: 0.4 }, maxPrice: { usd: 0.4 } };
const told = (server, ...results) =>
	describeResults(
		/** @type {any} */ ({ name: server, dialect: DIALECTS[server] }),
		results.map((result) => ({ itemIndex: 0, unit: 0, ...result })),
	);
const video = (json = {}, more = {}) => ({ json: { status: 'completed', model: 'sora-2', ...json }, ...more });

test('a file that was fetched, a job that still runs, and an error need no word', () => {
	const outputs = [video(), video({ status: 'running' }), new GenerationError('jobFailed', 'The job failed')];
	expect(told('apiyi', { purchase, outputs })).toEqual([]);
});

test.each([
	['apiyi', [{}], '1 file was not fetched. The server keeps files for 1 day.'],
	['custom', [{}, {}], '2 files were not fetched. Servers keep files for an hour to a few days.'],
	[
		...['openai', [{ untilMs: Date.UTC(2026, 10, 21, 13, 5) }]],
		'1 file was not fetched. The server keeps it until 2026-11-21 13:05 UTC.',
	],
	[
		...['custom', [{ untilMs: Date.UTC(2026, 10, 22) }, {}, { untilMs: Date.UTC(2026, 10, 21, 13, 5) }]],
		'3 files were not fetched. The server keeps the first of them until 2026-11-21 13:05 UTC.',
	],
])('files that were left at the server: %s, %j', (server, left, expected) => {
	const outputs = left.map((leftAtServer) => video({ model: 'other' }, { leftAtServer }));
	expect(told(server, { outputs })).toEqual([expected]);
});

test.each([
	['openai', 'sora-2', '2026-09-24'],
	['openai', 'gpt-image-1', '2026-10-23'],
	['azure', 'sora-2-pro', '2026-09-15'],
])('%s: a model that was ended and works all the same is named once: %s', (server, model, date) => {
	const outputs = [video({ model }), video({ model, status: undefined })];
	const [hint, ...others] = told(server, { purchase, outputs });
	expect(others).toEqual([]);
	expect(hint).toContain(`${model} worked, although this server announced its end for ${date}`);
});

test('a model of another server, an unknown one, and what was not bought need no word', () => {
	expect(told('apiyi', { purchase, outputs: [video()] })).toEqual([]);
	expect(told('openai', { purchase, outputs: [video({ model: 'veo-9' })] })).toEqual([]);
	expect(told('openai', { outputs: [video()] })).toEqual([]);
});
