import { isObject } from './json';

/**
 * What one node has paid for inside an execution. n8n keeps the entries with the execution and gives them back to
 * *Retry On Fail* and *Retry execution*, so that what was bought is taken up and not bought again. Pure: the entries
 * are plain JSON, and where they are kept is the adapter's business.
 */

/** The place of a unit in a node run. */
export interface LedgerPlace {
	runIndex: number;
	itemIndex: number;
	/** An item may buy several things, e.g. variations of an image; 0 is the first. */
	unit: number;
}

export interface LedgerEntry extends LedgerPlace {
	executionId: string;
	/** Base URL of the server: what was bought elsewhere cannot be taken up here. */
	server: string;
	/** Fingerprint of the request, see `fingerprint.ts`. */
	request: string;
	submittedAtMs: number;
	requestId?: string;
	/** Absent when it is not known whether the server took the request, and for images. */
	jobId?: string;
	/** How many submissions ended without anybody knowing whether they were taken. */
	uncertainTries: number;
	/** Which open submission of the process an uncertain entry is, see `submissions.ts`. */
	submissionId?: string;
	/** What was delivered, as JSON; absent until then. */
	delivery?: unknown;
	/** All of it could be given out; false while a file of it is still to be fetched. */
	isComplete?: boolean;
	/** It came out of a node run that ended without throwing: the workflow has it. */
	isHandedOver: boolean;
}

/** Where a ledger is read and written. */
export interface LedgerScope {
	runIndex: number;
	itemCount: number;
	executionId: string;
	server: string;
}

const key = ({ runIndex, itemIndex, unit }: LedgerPlace) => `${runIndex}/${itemIndex}/${unit}`;

/** The ledger of one node run over the entries of its execution. Changes `entries` in place. */
export class Ledger {
	private readonly byPlace = new Map<string, LedgerEntry>();

	private readonly claimable = new Map<string, LedgerEntry[]>();

	private readonly own = new Set<LedgerEntry>();

	/** @param inUse entries of node runs that are under way; runs of one execution may go on side by side */
	constructor(
		private readonly entries: LedgerEntry[],
		private readonly scope: LedgerScope,
		private readonly inUse: WeakSet<LedgerEntry> = new WeakSet(),
	) {
		for (const entry of entries) {
			// Two runs that an agent starts side by side may have one run index, and so one place.
			if (entry.server !== scope.server || inUse.has(entry)) continue;
			this.byPlace.set(key(entry), entry);
			if (!this.isForSomebodyElse(entry)) {
				this.claimable.set(entry.request, [...(this.claimable.get(entry.request) ?? []), entry]);
			}
		}
	}

	/** The own one of another item of this run. */
	private isForSomebodyElse(entry: LedgerEntry): boolean {
		return entry.runIndex === this.scope.runIndex && entry.itemIndex < this.scope.itemCount;
	}

	/**
	 * What was paid before for this unit, in this order: its own entry, whatever the request is now; else one with the same
	 * request that never came out of the node, whatever its run index (the retries of an agent's tool raise it, a loop
	 * brings a failed item back, retries of crashed runs may start at 1). Each is given out once.
	 */
	take(itemIndex: number, unit: number, request: string): LedgerEntry | undefined {
		const place = { runIndex: this.scope.runIndex, itemIndex, unit };
		const own = this.find(itemIndex, unit);
		if (own && this.stillCounts(own, request)) return this.use(own);
		const other = this.nextClaimable(request);
		if (!other) return undefined;
		this.forget(itemIndex, unit);
		this.byPlace.delete(key(other));
		Object.assign(other, place);
		this.byPlace.set(key(place), other);
		return this.use(other);
	}

	/** What the workflow has not got yet; another run may have taken it up, or used it up, since this one began. */
	private nextClaimable(request: string): LedgerEntry | undefined {
		const listed = this.claimable.get(request) ?? [];
		for (let entry = listed.shift(); entry; entry = listed.shift()) {
			if (!this.inUse.has(entry) && !entry.isHandedOver && this.entries.includes(entry)) return entry;
		}
		return undefined;
	}

	private use(entry: LedgerEntry): LedgerEntry {
		this.own.add(entry);
		this.inUse.add(entry);
		return entry;
	}

	/** Whether another unit waits for the outcome of an equal request of which nobody knows whether it was taken. */
	hasRival(itemIndex: number, unit: number, request: string): boolean {
		const mine = this.find(itemIndex, unit);
		return this.entries.some(
			(entry) => entry !== mine && entry.request === request && entry.jobId === undefined && entry.uncertainTries > 0,
		);
	}

