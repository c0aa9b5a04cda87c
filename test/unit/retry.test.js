'use strict';

const fc = require('fast-check');

const { backoffMs, maySendAgain, parseRetryAfter, sendWithRetry } = require('../../build/nodes/core/retry');

const NOON = Date.UTC(2026, 10, 21, 12, 0, 0);

function response(status, headers = {}, log = []) {
	const body = { firstBytes: async () => new Uint8Array(), text: async () => (log.push('drained'), { text: '' }) };
	return { outcome: 'response', status, headers, url: 'https://api.example/v1', body };
}

function noResponse(code, certainlyNotSent) {
	return { outcome: 'noResponse', code, certainlyNotSent, message: code };
}

describe('parseRetryAfter', () => {
	test.each([
		['seconds', { 'retry-after': '7' }, 7_000],
		['seconds with a fraction', { 'retry-after': '1.5' }, 1_500],
		['seconds with spaces', { 'retry-after': ' 20 ' }, 20_000],
		['zero seconds', { 'retry-after': '0' }, 0],
		['milliseconds', { 'retry-after-ms': '250' }, 250],
		['milliseconds before seconds', { 'retry-after-ms': '250', 'retry-after': '7' }, 250],
		['an HTTP date', { 'retry-after': 'Sat, 21 Nov 2026 12:00:30 GMT' }, 30_000],
		['an HTTP date of RFC 850', { 'retry-after': 'Saturday, 21-Nov-26 12:01:00 GMT' }, 60_000],
		['an HTTP date that has passed', { 'retry-after': 'Sat, 21 Nov 2026 11:00:00 GMT' }, 0],
		['seconds when the milliseconds are unreadable', { 'retry-after-ms': 'soon', 'retry-after': '3' }, 3_000],
		['seconds when the milliseconds are empty', { 'retry-after-ms': '', 'retry-after': '3' }, 3_000],
		['seconds when the milliseconds are negative', { 'retry-after-ms': '-1', 'retry-after': '3' }, 3_000],
	])('reads %s', (_name, headers, expected) => {
		expect(parseRetryAfter(headers, NOON)).toBe(expected);
	});

	test('a date is meant by the clock of the server, which may be hours from ours', () => {
		const headers = { 'retry-after': 'Sat, 21 Nov 2026 17:00:30 GMT', date: 'Sat, 21 Nov 2026 17:00:10 GMT' };
		expect(parseRetryAfter(headers, NOON)).toBe(20_000);
		expect(parseRetryAfter({ ...headers, date: 'today' }, NOON)).toBe(5 * 3_600_000 + 30_000);
	});

	test.each([
		['nothing', {}],
		['an empty header', { 'retry-after': '' }],
		['an empty header of milliseconds', { 'retry-after-ms': ' ' }],
		['words', { 'retry-after': 'a little later' }],
		['words with a number', { 'retry-after': 'try again in 5' }],
		['a duration with a unit', { 'retry-after': '6m0s' }],
		['negative seconds', { 'retry-after': '-5' }],
		['infinity', { 'retry-after': 'Infinity' }],
	])('%s asks for no pause', (_name, headers) => {
		expect(parseRetryAfter(headers, NOON)).toBeUndefined();
	});

	test.each([{ 'retry-after': '99999999999' }, { 'retry-after': 'Fri, 01 Jan 2100 00:00:00 GMT' }])(
		'%j is held within what a timer can wait',
		(headers) => {
			expect(parseRetryAfter(headers, NOON)).toBe(2 ** 31 - 1);
		},
	);

	test('never throws and never gives a negative or endless pause, whatever the headers say', () => {
		const header = fc.option(fc.oneof(fc.string(), fc.double().map(String), fc.date().map(String)), { nil: undefined });
		fc.assert(
			fc.property(header, header, (seconds, milliseconds) => {
				const pause = parseRetryAfter({ 'retry-after': seconds, 'retry-after-ms': milliseconds }, NOON);
				if (pause !== undefined) expect(pause >= 0 && pause < 2 ** 31).toBe(true);
			}),
		);
	});
});

