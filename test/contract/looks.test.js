'use strict';

const { deliverJob } = require('../../build/nodes/core/video/deliverJob');
const { purchaseVideo } = require('../../build/nodes/core/video/purchase');
const { FILE, WAIT, errorOf, orderOf, startContract } = require('../support/contract');

/** @type {Awaited<ReturnType<typeof startContract>>} */
let contract;

afterEach(async () => await contract.end());

const POLL = { method: 'GET', path: '/videos/[^/]+$' };

describe('a failed look is not a failed job', () => {
	test.each([
		['429', { status: 429, body: { error: { message: 'poll too frequently' } } }],
		['500', { status: 500, body: { error: { message: 'oops' } } }],
		['502 with a web page', { status: 502, body: '<html></html>' }],
		['503', { status: 503, body: '' }],
		['200 with a web page', { status: 200, body: '<!doctype html><title>Welcome</title>' }],
		['200 with an empty body', { status: 200, body: '' }],
		['reset', { reset: 'before' }],
		['404 while the job is new', { status: 404, body: { error: { message: 'not found' } } }],
		[
			'400 task_not_exist while the job is new',
			{ status: 400, body: { code: 'task_not_exist', message: 'task_not_exist' } },
		],
		['an unknown word', { status: 200, body: { id: 'x', status: 'warming_up' } }],
	])('%s', async (_name, fault) => {
		contract = await startContract({ secondsPerJob: 60 });
		contract.simulator.fault({ match: POLL, times: 3, ...fault });
		const delivery = await purchaseVideo(orderOf(), { ...WAIT, fixedPollMs: 5_000 }, FILE, contract.tools);
		expect(delivery.file?.mimeType).toBe('video/mp4');
		expect(contract.simulator.ledger()).toMatchObject({ jobsCreated: 1, charges: 1 });
	});

	test('Retry-After of a look is obeyed', async () => {
		contract = await startContract({ secondsPerJob: 100 });
		contract.simulator.fault({ match: POLL, status: 429, headers: { 'retry-after': '33' }, body: {} });
		await purchaseVideo(orderOf(), { ...WAIT, fixedPollMs: 5_000 }, FILE, contract.tools);
		expect(contract.time.pauses).toContain(33_000);
	});
});

describe('a job that the server does not show ends the waiting, not the job', () => {
	test.each([
		['401', 401],
		['402', 402],
		['403', 403],
		['410', 410],
	])('%s', async (_name, status) => {
		contract = await startContract();
		contract.simulator.fault({ match: POLL, times: -1, status, body: { error: { message: 'no' } } });
		const error = await errorOf(purchaseVideo(orderOf(), WAIT, FILE, contract.tools));
		expect(error).toMatchObject({ kind: 'jobNotVisible', billed: 'yes' });
		expect(error.jobId).toMatch(/^video_/);
		expect(error.hint).toMatch(/Wait for Video Job/);
	});

	test('a lasting 404', async () => {
		contract = await startContract();
		contract.simulator.fault({ match: POLL, times: -1, status: 404, body: { error: { message: 'unknown' } } });
		const error = await errorOf(purchaseVideo(orderOf(), WAIT, FILE, contract.tools));
		expect(error).toMatchObject({ kind: 'jobNotVisible', billed: 'yes' });
		expect(contract.time.elapsedSeconds).toBeGreaterThanOrEqual(60);
	});

	test('an id that was never one', async () => {
		contract = await startContract();
		const error = await errorOf(deliverJob('video_typo', WAIT, FILE, contract.tools));
		expect(error).toMatchObject({ kind: 'notFound', jobId: 'video_typo' });
		expect(contract.requests('GET')).toHaveLength(4);
		expect(contract.time.elapsedSeconds).toBeLessThan(30);
	});
});

describe('what servers call a finished job', () => {
	test.each([
		['succeeded', {}],
		['SUCCESS', {}],
		['complete', { progress: '100%' }],
		['Succeed', { progress: 1 }],
	])('%s', async (status, extra) => {
		contract = await startContract({ secondsPerJob: 30 });
		contract.simulator.script({ seconds: 0, extra: { status, ...extra } });
		const delivery = await purchaseVideo(orderOf(), WAIT, FILE, contract.tools);
		expect(delivery.job.status).toBe('completed');
		expect(delivery.file?.mimeType).toBe('video/mp4');
	});
});

