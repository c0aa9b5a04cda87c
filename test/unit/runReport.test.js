'use strict';

const { describePaidWork } = require('../../build/nodes/adapter/runReport');
const { GenerationError } = require('../../build/nodes/core/errors');

const refused = new GenerationError('requestRefused', 'The server refused the request');

/** What is said of a run whose item 0, unit 0 was refused. */
function told({ jobs = {}, entries = [], results = [] }) {
	const logged = [];
	const run = /** @type {any} */ ({
		jobs: new Map(Object.entries(jobs)),
		ledger: { entries: () => entries },
		redact: (text) => text.replaceAll('sk-secret', '***'),
		execution: { logger: { warn: (message, details) => logged.push({ message, ...details }) } },
	});
	const own = { itemIndex: 0, unit: 0, outputs: [refused] };
	const failed = { error: refused, itemIndex: 0, unit: 0, results: [own, ...results] };
	return { ...describePaidWork(run, failed), logged };
}

test('without other costs nothing is said', () => {
	const results = [{ itemIndex: 1, unit: 0, outputs: [new GenerationError('requestRefused', 'Free')] }];
	expect(told({ results })).toEqual({ inMessage: '', inDescription: '', logged: [] });
});

test('failures of other items that may have been billed are named, and logged, without secrets', () => {
	const results = [
		{ itemIndex: 1, unit: 0, outputs: [new GenerationError('resultUncertain', 'Nobody knows sk-secret')] },
		{ itemIndex: 2, unit: 0, outputs: [new GenerationError('noResult', 'No picture')] },
	];
	const { inMessage, inDescription, logged } = told({ results });
	expect(inMessage).toBe(' (item 0; 2 more failed and may have been billed)');
	expect(inDescription).toContain('item 1: Nobody knows ***; item 2: No picture');
	expect(logged).toHaveLength(1);
	expect(logged[0].failures).toEqual([
		{ itemIndex: 1, message: 'Nobody knows ***' },
		{ itemIndex: 2, message: 'No picture' },
	]);
});

test('paid requests of the same item are named', () => {
	const entries = [
		{ itemIndex: 0, unit: 0, delivery: { pictures: [{}] } },
		{ itemIndex: 0, unit: 1, delivery: { pictures: [{}] } },
		{ itemIndex: 0, unit: 2, delivery: { failure: { kind: 'noResult', message: 'No picture' } } },
		{ itemIndex: 0, unit: 3 },
	];
	const { inMessage, inDescription, logged } = told({ entries });
	expect(inMessage).toBe(' (item 0; other requests of this item were paid for)');
	expect(inDescription).toContain('Answers that were paid for besides this one: 1 (item 0).');
	expect(inDescription).toContain('without paying again');
	expect(logged[0].answers).toEqual([{ itemIndex: 0, unit: 1, requestId: undefined }]);
});

test('jobs, answers and costly failures are told together; a job that is listed is not told twice', () => {
	const { inMessage, inDescription, logged } = told({
		jobs: {
			own: { itemIndex: 0, state: 'open' },
			one: { itemIndex: 1, state: 'open' },
			two: { itemIndex: 2, state: 'ended' },
		},
		entries: [{ itemIndex: 3, unit: 0, delivery: { pictures: [{}] }, requestId: 'req-3' }],
		results: [
			{ itemIndex: 1, unit: 0, outputs: [new GenerationError('waitTimedOut', 'Not finished', { jobId: 'one' })] },
			{ itemIndex: 2, unit: 0, outputs: [new GenerationError('jobExpired', 'Expired', { jobId: 'two' })] },
		],
	});
	expect(inMessage).toBe(
		' (item 0; jobs of other items were paid: one; other items were paid for; 1 more failed and may have been billed)',
	);
	expect(inDescription).toMatch(
		/Paid jobs of the other items: one\..*besides this one: 1 \(item 3\)\..*item 2: Expired\./,
	);
	expect(logged[0]).toMatchObject({ jobIds: ['one'], answers: [{ itemIndex: 3, requestId: 'req-3' }] });
});
