import type { HttpRequest, HttpResult, Ports, RequestKind } from './ports';

/** setTimeout turns longer delays into none at all, so no wait may pass this. */
const MAX_DELAY_MS = 2_147_483_647;
/** A server that asks for a longer pause than this is not waited for: the error tells the user instead. */
export const LONGEST_PAUSE_MS = 120_000;
const BACKOFF_BASE_MS = 1_000;
const BACKOFF_CAP_MS = 30_000;

/** When a request may be sent again. */
export interface RetryRule {
	/** What it is for; the table in docs/faults.md is made from these rules. */
	purpose: string;
	/**
	 * - `ifNotBought`: only after what certainly did not arrive, or was plainly refused (429; 503 with Retry-After).
	 * - `ifHarmless`: doing it again costs nothing, so after every passing failure.
	 * - `unlessFinal`: after everything but `finalStatuses`.
	 */
	again: 'ifNotBought' | 'ifHarmless' | 'unlessFinal';
	/** Answers that end the tries, once they have come `finalInARow` times. */
	finalStatuses: readonly number[];
	finalInARow: number;
	/** How often it is sent again; undefined: as long or as often as the user has set in `limitedBy`. */
	maxRetries?: number;
	limitedBy?: string;
}

const UNTIL_FINAL = { again: 'unlessFinal', finalInARow: 1 } as const;
const HARMLESS = { again: 'ifHarmless', finalStatuses: [], finalInARow: 1, maxRetries: 2 } as const;

/** The one retry table, by kind of request. */
export const RETRY_POLICY: Record<RequestKind, RetryRule> = {
	create: {
		purpose: 'Submit a job',
		again: 'ifNotBought',
		finalStatuses: [],
		finalInARow: 1,
		limitedBy: 'Max Retries',
	},
	image: {
		purpose: 'Make pictures; anything over chat',
		again: 'ifNotBought',
		finalStatuses: [],
		finalInARow: 1,
		limitedBy: 'Max Retries',
	},
	// The job is paid for: a gateway that does not know the key or the job for a moment must not end the wait for it.
	poll: {
		...UNTIL_FINAL,
		purpose: 'Look at a job',
		finalStatuses: [401, 402, 403, 404, 410],
		finalInARow: 4,
		limitedBy: 'Max Wait',
	},
	read: { ...HARMLESS, purpose: 'Get a job, list jobs' },
	// A file often lags behind its job, with any status (wire facts, 15); 410 says that it is gone for good.
	content: { ...UNTIL_FINAL, purpose: 'Download a file', finalStatuses: [410], maxRetries: 4 },
	delete: { ...HARMLESS, purpose: 'Delete a job' },
	link: { ...HARMLESS, purpose: 'Fetch a link that the user gives' },
};

const PASSING_STATUSES: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504]);

/** Whether a failed request may be sent again without any risk of paying twice. How often is for the sender to count. */
export function maySendAgain(kind: RequestKind, result: HttpResult): boolean {
	const { again, finalStatuses } = RETRY_POLICY[kind];
	if (result.outcome === 'noResponse') {
		return result.code !== 'CANCELLED' && (again !== 'ifNotBought' || result.certainlyNotSent);
	}
	if (again === 'unlessFinal') return !finalStatuses.includes(result.status);
	if (again === 'ifHarmless') return PASSING_STATUSES.has(result.status);
	return result.status === 429 || (result.status === 503 && result.headers['retry-after'] !== undefined);
}

/**
 * The pause that a server asks for, in milliseconds: `retry-after-ms`, or `Retry-After` as seconds or an HTTP date.
 * Undefined when absent or unreadable; dates that have passed mean "now". A date is meant by the server's own clock, which
 * the answer's `Date` shows; our own may differ by hours.
 */
export function parseRetryAfter(headers: Record<string, string>, nowMs: number): number | undefined {
	// An empty text would be read as the number 0, which means "at once".
	const milliseconds = Number(headers['retry-after-ms']?.trim() || NaN);
	if (Number.isFinite(milliseconds) && milliseconds >= 0) return Math.min(milliseconds, MAX_DELAY_MS);
	const value = headers['retry-after']?.trim();
	if (!value) return undefined;
	const seconds = Number(value);
	if (Number.isFinite(seconds)) return seconds >= 0 ? Math.min(seconds * 1000, MAX_DELAY_MS) : undefined;
	const dateMs = parseHttpDate(value);
	const serverNowMs = parseHttpDate(headers.date ?? '') ?? nowMs;
	return dateMs === undefined ? undefined : Math.min(Math.max(0, dateMs - serverNowMs), MAX_DELAY_MS);
}

/** Every HTTP date holds a time of day; without one the parser finds dates in any words that end in a number. */
function parseHttpDate(text: string): number | undefined {
	const dateMs = /\d:\d\d:\d\d/.test(text) ? Date.parse(text) : NaN;
	return Number.isNaN(dateMs) ? undefined : dateMs;
}

/** Exponential pause before try `attempt` (0 = first repeat), between half and all of its ceiling. */
export function backoffMs(attempt: number, random: number): number {
	const ceiling = Math.min(BACKOFF_CAP_MS, BACKOFF_BASE_MS * 2 ** Math.min(attempt, 16));
	return Math.round(ceiling * (0.5 + random / 2));
}

/**
 * Sends a request, and again up to `maxRetries` times where that cannot cost twice.
 * A server that asks for too long a pause ends the tries: the pause is not cut short.
 * @param onFailure told of each failed try that is followed by another
 */
export async function sendWithRetry(
	ports: Pick<Ports, 'http' | 'sleep' | 'now' | 'random'>,
	request: HttpRequest,
	maxRetries: number,
	onFailure?: (failed: HttpResult) => void,
): Promise<HttpResult> {
	for (let attempt = 0; ; attempt++) {
		const result = await ports.http(request);
		if (attempt >= maxRetries || !maySendAgain(request.kind, result)) return result;
		const asked = result.outcome === 'response' ? parseRetryAfter(result.headers, ports.now()) : undefined;
		const pauseMs = asked ?? backoffMs(attempt, ports.random());
		if (pauseMs > LONGEST_PAUSE_MS) return result;
		onFailure?.(result);
		if (result.outcome === 'response') await result.body.text();
		await ports.sleep(pauseMs);
	}
}
