import { isObject } from '../json';
import type { HttpResponse, JsonObject } from '../ports';
import type { ServerWords } from '../serverErrors';

/** One picture of an answer, before it is a file: exactly one of `url` and `base64`. */
export interface Picture {
	/** Absolute, or relative to the server. */
	url?: string;
	base64?: string;
	/** The prompt as the server changed it. */
	revisedPrompt?: string;
}

/** What an endpoint's reader finds in an answer with a status of success. */
export interface ImageAnswer {
	/** In the order of the answer, each once. */
	pictures: Picture[];
	/** What the model says beside its pictures, or instead of them. */
	text?: string;
	/** An error that came with a status of success. */
	failure?: ServerWords;
	/** Why this is not an answer or not the whole of one: it ended early, was empty, was a web page. */
	brokenOff?: string;
	usage?: JsonObject;
	createdAtMs?: number;
	/** Until when the links work. */
	expiresAtMs?: number;
	/** What the server says that it made. */
	made?: { size?: string; quality?: string; outputFormat?: string };
	/** The server's own object; base64 in it is shortened later. */
	raw: unknown;
}

/**
 * Reads the answer of one endpoint. What is wrong with it is told in the result; it throws only `cancelled`, or when the
 * body cannot be read to its end.
 */
export type ReadImageAnswer = (response: HttpResponse) => Promise<ImageAnswer>;

const DATA_URL = /^data:[^,]*?(;base64)?,([\s\S]*)$/i;

/** A picture as servers name it in one text: a link, or a data URL. */
export function pictureFrom(text: string): Picture {
	const match = DATA_URL.exec(text.trim());
	if (!match) return { url: text.trim() };
	const content = match[2] ?? '';
	return { base64: match[1] ? content : encodeBase64(decodePercents(content)) };
}

function decodePercents(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}

/** The base64 of a text in UTF-8. */
function encodeBase64(text: string): string {
	return btoa(Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join(''));
}

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
