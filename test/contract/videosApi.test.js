'use strict';

const { purchaseVideo } = require('../../build/nodes/core/video/purchase');
const { submitJob } = require('../../build/nodes/core/video/submitJob');
const { FILE, WAIT, errorOf, orderOf, startContract } = require('../support/contract');

/** @type {Awaited<ReturnType<typeof startContract>>} */
let contract;

afterEach(async () => await contract.end());

const DELETE = { method: 'DELETE' };

async function finishedJob(options = {}) {
	contract = await startContract({ secondsPerJob: 0, ...options });
	return (await submitJob(orderOf(), contract.tools)).jobId;
}

describe('a delete whose answer got lost', () => {
	test.each([
		['reset', { reset: 'after' }],
		['504', { status: 504, taken: true, body: 'upstream timed out' }],
	])('has deleted the job when its repeat does not find it: %s', async (_name, fault) => {
		const jobId = await finishedJob();
		contract.simulator.fault({ match: DELETE, ...fault });
		await contract.tools.api.delete(jobId);
		expect(contract.requests('DELETE').map(({ status }) => status)).toContain(404);
		expect(contract.simulator.jobs.find(jobId)).toBeUndefined();
	});

	test.each([
		['at once', undefined],
		['after it was asked to wait', { status: 429, headers: { 'retry-after': '1' }, body: {} }],
		['after no connection came about', 'ECONNREFUSED'],
	])('is not what a 404 %s tells', async (_name, fault) => {
		await finishedJob();
		if (typeof fault === 'string') contract.network.add({ match: DELETE, code: fault });
		else if (fault) contract.simulator.fault({ match: DELETE, ...fault });
		expect(await errorOf(contract.tools.api.delete('video_typo'))).toMatchObject({ kind: 'notFound' });
	});
});

describe('ids', () => {
	test.each(['a:b=c+d/e', '../../models', '..;/x', '%2e%2e', 'a b?c#d', '一只纸船', '%'])(
		'%s travels whole, and leads nowhere else',
		async (id) => {
			contract = await startContract({ makeId: () => id, secondsPerJob: 10 });
			const delivery = await purchaseVideo(orderOf(), WAIT, FILE, contract.tools);
			expect(delivery.jobId).toBe(id);
			await contract.tools.api.delete(id);
			const paths = contract.simulator.state.requests.map(({ path }) => path);
			for (const path of paths.slice(1)) expect(path.split('/').slice(0, 3)).toEqual(['', 'v1', 'videos']);
		},
	);

	test.each(['.', '..', '', '\ud800'])('%j cannot be one: nothing is sent', async (id) => {
		await finishedJob();
		const before = contract.network.sent.length;
		for (const call of [contract.tools.api.look, contract.tools.api.get, contract.tools.api.delete]) {
			expect(await errorOf(call.call(contract.tools.api, id))).toMatchObject({ kind: 'invalidInput' });
		}
		expect(contract.network.sent).toHaveLength(before);
	});

	test('that are numbers keep all of their digits', async () => {
		const id = '9007199254740993';
		contract = await startContract({ makeId: () => id });
		const answer = (status) => ({ status: 200, body: `{"id":${id},"status":"${status}"}` });
		contract.simulator.fault({ match: { method: 'POST' }, ...answer('queued') });
		contract.simulator.fault({ match: { path: `/${id}$` }, ...answer('completed') });
		const wish = { download: false };
		expect(await purchaseVideo(orderOf(), WAIT, wish, contract.tools)).toMatchObject({ jobId: id, job: { id } });
	});

	test.each([
		['a number', '{"id":9007199254740993,"status":"qu', '9007199254740993'],
		['with escaped characters', '{"id":"a\\/b\\u002bc","status":"qu', 'a/b+c'],
	])('in half a JSON count when they came whole: %s', async (_name, body, id) => {
		contract = await startContract();
		contract.network.add({ match: { method: 'POST' }, timeoutMs: 100 });
		const headers = { 'content-length': '500' };
		contract.simulator.fault({ match: { method: 'POST' }, status: 200, headers, body });
		expect((await submitJob(orderOf(), contract.tools)).jobId).toBe(id);
	});

	test('a number that was cut off does not count', async () => {
		contract = await startContract({ server: 'newApi' });
		contract.network.add({ match: { method: 'POST' }, timeoutMs: 100 });
		const fault = { status: 200, headers: { 'content-length': '500' }, body: '{"id":90071992' };
		contract.simulator.fault({ match: { method: 'POST' }, ...fault });
		expect(await errorOf(submitJob(orderOf(), contract.tools))).toMatchObject({ kind: 'submissionUncertain' });
	});
});

test('a list that never ends is left after a hundred pages', async () => {
	contract = await startContract();
	const pages = Array.from({ length: 150 }, (_, page) => ({
		match: { path: '/videos\\?' },
		status: 200,
		body: { data: [{ id: `video_${page}`, status: 'queued' }], has_more: true },
	}));
	for (const page of pages) contract.simulator.fault(page);
	expect(await contract.tools.api.list(1_000, () => true)).toHaveLength(100);
});

test('what a server forbids at another origin says nothing about the key', async () => {
	contract = await startContract({ allowOtherOrigin: true });
	contract.simulator.fault({ match: { path: '/content' }, times: -1, redirect: 'other' });
	contract.simulator.otherOrigin.fault({ times: -1, status: 403, body: '<Error><Code>AccessDenied</Code></Error>' });
	const error = await errorOf(purchaseVideo(orderOf(), WAIT, FILE, contract.tools));
	expect(error).toMatchObject({ kind: 'downloadFailed', billed: 'yes' });
	expect(error.hint).toMatch(/Download Video/);
	expect(contract.requests('GET', '/content')).toHaveLength(5);
});

test('a file that falls silent half-way is fetched again', async () => {
	contract = await startContract();
	contract.network.add({ match: { path: '/content' }, timeoutMs: 100 });
	contract.simulator.fault({ match: { path: '/content' }, wrongLength: 100_000 });
	const delivery = await purchaseVideo(orderOf(), WAIT, FILE, contract.tools);
	expect(delivery.file?.fileSizeBytes).toBe(contract.stored.at(-1).bytes.length);
	expect(contract.requests('GET', '/content')).toHaveLength(2);
});
