import type { IExecuteFunctions } from 'n8n-workflow';

import { GenerationError } from '../core/errors';
import { isObject, parseJson } from '../core/json';
import type { JsonObject } from '../core/ports';

/** Reads the parameters of one item as what they should be; expressions can make anything of them. */
export class ParameterReader {
	private optionValues: JsonObject | undefined;

	constructor(
		private readonly execution: IExecuteFunctions,
		private readonly itemIndex: number,
	) {}

	/** The text of a parameter; numbers and booleans become text, nothing becomes "". */
	text(name: string): string {
		return toText(this.execution.getNodeParameter(name, this.itemIndex, ''));
	}

	/** A text without which nothing can be done. Throws `invalidInput` with the name that the user sees. */
	requiredText(name: string, displayName: string): string {
		const text = this.text(name).trim();
		if (text === '')
			throw new GenerationError('invalidInput', `${displayName} is empty`, { hint: `Fill in ${displayName}.` });
		return text;
	}

	/** A parameter as it is: an expression may give anything. */
	raw(name: string): unknown {
		return this.execution.getNodeParameter(name, this.itemIndex, '');
	}

	/** The id that a resource locator holds. */
	locator(name: string): string {
		return toText(this.execution.getNodeParameter(name, this.itemIndex, '', { extractValue: true })).trim();
	}

	boolean(name: string, fallback: boolean): boolean {
		return toBoolean(this.execution.getNodeParameter(name, this.itemIndex, fallback), fallback);
	}

	number(name: string, displayName: string, fallback: number): number {
		return toNumber(this.execution.getNodeParameter(name, this.itemIndex, fallback), displayName, fallback);
	}

	object(name: string): JsonObject {
		const value = this.execution.getNodeParameter(name, this.itemIndex, {});
		return isObject(value) ? value : {};
	}

	optionText(name: string): string {
		return toText(this.options()[name]);
	}

	optionBoolean(name: string, fallback: boolean): boolean {
		return toBoolean(this.options()[name], fallback);
	}

	/**
	 * A number of repeats from the options: whole, and from 0 to `maximum` whatever an expression says.
	 * Throws `invalidInput` with the name that the user sees.
	 */
	optionCount(name: string, displayName: string, fallback: number, maximum: number): number {
		const number = this.optionNumber(name, displayName, fallback);
		if (Number.isInteger(number) && number <= maximum) return number;
		throw new GenerationError(
			'invalidInput',
			`${displayName} is ${number}, but must be a whole number up to ${maximum}`,
			{
				hint: `Set ${displayName} to a whole number from 0 to ${maximum}.`,
			},
		);
	}

	/**
	 * An amount of money from the options; 0 when the option was not added. An option that is there but empty (an
	 * expression that found nothing) must not silently mean "no limit": it throws `invalidInput`.
	 */
	optionAmount(name: string, displayName: string): number {
		const options = this.options();
		const isEmpty = Object.hasOwn(options, name) && ['', null, undefined].includes(options[name] as string);
		if (!isEmpty) return this.optionNumber(name, displayName, 0);
		throw new GenerationError('invalidInput', `${displayName} is empty`, {
			hint: `Give ${displayName} a number, or remove it from the options.`,
		});
	}

	/**
	 * A number from the options, not below `minimum`.
	 * Throws `invalidInput` with the name that the user sees.
	 */
	optionNumber(name: string, displayName: string, fallback: number, minimum = 0): number {
		const number = toNumber(this.options()[name], displayName, fallback);
		if (number >= minimum) return number;
		throw new GenerationError(
			'invalidInput',
			`${displayName} is ${number}, below the least that makes sense (${minimum})`,
			{
				hint: `Set ${displayName} to ${minimum} or more.`,
			},
		);
	}

	/** A JSON object from the options, written as JSON or given by an expression. Throws `invalidInput`. */
	optionJson(name: string, displayName: string): JsonObject {
		const value = this.options()[name];
		if (value === undefined || value === '') return {};
		const parsed = typeof value === 'string' ? parseJson(value) : value;
		if (isObject(parsed)) return parsed;
		throw new GenerationError('invalidInput', `${displayName} is not a JSON object`, {
			hint: `Write ${displayName} as an object, e.g. {"seed": 7}.`,
		});
	}

	/** Read once: n8n evaluates every expression among them anew each time, and a dozen of them are asked for. */
	private options(): JsonObject {
		this.optionValues ??= this.object('options');
		return this.optionValues;
	}
}

function toText(value: unknown): string {
	if (typeof value === 'string') return value;
	return typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

function toBoolean(value: unknown, fallback: boolean): boolean {
	if (typeof value === 'boolean') return value;
	if (value === 'true') return true;
	return value === 'false' ? false : fallback;
}

function toNumber(value: unknown, displayName: string, fallback: number): number {
	if (value === undefined || value === null || value === '') return fallback;
	const number = Number(value);
	if (Number.isFinite(number)) return number;
	throw new GenerationError('invalidInput', `${displayName} is "${String(value)}", which is not a number`, {
		hint: `Give ${displayName} as a number.`,
	});
}
