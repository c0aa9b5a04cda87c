'use strict';

const fc = require('fast-check');

const { Breather, mapSettled, PollBudget, RateWindow, settle } = require('../../build/nodes/core/concurrency');
const { virtualClock } = require('../support/unit/virtualClock');

describe('Breather', () => {
	/** Work that takes time without waiting for anything; between two pieces the process may do something else. */
	function busyProcess() {
		const clock = virtualClock();
		let spentMs = 0;
		const ports = { now: () => clock.now() + spentMs, sleep: clock.sleep };
		return { clock, ports, spend: (milliseconds) => (spentMs += milliseconds) };
	}

	test.each([1, 1000])('nobody else waits long for 100 items of 7 ms, worked on %i at a time', async (limit) => {
		const { clock, ports, spend } = busyProcess();
		const breather = new Breather(ports);
		let longestMs = 0;
		let isOver = false;
		const others = async () => {
			for (let beganMs = ports.now(); !isOver; beganMs = ports.now()) {
				await clock.sleep(1);
				longestMs = Math.max(longestMs, ports.now() - beganMs);
			}
		};
		const work = mapSettled([...Array(100).keys()], limit, async (item) => {
			return await breather.share(async () => {
				spend(7);
				return item;
			});
		}).finally(() => (isOver = true));
		const [results] = await clock.runUntil(Promise.all([work, others()]));
		expect(results).toEqual([...Array(100).keys()].map((result) => ({ result })));
		expect(longestMs).toBeLessThan(50);
	});

	test('work that takes no time is never held up', async () => {
		const { ports } = busyProcess();
		const breather = new Breather({ ...ports, sleep: () => Promise.reject(new Error('a pause')) });
		for (let item = 0; item < 1000; item++) expect(await breather.share(async () => item)).toBe(item);
	});

	test('a pause that is broken off ends everybody who waits for it', async () => {
		const { ports, spend } = busyProcess();
		const breather = new Breather({ ...ports, sleep: () => Promise.reject(new Error('stopped')) });
		spend(1000);
		const work = jest.fn();
		const waiting = [breather.share(work), breather.share(work)];
		for (const one of waiting) await expect(one).rejects.toThrow('stopped');
		expect(work).not.toHaveBeenCalled();
	});
});

describe('settle', () => {
	test('keeps a result', async () => {
		expect(await settle(Promise.resolve(undefined))).toEqual({ result: undefined });
	});

	test('keeps an error, whatever was thrown', async () => {
		const error = new Error('no');
		expect(await settle(Promise.reject(error))).toEqual({ error });
		expect(await settle(Promise.reject(undefined))).toEqual({ error: undefined });
	});
});

