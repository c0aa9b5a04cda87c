'use strict';

const { GenerationError } = require('../../build/nodes/core/errors');
const { purchaseVideo } = require('../../build/nodes/core/video/purchase');
const { submitJob } = require('../../build/nodes/core/video/submitJob');
const { WAIT, errorOf, orderOf, startContract } = require('../support/contract');

/** @type {Awaited<ReturnType<typeof startContract>>} */
let contract;

afterEach(async () => await contract.end());

const CREATE = { method: 'POST' };

describe('a create that may have been taken is never sent again by itself', () => {
	test.each([
		['reset before it was taken', { reset: 'before' }, 0],
		['500 with JSON', { status: 500, body: { error: { message: 'oops' } } }, 0],
		['502 with a web page', { status: 502, body: '<html><title>Bad gateway</title></html>' }, 0],
		['504', { status: 504, body: 'upstream timed out' }, 0],
		['503 without Retry-After', { status: 503, body: '' }, 0],
		['408', { status: 408, body: '' }, 0],
		['409', { status: 409, body: '' }, 0],
		['200 with a web page', { status: 200, body: '<html><title>Welcome</title></html>' }, 0],
		['200 with an empty body', { status: 200, body: '' }, 0],
		['200 with half a JSON', { status: 200, body: '{"id": "video_12' }, 0],
	])('%s', async (_name, fault, charges) => {
		contract = await startContract();
		contract.simulator.fault({ match: CREATE, ...fault });
		const error = await errorOf(submitJob(orderOf(), contract.tools));
		expect(contract.requests('GET', '/videos')).toHaveLength(4);
		expect(error).toMatchObject({ kind: 'submissionUncertain', billed: 'maybe' });
		expect(error.hint).toMatch(/Get Many/);
		expect(contract.requests('POST')).toHaveLength(1);
		expect(contract.simulator.ledger().charges).toBe(charges);
	});

	test('silence until the time-out', async () => {
		contract = await startContract();
		contract.simulator.fault({ match: CREATE, hang: true });
		const order = orderOf();
		order.limits.timeoutMs = 400;
		const error = await errorOf(submitJob(order, contract.tools));
		expect(error).toMatchObject({ kind: 'submissionUncertain', billed: 'maybe' });
		expect(contract.requests('POST')).toHaveLength(1);
	});

	test('unless the user takes the risk', async () => {
		contract = await startContract({ server: 'newApi' });
		contract.simulator.fault({ match: CREATE, reset: 'after' });
		const order = orderOf();
		order.limits.retryUncertain = 1;
		await submitJob(order, contract.tools);
		expect(contract.simulator.ledger().charges).toBe(2);
	});
});

describe('a create that was plainly refused is sent again', () => {
	test.each([
		['429', { status: 429, body: { error: { message: 'Rate limit reached' } } }, undefined],
		['429 with seconds', { status: 429, headers: { 'retry-after': '7' }, body: {} }, 7_000],
		['429 with milliseconds', { status: 429, headers: { 'retry-after-ms': '1500' }, body: {} }, 1_500],
		['503 with Retry-After', { status: 503, headers: { 'retry-after': '3' }, body: '' }, 3_000],
	])('%s', async (_name, fault, pauseMs) => {
		contract = await startContract();
		contract.simulator.fault({ match: CREATE, ...fault });
		await submitJob(orderOf(), contract.tools);
		expect(contract.requests('POST')).toHaveLength(2);
		if (pauseMs !== undefined) expect(contract.time.pauses[0]).toBe(pauseMs);
		expect(contract.simulator.ledger().charges).toBe(1);
	});

	test('an HTTP date is waited for', async () => {
		contract = await startContract();
		const date = new Date(contract.time.now() + 20_000).toUTCString();
		contract.simulator.fault({ match: CREATE, status: 429, headers: { 'retry-after': date }, body: {} });
		await submitJob(orderOf(), contract.tools);
		expect(contract.time.pauses[0]).toBe(20_000);
	});

	test('a pause of hours is not waited for: the error tells', async () => {
		contract = await startContract();
		contract.simulator.fault({ match: CREATE, times: -1, status: 429, headers: { 'retry-after': '7200' }, body: {} });
		const error = await errorOf(submitJob(orderOf(), contract.tools));
		expect(error).toMatchObject({ kind: 'rateLimited', billed: 'no' });
		expect(contract.requests('POST')).toHaveLength(1);
	});

	test('a JSON 5xx of a server that documents them as free', async () => {
		contract = await startContract({ server: 'apiyi' });
		contract.simulator.fault({
			match: CREATE,
			status: 500,
			body: { error: { message: 'busy', type: 'invalid_request_error' } },
		});
		await submitJob(orderOf(), contract.tools);
		expect(contract.requests('POST')).toHaveLength(2);
		expect(contract.simulator.ledger().charges).toBe(1);
	});

	test('no more often than Max Retries says', async () => {
		contract = await startContract();
		contract.simulator.fault({ match: CREATE, times: -1, status: 429, body: {} });
		const error = await errorOf(submitJob(orderOf(), contract.tools));
		expect(error).toMatchObject({ kind: 'rateLimited', status: 429, billed: 'no' });
		expect(contract.requests('POST')).toHaveLength(3);
	});
});

