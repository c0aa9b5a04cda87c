'use strict';

/**
 * The rows of the matrix: what goes wrong.
 * @typedef {object} Row
 * @property {string} name
 * @property {import('../../support/simulator/faults').Fault} [fault] at the server
 * @property {string} [code] the connection does not come about
 * @property {number} [patienceMs] the client waits in vain, and no longer than this in real time
 * @property {boolean} [isSlow] the body trickles in: the clock by which it is read runs fast
 * @property {import('../../support/simulator/jobs').JobScript} [script] how the job goes
 * @property {number} [jumpMs] the machine is suspended for so long
 * @property {number} [serverAheadMs]
 */

const HOUR_MS = 3_600_000;
const PAGE = '<!doctype html><html><head><title>Welcome</title></head><body></body></html>';
const HTML = { 'content-type': 'text/html' };
const error = (message) => ({ error: { message } });

/** Statuses with an error in JSON, as the API itself answers. */
const status = (code, message = 'No') => ({ name: String(code), fault: { status: code, body: error(message) } });
const limited = (name, headers) => ({ name, fault: { status: 429, headers, body: error('Slow down') } });
/** An answer that hides whether the request was worked on: once it was not, once it was. */
const bothWays = (name, fault) => [
	{ name, fault },
	{ name: `${name}, taken`, fault: { ...fault, taken: true } },
];

/** @type {Row[]} */
const ROWS = [
	{ name: 'refused', code: 'ECONNREFUSED' },
	{ name: 'ENOTFOUND', code: 'ENOTFOUND' },
	{ name: 'EAI_AGAIN', code: 'EAI_AGAIN' },
	{ name: 'reset before', fault: { reset: 'before' } },
	{ name: 'reset after', fault: { reset: 'after' } },
	{ name: 'hang', fault: { hang: true }, patienceMs: 60 },
	{ name: 'hang, taken', fault: { hang: 'after' }, patienceMs: 60 },
	...[400, 401, 402, 403, 404].map((code) => status(code)),
	...bothWays('408', { status: 408, body: '' }),
	...bothWays('409', { status: 409, body: error('Conflict') }),
	status(410, 'Gone'),
	status(425, 'Too early'),
	limited('429', {}),
	limited('429, seconds', { 'retry-after': '7' }),
	limited('429, HTTP date', { 'retry-after': 'Sat, 21 Nov 2026 12:00:40 GMT' }),
	limited('429, milliseconds', { 'retry-after-ms': '1500' }),
	limited('429, two hours', { 'retry-after': '7200' }),
	...bothWays('500', { status: 500, body: error('An error occurred') }),
	...bothWays('502 HTML', { status: 502, headers: HTML, body: PAGE }),
	...bothWays('503', { status: 503, body: '' }),
	{ name: '503, seconds', fault: { status: 503, headers: { 'retry-after': '3' }, body: '' } },
	...bothWays('504', { status: 504, body: 'upstream timed out' }),
	...bothWays('200 HTML', { status: 200, headers: HTML, body: PAGE }),
	...bothWays('empty 200', { status: 200, body: '' }),
	...bothWays('empty 202', { status: 202, body: '' }),
	{ name: 'JSON cut in its ID', fault: { truncate: 0.03 } },
	{ name: 'JSON cut behind its ID', fault: { truncate: 0.6 } },
	{ name: 'endless body', fault: { status: 200, taken: true, endless: true, body: '{"' } },
	{
		name: 'trickling body',
		fault: { status: 200, taken: true, endless: true, trickleMs: 1, body: '{"' },
		isSlow: true,
	},
	{ name: 'truncated MP4', fault: { truncate: 0.5 } },
	{ name: 'MP4 without its end', fault: { dropTail: 1000 } },
	{ name: 'wrong length', fault: { wrongLength: 64 }, patienceMs: 250 },
	{ name: 'JSON as MP4', fault: { headers: { 'content-type': 'video/mp4' } } },
	{ name: 'unknown status word', script: { status: 'warming_up' } },
	{ name: 'unknown status word for ever', script: { status: 'warming_up', never: true } },
	{ name: 'failed without error', script: { fail: null } },
	{ name: 'progress backwards', fault: { status: 200, body: { status: 'in_progress', progress: 1 } } },
	{ name: 'status never final', script: { never: true } },
	{ name: 'clock jump', jumpMs: 5 * HOUR_MS },
	{ name: 'server clock 5 h ahead', serverAheadMs: 5 * HOUR_MS },
];

module.exports = { ROWS };