	/**
	 * A job is taken up even when the request has changed meanwhile (`{{ $now }}` changes with every try). What left no
	 * job counts inside its execution; afterwards only for the same request, since nothing but that tells what it was.
	 */
	private stillCounts(entry: LedgerEntry, request: string): boolean {
		if (entry.jobId !== undefined || entry.executionId === this.scope.executionId) return true;
		return entry.request === request;
	}

	/** Notes what a unit has bought, or perhaps bought, in place of what was noted for it before. */
	note(
		itemIndex: number,
		unit: number,
		facts: Pick<LedgerEntry, 'request' | 'submittedAtMs' | 'uncertainTries'> & Partial<LedgerEntry>,
	): void {
		this.forget(itemIndex, unit);
		const { runIndex, executionId, server } = this.scope;
		const entry: LedgerEntry = { isHandedOver: false, ...facts, runIndex, itemIndex, unit, executionId, server };
		this.entries.push(entry);
		this.byPlace.set(key(entry), entry);
		this.use(entry);
	}

	/** The entry of a unit of this run. */
	find(itemIndex: number, unit: number): LedgerEntry | undefined {
		return this.byPlace.get(key({ runIndex: this.scope.runIndex, itemIndex, unit }));
	}

	/** Drops the entry of a unit: it cannot bring anything any more. */
	forget(itemIndex: number, unit: number): void {
		const entry = this.find(itemIndex, unit);
		if (!entry) return;
		this.byPlace.delete(key(entry));
		const index = this.entries.indexOf(entry);
		if (index >= 0) this.entries.splice(index, 1);
	}

	/**
	 * Ends a node run that gave its items to the workflow. When none of them failed nobody runs it again, and its entries
	 * go; else they stay for a retry, marked so that no other run takes up what the workflow has already.
	 */
	close(hasSucceeded: boolean): void {
		const isOfThisRun = (entry: LedgerEntry) =>
			entry.runIndex === this.scope.runIndex && (this.own.has(entry) || !this.inUse.has(entry));
		if (hasSucceeded) {
			const kept = this.entries.filter((entry) => !isOfThisRun(entry));
			this.entries.length = 0;
			for (const entry of kept) this.entries.push(entry);
			return;
		}
		for (const entry of this.entries) {
			if (isOfThisRun(entry) && entry.isComplete === true) entry.isHandedOver = true;
		}
	}

	/** The run is over, however it ended: what it left is free for others. */
	release(): void {
		for (const entry of this.own) this.inUse.delete(entry);
	}
}

/** What one unit of a node run has bought before, and what it buys now; see `Ledger`. */
export interface UnitBook {
	/**
	 * What was paid, or perhaps paid, for this unit in this execution.
	 * @param request fingerprint of what would be bought
	 */
	earlier(request: string): LedgerEntry | undefined;
	/** Told as soon as something is paid for, or perhaps paid for, before anything else can fail. */
	bought(facts: Pick<LedgerEntry, 'request' | 'submittedAtMs' | 'uncertainTries'> & Partial<LedgerEntry>): void;
	/**
	 * Told what came out, as JSON with the handles of its files.
	 * @param isComplete false while a file of it is still to be fetched
	 */
	delivered(delivery: unknown, isComplete: boolean): void;
	/** Whether another unit has an equal request in the air of which nobody knows whether it was taken. */
	hasRival(request: string): boolean;
	/** Told when what was bought can never bring anything: the server ended it, or it was not taken after all. */
	ended(): void;
}

/** The entries in a value that anybody may have written; what cannot be one is left out. Never throws. */
export function readEntries(value: unknown): LedgerEntry[] {
	const listed: unknown[] = Array.isArray(value) ? value : [];
	return listed.filter(isEntry);
}

function isEntry(value: unknown): value is LedgerEntry {
	if (!isObject(value)) return false;
	const areTexts = [value.executionId, value.server, value.request].every((text) => typeof text === 'string');
	const areCounts = [value.runIndex, value.itemIndex, value.unit, value.uncertainTries].every(isCount);
	const areOptional = [value.jobId, value.requestId, value.submissionId].every(
		(text) => text === undefined || isFilled(text),
	);
	return (
		areTexts && areCounts && areOptional && isCount(value.submittedAtMs) && typeof value.isHandedOver === 'boolean'
	);
}

function isCount(value: unknown): boolean {
	return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

function isFilled(value: unknown): boolean {
	return typeof value === 'string' && value !== '';
}
