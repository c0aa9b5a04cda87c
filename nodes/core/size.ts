import { GenerationError } from './errors';

/** `1280x720`, `1280 × 720`, `1280*720` → `1280x720`. Throws `invalidInput` otherwise. */
export function readSize(value: string): string {
	const match = /^\s*([1-9]\d{0,4})\s*[x×*]\s*([1-9]\d{0,4})\s*$/i.exec(value);
	if (match) return `${match[1]}x${match[2]}`;
	throw new GenerationError('invalidInput', `Size is "${value}", which is not a width and a height`, {
		hint: 'Give Size as WIDTHxHEIGHT, e.g. 1280x720.',
	});
}
