import type { Billed, GenerationError } from './errors';
import { isSuccess } from './answers';
import type { HttpRequest, HttpResponse, HttpResult, Ports } from './ports';
import { backoffMs, parseRetryAfter, sendWithRetry } from './retry';

/** What all requests that spend money have in common, for videos and for pictures. */

export interface SubmitLimits {
	timeoutMs: number;
	/** How often a request may be sent again when it certainly was not bought. */
	maxRetries: number;
	/** How often it may be sent again when it perhaps was: the user's own risk. */
	retryUncertain: number;
}

/** What stands between an order and the server: rate limits, and what the other items of the run have learned. */
export interface SubmissionGate {
	/** Waits for its turn before each request. Throws GenerationError when nothing may be submitted any more. */
	enter(): Promise<void>;
	/** Waits until one of the run's own jobs has ended; false at once when none is open. */
	oneJobEnded(): Promise<boolean>;
}

/** What sending something that may be billed needs of a run. */
export interface SendTools {
	ports: Pick<Ports, 'http' | 'sleep' | 'now' | 'random'>;
	gate: Pick<SubmissionGate, 'enter'>;
}

/**
 * Sends a request that may be billed, and again only where it certainly did not arrive or was plainly refused. Every try
 * passes the gate. Throws GenerationError when nothing may be sent any more, or at a stop between two tries: both are free.
 */
export async function sendThroughGate(
	request: HttpRequest,
	maxRetries: number,
	{ ports, gate }: SendTools,
): Promise<HttpResult> {
	const http: Ports['http'] = async (each) => {
		await gate.enter();
		return await ports.http(each);
	};
	return await sendWithRetry({ ...ports, http }, request, maxRetries);
}

/** Whether an answer that is no result leaves open what the server did: 408, 409, 5xx, and a 2xx without one. */
export function isAmbiguous({ status }: HttpResponse): boolean {
	return [408, 409].includes(status) || status >= 500 || isSuccess(status);
}

/** The pause before an order is sent again, in milliseconds: what the server asks for, else a growing one. */
export function pauseBeforeRepeat(result: HttpResult, tries: number, ports: Pick<Ports, 'now' | 'random'>): number {
	const asked = result.outcome === 'response' ? parseRetryAfter(result.headers, ports.now()) : undefined;
	return asked ?? backoffMs(tries, ports.random());
}

/** What may have been bought before stays so, whatever the last answer was. Changes the error. */
export function atLeastMaybe(error: GenerationError): GenerationError {
	const atLeast: Billed = 'maybe';
	if (error.billed === 'no') error.billed = atLeast;
	return error;
}
