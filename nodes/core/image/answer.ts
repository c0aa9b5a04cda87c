import type { HttpResponse, JsonObject } from '../ports';
import type { ServerWords } from '../serverErrors';
import { decodePercents } from '../text';

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

/** A picture as servers name it in one text: a link, or a data URL. */
export function pictureFrom(text: string): Picture {
	const trimmed = text.trim();
	if (!/^data:/i.test(trimmed)) return { url: trimmed };
	// No pattern reads the rest: the texts may be so long that one would overflow.
	const comma = trimmed.indexOf(',');
	const content = trimmed.slice(comma + 1);
	const isBase64 = trimmed.slice(0, comma).toLowerCase().endsWith(';base64');
	return { base64: isBase64 ? content : encodeBase64(decodePercents(content)) };
}

/** The base64 of a text in UTF-8. */
function encodeBase64(text: string): string {
	return btoa(Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join(''));
}

/**
 * When a signed link ends, in milliseconds since the epoch: `Expires` as Alibaba's and Google's storage write it, or
 * `X-Amz-Date` with `X-Amz-Expires`. Undefined for links that do not say.
 */
export function linkExpiryMs(link: string): number | undefined {
	if (!URL.canParse(link)) return undefined;
	const { searchParams } = new URL(link);
	const seconds = Number(searchParams.get('Expires') ?? NaN);
	if (seconds > 1e9 && seconds < 1e11) return seconds * 1000;
	const date = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(searchParams.get('X-Amz-Date') ?? '');
	const lifeSeconds = Number(searchParams.get('X-Amz-Expires') ?? NaN);
	if (!date || !(lifeSeconds > 0)) return undefined;
	const [year = 0, month = 0, day, hour, minute, second] = date.slice(1).map(Number);
	return Date.UTC(year, month - 1, day, hour, minute, second) + lifeSeconds * 1000;
}