describe('mapSettled', () => {
	/** Work whose items end when the test says so. */
	function controlled() {
		const running = new Map();
		let most = 0;
		return {
			most: () => most,
			running,
			work: (item) =>
				new Promise((resolve, reject) => {
					running.set(item, { resolve, reject });
					most = Math.max(most, running.size);
				}).finally(() => running.delete(item)),
		};
	}

	const pause = () => new Promise((resolve) => setImmediate(resolve));

	test('results come in the order of the items, however long each takes', async () => {
		const { running, work } = controlled();
		const all = mapSettled(['a', 'b', 'c'], 3, work);
		for (const item of ['c', 'a', 'b']) {
			running.get(item).resolve(item.toUpperCase());
			await pause();
		}
		expect(await all).toEqual([{ result: 'A' }, { result: 'B' }, { result: 'C' }]);
	});

	test('an item that fails sinks no other', async () => {
		const error = new Error('second');
		const settled = await mapSettled([1, 2, 3], 2, async (item) => {
			if (item === 2) throw error;
			return item * 10;
		});
		expect(settled).toEqual([{ result: 10 }, { error }, { result: 30 }]);
	});

	test('everything in flight is awaited after a failure', async () => {
		const { running, work } = controlled();
		let isDone = false;
		const all = mapSettled(['a', 'b'], 2, work).finally(() => (isDone = true));
		running.get('a').reject(new Error('no'));
		await pause();
		expect(isDone).toBe(false);
		running.get('b').resolve('paid');
		expect((await all)[1]).toEqual({ result: 'paid' });
	});

	test('the next item starts as soon as one ends', async () => {
		const { running, work } = controlled();
		const all = mapSettled(['a', 'b', 'c'], 2, work);
		expect([...running.keys()]).toEqual(['a', 'b']);
		running.get('b').resolve();
		await pause();
		expect([...running.keys()]).toEqual(['a', 'c']);
		running.get('a').resolve();
		running.get('c').resolve();
		await all;
	});

	test.each([
		[1, 1],
		[2, 2],
		[2.9, 2],
		[100, 7],
		[Infinity, 7],
		[0, 1],
		[-3, 1],
		[NaN, 1],
	])('a limit of %d lets %i of 7 items run at once', async (limit, expected) => {
		const { running, work, most } = controlled();
		const all = mapSettled([1, 2, 3, 4, 5, 6, 7], limit, work);
		while (running.size > 0) {
			running.values().next().value.resolve();
			await pause();
		}
		expect(await all).toHaveLength(7);
		expect(most()).toBe(expected);
	});

	test('no items are no work', async () => {
		expect(await mapSettled([], 5, () => Promise.reject(new Error('called')))).toEqual([]);
	});

	test('each item is worked on once, with its index', async () => {
		const seen = [];
		await mapSettled(['a', 'b', 'c'], 2, async (item, index) => void seen.push([item, index]));
		expect(seen).toEqual([
			['a', 0],
			['b', 1],
			['c', 2],
		]);
	});
});

