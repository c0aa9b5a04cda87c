'use strict';

/**
 * Money, whatever goes wrong: random faults at all stages, for a few items of one run, over the tries of one execution.
 * What was charged is delivered or named, and no item is charged twice.
 */

const fc = require('fast-check');

const { purchaseVideo } = require('../../build/nodes/core/video/purchase');
const { FILE, WAIT, orderOf, startContract } = require('../support/contract');
const { ROWS } = require('./faultMatrix/faults');
const { REQUESTS } = require('./faultMatrix/purchaseUnder');

/** Submissions more often: there the money is. */
const STAGES = ['create', 'create', 'create', 'poll', 'list', 'content'];
/** The matrix tries those that take real time. */
const FAULTS = ROWS.filter(({ fault, patienceMs }) => fault && !fault.endless && !patienceMs);
const CODES = ROWS.flatMap(({ code }) => code ?? []);
const PROMPTS = ['A paper boat', 'A tin boat'];
const prompt = fc.oneof(...PROMPTS.map((text, index) => ({ weight: 4 - 3 * index, arbitrary: fc.constant(text) })));

const occasion = fc.record({
	stage: fc.constantFrom(...STAGES),
	times: fc.integer({ min: 1, max: 5 }),
	skip: fc.integer({ min: 0, max: 3 }),
});
const trouble = fc.oneof(
	{ weight: 4, arbitrary: fc.tuple(occasion, fc.constantFrom(...FAULTS)) },
	{ weight: 1, arbitrary: fc.tuple(occasion, fc.constantFrom(...CODES)) },
);
const world = fc.record({
	troubles: fc.array(trouble, { minLength: 2, maxLength: 6 }),
	/** Equal prompts among them. */
	items: fc.array(prompt, { minLength: 1, maxLength: 3 }),
	tries: fc.integer({ min: 1, max: 3 }),
	lists: fc.constantFrom('prompts', 'no prompts', 'nothing'),
	failedJobs: fc.nat(2),
});

async function startWorld({ troubles, lists, failedJobs }) {
	const contract = await startContract({
		server: lists === 'nothing' ? 'newApi' : 'custom',
		listShowsPrompts: lists === 'prompts',
		secondsPerJob: 10,
	});
	if (failedJobs > 0) contract.simulator.script({ times: failedJobs, fail: null });
	for (const [{ stage, times, skip }, what] of troubles) {
		const when = { match: REQUESTS[stage], times, skip };
		if (typeof what === 'string') contract.network.add({ ...when, code: what });
		else contract.simulator.fault({ ...when, ...what.fault });
	}
	return contract;
}

/** One try of the node, as n8n runs it: all items side by side, over the ledger of the execution. */
async function runNode(contract, items, retryUncertain) {
	const ledger = contract.openLedger({ itemCount: items.length });
	const wish = { ...WAIT, maxWaitMs: 3 * 60_000 };
	return await Promise.allSettled(
		items.map(async (prompt, index) => {
			const order = orderOf({ prompt });
			order.limits.retryUncertain = retryUncertain;
			return await purchaseVideo(order, wish, FILE, contract.toolsOf(ledger, index));
		}),
	);
}

/** Runs the node until it succeeds or its tries are used up; gives what each item said in each try. */
async function runExecution(contract, { items, tries }, retryUncertain = 0) {
	const told = [];
	for (let run = 0; run < tries; run++) {
		const settled = await runNode(contract, items, retryUncertain);
		told.push(...settled);
		if (settled.every(({ status }) => status === 'fulfilled')) break;
	}
	return told;
}

/** What the user can read about one charged job: delivered, its id in an error, or among those to look at. */
function isNamed(told, id) {
	return told.some((item) =>
		item.status === 'fulfilled' ? item.value.jobId === id : item.reason.jobId === id || item.reason.hint.includes(id),
	);
}

const withContract = async (wish, work) => {
	const contract = await startWorld(wish);
	try {
		await work(contract);
	} finally {
		await contract.end();
	}
};

test('every charge is delivered or named, and every error says what it cost', async () => {
	await fc.assert(
		fc.asyncProperty(world, async (wish) => {
			await withContract(wish, async (contract) => {
				const told = await runExecution(contract, wish);
				const charged = contract.simulator.ledger().jobs.filter(({ usd }) => usd > 0);
				const unnamed = charged.filter(({ id }) => !isNamed(told, id));
				const uncertain = told.filter(({ status, reason }) => status === 'rejected' && reason.billed === 'maybe');
				// An item that says "uncertain" stands for one job that nobody could name.
				expect(unnamed.length).toBeLessThanOrEqual(uncertain.length);
				for (const item of told) {
					if (item.status === 'fulfilled') expect(item.value.file.mimeType).toBe('video/mp4');
					else expect(item.reason.kind).not.toBe('unexpected');
				}
			});
		}),
		{ numRuns: 60 },
	);
}, 120_000);

test('no item is charged twice, not by a retry and not by another item of the same wish', async () => {
	await fc.assert(
		fc.asyncProperty(world, async (wish) => {
			await withContract(wish, async (contract) => {
				const told = await runExecution(contract, wish);
				for (const prompt of PROMPTS) {
					const charges = contract.simulator.ledger().jobs.filter((job) => job.prompt === prompt && job.usd > 0);
					expect(charges.length).toBeLessThanOrEqual(wish.items.filter((item) => item === prompt).length);
				}
				// Nor is one job given to two items.
				const lastTry = told.slice(-wish.items.length).flatMap(({ value }) => value?.jobId ?? []);
				expect(new Set(lastTry).size).toBe(lastTry.length);
			});
		}),
		{ numRuns: 60 },
	);
}, 120_000);

test('only the risk that the user takes can charge an item twice, and no more often than it allows', async () => {
	await fc.assert(
		fc.asyncProperty(world, fc.integer({ min: 1, max: 2 }), async (wish, retryUncertain) => {
			await withContract(wish, async (contract) => {
				await runExecution(contract, wish, retryUncertain);
				const { charges } = contract.simulator.ledger();
				expect(charges).toBeLessThanOrEqual(wish.items.length * (1 + retryUncertain));
			});
		}),
		{ numRuns: 20 },
	);
}, 120_000);
