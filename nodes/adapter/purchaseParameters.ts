import { GenerationError } from '../core/errors';
import type { JsonObject } from '../core/ports';
import type { SubmitLimits } from '../core/submitting';
import type { Item } from './operation';

/** What every operation that buys or delivers reads from an item. */

/** Repeats that may cost again: more than two are never sent, whatever an expression says. */
export const MAX_PAID_REPEATS = 2;

const MAX_FREE_RETRIES = 10;

const PROTECTED_FIELDS = ['model', 'prompt', 'stream', 'n'];

/** How often an order may be sent again although it was perhaps bought. */
export function readUncertainRepeats({ parameters }: Item): number {
	return parameters.optionCount('retryUncertain', 'Retry Uncertain Submissions', 0, MAX_PAID_REPEATS);
}

/**
 * How long and how often an order is tried.
 * @param timeoutSeconds where the user sets none, or 0
 */
export function readSubmitLimits(item: Item, timeoutSeconds = 60): SubmitLimits {
	const { parameters } = item;
	const readTimeout = (least: number) => parameters.optionNumber('timeout', 'Request Timeout (Seconds)', 0, least);
	return {
		timeoutMs: (readTimeout(0) === 0 ? timeoutSeconds : readTimeout(1)) * 1000,
		maxRetries: parameters.optionCount('maxRetries', 'Max Retries', 2, MAX_FREE_RETRIES),
		retryUncertain: readUncertainRepeats(item),
	};
}

/** Extra fields for the request. Throws `invalidInput` for those that the node's own parameters set. */
export function readExtraBody(item: Item): JsonObject {
	const extra = item.parameters.optionJson('extraBody', 'Extra Body Fields');
	const forbidden = Object.keys(extra).find((key) => PROTECTED_FIELDS.includes(key));
	if (forbidden === undefined) return extra;
	throw new GenerationError('invalidInput', `Extra Body Fields sets "${forbidden}", which has a parameter of its own`, {
		hint: `Remove "${forbidden}" from Extra Body Fields and use the node's parameter.`,
	});
}

/** A list's value, or the free text behind "Custom"; an expression may give any value straight away. */
export function readChoice(item: Item, name: string, customName: string, customDisplayName: string): string {
	const choice = item.parameters.text(name);
	return choice === 'custom' ? item.parameters.requiredText(customName, customDisplayName) : choice;
}

/** Whether to fetch the file, and its name. */
export function readFileWish({ parameters }: Item): { download: boolean; fileName?: string } {
	const fileName = parameters.optionText('fileName').trim();
	return {
		download: parameters.optionBoolean('download', true),
		fileName: fileName === '' ? undefined : fileName,
	};
}

/** The field that the file is put into. */
export function readBinaryProperty({ parameters }: Item): string {
	return parameters.optionText('binaryPropertyOutput').trim() || 'data';
}
