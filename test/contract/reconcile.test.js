'use strict';

const { GenerationError } = require('../../build/nodes/core/errors');
const { purchaseVideo } = require('../../build/nodes/core/video/purchase');
const { Submissions } = require('../../build/nodes/core/video/submissions');
const { submitJob } = require('../../build/nodes/core/video/submitJob');
const { FILE, WAIT, errorOf, orderOf, startContract } = require('../support/contract');

/** @type {Awaited<ReturnType<typeof startContract>>} */
let contract;

afterEach(async () => await contract.end());

const LOST = { match: { method: 'POST' }, reset: 'after' };
const settle = async (promises) => await Promise.allSettled(promises);

test.each([
	['a reset after the server took it', { reset: 'after' }],
	['silence after the server took it', { hang: 'after' }],
])('%s: one charge, and the file is delivered', async (_name, fault) => {
	contract = await startContract();
	contract.simulator.fault({ match: { method: 'POST' }, ...fault });
	const order = orderOf();
	order.limits.timeoutMs = 400;
	const delivery = await purchaseVideo(order, WAIT, FILE, contract.tools);
	const { jobs, charges } = contract.simulator.ledger();
	expect(charges).toBe(1);
	expect(delivery).toMatchObject({ jobId: jobs[0].id, resumed: false, file: { mimeType: 'video/mp4' } });
	expect(contract.requests('POST')).toHaveLength(1);
	expect(contract.submitted.map(({ jobId }) => jobId)).toEqual([jobs[0].id]);
});

test('two equal orders, both answers lost: nobody gets the other’s job, both errors name both', async () => {
	contract = await startContract();
	contract.simulator.fault({ ...LOST, times: 2 });
	const outcomes = await settle([
		submitJob(orderOf(), contract.toolsOf(contract.openLedger({ itemCount: 2 }), 0)),
		submitJob(orderOf(), contract.toolsOf(contract.openLedger({ itemCount: 2 }), 1)),
	]);
	const ids = contract.simulator.ledger().jobs.map(({ id }) => id);
	for (const { reason } of /** @type {any[]} */ (outcomes)) {
		expect(reason).toMatchObject({ kind: 'submissionUncertain', billed: 'maybe' });
		for (const id of ids) expect(reason.hint).toContain(id);
	}
	expect(contract.requests('POST')).toHaveLength(2);
});

test('two equal orders, one answer lost: each gets its own', async () => {
	contract = await startContract();
	contract.simulator.fault(LOST);
	const submitted = await Promise.all([submitJob(orderOf(), contract.tools), submitJob(orderOf(), contract.tools)]);
	const ids = contract.simulator.ledger().jobs.map(({ id }) => id);
	expect(ids).toHaveLength(2);
	expect(submitted.map(({ jobId }) => jobId).sort()).toEqual([...ids].sort());
});

test('the lost answers of different orders find their own jobs', async () => {
	contract = await startContract();
	contract.simulator.fault({ ...LOST, times: 3 });
	const wishes = [{ prompt: 'a boat' }, { prompt: 'a boat', seconds: '8' }, { prompt: 'a train' }];
	const submitted = await Promise.all(wishes.map((wish) => submitJob(orderOf(wish), contract.tools)));
	const { jobs } = contract.simulator.ledger();
	for (const [index, { jobId }] of submitted.entries()) {
		expect(jobs.find(({ id }) => id === jobId)).toMatchObject(wishes[index]);
	}
});

test('a job that another run of the process has is nobody else’s', async () => {
	contract = await startContract();
	await submitJob(orderOf(), contract.tools);
	contract.simulator.fault({ match: { method: 'POST' }, reset: 'before' });
	const error = await errorOf(submitJob(orderOf(), contract.tools));
	expect(error.kind).toBe('submissionUncertain');
	expect(error.hint).toMatch(/probably not taken/);
	expect(contract.requests('GET', '/videos')).toHaveLength(4);
	expect(contract.time.elapsedSeconds).toBeLessThanOrEqual(60);
});