test('a server that cannot be reached is tried again, and costs nothing', async () => {
	contract = await startContract({ credential: { baseUrl: 'http://127.0.0.1:9/v1' } });
	const error = await errorOf(submitJob(orderOf(), contract.tools));
	expect(error).toMatchObject({ kind: 'serverUnreachable', billed: 'no' });
	expect(contract.time.pauses).toHaveLength(2);
});

describe('refusals say what happened and what to do', () => {
	test.each([
		['a wrong key', { credential: { apiKey: 'sk-wrong-key-000000' } }, {}, 'authentication', /API key/],
		['an unknown model', {}, { model: 'sora-9' }, 'modelUnavailable', /From List/],
		['a length that the server does not make', {}, { seconds: '10' }, 'requestRefused', /'4', '8', and '12'/],
		['a size that the model does not make', {}, { size: '1920x1080' }, 'requestRefused', /Supported values are/],
	])('%s', async (_name, options, fields, kind, words) => {
		contract = await startContract(options);
		const error = await errorOf(submitJob(orderOf(fields), contract.tools));
		expect(error).toMatchObject({ kind, billed: 'no' });
		expect(`${error.serverMessage} ${error.hint}`).toMatch(words);
		expect(error.requestId).toMatch(/^req_/);
		expect(contract.requests('POST')).toHaveLength(1);
		expect(contract.simulator.ledger().charges).toBe(0);
	});

	test('APIYI’s 401 and 403 name the group and the billing mode', async () => {
		contract = await startContract({ server: 'apiyi' });
		contract.simulator.fault({ match: CREATE, status: 401, body: { error: { message: 'Invalid token' } } });
		contract.simulator.fault({ match: CREATE, status: 403, body: { error: { message: 'No access' } } });
		for (const kind of ['authentication', 'permission']) {
			const error = await errorOf(submitJob(orderOf(), contract.tools));
			expect(error).toMatchObject({ kind, hint: expect.stringMatching(/Sora2官转.*usage-based billing/) });
		}
	});

	test.each([
		[
			'moderation on the spot',
			400,
			{ error: { message: 'Rejected by the safety system. safety_violations=[violence]', code: 'moderation_blocked' } },
			'moderation',
		],
		['no balance as 402', 402, { error: { message: 'Payment required' } }, 'insufficientBalance'],
		[
			'no balance as 429',
			429,
			{ error: { message: 'You exceeded your current quota', code: 'insufficient_quota' } },
			'insufficientBalance',
		],
		['Chinese no balance', 403, { error: { message: '用户额度不足' } }, 'insufficientBalance'],
		['FastAPI detail', 422, { detail: [{ loc: ['body', 'size'], msg: 'String should match' }] }, 'requestRefused'],
	])('%s', async (_name, status, body, kind) => {
		contract = await startContract();
		contract.simulator.fault({ match: CREATE, status, body });
		const error = await errorOf(submitJob(orderOf(), contract.tools));
		expect(error).toMatchObject({ kind, billed: 'no', status });
		expect(contract.requests('POST')).toHaveLength(1);
	});

	test('a redirect of a create is not followed', async () => {
		contract = await startContract();
		contract.simulator.fault({ match: CREATE, redirect: 'other', status: 307 });
		const error = await errorOf(submitJob(orderOf(), contract.tools));
		expect(error).toMatchObject({ kind: 'wrongAddress', billed: 'no' });
		expect(contract.simulator.otherOrigin.requests).toEqual([]);
	});
});

