'use strict';

const fc = require('fast-check');

const { Ledger, readEntries } = require('../../build/nodes/core/ledger');

const SCOPE = { runIndex: 0, itemCount: 2, executionId: '1', server: 'https://a.example/v1' };
const bought = (jobId, request = 'boat') => ({ request, jobId, submittedAtMs: 1000, uncertainTries: 0 });

/** A node run over the entries of an execution. */
const open = (entries, scope = {}) => new Ledger(entries, { ...SCOPE, ...scope });

describe('what an earlier try has paid for', () => {
	/** @type {any[]} */
	let entries;
	beforeEach(() => {
		entries = [];
		const first = open(entries);
		first.note(0, 0, bought('video_0'));
		first.note(1, 0, bought('video_1'));
	});

	test('belongs to its item, whatever the request is now', () => {
		const second = open(entries);
		expect(second.take(1, 0, 'something else').jobId).toBe('video_1');
		expect(second.take(0, 0, 'boat').jobId).toBe('video_0');
	});

	test('goes to an equal request of another run index, once each, in the order of purchase', () => {
		const second = open(entries, { runIndex: 1 });
		expect(second.take(0, 0, 'train')).toBeUndefined();
		expect([0, 1, 2].map((item) => second.take(item, 0, 'boat')?.jobId)).toEqual(['video_0', 'video_1', undefined]);
		// It is that run's own now.
		expect(open(entries, { runIndex: 1 }).take(1, 0, 'x').jobId).toBe('video_1');
	});

	test('is not taken from another item of the same run index that still needs it', () => {
		const second = open(entries);
		second.forget(0, 0);
		expect(second.take(0, 0, 'boat')).toBeUndefined();
	});

	test('is not taken up at another server', () => {
		expect(open(entries, { server: 'https://b.example/v1' }).take(0, 0, 'boat')).toBeUndefined();
	});

	test('goes when all items of the run succeeded', () => {
		open(entries).close(true);
		expect(entries).toEqual([]);
	});

	test('stays when one failed; what came out is not for other run indexes', () => {
		const run = open(entries);
		Object.assign(run.find(0, 0), { delivery: { jobId: 'video_0' }, isComplete: true });
		run.close(false);
		const again = open(entries, { runIndex: 1 });
		expect([again.take(0, 0, 'boat')?.jobId, again.take(1, 0, 'boat')?.jobId]).toEqual(['video_1', undefined]);
		// Retry On Fail of the same run gets it again.
		expect(open(entries).take(0, 0, 'boat').delivery).toEqual({ jobId: 'video_0' });
	});

	test('of other runs stays when a run succeeds', () => {
		const loop = open(entries, { runIndex: 1 });
		loop.note(0, 0, bought('video_2', 'train'));
		loop.close(true);
		expect(entries.map(({ jobId }) => jobId)).toEqual(['video_0', 'video_1']);
	});

	test('is replaced by what the unit buys next', () => {
		const run = open(entries);
		run.note(0, 0, bought('video_9'));
		expect(entries.map(({ jobId }) => jobId)).toEqual(['video_1', 'video_9']);
		expect(open(entries).take(0, 0, 'boat').jobId).toBe('video_9');
	});

	test('units of one item are apart', () => {
		open(entries).note(0, 1, bought('video_0b'));
		expect(open(entries).take(0, 1, 'x').jobId).toBe('video_0b');
		expect(open(entries).take(0, 0, 'x').jobId).toBe('video_0');
	});
});

describe('runs side by side at one run index, as an agent may call a tool', () => {
	/** @type {any[]} */
	let entries;
	/** @type {WeakSet<any>} */
	let inUse;
	const start = () => new Ledger(entries, { ...SCOPE, itemCount: 1 }, inUse);
	beforeEach(() => {
		entries = [];
		inUse = new WeakSet();
	});

	test('one that begins later does not take what the other waits for', () => {
		const cat = start();
		cat.note(0, 0, bought('video_cat', 'cat'));
		const dog = start();
		expect(dog.take(0, 0, 'dog')).toBeUndefined();
		expect(dog.take(0, 0, 'cat')).toBeUndefined();
		dog.forget(0, 0);
		dog.note(0, 0, bought('video_dog', 'dog'));
		expect(entries.map(({ jobId }) => jobId)).toEqual(['video_cat', 'video_dog']);
		expect([cat, dog].map((run) => run.find(0, 0).jobId)).toEqual(['video_cat', 'video_dog']);
	});

	test('one that succeeds does not drop what the other has bought', () => {
		const [cat, dog] = [start(), start()];
		cat.note(0, 0, bought('video_cat', 'cat'));
		dog.note(0, 0, bought('video_dog', 'dog'));
		cat.close(true);
		cat.release();
		expect(entries.map(({ jobId }) => jobId)).toEqual(['video_dog']);
		dog.release();
		expect(start().take(0, 0, 'dog').jobId).toBe('video_dog');
	});

	test('what another has handed over or used up since is not taken', () => {
		const first = start();
		first.note(0, 0, bought('video_a'));
		first.note(0, 1, bought('video_b'));
		first.release();
		const [later, sooner] = [1, 2].map((runIndex) => new Ledger(entries, { ...SCOPE, runIndex }, inUse));
		Object.assign(sooner.take(0, 0, 'boat'), { isComplete: true });
		sooner.close(false);
		sooner.release();
		const other = new Ledger(entries, { ...SCOPE, runIndex: 3 }, inUse);
		other.take(0, 0, 'boat');
		other.close(true);
		other.release();
		expect(later.take(0, 0, 'boat')).toBeUndefined();
	});
});

