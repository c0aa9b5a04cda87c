import type { JsonObject } from './ports';

/** Whether a value is a plain object of JSON: no array, not null. */
export function isObject(value: unknown): value is JsonObject {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value at a dotted path such as `data.0.url`; undefined where any step is missing. */
export function readPath(value: unknown, path: string): unknown {
	let current = value;
	for (const step of path.split('.')) {
		if (Array.isArray(current)) current = current[Number(step)];
		else if (isObject(current)) current = Object.hasOwn(current, step) ? current[step] : undefined;
		else return undefined;
	}
	return current;
}

/** The first non-empty text (or number, as text) at any of the paths. */
export function firstText(value: unknown, paths: readonly string[]): string | undefined {
	for (const path of paths) {
		const found = readPath(value, path);
		if (typeof found === 'string' && found.trim() !== '') return found.trim();
		if (typeof found === 'number' && Number.isFinite(found)) return String(found);
	}
	return undefined;
}

/**
 * The first time at any of the paths, in milliseconds since the epoch: seconds, milliseconds, or an ISO date; zero and
 * "not yet" values are none.
 */
export function readTime(value: unknown, paths: readonly string[]): number | undefined {
	const text = firstText(value, paths);
	if (text === undefined) return undefined;
	const number = Number(text);
	const milliseconds = Number.isFinite(number) ? (number > 1e11 ? number : number * 1000) : Date.parse(text);
	return Number.isFinite(milliseconds) && milliseconds > 0 && milliseconds < 8.64e15 ? milliseconds : undefined;
}

/**
 * A number of 16 and more digits under the name of an id. A quote inside of a text is escaped, so this only ever matches
 * a name of the JSON itself.
 */
const LONG_NUMERIC_ID =
	/("(?:id|task_id|taskId|video_id|job_id|generation_id|request_id|remixed_from_video_id|first_id|last_id)"\s*:\s*)(-?\d{16,})(?=\s*[,}])/g;

/**
 * Parses JSON; undefined when the text is not JSON. Ids that are numbers beyond 2^53 become texts: as numbers they would
 * be rounded to the id of another job.
 */
export function parseJson(text: string): unknown {
	try {
		// Some servers put a byte order mark in front.
		return JSON.parse(text.replace(/^\uFEFF/, '').replace(LONG_NUMERIC_ID, '$1"$2"')) as unknown;
	} catch {
		return undefined;
	}
}

/** An object without the keys whose value is undefined: what is missing must not overwrite what is known. */
export function withoutUndefined<Value extends object>(object: Value): Partial<Value> {
	return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as Partial<Value>;
}