describe('when the account may run only so many jobs', () => {
	test('an order waits until one of the run’s own jobs has ended, however often it is refused', async () => {
		contract = await startContract({ maxRunning: 1, secondsPerJob: 60 });
		const orders = ['one', 'two', 'three'].map((prompt) => orderOf({ prompt }));
		const deliveries = await Promise.all(
			orders.map(async (order) => await purchaseVideo(order, WAIT, { download: false }, contract.tools)),
		);
		expect(deliveries.map(({ job }) => job.status)).toEqual(['completed', 'completed', 'completed']);
		expect(contract.simulator.ledger()).toMatchObject({ jobsCreated: 3, charges: 3 });
	});

	test('and is told when none of them runs', async () => {
		contract = await startContract({ maxRunning: 0 });
		const error = await errorOf(submitJob(orderOf(), contract.tools));
		expect(error).toMatchObject({ kind: 'tooManyRunningJobs', billed: 'no' });
	});
});

describe('nothing that was paid for gets lost in a spoilt answer', () => {
	test('an id that came whole counts, though the end of the body is missing', async () => {
		contract = await startContract();
		contract.simulator.fault({
			match: CREATE,
			status: 200,
			headers: { 'content-length': '500' },
			body: '{"id": "video_whole", "status": "queued", "pro',
		});
		const order = orderOf();
		order.limits.timeoutMs = 200;
		expect((await submitJob(order, contract.tools)).jobId).toBe('video_whole');
	});

	test('after an uncertain try a plain refusal still says maybe', async () => {
		contract = await startContract({ server: 'newApi' });
		contract.simulator.fault({ match: CREATE, reset: 'after' });
		contract.simulator.fault({ match: CREATE, status: 401, body: { error: { message: 'Invalid token' } } });
		const order = orderOf();
		order.limits.retryUncertain = 1;
		const error = await errorOf(submitJob(order, contract.tools));
		expect(error).toMatchObject({ kind: 'authentication', billed: 'maybe' });
		expect(contract.simulator.ledger().charges).toBe(1);
	});

	test('a repeat that may have paid twice says so', async () => {
		contract = await startContract({ server: 'newApi' });
		contract.simulator.fault({ match: CREATE, reset: 'after' });
		const order = orderOf();
		order.limits.retryUncertain = 1;
		await submitJob(order, contract.tools);
		expect(contract.events.map(({ message }) => message).join(' ')).toMatch(/paid for more than once/);
	});
});

test('an error with status 200 and a request id is a refusal, not a job', async () => {
	contract = await startContract();
	contract.simulator.fault({
		match: CREATE,
		status: 200,
		body: { error: { message: 'No channel' }, request_id: 'req-77' },
	});
	const error = await errorOf(submitJob(orderOf(), contract.tools));
	expect(error).toMatchObject({ kind: 'submissionUncertain', billed: 'maybe', serverMessage: 'No channel' });
	expect(contract.submitted).toEqual([]);
});

test('a rate limit that only mentions quotas is a rate limit', async () => {
	contract = await startContract();
	const message = 'Requests have exceeded the call rate limit. To increase your quota see aka.ms/oai/quotaincrease.';
	contract.simulator.fault({ match: CREATE, times: -1, status: 429, body: { error: { message } } });
	expect((await errorOf(submitJob(orderOf(), contract.tools))).kind).toBe('rateLimited');
});

test('a refusal with status 200 and a request id is no paid job', async () => {
	contract = await startContract({ server: 'newApi' });
	const body = { code: 1102, message: 'Account balance not enough', request_id: 'r-9' };
	contract.simulator.fault({ match: CREATE, status: 200, body });
	expect(await errorOf(submitJob(orderOf(), contract.tools))).toMatchObject({ kind: 'submissionUncertain' });
	expect(contract.submitted).toEqual([]);
});

test('an id beside an empty error is a job', async () => {
	contract = await startContract();
	contract.simulator.fault({ match: CREATE, status: 200, body: { id: 'video_bare', error: {} } });
	expect((await submitJob(orderOf(), contract.tools)).jobId).toBe('video_bare');
});

test('what may have been bought stays so when nothing more may be submitted', async () => {
	contract = await startContract({ server: 'newApi' });
	contract.simulator.fault({ match: CREATE, reset: 'after' });
	const order = orderOf();
	order.limits.retryUncertain = 1;
	let turns = 0;
	const gate = {
		...contract.tools.gate,
		async enter() {
			if (turns++ > 0) throw new GenerationError('authentication', 'The server refused the API key');
		},
	};
	const error = await errorOf(submitJob(order, { ...contract.toolsOf(contract.openLedger()), gate }));
	expect(error).toMatchObject({ kind: 'authentication', billed: 'maybe' });
});
