import { isObject } from './json';
import type { RequestBody } from './ports';

/** Looked up once: a digest asks for it many million times. */
const { imul } = Math;
const FIRST_SEED = 0x9e3779b9;
const SECOND_SEED = 0x7f4a7c15;

/**
 * Tells requests apart without keeping them: equal for equal requests whatever the order of their fields, and made of
 * everything that is sent. 128 bits, not meant to withstand an attacker.
 */
export function fingerprintOf(path: string, body: RequestBody): string {
	const files = body.encoding === 'multipart' ? body.files : [];
	const parts = [
		path,
		canonicalJson(body.fields),
		...files.map(({ field, bytes }) => `${field} ${bytes.length} ${digest(bytes.length, (index) => bytes[index]!)}`),
	];
	const text = parts.join('\n');
	return digest(text.length, (index) => text.charCodeAt(index));
}

function canonicalJson(value: unknown): string {
	if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
	if (!isObject(value)) return JSON.stringify(value) ?? 'null';
	const keys = Object.keys(value).sort();
	return `{${keys.map((key) => `${JSON.stringify(key)}:${canonicalJson(value[key])}`).join(',')}}`;
}

/** Four lanes of 32 bits, each stirred by multiplication. */
function digest(length: number, codeAt: (index: number) => number): string {
	let a = FIRST_SEED;
	let b = SECOND_SEED;
	let c = FIRST_SEED ^ length;
	let d = SECOND_SEED ^ length;
	for (let index = 0; index < length; index++) {
		const code = codeAt(index);
		a = imul(a ^ code, 0x85ebca6b);
		b = imul(b ^ code, 0xc2b2ae35) + a;
		c = imul(c ^ (code + index), 0x27d4eb2f);
		d = imul(d ^ code, 0x165667b1) + c;
		b ^= b >>> 15;
		d ^= d >>> 13;
	}
	return [a, b, c, d].map((lane) => (lane >>> 0).toString(16).padStart(8, '0')).join('');
}
