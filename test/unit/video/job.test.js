'use strict';

const fc = require('fast-check');

const { isFinal, readJob, readStatusWord } = require('../../../build/nodes/core/video/job');

/** Every spelling that servers were seen to use. */
const SPELLINGS = {
	completed: ['completed', 'complete', 'succeeded', 'succeed', 'success', 'finished', 'done', 'SUCCESS', 'Succeed'],
	failed: ['failed', 'failure', 'fail', 'error', 'FAILURE', ' Failed '],
	cancelled: ['cancelled', 'canceled', 'deleted', 'CANCELLED'],
	expired: ['expired', 'Expired'],
	running: [
		'in_progress',
		'inprogress',
		'processing',
		'running',
		'generating',
		'cancelling',
		'uploading',
		'IN_PROGRESS',
		'InProgress',
		'in-progress',
		'In Progress',
	],
	queued: [
		'queued',
		'queueing',
		'pending',
		'submitted',
		'not_start',
		'notstarted',
		'preparing',
		'created',
		'starting',
		'NOT_START',
		'SUBMITTED',
		'QUEUED',
		'not start',
	],
	unknown: ['unknown', 'UNKNOWN', 'completed!', 'in review', 'succes', '', '200', 'constructor'],
};
const ROWS = Object.entries(SPELLINGS).flatMap(([status, words]) => words.map((word) => [word, status]));

describe('status words', () => {
	test.each(ROWS)('%j means %s', (word, status) => {
		expect(readStatusWord(word)).toBe(status);
	});

	test.each(ROWS.filter(([word]) => word.trim() !== ''))('a job whose status is %j is %s', (word, status) => {
		expect(readJob({ id: 'a', status: word })).toMatchObject({ status, statusWord: word.trim() });
		expect(readJob({ data: { task_id: 'a', status: word } })).toMatchObject({ status, statusWord: word.trim() });
	});

	test.each([
		['completed', true],
		['failed', true],
		['cancelled', true],
		['expired', true],
		['running', false],
		['queued', false],
		['unknown', false],
	])('%s is final: %s', (status, expected) => {
		expect(isFinal(status)).toBe(expected);
	});

	test.each([
		['nothing at all', {}],
		['a status that is null', { status: null }],
		['an error that is null', { error: null }],
		['an error that is empty', { error: {} }],
		['progress of 100 alone', { id: 'a', progress: 100 }],
		['the code of the transport', { code: 'success', message: '', data: { task_id: 'a' } }],
	])('%s means that the job still runs', (_name, raw) => {
		expect(readJob(raw).status).toBe('unknown');
	});

	test('the status of the job comes before the code of the transport', () => {
		expect(readJob({ code: 'success', message: '', data: { status: 'IN_PROGRESS' } }).status).toBe('running');
	});

	test('progress of 100 does not finish a job', () => {
		expect(readJob({ status: 'in_progress', progress: 100 }).status).toBe('running');
	});

	test.each([[{ error: 'no capacity' }], [{ error: { message: 'no capacity' } }]])(
		'%j without a status has failed',
		(raw) => {
			expect(readJob(raw)).toMatchObject({ status: 'failed', failure: { message: 'no capacity' } });
		},
	);

	test.each([[{ data: [{ url: '/generated-videos/x.mp4' }] }], [{ data: [{ b64_json: 'AAAA' }] }]])(
		'%j, the finished video as the answer to a create, is completed',
		(raw) => {
			expect(readJob(raw).status).toBe('completed');
		},
	);
});

describe('ids', () => {
	test.each([
		[
			{ id: 'video_68d7512d07848190b3e45da0ecbebcde004da08e1e0678d5' },
			'video_68d7512d07848190b3e45da0ecbebcde004da08e1e0678d5',
		],
		[{ id: 'sora-2:task_01k' }, 'sora-2:task_01k'],
		[{ id: 'video_bGl0ZWxsbTo+/w==' }, 'video_bGl0ZWxsbTo+/w=='],
		[{ id: 'task_a', task_id: 'task_b' }, 'task_a'],
		[{ task_id: 'a' }, 'a'],
		[{ code: 'success', data: { task_id: 'a' } }, 'a'],
		[{ data: { id: 'a' } }, 'a'],
		[{ data: { taskId: 'a' } }, 'a'],
		[{ request_id: 'a' }, 'a'],
		[{ generation_id: 'a' }, 'a'],
		[{ id: 17 }, '17'],
		[{ id: null, task_id: 'a' }, 'a'],
		[{ id: '' }, undefined],
		[{}, undefined],
	])('%j has the id %s', (raw, id) => {
		expect(readJob(raw).id).toBe(id);
	});
});

