'use strict';

const { ERROR_KINDS, GenerationError } = require('../../build/nodes/core/errors');

/** What the design promises about money, written down apart from the code's own table. */
const COST_NOTHING = [
	'invalidInput',
	'spendingCapExceeded',
	'unsafeAddress',
	'authentication',
	'permission',
	'insufficientBalance',
	'rateLimited',
	'tooManyRunningJobs',
	'moderation',
	'requestRefused',
	'modelUnavailable',
	'notFound',
	'unsupported',
	'serverUnreachable',
	'serverFailure',
	'wrongAddress',
	'jobFailed',
];
const MAY_HAVE_COST = [
	'resultUncertain',
	'submissionUncertain',
	'unreadableAnswer',
	'jobExpired',
	'unexpected',
	'cancelled',
];
const WAS_PAID = [
	'noResult',
	'jobNotVisible',
	'waitTimedOut',
	'downloadFailed',
	'downloadInterrupted',
	'contentExpired',
	'fileTooLarge',
];

describe('GenerationError', () => {
	test.each(COST_NOTHING)('%s says that nothing was billed', (kind) => {
		expect(new GenerationError(kind, 'text').billed).toBe('no');
	});

	test.each(MAY_HAVE_COST)('%s says that something may have been billed', (kind) => {
		expect(new GenerationError(kind, 'text').billed).toBe('maybe');
	});

	test.each(WAS_PAID)('%s says that the job was billed', (kind) => {
		expect(new GenerationError(kind, 'text').billed).toBe('yes');
	});

	test('every kind of the error table has a promise about money', () => {
		expect(Object.keys(ERROR_KINDS).sort()).toEqual([...COST_NOTHING, ...MAY_HAVE_COST, ...WAS_PAID].sort());
	});

	test.each(Object.keys(ERROR_KINDS))('%s tells the next step in a whole sentence', (kind) => {
		expect(new GenerationError(kind, 'text').hint).toMatch(/^[A-Z].{20,}\.$/s);
	});

	test.each(['jobNotVisible', 'waitTimedOut'])('%s points to the operation that goes on with the paid job', (kind) => {
		expect(new GenerationError(kind, 'text').hint).toContain('Wait for Video Job');
	});

	test('an uncertain submission advises to look for the job before running again', () => {
		expect(new GenerationError('submissionUncertain', 'text').hint).toMatch(/Get Many.*before running again/s);
	});

	test('it is an Error that carries everything it was told', () => {
		const cause = new Error('deeper');
		const error = new GenerationError('jobFailed', 'The job failed', {
			hint: 'Do this.',
			billed: 'maybe',
			serverMessage: 'capacity',
			status: 503,
			requestId: 'req_1',
			jobId: 'video_1',
			cause,
		});
		expect(error).toBeInstanceOf(Error);
		expect(error).toMatchObject({
			name: 'GenerationError',
			kind: 'jobFailed',
			message: 'The job failed',
			hint: 'Do this.',
			billed: 'maybe',
			serverMessage: 'capacity',
			status: 503,
			requestId: 'req_1',
			jobId: 'video_1',
			cause,
		});
	});

	test('what it was not told stays undefined', () => {
		const error = new GenerationError('notFound', 'text');
		expect([error.serverMessage, error.status, error.requestId, error.jobId, error.cause]).toEqual(
			new Array(5).fill(undefined),
		);
	});

	test.each(Object.keys(ERROR_KINDS))(
		'%s concerns the account only when key, rights or balance were refused',
		(kind) => {
			const expected = ['authentication', 'permission', 'insufficientBalance'].includes(kind);
			expect(new GenerationError(kind, 'text').concernsAccount).toBe(expected);
		},
	);
});
