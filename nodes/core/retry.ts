import type { HttpRequest, HttpResult, Ports, RequestKind } from './ports';

/** setTimeout turns longer delays into none at all, so no wait may pass this. */
const MAX_DELAY_MS = 2_147_483_647;
/** A server that asks for a longer pause than this is not waited for: the error tells the user instead. */
export const LONGEST_PAUSE_MS = 120_000;
const BACKOFF_BASE_MS = 1_000;
const BACKOFF_CAP_MS = 30_000;

/**
 * What may be sent again, by kind of request: the one retry table.
 * - `ifNotBought`: only what certainly did not arrive, or was plainly refused (429; 503 with Retry-After).
 * - `ifHarmless`: reading again costs nothing, so every passing failure is tried again.
 * - `never`: the caller decides; a failed poll, for one, is the waiting machine's business.
 */
export const RETRY_POLICY: Record<RequestKind, 'ifNotBought' | 'ifHarmless' | 'never'> = {
	create: 'ifNotBought',
	image: 'ifNotBought',
	poll: 'never',
	read: 'ifHarmless',
	content: 'never',
	delete: 'ifHarmless',
	link: 'ifHarmless',
};

const PASSING_STATUSES = new Set([408, 425, 429, 500, 502, 503, 504]);

/** Whether a failed request may be sent again without any risk of paying twice. */
export function maySendAgain(kind: RequestKind, result: HttpResult): boolean {
	const policy = RETRY_POLICY[kind];
	if (policy === 'never') return false;
	if (result.outcome === 'noResponse') {
		return result.code !== 'CANCELLED' && (policy === 'ifHarmless' || result.certainlyNotSent);
	}
	if (policy === 'ifHarmless') return PASSING_STATUSES.has(result.status);
	return result.status === 429 || (result.status === 503 && result.headers['retry-after'] !== undefined);
}

/**
 * The pause that a server asks for, in milliseconds: `retry-after-ms`, or `Retry-After` as seconds or an HTTP date.
 * Undefined when absent or unreadable; negative dates mean "now".
 */
export function parseRetryAfter(headers: Record<string, string>, nowMs: number): number | undefined {
	// An empty text would be read as the number 0, which means "at once".
	const milliseconds = Number(headers['retry-after-ms']?.trim() || NaN);
	if (Number.isFinite(milliseconds) && milliseconds >= 0) return Math.min(milliseconds, MAX_DELAY_MS);
	const value = headers['retry-after']?.trim();
	if (!value) return undefined;
	const seconds = Number(value);
	if (Number.isFinite(seconds)) return seconds >= 0 ? Math.min(seconds * 1000, MAX_DELAY_MS) : undefined;
	// Every HTTP date holds a time of day; without one the parser finds dates in any words that end in a number.
	const date = /\d:\d\d:\d\d/.test(value) ? Date.parse(value) : NaN;
	return Number.isNaN(date) ? undefined : Math.min(Math.max(0, date - nowMs), MAX_DELAY_MS);
}

/** Exponential pause before try `attempt` (0 = first repeat), between half and all of its ceiling. */
export function backoffMs(attempt: number, random: number): number {
	const ceiling = Math.min(BACKOFF_CAP_MS, BACKOFF_BASE_MS * 2 ** Math.min(attempt, 16));
	return Math.round(ceiling * (0.5 + random / 2));
}

/**
 * Sends a request, and again up to `maxRetries` times where that cannot cost twice.
 * A server that asks for too long a pause ends the tries: the pause is not cut short.
 */
export async function sendWithRetry(
	ports: Pick<Ports, 'http' | 'sleep' | 'now' | 'random'>,
	request: HttpRequest,
	maxRetries: number,
): Promise<HttpResult> {
	for (let attempt = 0; ; attempt++) {
		const result = await ports.http(request);
		if (attempt >= maxRetries || !maySendAgain(request.kind, result)) return result;
		const asked = result.outcome === 'response' ? parseRetryAfter(result.headers, ports.now()) : undefined;
		const pauseMs = asked ?? backoffMs(attempt, ports.random());
		if (pauseMs > LONGEST_PAUSE_MS) return result;
		if (result.outcome === 'response') await result.body.text();
		await ports.sleep(pauseMs);
	}
}