describe('maySendAgain', () => {
	test.each([
		['a refused connection', noResponse('ECONNREFUSED', true), true],
		['an unknown host', noResponse('ENOTFOUND', true), true],
		['a connection that broke after sending', noResponse('ECONNRESET', false), false],
		['a time-out', noResponse('ETIMEDOUT', false), false],
		['a stopped execution', noResponse('CANCELLED', true), false],
		['429', response(429), true],
		['503 with Retry-After', response(503, { 'retry-after': '1' }), true],
		['503 without Retry-After', response(503), false],
		['408', response(408), false],
		['409', response(409), false],
		['500', response(500), false],
		['502', response(502), false],
		['504', response(504), false],
		['400', response(400), false],
		['307', response(307), false],
		['200', response(200), false],
	])('a create that met %s may be sent again: %s', (_name, result, expected) => {
		expect(maySendAgain('create', result)).toBe(expected);
	});

	test.each(['read', 'delete', 'link'])('a %s is repeated after every passing failure and no other', (kind) => {
		const passing = [408, 425, 429, 500, 502, 503, 504];
		const lasting = [200, 301, 400, 401, 402, 403, 404, 405, 410, 422, 501];
		expect(passing.filter((status) => maySendAgain(kind, response(status)))).toEqual(passing);
		expect(lasting.filter((status) => maySendAgain(kind, response(status)))).toEqual([]);
		expect(maySendAgain(kind, noResponse('ECONNRESET', false))).toBe(true);
		expect(maySendAgain(kind, noResponse('CANCELLED', true))).toBe(false);
	});

	test.each([
		['poll', [401, 402, 403, 404, 410]],
		['content', [410]],
	])('a %s is repeated after everything but %j', (kind, final) => {
		const failures = [400, 401, 402, 403, 404, 408, 409, 410, 425, 429, 500, 501, 502, 503, 504];
		expect(failures.filter((status) => !maySendAgain(kind, response(status)))).toEqual(final);
		expect(maySendAgain(kind, noResponse('ECONNRESET', false))).toBe(true);
		expect(maySendAgain(kind, noResponse('CANCELLED', true))).toBe(false);
	});
});

describe('backoffMs', () => {
	test.each([
		[0, 0, 500],
		[1, 0, 1_000],
		[2, 0, 2_000],
		[4, 0, 8_000],
		[5, 0, 15_000],
		[1_000, 0, 15_000],
	])('try %i with the least random number pauses %i → %i ms', (attempt, random, expected) => {
		expect(backoffMs(attempt, random)).toBe(expected);
	});

	test('lies between half a second and 30 seconds and within half and all of its ceiling', () => {
		fc.assert(
			fc.property(fc.nat(5_000), fc.double({ min: 0, max: 0.9999999, noNaN: true }), (attempt, random) => {
				const ceiling = Math.min(30_000, 1_000 * 2 ** attempt);
				const pause = backoffMs(attempt, random);
				expect(pause).toBeGreaterThanOrEqual(ceiling / 2);
				expect(pause).toBeLessThanOrEqual(ceiling);
			}),
		);
	});
});

describe('sendWithRetry', () => {
	/** A world in which the server gives these answers one after the other. */
	function world(...answers) {
		const log = [];
		const ports = {
			http: async (request) => {
				log.push(`sent ${request.kind}`);
				return typeof answers[0] === 'function' ? answers.shift()(log) : answers.shift();
			},
			sleep: async (milliseconds) => void log.push(`slept ${milliseconds}`),
			now: () => NOON,
			random: () => 0,
		};
		return { ports, log };
	}

	test('a first answer that is good is given back without any pause', async () => {
		const { ports, log } = world(response(200));
		expect((await sendWithRetry(ports, { kind: 'read' }, 2)).status).toBe(200);
		expect(log).toEqual(['sent read']);
	});

	test('the pause that the server asks for is kept, and the refused answer is drained before it', async () => {
		const { ports, log } = world((entries) => response(429, { 'retry-after': '9' }, entries), response(200));
		expect((await sendWithRetry(ports, { kind: 'read' }, 2)).status).toBe(200);
		expect(log).toEqual(['sent read', 'drained', 'slept 9000', 'sent read']);
	});

	test('without such a wish the pauses grow', async () => {
		const { ports, log } = world(noResponse('ECONNRESET', false), response(502), response(200));
		await sendWithRetry(ports, { kind: 'read' }, 2);
		expect(log).toEqual(['sent read', 'slept 500', 'sent read', 'slept 1000', 'sent read']);
	});

	test('after the last try the failure is given back', async () => {
		const { ports, log } = world(response(503), response(503), response(504));
		expect((await sendWithRetry(ports, { kind: 'read' }, 2)).status).toBe(504);
		expect(log.filter((entry) => entry === 'sent read')).toHaveLength(3);
	});

	test('no repeats are made when none are allowed', async () => {
		const { ports, log } = world(response(503));
		expect((await sendWithRetry(ports, { kind: 'read' }, 0)).status).toBe(503);
		expect(log).toEqual(['sent read']);
	});

	test('a create that may have arrived is sent once', async () => {
		const { ports, log } = world(noResponse('ETIMEDOUT', false));
		expect((await sendWithRetry(ports, { kind: 'create' }, 5)).code).toBe('ETIMEDOUT');
		expect(log).toEqual(['sent create']);
	});

	test('a pause of more than two minutes is not cut short: the answer is given back', async () => {
		const { ports, log } = world(response(429, { 'retry-after': '121' }));
		expect((await sendWithRetry(ports, { kind: 'read' }, 5)).status).toBe(429);
		expect(log).toEqual(['sent read']);
	});

	test('a pause of two minutes is waited for', async () => {
		const { ports, log } = world(response(429, { 'retry-after': '120' }), response(200));
		expect((await sendWithRetry(ports, { kind: 'read' }, 5)).status).toBe(200);
		expect(log).toContain('slept 120000');
	});
});
