import { sleep as sleepForMilliseconds, type IExecuteFunctions } from 'n8n-workflow';

import { cancelled } from '../core/answers';
import type { FileStore, Http, Ports, RunEvent } from '../core/ports';

/** The longest single timer: a stopped execution leaves no timer behind for longer than this. */
const SLICE_MS = 1_000;

/**
 * A pause that ends at once when the execution is stopped, on both majors of n8n. (2.x has a pause with a signal,
 * 1.x had another function for it that 2.34 took away; this needs neither.) One abort listener serves all pauses;
 * `release` removes it. A stop by itself costs nothing: whoever has sent something before raises what the error says of it.
 */
export function createSleep(signal: AbortSignal | undefined): {
	sleep: Ports['sleep'];
	release: () => void;
} {
	const wakers = new Set<() => void>();
	const wakeAll = () => {
		for (const wake of wakers) wake();
	};
	signal?.addEventListener('abort', wakeAll);

	const pause = async (milliseconds: number) => {
		await new Promise<void>((resolve) => {
			const wake = () => {
				wakers.delete(wake);
				resolve();
			};
			wakers.add(wake);
			void sleepForMilliseconds(milliseconds).then(wake);
		});
	};
	const throwIfStopped = () => {
		if (signal?.aborted) throw cancelled();
	};

	return {
		async sleep(milliseconds) {
			throwIfStopped();
			let leftMs = milliseconds;
			while (leftMs > 0) {
				await pause(Math.min(leftMs, SLICE_MS));
				throwIfStopped();
				leftMs -= SLICE_MS;
			}
		},
		release: () => signal?.removeEventListener('abort', wakeAll),
	};
}

const loadedMs = Date.now() - performance.now();

/** Milliseconds since the epoch that go on evenly even when the system's clock is set; the same for all runs. */
export function now(): number {
	return loadedMs + performance.now();
}

/**
 * Tells an event to n8n's log and, in manual runs, to the browser's console: n8n has no other place for it.
 * The log, which is everybody's, is told where it happened: n8n prints the text of a line and drops its details.
 */
export function createReporter(
	execution: IExecuteFunctions,
	redact: (text: string) => string,
): (event: RunEvent) => void {
	const isManual = execution.getMode() === 'manual';
	const place = describePlace(execution);
	return ({ level, message, details = {} }) => {
		const entries = Object.entries(details).map(([name, value]) => [
			name,
			typeof value === 'string' ? redact(value) : value,
		]);
		execution.logger[level](redact(`${message} (${place})`), Object.fromEntries(entries) as RunEvent['details']);
		if (isManual && level !== 'debug') execution.sendMessageToUI(redact(message));
	};
}

/** `execution 12 of "Social clips", node "Sora 2 Video"` */
function describePlace(execution: IExecuteFunctions): string {
	const workflow = JSON.stringify(execution.getWorkflow().name ?? '');
	return `execution ${execution.getExecutionId()} of ${workflow}, node ${JSON.stringify(execution.getNode().name)}`;
}

/** The core's ports for one execution. */
export function createPorts(
	execution: IExecuteFunctions,
	parts: { http: Http; files: FileStore; sleep: Ports['sleep'] },
	redact: (text: string) => string,
): Ports {
	return { ...parts, now, random: Math.random, onEvent: createReporter(execution, redact) };
}
