import type { Ports } from './ports';

/** How a promise ended: with its result or with its error. */
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

/** The longest that one run keeps the process from everything else in it. */
const TURN_MS = 20;

/** Shares the process while many items are worked through that wait for nothing: n8n answers nobody meanwhile. */
export class Breather {
	private turnEndsMs: number;

	private pause: Promise<void> | undefined;

	constructor(private readonly ports: Pick<Ports, 'sleep' | 'now'>) {
		this.turnEndsMs = ports.now() + TURN_MS;
	}

	/**
	 * Does a piece of work at once, or, when the turn is over, after everything else had its own.
	 * Throws what the work throws, and what the pause does.
	 */
	async share<Result>(work: () => Promise<Result>): Promise<Result> {
		// Between the last look at the clock and the work nobody else may begin.
		while (this.ports.now() >= this.turnEndsMs) {
			this.pause ??= this.rest();
			await this.pause;
		}
		return await work();
	}

	private async rest(): Promise<void> {
		try {
			await this.ports.sleep(1);
		} finally {
			this.turnEndsMs = this.ports.now() + TURN_MS;
			this.pause = undefined;
		}
	}
}

const MINUTE_MS = 60_000;

/** A caller that waits for its start. */
interface Waiting {
	perMinute: number;
	/** Settles when the caller waits no longer, for whatever reason. */
	left: Promise<void>;
}

/**
 * Lets requests start at most `perMinute` times in any 60 seconds; 0 means no limit. One window may be shared by several
 * runs: all starts count for everybody, but each caller only waits as long as its own limit asks. Callers with the same
 * limit are served in the order in which they asked.
 */
export class RateWindow {
	private readonly startsMs: number[] = [];

	private readonly line: Waiting[] = [];

	/**
	 * Waits for room and counts a start.
	 * @param check throws when nothing may start any more; asked before every pause and before the start is counted
	 * Throws what `check` throws, and what the caller's own pause does, at once; then no start is counted.
	 */
	async enter(
		perMinute: number,
		ports: Pick<Ports, 'sleep' | 'now'>,
		check: () => void = () => undefined,
	): Promise<void> {
		if (perMinute <= 0) {
			check();
			this.count(ports.now());
			return;
		}
		let leave = () => {};
		const left = new Promise<void>((resolve) => (leave = resolve));
		// Starts are counted in whole ones.
		const caller: Waiting = { perMinute: Math.max(1, Math.floor(perMinute)), left };
		this.line.push(caller);
		try {
			await this.waitForRoom(caller, ports, check);
			this.count(ports.now());
		} finally {
			this.line.splice(this.line.indexOf(caller), 1);
			leave();
		}
	}

	private count(nowMs: number): void {
		this.forgetOld(nowMs);
		this.startsMs.push(nowMs);
	}

	private forgetOld(nowMs: number): void {
		while (this.startsMs.length > 0 && this.startsMs[0]! <= nowMs - MINUTE_MS) this.startsMs.shift();
	}

	/** Every caller sleeps by itself, so that the end of one neither delays another nor waits for it. */
	private async waitForRoom(caller: Waiting, ports: Pick<Ports, 'sleep' | 'now'>, check: () => void): Promise<void> {
		const { perMinute } = caller;
		for (;;) {
			check();
			const now = ports.now();
			this.forgetOld(now);
			const oldestInTheWay = this.startsMs[this.startsMs.length - perMinute];
			const ahead = this.line.slice(0, this.line.indexOf(caller)).find((other) => other.perMinute === perMinute);
			if (oldestInTheWay !== undefined) await ports.sleep(Math.max(1, oldestInTheWay + MINUTE_MS - now));
			// There is room for the one ahead, too: it wakes in this very moment.
			else if (ahead) await Promise.race([ahead.left, ports.sleep(1)]);
			else return;
		}
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
