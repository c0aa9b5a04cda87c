import { isObject } from './json';

/** Base64 of this many characters or more is no word and no id. */
const MIN_BASE64_LENGTH = 1_000;
/** Matching what stands between, not the base64 itself: a pattern that runs over megabytes would overflow. */
const NOT_BASE64 = /([^A-Za-z0-9+/=_-]+)/;

/** JSON in which long base64 is replaced by a note of its length, so that it can be kept and shown. */
export function withoutBase64<Value>(value: Value): Value {
	const shorten = (entry: unknown): unknown => {
		if (typeof entry === 'string') return entry.length < MIN_BASE64_LENGTH ? entry : shortenText(entry);
		if (Array.isArray(entry)) return entry.map(shorten);
		if (!isObject(entry)) return entry;
		return Object.fromEntries(Object.entries(entry).map(([name, inner]) => [name, shorten(inner)]));
	};
	return shorten(value) as Value;
}

function shortenText(text: string): string {
	// What stands between has the odd places.
	const parts = text.split(NOT_BASE64);
	return parts
		.map((part, index) =>
			index % 2 === 1 || part.length < MIN_BASE64_LENGTH ? part : `[${part.length} characters of base64]`,
		)
		.join('');
}
