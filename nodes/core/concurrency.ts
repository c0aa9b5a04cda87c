import type { Ports } from './ports';

export type Settled<Result> = { result: Result } | { error: unknown };

/** Waits for a promise and keeps its error as a value. */
export async function settle<Result>(promise: Promise<Result>): Promise<Settled<Result>> {
	try {
		return { result: await promise };
	} catch (error) {
		return { error };
	}
}

/**
 * Runs `work` over all items, at most `limit` at a time, and waits for every one of them: an item that fails
 * sinks no other. Results come back in the order of the items.
 */
export async function mapSettled<Item, Result>(
	items: readonly Item[],
	limit: number,
	work: (item: Item, index: number) => Promise<Result>,
): Promise<Array<Settled<Result>>> {
	const settled = new Array<Settled<Result>>(items.length);
	let next = 0;
	const worker = async () => {
		while (next < items.length) {
			const index = next++;
			settled[index] = await settle(work(items[index]!, index));
		}
	};
	const workers = Math.max(1, Math.min(Math.floor(limit) || 1, items.length));
	await Promise.all(Array.from({ length: workers }, worker));
	return settled;
}

const MINUTE_MS = 60_000;

/**
 * Lets at most `perMinute` requests start in any 60 seconds; 0 means no limit. Callers are served in the order in
 * which they asked. One window may be shared by several runs.
 */
export class RateWindow {
	private readonly startsMs: number[] = [];

	private queue: Promise<unknown> = Promise.resolve();

	async enter(perMinute: number, ports: Pick<Ports, 'sleep' | 'now'>): Promise<void> {
		if (perMinute <= 0) return;
		// Starts are counted in whole ones.
		const limit = Math.max(1, Math.floor(perMinute));
		const turn = this.queue.then(async () => await this.waitForRoom(limit, ports));
		this.queue = turn.catch(() => undefined);
		await turn;
	}

	private async waitForRoom(perMinute: number, ports: Pick<Ports, 'sleep' | 'now'>): Promise<void> {
		for (;;) {
			const now = ports.now();
			while (this.startsMs.length > 0 && this.startsMs[0]! <= now - MINUTE_MS) this.startsMs.shift();
			const oldestInTheWay = this.startsMs[this.startsMs.length - perMinute];
			if (oldestInTheWay === undefined) break;
			await ports.sleep(Math.max(1, oldestInTheWay + MINUTE_MS - now));
		}
		this.startsMs.push(ports.now());
	}
}

/**
 * The share of polls that all jobs of one run have together. Each reservation is at least `60 / perMinute` seconds
 * after the one before; a 429 on any poll holds all of them back.
 */
export class PollBudget {
	private nextFreeMs = 0;

	constructor(private readonly perMinute: number) {}

	/** Takes the next free place at or after now; returns how long to wait for it, in milliseconds. */
	reserve(nowMs: number): number {
		const atMs = Math.max(nowMs, this.nextFreeMs);
		this.nextFreeMs = atMs + MINUTE_MS / this.perMinute;
		return atMs - nowMs;
	}

	/** No poll of this run before `untilMs`. */
	holdBack(untilMs: number): void {
		this.nextFreeMs = Math.max(this.nextFreeMs, untilMs);
	}
}
