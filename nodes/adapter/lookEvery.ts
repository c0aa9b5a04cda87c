import { sleep } from 'n8n-workflow';

/** Who looks every so many milliseconds. */
const lookersByStep = new Map<number, Set<() => void>>();

/**
 * Calls `look` every `stepMs` milliseconds, the first time within that, until what this gives is called.
 * All with the same step share one timer, which ends with the last of them, at most a step later. A timer of its own could
 * not be taken back (community nodes may not use `clearTimeout`), and would keep what has long ended in memory for a step.
 */
export function lookEvery(stepMs: number, look: () => void): () => void {
	let lookers = lookersByStep.get(stepMs);
	if (!lookers) {
		lookers = new Set();
		lookersByStep.set(stepMs, lookers);
		void keepLooking(stepMs, lookers);
	}
	lookers.add(look);
	return () => void lookers.delete(look);
}

async function keepLooking(stepMs: number, lookers: Set<() => void>): Promise<void> {
	do {
		await sleep(stepMs);
		for (const look of lookers) look();
	} while (lookers.size > 0);
	lookersByStep.delete(stepMs);
}
