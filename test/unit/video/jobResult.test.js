'use strict';

/** How a job's end is read: where its file is, or why there is none. */

const { readJob } = require('../../../build/nodes/core/video/job');

describe('where the file is', () => {
	const URL = 'https://cdn.example.com/x.mp4';

	test.each([
		['video_url', { video_url: URL }],
		['url', { url: URL }],
		['result_url', { result_url: URL }],
		['data.url', { data: { url: URL } }],
		['data.video_url', { data: { video_url: URL } }],
		['data.result_url', { data: { result_url: URL } }],
		['data[0].url', { data: [{ url: URL }] }],
		['metadata.url', { metadata: { url: URL } }],
		['video.url', { video: { url: URL } }],
		['content.video_url', { content: { video_url: URL } }],
		['output.video_url', { output: { video_url: URL } }],
		['outputs.video_url', { outputs: { video_url: URL } }],
		['output[0].content[0].url', { output: [{ content: [{ url: URL }] }] }],
		['urls[0]', { urls: [URL] }],
		['mirror_urls[0]', { mirror_urls: [URL] }],
		['unsigned_urls[0]', { unsigned_urls: [URL] }],
		['assets.video', { assets: { video: URL } }],
		['data.task_result.videos[0].url', { data: { task_result: { videos: [{ url: URL }] } } }],
		['fail_reason of a success', { fail_reason: URL }],
		['data.fail_reason of a success', { data: { fail_reason: URL } }],
	])('%s', (_place, raw) => {
		expect(readJob({ status: 'completed', ...raw }).resultUrl).toBe(URL);
		expect(readJob({ status: 'in_progress', ...raw }).resultUrl).toBeUndefined();
	});

	test('signed addresses come before those that need the key', () => {
		expect(readJob({ status: 'completed', urls: [URL], unsigned_urls: ['https://other'] }).resultUrl).toBe(URL);
	});

	test('null until it is done is no place', () => {
		expect(readJob({ status: 'completed', video_url: null, url: '' }).resultUrl).toBeUndefined();
	});

	test('a reason that is no address is no place', () => {
		expect(readJob({ status: 'completed', fail_reason: 'none' }).resultUrl).toBeUndefined();
	});
});

describe('why it failed', () => {
	test.each([
		[
			'an object',
			{ error: { code: 'moderation_blocked', message: 'blocked' } },
			{ code: 'moderation_blocked', message: 'blocked' },
		],
		['a text', { error: 'no capacity' }, { message: 'no capacity' }],
		['a code that is a number', { error: { code: 400, message: 'bad lora' } }, { code: '400', message: 'bad lora' }],
		['a reason of a gateway', { data: { fail_reason: 'too dark' } }, { message: 'too dark' }],
		['a reason at the top', { fail_reason: 'too dark' }, { message: 'too dark' }],
		['an error in the envelope', { data: { error: { message: 'deep' } } }, { message: 'deep' }],
		['nothing', {}, {}],
		['an empty error', { error: { code: null, message: null } }, {}],
	])('is read from %s', (_name, raw, expected) => {
		expect(readJob({ status: 'failed', ...raw }).failure).toEqual(expected);
	});

	test.each(['in_progress', 'completed', 'unknown'])('is not told of a job that is %s', (status) => {
		expect(readJob({ status, error: { message: 'a warning' } }).failure).toBeUndefined();
	});
});
