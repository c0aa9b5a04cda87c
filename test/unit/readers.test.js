'use strict';

/** Whoever reads what others wrote takes any JSON, any text and any bytes: it never throws anything but our own errors. */

const fc = require('fast-check');

const { GenerationError } = require('../../build/nodes/core/errors');
const { parseJson } = require('../../build/nodes/core/json');
const { readEntries } = require('../../build/nodes/core/ledger');
const { absoluteLink, checkHop, isPrivateHost, parseHostList } = require('../../build/nodes/core/links');
const { readImageSize } = require('../../build/nodes/core/media/imageSize');
const { Mp4Reader } = require('../../build/nodes/core/media/mp4');
const { sniffFileType } = require('../../build/nodes/core/media/fileType');
const { parseRetryAfter } = require('../../build/nodes/core/retry');
const { errorFromAnswer, readServerWords } = require('../../build/nodes/core/serverErrors');
const { readKeptDelivery } = require('../../build/nodes/core/video/delivery');
const { readJob, readStatusWord } = require('../../build/nodes/core/video/job');
const { reconcile } = require('../../build/nodes/core/video/reconcile');
const { jobPath } = require('../../build/nodes/core/video/videosApi');

const RULES = { baseUrl: 'https://server.example/v1', allowedDownloadHosts: [] };
const NOW = Date.UTC(2026, 10, 21);

/** JSON that looks like the answers of servers, with anything in its fields. */
const field = fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constantFrom('completed', 'failed', 'queued', 45, '45%', ''));
const names = ['id', 'status', 'error', 'data', 'progress', 'prompt', 'created_at', 'url', 'detail', 'message', 'code'];
const answer = fc.dictionary(fc.constantFrom(...names, 'delivery', 'job', 'reference'), field);
const json = fc.oneof(
	answer,
	answer.map((data) => ({ data })),
	fc.jsonValue(),
);
const text = fc.oneof(
	fc.string({ unit: 'binary' }),
	fc.json(),
	fc.webUrl(),
	fc.constantFrom('..', '//', 'http://[', '%'),
);

const OF_JSON = {
	readJob,
	readServerWords,
	readEntries: (value) => readEntries([value]),
	readKeptDelivery: (value) => [readKeptDelivery(value), readKeptDelivery({ job: value, jobId: 'x' })],
	reconcile: (value) => {
		const mine = { facts: { prompt: 'A boat', model: 'sora-2', size: '720x1280', seconds: '4' }, sentAtMs: NOW };
		return reconcile(mine, [mine], { jobs: [readJob(value)], nowMs: NOW, serverNowMs: NOW }, () => false);
	},
};
const OF_TEXT = {
	parseJson,
	readStatusWord,
	readServerWords,
	errorFromAnswer: (value) => errorFromAnswer({ status: 500, headers: { 'x-request-id': value } }, value),
	parseRetryAfter: (value) => parseRetryAfter({ 'retry-after': value, date: value }, NOW),
	parseHostList,
	isPrivateHost,
};
const OF_BYTES = {
	sniffFileType,
	readImageSize,
	Mp4Reader: (bytes) => {
		const reader = new Mp4Reader();
		reader.push(bytes.subarray(0, 7));
		reader.push(bytes.subarray(7));
		return [reader.facts(), reader.isTruncated];
	},
};
/** These may refuse, in the core's own words. */
const REFUSING = {
	jobPath,
	absoluteLink: (value) => absoluteLink(RULES.baseUrl, value),
	checkHop: (value) => [checkHop(value, RULES), checkHop(value, RULES, RULES.baseUrl)],
};

test.each(Object.entries(OF_JSON))('%s takes any JSON', (_name, read) => {
	fc.assert(
		fc.property(json, (value) => void read(value)),
		{ numRuns: 500 },
	);
});

test.each(Object.entries(OF_TEXT))('%s takes any text', (_name, read) => {
	fc.assert(
		fc.property(text, (value) => void read(value)),
		{ numRuns: 500 },
	);
});

test.each(Object.entries(OF_BYTES))('%s takes any bytes', (_name, read) => {
	fc.assert(
		fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void read(bytes)),
		{ numRuns: 500 },
	);
});

test.each(Object.entries(REFUSING))('%s takes any text or refuses it as our own error', (_name, read) => {
	fc.assert(
		fc.property(text, (value) => {
			try {
				read(value);
			} catch (error) {
				expect(error).toBeInstanceOf(GenerationError);
			}
		}),
		{ numRuns: 500 },
	);
});

test('a job path never leaves the folder of jobs', () => {
	fc.assert(
		fc.property(text, (id) => {
			let path;
			try {
				path = jobPath(id);
			} catch {
				return;
			}
			const { pathname } = new URL(`https://server.example/v1${path}`);
			expect(pathname.split('/').slice(0, 3)).toEqual(['', 'v1', 'videos']);
			expect(decodeURIComponent(pathname.split('/')[3])).toBe(id);
		}),
		{ numRuns: 500 },
	);
});