describe('progress', () => {
	test.each([
		[0, 0],
		[45, 45],
		[45.5, 45.5],
		[100, 100],
		[0.45, 45],
		['45', 45],
		['45%', 45],
		['36.0%', 36],
		['0.5%', 0.5],
		[' 7 %', 7],
		[-3, 0],
		[250, 100],
		[null, undefined],
		['soon', undefined],
		[true, undefined],
		[{}, undefined],
	])('%j is %s percent', (progress, expected) => {
		expect(readJob({ progress }).progressPercent).toBe(expected);
		expect(readJob({ data: { progress } }).progressPercent).toBe(expected);
	});
});

describe('times', () => {
	test.each([
		['seconds', 1_764_347_090, 1_764_347_090_000],
		['milliseconds', 1_764_347_090_922, 1_764_347_090_922],
		['seconds as text', '1764347090', 1_764_347_090_000],
		['an ISO date', '2026-11-21T12:00:00Z', Date.UTC(2026, 10, 21, 12)],
		['zero', 0, undefined],
		['null', null, undefined],
		['words', 'yesterday', undefined],
		['a number beyond all dates', 1e300, undefined],
	])('%s are read', (_name, time, expected) => {
		const job = readJob({ created_at: time, completed_at: time, expires_at: time });
		expect([job.createdAtMs, job.completedAtMs, job.expiresAtMs]).toEqual([expected, expected, expected]);
	});

	test('gateways name them in their own way', () => {
		const job = readJob({ data: { submit_time: 1_700_000_000, finish_time: 1_700_000_100 } });
		expect(job).toMatchObject({ createdAtMs: 1_700_000_000_000, completedAtMs: 1_700_000_100_000 });
	});
});

describe('whole answers', () => {
	test("OpenAI's video object", () => {
		const raw = {
			id: 'video_1',
			object: 'video',
			model: 'sora-2',
			status: 'completed',
			progress: 100,
			created_at: 1_758_941_485,
			completed_at: 1_758_941_600,
			expires_at: 1_758_945_200,
			size: '1280x720',
			seconds: '8',
			quality: 'standard',
			prompt: 'a cat',
			remixed_from_video_id: 'video_0',
			error: null,
		};
		expect(readJob(raw)).toEqual({
			id: 'video_1',
			status: 'completed',
			statusWord: 'completed',
			progressPercent: 100,
			model: 'sora-2',
			size: '1280x720',
			seconds: '8',
			quality: 'standard',
			prompt: 'a cat',
			remixedFromJobId: 'video_0',
			createdAtMs: 1_758_941_485_000,
			completedAtMs: 1_758_941_600_000,
			expiresAtMs: 1_758_945_200_000,
			failure: undefined,
			resultUrl: undefined,
			raw,
		});
	});

	test("a gateway's older envelope", () => {
		const raw = {
			code: 'success',
			message: '',
			data: {
				task_id: 't1',
				status: 'SUCCESS',
				progress: '100%',
				fail_reason: '',
				result_url: '/v1/videos/t1/content',
			},
		};
		expect(readJob(raw)).toMatchObject({
			id: 't1',
			status: 'completed',
			progressPercent: 100,
			resultUrl: '/v1/videos/t1/content',
		});
	});

	test('a length in seconds may be called duration and be a number', () => {
		expect(readJob({ duration: 8 }).seconds).toBe('8');
	});

	test('never throws on any JSON, and only knows its own words', () => {
		const key = fc.constantFrom(
			'id',
			'status',
			'data',
			'error',
			'progress',
			'created_at',
			'url',
			'toString',
			'loc',
			'detail',
		);
		const { tree } = fc.letrec((tie) => ({
			tree: fc.oneof(
				{ maxDepth: 4 },
				fc.jsonValue(),
				fc.constantFrom('completed', 'failed', 'https://cdn.example.com/x'),
				fc.array(tie('tree'), { maxLength: 3 }),
				fc.dictionary(key, tie('tree'), { maxKeys: 5 }),
			),
		}));
		fc.assert(
			fc.property(fc.oneof(tree, fc.constant(undefined)), (raw) => {
				const job = readJob(raw);
				expect(['queued', 'running', 'completed', 'failed', 'cancelled', 'expired', 'unknown']).toContain(job.status);
				expect(job.raw).toBe(raw);
				const { progressPercent: progress = 0 } = job;
				expect(progress >= 0 && progress <= 100).toBe(true);
			}),
			{ numRuns: 500 },
		);
	});
});
