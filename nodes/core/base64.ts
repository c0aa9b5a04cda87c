import { isObject } from './json';

/** Base64 of this many characters or more is no word and no id. */
const LONG_BASE64 = /[A-Za-z0-9+/_-]{1000,}={0,2}/g;

/** JSON in which long base64 is replaced by a note of its length, so that it can be kept and shown. */
export function withoutBase64<Value>(value: Value): Value {
	const shorten = (entry: unknown): unknown => {
		if (typeof entry === 'string')
			return entry.replace(LONG_BASE64, (found) => `[${found.length} characters of base64]`);
		if (Array.isArray(entry)) return entry.map(shorten);
		if (!isObject(entry)) return entry;
		return Object.fromEntries(Object.entries(entry).map(([name, inner]) => [name, shorten(inner)]));
	};
	return shorten(value) as Value;
}