test('a job that somebody made before the submission is not ours', async () => {
	contract = await startContract();
	contract.simulator.jobs.create({ model: 'sora-2', size: '720x1280', seconds: '4', prompt: 'A paper boat' });
	await contract.ports.sleep(121_000);
	contract.simulator.fault({ match: { method: 'POST' }, reset: 'before' });
	expect((await errorOf(submitJob(orderOf(), contract.tools))).hint).toMatch(/probably not taken/);
});

test('a server whose clock is an hour ahead is understood by its Date', async () => {
	contract = await startContract({ clockAheadMs: 3_600_000 });
	contract.simulator.fault(LOST);
	const { jobId } = await submitJob(orderOf(), contract.tools);
	expect(jobId).toBe(contract.simulator.ledger().jobs[0].id);
});

test('a list that shows no prompts proves nothing, but the error names what it shows', async () => {
	contract = await startContract();
	contract.simulator.script({ extra: { prompt: null } });
	contract.simulator.fault(LOST);
	const error = await errorOf(submitJob(orderOf(), contract.tools));
	expect(error).toMatchObject({ kind: 'submissionUncertain', billed: 'maybe' });
	expect(error.hint).toContain(contract.simulator.ledger().jobs[0].id);
});

test('a server without a list: the error says so, and nothing is asked', async () => {
	contract = await startContract({ server: 'newApi' });
	contract.simulator.fault(LOST);
	const error = await errorOf(submitJob(orderOf(), contract.tools));
	expect(error.hint).toMatch(/console of the server.*no list of jobs/);
	expect(contract.requests('GET')).toEqual([]);
});

test('a list that fails three times is asked a fourth time', async () => {
	contract = await startContract();
	contract.simulator.fault(LOST);
	contract.simulator.fault({ match: { method: 'GET', path: '/videos\\?' }, times: 9, status: 500, body: {} });
	const { jobId } = await submitJob(orderOf(), contract.tools);
	expect(jobId).toBe(contract.simulator.ledger().jobs[0].id);
});

test('with Retry Uncertain Submissions the list is asked before another is bought', async () => {
	contract = await startContract();
	contract.simulator.fault(LOST);
	const order = orderOf();
	order.limits.retryUncertain = 2;
	await submitJob(order, contract.tools);
	expect(contract.simulator.ledger().charges).toBe(1);
});

test('what may have been bought before stays named when Retry Uncertain Submissions buys again', async () => {
	contract = await startContract();
	// Without prompts the list shows candidates, but none of which anybody could say that it is ours.
	contract.simulator.script({ extra: { prompt: null } });
	contract.simulator.fault({ ...LOST, times: 2 });
	const order = orderOf();
	order.limits.retryUncertain = 1;
	const ledger = contract.openLedger({ itemCount: 2 });
	await settle([0, 1].map((item) => submitJob(order, contract.toolsOf(ledger, item))));
	const { jobs } = contract.simulator.ledger();
	expect(jobs).toHaveLength(4);
	const told = contract.events.map(({ message }) => message).join('\n');
	for (const { id } of jobs) expect(told + JSON.stringify(contract.submitted)).toContain(id);
});

describe('over several tries of the node', () => {
	test('a submission that was uncertain is found by a later try, and not sent again', async () => {
		contract = await startContract();
		contract.simulator.fault(LOST);
		contract.simulator.fault({ match: { method: 'GET' }, times: 12, status: 500, body: {} });
		const first = await errorOf(submitJob(orderOf(), contract.toolsOf(contract.openLedger())));
		expect(first.hint).toMatch(/could not be read/);
		const { jobId } = await submitJob(orderOf(), contract.toolsOf(contract.openLedger()));
		expect(jobId).toBe(contract.simulator.ledger().jobs[0].id);
		expect(contract.requests('POST')).toHaveLength(1);
		expect(contract.entries).toMatchObject([{ jobId, uncertainTries: 0 }]);
	});

	test('in another execution a changed order is a new one, an equal one is not', async () => {
		contract = await startContract({ server: 'newApi' });
		contract.simulator.fault(LOST);
		await errorOf(submitJob(orderOf(), contract.toolsOf(contract.openLedger())));
		const retried = contract.openLedger({ executionId: '2' });
		expect((await errorOf(submitJob(orderOf(), contract.toolsOf(retried)))).message).toMatch(/still not known/);
		await submitJob(orderOf({ prompt: 'Another boat' }), contract.toolsOf(retried));
		expect(contract.simulator.ledger().charges).toBe(2);
	});

	test('with Retry Uncertain Submissions a later try may buy again', async () => {
		contract = await startContract({ server: 'newApi' });
		contract.simulator.fault(LOST);
		await errorOf(submitJob(orderOf(), contract.toolsOf(contract.openLedger())));
		const order = orderOf();
		order.limits.retryUncertain = 1;
		await submitJob(order, contract.toolsOf(contract.openLedger()));
		expect(contract.simulator.ledger().charges).toBe(2);
		expect(contract.events.map(({ message }) => message).join()).toMatch(/paid for more than once/);
	});
});

