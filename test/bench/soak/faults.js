'use strict';

const { randomFrom } = require('../../support/simulator/movie');

/**
 * What goes wrong at random, at every stage of a job; each fault is one of the simulator's (see faults.js there). A create
 * whose fault is called `taken` is worked on, and paid for, although its answer gets lost.
 * @typedef {'create' | 'poll' | 'list' | 'content'} Stage
 */

const HTML = '<!DOCTYPE html><html><head><title>Bad gateway</title></head><body><h1>Bad gateway</h1></body></html>';
const HTML_TYPE = { 'content-type': 'text/html; charset=utf-8' };
const html = (status, headers = {}) => ({ status, headers: { ...HTML_TYPE, ...headers }, body: HTML });
const json = (status, message, headers) => ({
	status,
	headers,
	body: { error: { message, type: 'server_error', param: null, code: null } },
});
/** The real answer, which breaks off in the middle of its JSON. */
const HALF_JSON = { truncate: 0.5 };
/** Before anything that a job is known by. */
const FIRST_BYTES = { truncate: 0.01 };

/** At every stage. */
const COMMON = {
	resetBefore: { reset: 'before' },
	hang: { hang: true },
	429: json(429, 'Rate limit reached.'),
	'429 Retry-After': json(429, 'Rate limit reached.', { 'retry-after': '3' }),
	500: json(500, 'The server had an error while processing your request.'),
	502: html(502),
	503: html(503),
	'503 Retry-After': html(503, { 'retry-after': '3' }),
	504: html(504),
	'200 HTML': html(200),
};

/** @type {Record<Stage, Record<string, any>>} */
const FAULTS = {
	create: {
		...COMMON,
		'reset, taken': { reset: 'after' },
		'hang, taken': { hang: 'after' },
		'500, taken': { ...COMMON[500], taken: true },
		'502, taken': { ...COMMON[502], taken: true },
		'504, taken': { ...COMMON[504], taken: true },
		'200 HTML, taken': { ...COMMON['200 HTML'], taken: true },
		'half an answer, taken': HALF_JSON,
		'first bytes, taken': FIRST_BYTES,
	},
	poll: { ...COMMON, resetAfter: { reset: 'after' }, 'half an answer': HALF_JSON },
	list: { ...COMMON, resetAfter: { reset: 'after' }, 'half an answer': HALF_JSON },
	content: {
		...COMMON,
		'half a file': { truncate: 0.5 },
		'tail missing': { dropTail: 1_000 },
		'length too large': { wrongLength: 500 },
		'error as video/mp4': { ...json(200, 'The file is not there yet.'), headers: { 'content-type': 'video/mp4' } },
	},
};

/** @returns {Stage | undefined} undefined: something else, which nothing happens to */
function stageOf(method, path) {
	const { pathname } = new URL(path, 'http://any');
	if (method === 'POST') return pathname === '/v1/videos' ? 'create' : undefined;
	if (method !== 'GET') return undefined;
	if (pathname === '/v1/videos') return 'list';
	if (pathname.endsWith('/content')) return 'content';
	return pathname.startsWith('/v1/videos/') ? 'poll' : undefined;
}

/** Chooses faults where the simulator's own plan of faults would. */
class RandomFaults {
	/**
	 * @param {object} options
	 * @param {number} options.share of all requests of each stage, between 0 and 1
	 * @param {string} options.seed
	 */
	constructor({ share, seed }) {
		this.share = share;
		this.random = randomFrom(seed);
		/** How many requests came, and which faults met them. @type {Record<string, {requests: number, faults: Record<string, number>}>} */
		this.tally = {};
		/** Which faults met the creates of a prompt. @type {Record<string, string[]>} */
		this.byPrompt = {};
	}

	take({ method, path, bodyText }) {
		const stage = stageOf(method, path);
		if (!stage) return undefined;
		const tally = (this.tally[stage] ??= { requests: 0, faults: {} });
		tally.requests += 1;
		if (this.random() >= this.share) return undefined;
		const names = Object.keys(FAULTS[stage]);
		const name = names[Math.floor(this.random() * names.length)];
		tally.faults[name] = (tally.faults[name] ?? 0) + 1;
		if (stage === 'create') (this.byPrompt[JSON.parse(bodyText).prompt] ??= []).push(name);
		return FAULTS[stage][name];
	}
}

module.exports = { RandomFaults };
