import { settle } from './concurrency';
import type { Ports, ResponseBody } from './ports';

/** How long a body may be silent, and how large it may get. */
export interface AliveLimits {
	/** Until its first bytes come, in milliseconds. */
	firstMs: number;
	/** Between two pieces, in milliseconds. */
	idleMs: number;
	maxBytes: number;
}

/** How a body ended: in order, with its connection, by our own patience, or by its size. */
export type BodyEnd = 'ended' | 'broken' | 'silent' | 'tooLarge';

/** How often the clock is looked at while nothing comes: at most one pause is under way, and a short one. */
const LOOK_MS = 250;

/**
 * Reads a body piece by piece for as long as it is alive: it may go on for hours, but not be silent for longer than the
 * limits say. The connection is closed in every case but a proper end.
 * (The `timeout` of n8n's helpers ends with the headers of the answer, on both majors; behind them nothing watches.)
 * Throws GenerationError `cancelled` at once when the execution is stopped.
 */
export async function readWhileAlive(
	body: ResponseBody,
	limits: AliveLimits,
	ports: Pick<Ports, 'sleep' | 'now'>,
	onBytes: (bytes: Uint8Array) => void,
): Promise<BodyEnd> {
	const outcome = await settle(listen(body, limits, ports, onBytes));
	if ('error' in outcome || outcome.result !== 'ended') body.discard();
	if ('error' in outcome) throw outcome.error;
	return outcome.result;
}

async function listen(
	body: ResponseBody,
	limits: AliveLimits,
	ports: Pick<Ports, 'sleep' | 'now'>,
	onBytes: (bytes: Uint8Array) => void,
): Promise<BodyEnd> {
	let totalBytes = 0;
	let look: Promise<void> | undefined;
	for (let patienceMs = limits.firstMs; ; patienceMs = limits.idleMs) {
		const askedMs = ports.now();
		let hasCome = false;
		const next = body.nextChunk().then((bytes) => {
			hasCome = true;
			return bytes;
		});
		while (!hasCome) {
			look ??= ports.sleep(Math.min(LOOK_MS, patienceMs));
			await Promise.race([next, look.then(() => (look = undefined))]);
			if (!hasCome && ports.now() - askedMs >= patienceMs) return 'silent';
		}
		const bytes = await next;
		if (bytes === undefined) break;
		totalBytes += bytes.length;
		if (totalBytes > limits.maxBytes) return 'tooLarge';
		onBytes(bytes);
	}
	if (!body.isBroken) return 'ended';
	// A stop breaks bodies off as well: a pause tells it from other reasons.
	await ports.sleep(0);
	return 'broken';
}
