'use strict';

const fc = require('fast-check');

const { GenerationError } = require('../../build/nodes/core/errors');
const {
	classifyRefusal,
	errorFromAnswer,
	isModeration,
	readServerWords,
	requestIdOf,
} = require('../../build/nodes/core/serverErrors');

describe('readServerWords', () => {
	test("reads OpenAI's envelope", () => {
		const message = "Invalid value: '10'. Supported values are: '4', '8', and '12'.";
		const body = { error: { message, type: 'invalid_request_error', param: 'seconds', code: 'invalid_value' } };
		expect(readServerWords(body)).toEqual({
			message,
			type: 'invalid_request_error',
			param: 'seconds',
			code: 'invalid_value',
		});
	});

	test.each([
		['an error that is text', { error: 'no capacity' }, 'no capacity'],
		['a flat answer', { code: 'fail_to_fetch_task', message: 'no channel', data: null }, 'no channel'],
		['a code beside an error text', { code: 'invalid-argument', error: 'bad seconds' }, 'bad seconds'],
		['msg', { msg: 'wrong' }, 'wrong'],
		['detail as text', { detail: 'Generation is still in-progress' }, 'Generation is still in-progress'],
		['detail as an object', { detail: { message: 'deep' } }, 'deep'],
		['a reason of a failed job', { fail_reason: 'too dark' }, 'too dark'],
		['plain text', 'upstream gone', 'upstream gone'],
		['an error without code', { error: { type: 'ValueError', message: 'boom' } }, 'boom'],
	])('finds the message in %s', (_name, body, message) => {
		expect(readServerWords(body).message).toBe(message);
	});

	test('lists what a validator found, with the places', () => {
		const detail = [
			{ loc: ['body', 'size'], type: 'string_pattern_mismatch', input: '640x' },
			{ loc: ['body', 'prompt', 0], msg: 'Field required' },
			'and more',
		];
		expect(readServerWords({ detail }).message).toBe(
			'body.size: string_pattern_mismatch; body.prompt.0: Field required; and more',
		);
	});

	test('reads a code that is a number as text', () => {
		expect(readServerWords({ error: { code: 400, message: 'bad lora' } }).code).toBe('400');
	});

	test("unwraps an answer inside a gateway's message", () => {
		const inner = {
			error: { message: 'blocked words', type: 'image_generation_user_error', code: 'moderation_blocked' },
		};
		const message = `[OpenAI Vendor Group Key StatusCode: BadRequest] ${JSON.stringify(inner)}`;
		expect(readServerWords({ error: { message, type: 'upstream_error', code: 'fail_to_fetch_task' } })).toMatchObject({
			message: 'blocked words',
			code: 'moderation_blocked',
		});
	});

	test('unwraps up to three levels', () => {
		let body = { error: { message: 'innermost', code: 'deep' } };
		for (let level = 0; level < 3; level++) body = { error: { message: JSON.stringify(body) } };
		expect(readServerWords(body)).toMatchObject({ message: 'innermost', code: 'deep' });
	});

	test.each([
		['<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head></html>', 'A web page titled "502 Bad Gateway"'],
		['<html><body>hello</body></html>', 'A web page instead of an API answer'],
		['\n <HTML><TITLE> Login </TITLE></HTML>', 'A web page titled "Login"'],
	])('tells a web page by its title: %s', (text, message) => {
		expect(readServerWords(text).message).toBe(message);
	});

	test.each([[''], ['  '], [null], [undefined], [5], [true], [{}], [[]], [{ error: null }], [{ error: {} }]])(
		'finds nothing in %j',
		(body) => {
			expect(readServerWords(body).message).toBeUndefined();
		},
	);

	test.each([
		['in the envelope', { request_id: 'req_abc123', message: 'x' }, 'req_abc123'],
		['in the error', { error: { message: 'x', request_id: 'req_abc123' } }, 'req_abc123'],
		['in the words', { error: { message: 'Rejected. (request id: 20260101abcdef)' } }, '20260101abcdef'],
	])('finds the request id %s', (_name, body, expected) => {
		expect(readServerWords(body).requestId).toBe(expected);
	});

	test.each([
		[
			{ error: { message: 'x', moderation_details: { moderation_stage: 'input', categories: ['violence'] } } },
			['violence'],
		],
		[{ error: { message: 'Rejected. safety_violations=[violence, self-harm].' } }, ['violence', 'self-harm']],
	])('names the moderation categories of %j', (body, categories) => {
		expect(readServerWords(body).categories).toEqual(categories);
	});

	test('keeps very long words short', () => {
		expect(readServerWords({ error: { message: 'x'.repeat(5_000) } }).message).toHaveLength(1_000);
		expect(readServerWords('x'.repeat(5_000)).message).toHaveLength(1_000);
	});

	test('never throws on any JSON', () => {
		const key = fc.constantFrom('error', 'message', 'detail', 'loc', 'msg', 'code', 'toString', 'categories');
		const { tree } = fc.letrec((tie) => ({
			tree: fc.oneof(
				{ maxDepth: 4 },
				fc.jsonValue(),
				fc.array(tie('tree'), { maxLength: 3 }),
				fc.dictionary(key, tie('tree'), { maxKeys: 4 }),
			),
		}));
		fc.assert(
			fc.property(tree, (body) => {
				const { message } = readServerWords(body);
				expect(message === undefined || typeof message === 'string').toBe(true);
			}),
			{ numRuns: 500 },
		);
	});

	test('never throws on a place that cannot be shown as text', () => {
		expect(readServerWords({ detail: [{ loc: [{ toString: 1 }, 'size'], msg: 'bad' }] }).message).toBe('size: bad');
	});
});