test('a stop while it is not known whether the job was taken is told with prompt and time', async () => {
	contract = await startContract();
	contract.simulator.fault(LOST);
	const ports = {
		...contract.ports,
		sleep: async () => {
			throw new GenerationError('cancelled', 'The execution was stopped');
		},
	};
	const error = await errorOf(submitJob(orderOf(), { ...contract.tools, ports }));
	expect(error).toMatchObject({ kind: 'cancelled', billed: 'maybe' });
	expect(contract.events).toContainEqual({
		level: 'warn',
		message: expect.stringMatching(/^Submission uncertain at cancel/),
		details: { prompt: 'A paper boat', submittedAt: '2026-11-21T12:00:00.000Z' },
	});
});

test('two equal uncertain orders that are retried elsewhere one by one: the first does not take the second’s job', async () => {
	contract = await startContract();
	contract.simulator.fault({ match: { method: 'POST' }, reset: 'before' });
	contract.simulator.fault(LOST);
	contract.simulator.fault({ match: { method: 'GET' }, times: 24, status: 500, body: {} });
	const scope = { itemCount: 2 };
	for (const item of [0, 1]) await errorOf(submitJob(orderOf(), contract.toolsOf(contract.openLedger(scope), item)));
	// Another process knows nothing of the open submissions; it has the ledger alone.
	const elsewhere = contract.openLedger({ ...scope, executionId: '2' });
	const tools = { ...contract.toolsOf(elsewhere, 0), submissions: new Submissions() };
	expect(await errorOf(submitJob(orderOf(), tools))).toMatchObject({ kind: 'submissionUncertain', billed: 'maybe' });

	// It stays nobody's: the second names it, too, and buys none beside it even where it may.
	const order = orderOf();
	order.limits.retryUncertain = 1;
	const second = { ...tools, book: contract.toolsOf(elsewhere, 1).book };
	const { jobs } = contract.simulator.ledger();
	expect((await errorOf(submitJob(order, second))).hint).toContain(jobs[0].id);
	expect(contract.simulator.ledger().charges).toBe(1);
	expect(contract.events.map(({ message }) => message).join()).not.toMatch(/The server did take/);
});

test('a changed version of another video is not the job of a plain order', async () => {
	contract = await startContract();
	const order = { model: 'sora-2', size: '720x1280', seconds: '4', prompt: 'A paper boat', remixedFrom: 'video_x' };
	contract.simulator.jobs.create(order);
	contract.simulator.fault({ match: { method: 'POST' }, reset: 'before' });
	expect((await errorOf(submitJob(orderOf(), contract.tools))).kind).toBe('submissionUncertain');
});

test('with Retry Uncertain Submissions nothing is sent while the list shows what may be the job', async () => {
	contract = await startContract();
	contract.simulator.fault({ ...LOST, times: 2 });
	const order = () => {
		const wish = orderOf();
		wish.limits.retryUncertain = 2;
		return wish;
	};
	const outcomes = await settle([submitJob(order(), contract.tools), submitJob(order(), contract.tools)]);
	expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
	expect(contract.simulator.ledger().charges).toBe(2);
});
