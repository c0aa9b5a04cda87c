import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';

import { isObject } from '../core/json';
import { Ledger, readEntries, type LedgerEntry, type UnitBook } from '../core/ledger';
import { redactJson, type Redact } from './redaction';

/** Where the ledger stands in the node's context. */
const CONTEXT_KEY = 'paidWork';
/** Files that n8n holds in memory are kept for a retry up to this size, in the memory of the process. */
const MAX_HELD_BYTES = 64 * 1024 * 1024;

/** The ledger of a node run, kept with the execution. */
export interface RunLedger {
	/**
	 * The book of one unit of an item.
	 * @param isUsed whether what was paid for may be taken up; false is the user's wish to buy anew
	 */
	bookFor(itemIndex: number, unit: number, isUsed: () => boolean): UnitBook;
	/** What this run has bought or taken up. */
	entries(): LedgerEntry[];
	/** All jobs that this execution has, of other runs of the node too. */
	jobIds(): string[];
	/** The run is over, however it ended. */
	release(): void;
	/** Ends a run that gave its items to the workflow; see `Ledger.close`. */
	close(hasSucceeded: boolean): void;
}

/** Files held in memory, by the context of the execution that they belong to: they go when n8n drops it. */
const heldFiles = new WeakMap<object, HeldFiles>();

/**
 * Opens the ledger in the execution's own node context: n8n stores that with the execution and gives it back to both of
 * its kinds of retry, and no other execution can see it (reference: ledger, in docs/decisions/0006). Whatever else
 * stands in the context stays; what is not an entry of ours is ignored.
 * @param server base URL
 */
export function openLedger(execution: IExecuteFunctions, server: string, redact: Redact): RunLedger {
	const context = contextOf(execution);
	const entries = entriesOf(context);
	const scope = {
		runIndex: runIndexOf(execution),
		itemCount: execution.getInputData().length,
		executionId: execution.getExecutionId(),
		server,
	};
	const ledger = new Ledger(entries, scope, inUse);
	const held = heldFiles.get(context) ?? new HeldFiles();
	heldFiles.set(context, held);

	return {
		bookFor: (itemIndex, unit, isUsed) => ({
			earlier(request) {
				const entry = isUsed() ? ledger.take(itemIndex, unit, request) : undefined;
				return entry && { ...entry, delivery: held.putBack(entry.delivery) };
			},
			bought: (facts) => void ledger.note(itemIndex, unit, facts),
			delivered(delivery, isComplete) {
				const entry = ledger.find(itemIndex, unit);
				if (entry) Object.assign(entry, { delivery: redactJson(held.takeOut(delivery), redact), isComplete });
			},
			hasRival: (request) => ledger.hasRival(itemIndex, unit, request),
			ended: () => ledger.forget(itemIndex, unit),
		}),
		entries: () => entries.filter(({ runIndex }) => runIndex === scope.runIndex),
		jobIds: () => entries.flatMap(({ jobId }) => (jobId === undefined ? [] : [jobId])),
		release: () => ledger.release(),
		close(hasSucceeded) {
			ledger.close(hasSucceeded);
			if (entries.length === 0) held.clear();
		},
	};
}

/** Entries of node runs that are under way in this process: an agent may call a tool several times at once. */
const inUse = new WeakSet<LedgerEntry>();

/** The entries in the context: one list for all runs of the node, cleared of what is none of ours. */
function entriesOf(context: Record<string, unknown>): LedgerEntry[] {
	const kept = context[CONTEXT_KEY];
	const listed = isObject(kept) ? kept.entries : undefined;
	const valid = readEntries(listed);
	const entries = Array.isArray(listed) ? (listed as LedgerEntry[]) : [];
	entries.length = 0;
	for (const entry of valid) entries.push(entry);
	context[CONTEXT_KEY] = { version: 1, entries };
	return entries;
}

/** Where n8n gives no context, what was paid for is known for the length of the run only. */
function contextOf(execution: IExecuteFunctions): Record<string, unknown> {
	try {
		return execution.getContext('node');
	} catch {
		execution.logger.warn('This execution has no place to keep what was paid for: a retry of it would buy again');
		return {};
	}
}

/** How often the node has run in this execution; n8n starts at 0. */
function runIndexOf(execution: IExecuteFunctions): number {
	const { $runIndex } = execution.getWorkflowDataProxy(0);
	return typeof $runIndex === 'number' ? $runIndex : 0;
}

/** Tells the processes apart whose handles may stand in one context. */
const PROCESS = Math.random().toString(36).slice(2);
let lastHandle = 0;

/**
 * The stored files of deliveries whose bytes n8n keeps inside of the item: they must not get into the context. A retried
 * execution brings back handles that another process, or an earlier try, gave out: none is ever given out twice, or an item
 * would get the file of another.
 */
class HeldFiles {
	private readonly files = new Map<string, IBinaryData>();

	private readonly handles = new Map<IBinaryData, string>();

	private bytes = 0;

	/** A delivery without bytes: a file that fits is held here and leaves a handle. */
	takeOut(delivery: unknown): unknown {
		return this.mapReferences(delivery, (reference) => {
			if (reference.id) return reference;
			const binary = reference as unknown as IBinaryData;
			// What an earlier try held and this one gives out again counts once.
			const given = this.handles.get(binary);
			if (given !== undefined) return { held: given };
			// Base64: three bytes in four characters.
			const size = String(reference.data).length * 0.75;
			if (this.bytes + size > MAX_HELD_BYTES) return undefined;
			this.bytes += size;
			const held = `${PROCESS}-${++lastHandle}`;
			this.files.set(held, binary);
			this.handles.set(binary, held);
			return { held };
		});
	}

	/** The delivery with its files; without those that are not held any more. */
	putBack(delivery: unknown): unknown {
		return this.mapReferences(delivery, (reference) =>
			reference.held === undefined
				? reference
				: (this.files.get(String(reference.held)) as Record<string, unknown> | undefined),
		);
	}

	/** Nobody asks for them any more. */
	clear(): void {
		this.files.clear();
		this.handles.clear();
		this.bytes = 0;
	}

	private mapReferences(
		value: unknown,
		change: (reference: Record<string, unknown>) => Record<string, unknown> | undefined,
	): unknown {
		if (Array.isArray(value)) return value.map((entry) => this.mapReferences(entry, change));
		if (!isObject(value)) return value;
		const entries = Object.entries(value).map(([name, entry]) =>
			name === 'reference' && isObject(entry) ? [name, change(entry)] : [name, this.mapReferences(entry, change)],
		);
		return Object.fromEntries(entries);
	}
}
