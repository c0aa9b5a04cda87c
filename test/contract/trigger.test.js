'use strict';

const { pollJobs } = require('../../build/nodes/adapter/pollJobs');
const { createN8nContext } = require('../support/contract/n8nContext');
const { errorOf } = require('../support/contract');
const { startSimulator } = require('../support/simulator');

const ORDER = { model: 'sora-2', size: '720x1280', seconds: '4' };

/** @type {Awaited<ReturnType<typeof startSimulator>>} */
let simulator;
/** What n8n keeps for the node between polls. */
let staticData;
let warnings;

beforeEach(async () => {
	simulator = await startSimulator({ secondsPerJob: 0 });
	staticData = {};
	warnings = [];
});
afterEach(async () => {
	await simulator.close();
	expect(simulator.state.unmatched).toEqual([]);
	expect(JSON.stringify(staticData)).not.toContain(simulator.apiKey);
});

/** One poll, as n8n calls it. */
async function poll({ parameters = {}, mode = 'trigger', credential = {} } = {}) {
	const { context } = createN8nContext({
		server: 'custom',
		baseUrl: simulator.baseUrl,
		apiKey: simulator.apiKey,
		...credential,
	});
	const items = await pollJobs({
		...context,
		getMode: () => mode,
		getNode: () => ({ name: 'Trigger', type: 'sora2VideoTrigger', parameters: {} }),
		getNodeParameter: (name, fallback) => parameters[name] ?? fallback,
		getWorkflowStaticData: () => staticData,
		logger: { warn: (message) => warnings.push(message) },
	});
	// n8n stores the data as JSON.
	staticData = JSON.parse(JSON.stringify(staticData));
	return items?.[0].map(({ json }) => json) ?? null;
}

const makeJobs = (count, details = {}) =>
	Array.from(
		{ length: count },
		(_, index) => simulator.jobs.create({ ...ORDER, prompt: `boat ${index}`, ...details }).id,
	);

test('the first poll notes what is there; later ones tell what has ended since, once', async () => {
	makeJobs(3);
	expect(await poll()).toBeNull();
	const [id] = makeJobs(1);
	const items = await poll();
	expect(items).toMatchObject([{ jobId: id, status: 'completed', model: 'sora-2', prompt: 'boat 0' }]);
	expect(items?.[0]).not.toHaveProperty('error');
	expect(await poll()).toBeNull();
});

test('a job that was running at the first poll is told when it ends', async () => {
	simulator.script({ seconds: 600, times: 1 });
	const [id] = makeJobs(1);
	await poll();
	simulator.jobs.find(id).durationMs = 0;
	expect(await poll()).toMatchObject([{ jobId: id }]);
});

test('over two pages of the list: 150 jobs come as 100 and 50', async () => {
	await poll();
	const ids = makeJobs(150);
	const first = await poll();
	const second = await poll();
	expect([first?.length, second?.length]).toEqual([100, 50]);
	expect([...(first ?? []), ...(second ?? [])].map(({ jobId }) => jobId).sort()).toEqual([...ids].sort());
	expect(await poll()).toBeNull();
});

test('polls that overlap, as after a moment in which n8n was busy, tell each job once', async () => {
	await poll();
	const ids = makeJobs(130);
	const polls = await Promise.all([poll(), poll(), poll()]);
	expect(polls.map((told) => told?.length ?? 0).sort((a, b) => b - a)).toEqual([100, 30, 0]);
	expect(
		polls
			.flatMap((told) => told ?? [])
			.map(({ jobId }) => jobId)
			.sort(),
	).toEqual([...ids].sort());
});

test('failed jobs come when they are asked for, with their reason', async () => {
	await poll();
	simulator.script({ fail: { message: 'No capacity' } });
	makeJobs(1);
	expect(await poll()).toBeNull();
	makeJobs(1);
	expect(await poll({ parameters: { events: ['failed'] } })).toMatchObject([
		{ status: 'failed', failure: { message: 'No capacity' } },
	]);
});

test('models and Only Job IDs', async () => {
	await poll();
	makeJobs(1);
	const [pro] = makeJobs(1, { model: 'sora-2-pro' });
	expect(await poll({ parameters: { models: 'Sora-2-Pro, other', onlyJobIds: true } })).toEqual([{ jobId: pro }]);
});

test('a poll by hand gives the newest and remembers nothing', async () => {
	const ids = makeJobs(3);
	expect(await poll({ mode: 'manual' })).toMatchObject([{ jobId: ids[2] }]);
	expect(staticData).toEqual({});
});

test.each([
	['that is known to have no list', { server: 'newApi' }, undefined],
	['that answers 404', {}, { match: { path: '/videos' }, status: 404, body: {} }],
])('a server %s is told plainly at activation', async (_name, credential, fault) => {
	if (fault) simulator.fault(fault);
	const error = await errorOf(poll({ credential }));
	expect(error.message).toBe('This server shows no list of jobs, so this trigger cannot watch it');
	expect(error.description).toMatch(/Wait for Video Job/);
});

test('a failure that passes ends no poll later on, but does at activation', async () => {
	const fault = { match: { path: '/videos' }, status: 401, body: { error: { message: `bad ${simulator.apiKey}` } } };
	simulator.fault(fault);
	const refused = await errorOf(poll());
	expect(refused.message).toBe('The server refused the API key');
	expect(JSON.stringify(refused)).not.toContain(simulator.apiKey);
	await poll();
	const [id] = makeJobs(1);
	simulator.fault({ match: { path: '/videos' }, status: 404, body: {} });
	await errorOf(poll());
	simulator.fault({ match: { path: '/videos' }, times: 1, status: 200, body: '<html>' });
	expect(await poll()).toBeNull();
	expect(warnings).toHaveLength(1);
	expect(await poll()).toMatchObject([{ jobId: id }]);
});