describe('RateWindow', () => {
	/** Lets callers come at these times; gives the order and the times in which they were let in. */
	async function admit(perMinute, arrivalsMs, window = new RateWindow()) {
		const clock = virtualClock();
		const starts = [];
		const callers = arrivalsMs.map(async (arrival, caller) => {
			await clock.sleep(arrival);
			await window.enter(perMinute, clock);
			starts.push({ caller, atMs: clock.now() - clock.startMs });
		});
		await clock.runUntil(Promise.all(callers));
		return starts;
	}

	test('up to the limit nobody waits, the next one waits until a minute after the first', async () => {
		const starts = await admit(2, [0, 1_000, 2_000, 3_000]);
		expect(starts.map(({ atMs }) => atMs)).toEqual([0, 1_000, 60_000, 61_000]);
	});

	test('0 means no limit', async () => {
		const starts = await admit(0, new Array(50).fill(5));
		expect(starts.map(({ atMs }) => atMs)).toEqual(new Array(50).fill(5));
	});

	test('starts without a limit count for those that have one', async () => {
		const window = new RateWindow();
		const clock = virtualClock();
		for (let start = 0; start < 2; start++) await window.enter(0, clock);
		await clock.runUntil(window.enter(2, clock));
		expect(clock.now() - clock.startMs).toBe(60_000);
	});

	test.each([
		[2.5, [0, 0, 60_000]],
		[0.5, [0, 60_000, 120_000]],
	])('%d a minute is a limit too', async (perMinute, expected) => {
		const starts = await admit(perMinute, [0, 0, 0]);
		expect(starts.map(({ atMs }) => atMs)).toEqual(expected);
	});

	test('one who is stopped while waiting does not hold up the others', async () => {
		const window = new RateWindow();
		const clock = virtualClock();
		await window.enter(1, clock);
		const stopped = window.enter(1, { now: clock.now, sleep: () => Promise.reject(new Error('stopped')) });
		const next = window.enter(1, clock);
		await expect(stopped).rejects.toThrow('stopped');
		await clock.runUntil(next);
		expect(clock.now() - clock.startMs).toBe(60_000);
	});

	test('one who is stopped while waiting behind others ends at once, and takes no start', async () => {
		const window = new RateWindow();
		const clock = virtualClock();
		await window.enter(1, clock);
		const first = window.enter(1, clock);
		const stopped = window.enter(1, { now: clock.now, sleep: () => Promise.reject(new Error('stopped')) });
		const last = window.enter(1, clock);
		await expect(stopped).rejects.toThrow('stopped');
		expect(clock.now()).toBe(clock.startMs);
		await clock.runUntil(first);
		await clock.runUntil(last);
		expect(clock.now() - clock.startMs).toBe(120_000);
	});

	test('nobody waits behind a caller with a lower limit', async () => {
		const window = new RateWindow();
		const clock = virtualClock();
		await window.enter(1, clock);
		const slow = window.enter(1, clock);
		await clock.runUntil(window.enter(3, clock));
		expect(clock.now()).toBe(clock.startMs);
		await clock.runUntil(slow);
		expect(clock.now() - clock.startMs).toBe(60_000);
	});

	test.each([0, 1])('with a limit of %d, one who may not start any more takes no start', async (perMinute) => {
		const window = new RateWindow();
		const refuse = () => {
			throw new Error('refused');
		};
		const clock = virtualClock();
		await expect(window.enter(perMinute, clock, refuse)).rejects.toThrow('refused');
		await clock.runUntil(window.enter(1, clock));
		expect(clock.now()).toBe(clock.startMs);
		await expect(window.enter(1, clock, refuse)).rejects.toThrow('refused');
	});

	test('one who is told while waiting that it may not start takes no start', async () => {
		const window = new RateWindow();
		const clock = virtualClock();
		await window.enter(1, clock);
		let isRefused = false;
		const refused = window.enter(1, clock, () => {
			if (isRefused) throw new Error('refused');
		});
		const next = window.enter(1, clock);
		isRefused = true;
		await expect(clock.runUntil(refused)).rejects.toThrow('refused');
		await clock.runUntil(next);
		expect(clock.now() - clock.startMs).toBe(60_000);
	});

	test('never lets more than the limit start in any 60 seconds, and keeps the order', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.integer({ min: 1, max: 12 }),
				fc.array(fc.nat(180_000), { minLength: 1, maxLength: 40 }),
				async (perMinute, unsorted) => {
					const arrivals = [...unsorted].sort((a, b) => a - b);
					const starts = await admit(perMinute, arrivals);
					expect(starts.map(({ caller }) => caller)).toEqual(arrivals.map((_arrival, index) => index));
					for (let index = perMinute; index < starts.length; index++) {
						expect(starts[index].atMs - starts[index - perMinute].atMs).toBeGreaterThanOrEqual(60_000);
					}
					// Nobody waits longer than needed: for its own arrival, or for the one that is `perMinute` before it.
					starts.forEach(({ atMs }, index) => {
						const free = index < perMinute ? 0 : starts[index - perMinute].atMs + 60_000;
						const previous = index === 0 ? 0 : starts[index - 1].atMs;
						expect(atMs).toBe(Math.max(arrivals[index], free, previous));
					});
				},
			),
			{ numRuns: 60 },
		);
	});
});

describe('PollBudget', () => {
	test('the first look is free at once, the next ones are a share of a minute apart', () => {
		const budget = new PollBudget(30);
		expect([0, 0, 0].map(() => budget.reserve(1_000_000))).toEqual([0, 2_000, 4_000]);
	});

	test('a share that was not used is not saved up', () => {
		const budget = new PollBudget(60);
		budget.reserve(0);
		expect(budget.reserve(10_000)).toBe(0);
		expect(budget.reserve(10_000)).toBe(1_000);
	});

	test('a 429 holds everybody back until the pause is over', () => {
		const budget = new PollBudget(300);
		budget.reserve(0);
		budget.holdBack(7_000);
		expect(budget.reserve(1_000)).toBe(6_000);
		expect(budget.reserve(1_000)).toBe(6_200);
	});

	test('holding back never brings a look forward', () => {
		const budget = new PollBudget(60);
		for (let look = 0; look < 5; look++) budget.reserve(0);
		budget.holdBack(2_000);
		expect(budget.reserve(0)).toBe(5_000);
	});
});