describe('isModeration', () => {
	test.each([
		[{ code: 'moderation_blocked' }],
		[{ code: 'content_policy_violation' }],
		[{ code: 'input_moderation_failed' }],
		[{ code: 'output_moderation_failed' }],
		[{ code: 'sentinel_block' }],
		[{ message: 'Your request was blocked by our moderation system.' }],
		[{ message: 'Your request was rejected by the safety system. safety_violations=[violence].' }],
		[
			{
				message:
					'Your request may contain content that is not allowed by our safety system. Please try change the prompt.',
			},
		],
		[{ message: '图片检测系统认为内容可能违反相关政策' }],
		[{ message: '输入的提示词或视频的输出内容违反了OpenAI的相关服务政策，请调整提示词后进行重试' }],
		[{ categories: ['violence'] }],
	])('%j is about the content', (words) => {
		expect(isModeration(words)).toBe(true);
	});

	test.each([
		[{}],
		[
			{
				code: 'invalid_value',
				type: 'invalid_request_error',
				message: 'Inpaint image must match the requested width and height',
			},
		],
		[{ code: 'upstream_error', message: 'Upstream service returned status 502' }],
		[{ categories: [] }],
	])('%j is not about the content', (words) => {
		expect(isModeration(words)).toBe(false);
	});
});

describe('classifyRefusal', () => {
	test.each([
		[400, { message: 'Inpaint image must match the requested width and height' }, 'requestRefused'],
		[400, { code: 'invalid_value' }, 'requestRefused'],
		[422, { message: 'body.size: string_pattern_mismatch' }, 'requestRefused'],
		[400, { code: 'moderation_blocked' }, 'moderation'],
		[403, { code: 'content_policy_violation' }, 'moderation'],
		[401, { message: 'Invalid API key' }, 'authentication'],
		[402, { code: 'insufficient_credits' }, 'insufficientBalance'],
		[403, { message: 'Not authenticated' }, 'permission'],
		[403, { code: 'insufficient_user_quota', message: '用户额度不足' }, 'insufficientBalance'],
		[429, { code: 'insufficient_quota', message: 'You exceeded your current quota' }, 'insufficientBalance'],
		[429, { message: 'Insufficient balance' }, 'insufficientBalance'],
		[429, { message: 'Too many running tasks' }, 'tooManyRunningJobs'],
		[429, { message: 'Too many concurrent requests' }, 'tooManyRunningJobs'],
		[429, { message: 'poll too frequently' }, 'rateLimited'],
		[429, { message: '当前分组上游负载已饱和，请稍后再试' }, 'rateLimited'],
		[429, { message: 'The load balancer asks for fewer requests' }, 'rateLimited'],
		[429, {}, 'rateLimited'],
		[404, { message: 'Video video_1 not found' }, 'notFound'],
		[404, { code: 'model_not_found', message: "The model 'x' does not exist" }, 'modelUnavailable'],
		[405, {}, 'unsupported'],
		[501, {}, 'unsupported'],
		[410, {}, 'contentExpired'],
		[301, {}, 'wrongAddress'],
		[307, {}, 'wrongAddress'],
		[
			500,
			{ type: 'invalid_request_error', message: 'An error occurred while processing your request.' },
			'serverFailure',
		],
		[500, { type: 'content_policy', message: 'An error occurred. You can retry your request.' }, 'serverFailure'],
		[502, {}, 'serverFailure'],
		[503, {}, 'serverFailure'],
		[504, { message: 'A web page titled "504"' }, 'serverFailure'],
	])('%i with %j is %s', (status, words, expected) => {
		expect(classifyRefusal(status, words)).toBe(expected);
	});
});