test('a create that answers with completed_at while queued is not finished', async () => {
	contract = await startContract({ secondsPerJob: 50 });
	contract.simulator.fault({ match: { method: 'GET' }, times: 0 });
	contract.simulator.script({ extra: { completed_at: 1712697900 } });
	await purchaseVideo(orderOf(), WAIT, FILE, contract.tools);
	expect(contract.time.elapsedSeconds).toBeGreaterThanOrEqual(50);
});

test('jobs side by side share one poll budget', async () => {
	contract = await startContract({ secondsPerJob: 120 });
	const orders = Array.from({ length: 50 }, (_, index) => orderOf({ prompt: `boat ${index}` }));
	await Promise.all(orders.map((order) => purchaseVideo(order, WAIT, { download: false }, contract.tools)));
	const times = contract.requests('GET', '/videos/[^/]+$').map(({ atMs }) => atMs);
	const mostInAMinute = Math.max(
		...times.map((start) => times.filter((at) => at >= start && at < start + 60_000).length),
	);
	expect(mostInAMinute).toBeLessThanOrEqual(301);
	expect(contract.simulator.ledger().charges).toBe(50);
});

describe('one job’s trouble is not another’s', () => {
	test('a pause of a day that the server asks of one look holds no other job past its own time', async () => {
		contract = await startContract({ secondsPerJob: 300 });
		contract.simulator.fault({ match: POLL, status: 429, headers: { 'retry-after': '86400' }, body: {} });
		const first = purchaseVideo(orderOf({ prompt: 'first' }), WAIT, { download: false }, contract.tools);
		const second = purchaseVideo(orderOf({ prompt: 'second' }), WAIT, { download: false }, contract.tools);
		const outcomes = await Promise.allSettled([first, second]);
		expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
		expect(contract.time.elapsedSeconds).toBeLessThan(600);
	});

	test('the message of a wait that ends early tells the time that was really waited', async () => {
		contract = await startContract({ secondsPerJob: 300 });
		contract.simulator.fault({ match: POLL, times: -1, status: 429, headers: { 'retry-after': '3600' }, body: {} });
		const error = await errorOf(purchaseVideo(orderOf(), WAIT, FILE, contract.tools));
		expect(error.message).toMatch(/not finished after 5 seconds/);
	});
});

describe('a look that says nothing about the job does not end the wait', () => {
	test.each([
		['a redirect into a private network', { redirect: 'http://10.0.0.1/videos/x' }],
		['200 with only an error', { status: 200, body: { error: { message: 'upstream busy' } } }],
		[
			'200 with an error and the request’s id',
			{ status: 200, body: { error: { message: 'busy' }, request_id: 'r-1' } },
		],
	])('%s', async (_name, fault) => {
		contract = await startContract({ secondsPerJob: 60, server: 'apiyi' });
		contract.simulator.fault({ match: POLL, times: 2, ...fault });
		const delivery = await purchaseVideo(orderOf(), { ...WAIT, retryFailedJobs: 1 }, FILE, contract.tools);
		expect(delivery.file?.mimeType).toBe('video/mp4');
		expect(contract.simulator.ledger().charges).toBe(1);
	});
});

test('a mistyped id is not called a paid job', async () => {
	contract = await startContract();
	const error = await errorOf(deliverJob('video_typo', WAIT, FILE, contract.tools));
	expect(error).toMatchObject({
		message: 'The server does not know this job',
		serverMessage: "Video with id 'video_typo' not found.",
		observed: 'Looks at the job: 404 4×',
		kind: 'notFound',
		jobId: 'video_typo',
		billed: 'no',
	});
	expect(error.hint).toContain('Check the ID');
});

describe('a server that names the place to look', () => {
	const polled = async (pollingUrl) => {
		contract = await startContract({ makeId: () => 'video_1' });
		contract.simulator.script({ extra: { polling_url: pollingUrl(contract.simulator) } });
		const delivery = await purchaseVideo(orderOf(), WAIT, { download: false }, contract.tools);
		return contract.requests('GET').map(({ path }) => path.replace(delivery.jobId, '{id}'));
	};

	test('is asked there', async () => {
		// The same job behind another spelling of its address.
		const paths = await polled(() => '/v1/videos/video_1?view=poll');
		expect(new Set(paths)).toEqual(new Set(['/v1/videos/{id}?view=poll']));
	});

	test('is asked at the usual place when the other one is not its own', async () => {
		const paths = await polled(({ otherOrigin }) => `${otherOrigin.url}/v1/videos/x`);
		expect(new Set(paths)).toEqual(new Set(['/v1/videos/{id}']));
		expect(contract.simulator.otherOrigin.requests).toEqual([]);
	});
});
