import { GenerationError } from '../core/errors';
import { isObject } from '../core/json';

/** Takes secrets out of a text. */
export type Redact = (text: string) => string;

/** An error without the secrets that a server may have echoed in it. */
export function redactError(error: GenerationError, redact: Redact): GenerationError {
	const { kind, message, hint, billed, serverMessage, observed, status, requestId, jobId, url, cause } = error;
	return new GenerationError(kind, redact(message), {
		hint: redact(hint),
		serverMessage: serverMessage && redact(serverMessage),
		observed: observed && redact(observed),
		billed,
		status,
		requestId: requestId && redact(requestId),
		jobId,
		url: url && redact(url),
		cause,
	});
}

/** What the next node, or the next try, works with must stay as it is, whatever it looks like. */
const NEVER_REDACTED = new Set(['jobId', 'url', 'fileUrl', 'remixedFromJobId', 'reference']);

/** JSON without the secrets that a server may have echoed in its texts. */
export function redactJson<Value>(json: Value, redact: Redact): Value {
	const clean = (value: unknown, name: string): unknown => {
		if (NEVER_REDACTED.has(name)) return value;
		if (typeof value === 'string') return redact(value);
		if (Array.isArray(value)) return value.map((entry) => clean(entry, name));
		if (!isObject(value)) return value;
		return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, clean(entry, key)]));
	};
	return clean(json, '') as Value;
}