describe('errorFromAnswer', () => {
	const refused = (status, bodyText, headers = {}, hints = undefined) =>
		errorFromAnswer({ status, headers }, bodyText, hints);

	test('keeps the words, the status and the request id, and says that nothing was billed', () => {
		const body = JSON.stringify({ error: { message: 'Invalid token', type: 'auth' } });
		const error = refused(401, body, { 'x-request-id': 'req_9' });
		expect(error).toBeInstanceOf(GenerationError);
		expect(error).toMatchObject({
			kind: 'authentication',
			serverMessage: 'Invalid token',
			status: 401,
			requestId: 'req_9',
			billed: 'no',
		});
	});

	test('the hint of the dialect comes before the general one, for its kind only', () => {
		const hints = { authentication: 'Check the group.' };
		expect(refused(401, '', {}, hints).hint).toBe('Check the group.');
		expect(refused(404, '', {}, hints).hint).not.toBe('Check the group.');
	});

	test.each([
		['the words of OpenAI and New API', JSON.stringify({ error: { message: 'Invalid URL (POST /videos)' } })],
		['the words of Express', 'Cannot POST /videos'],
		['a web page', '<!doctype html><title>Not Found</title>'],
	])('a 404 about the address sends to the Base URL: %s', (_name, body) => {
		const error = refused(404, body);
		expect(error).toMatchObject({ kind: 'notFound', message: 'The server has nothing at this address' });
		expect(error.hint).toContain('Base URL');
		expect(error.hint).toContain('/v1');
	});

	test('a 404 about a job sends to the ID', () => {
		const error = refused(404, JSON.stringify({ error: { message: 'Video with id video_1 not found.' } }));
		expect(error.message).toBe('The server does not know what it was asked for');
		expect(error.hint).toContain('Check the ID');
	});

	test('names the categories of blocked content', () => {
		const body = JSON.stringify({ error: { message: 'no. safety_violations=[violence]', code: 'moderation_blocked' } });
		expect(refused(400, body)).toMatchObject({ kind: 'moderation' });
		expect(refused(400, body).message).toContain('violence');
	});

	test('an empty body leaves no words', () => {
		expect(refused(503, '').serverMessage).toBeUndefined();
	});

	test('never throws on any status and any text', () => {
		const text = fc.oneof(
			fc.json(),
			fc.string({ unit: 'binary' }),
			fc.string().map((part) => `<html>${part}`),
		);
		fc.assert(
			fc.property(fc.integer({ min: 100, max: 599 }), text, (status, bodyText) => {
				expect(refused(status, bodyText)).toBeInstanceOf(GenerationError);
			}),
		);
	});
});

describe('requestIdOf', () => {
	test.each(['x-request-id', 'x-oneapi-request-id', 'apim-request-id'])('reads %s', (name) => {
		expect(requestIdOf({ [name]: 'id-1' })).toBe('id-1');
	});

	test('is undefined without one', () => {
		expect(requestIdOf({ 'content-type': 'text/html' })).toBeUndefined();
	});
});