test('what left no job counts inside its execution, afterwards for an equal request only', () => {
	/** @type {any[]} */
	const entries = [];
	open(entries).note(0, 0, { request: 'boat', submittedAtMs: 5, uncertainTries: 1 });
	expect(open(entries).take(0, 0, 'changed').uncertainTries).toBe(1);
	expect(open(entries, { executionId: '2' }).take(0, 0, 'changed')).toBeUndefined();
	expect(open(entries, { executionId: '2' }).take(0, 0, 'boat').uncertainTries).toBe(1);
});

test('entries survive being stored as JSON', () => {
	/** @type {any[]} */
	const entries = [];
	open(entries).note(0, 0, {
		...bought('video_0'),
		requestId: undefined,
		delivery: { file: { reference: { id: 'x' } } },
	});
	const stored = readEntries(JSON.parse(JSON.stringify(entries)));
	expect(open(stored).take(0, 0, 'x')).toMatchObject({ jobId: 'video_0', delivery: { file: {} } });
});

test('whatever stands in the context: only entries are read, nothing throws', () => {
	const valid = { ...SCOPE, itemIndex: 0, unit: 0, ...bought('video_0'), isHandedOver: false };
	expect(
		readEntries([valid, { ...valid, jobId: '' }, { ...valid, runIndex: -1 }, { ...valid, request: 7 }, null]),
	).toEqual([valid]);
	fc.assert(
		fc.property(fc.anything(), fc.array(fc.jsonValue()), (anything, listed) => {
			const entries = readEntries([...readEntries(anything), ...readEntries(listed), valid]);
			const ledger = open(entries);
			expect(ledger.take(0, 0, 'boat').jobId).toBe('video_0');
			ledger.close(true);
		}),
	);
});

test('every paid job is given out at most once in a run, whatever was stored', () => {
	const entry = fc.record({
		runIndex: fc.nat(2),
		itemIndex: fc.nat(3),
		unit: fc.nat(1),
		executionId: fc.constantFrom('1', '2'),
		server: fc.constant(SCOPE.server),
		request: fc.constantFrom('boat', 'train'),
		submittedAtMs: fc.nat(),
		uncertainTries: fc.nat(1),
		isHandedOver: fc.boolean(),
	});
	const wishes = fc.array(fc.tuple(fc.nat(3), fc.nat(1), fc.constantFrom('boat', 'train')), { maxLength: 8 });
	const places = new Set();
	fc.assert(
		fc.property(
			fc.uniqueArray(entry, { selector: (e) => `${e.runIndex}/${e.itemIndex}/${e.unit}` }),
			wishes,
			(stored, asked) => {
				const ledger = open(
					stored.map((e, index) => ({ ...e, jobId: `video_${index}` })),
					{ itemCount: 4 },
				);
				places.clear();
				const given = new Map();
				for (const [itemIndex, unit, request] of asked) {
					const place = `${itemIndex}/${unit}`;
					if (places.has(place)) continue;
					places.add(place);
					const jobId = ledger.take(itemIndex, unit, request)?.jobId;
					if (jobId === undefined) continue;
					expect(given.has(jobId)).toBe(false);
					given.set(jobId, place);
				}
			},
		),
	);
});

test('what a run under way has is not for another that runs beside it; afterwards it is', () => {
	/** @type {any[]} */
	const entries = [];
	const inUse = new WeakSet();
	const first = new Ledger(entries, SCOPE, inUse);
	first.note(0, 0, bought('video_0'));
	const beside = new Ledger(entries, { ...SCOPE, runIndex: 1 }, inUse);
	expect(beside.take(0, 0, 'boat')).toBeUndefined();
	first.release();
	expect(new Ledger(entries, { ...SCOPE, runIndex: 2 }, inUse).take(0, 0, 'boat').jobId).toBe('video_0');
});

test('what was free when a run began may have been taken up by another since', () => {
	/** @type {any[]} */
	const entries = [];
	open(entries).note(0, 0, bought('video_0'));
	const inUse = new WeakSet();
	const [one, other] = [1, 2].map((runIndex) => new Ledger(entries, { ...SCOPE, runIndex }, inUse));
	expect(one.take(0, 0, 'boat').jobId).toBe('video_0');
	expect(other.take(0, 0, 'boat')).toBeUndefined();
});

test('what is not complete does not count as handed over', () => {
	/** @type {any[]} */
	const entries = [];
	const run = open(entries);
	run.note(0, 0, { request: 'boat', submittedAtMs: 1, uncertainTries: 0 });
	Object.assign(run.find(0, 0), { delivery: { pictures: [{ url: 'https://dead.example/a.png' }] }, isComplete: false });
	run.close(false);
	expect(open(entries, { runIndex: 1 }).take(0, 0, 'boat').delivery).toBeDefined();
});
