import type { INodeExecutionData, INodeProperties } from 'n8n-workflow';

import type { Price } from '../core/cost';
import { GenerationError } from '../core/errors';
import type { ParameterReader } from './parameters';
import type { Run, Tools } from './run';

/** One input item of a run. */
export interface Item {
	index: number;
	parameters: ParameterReader;
	run: Run;
	/** For the item's only unit; an item with several asks the run for the tools of each. */
	tools: Tools;
}

/** What an operation makes of an item; the loop adds the rest. */
export interface Output extends Pick<INodeExecutionData, 'json' | 'binary'> {
	/** The file was made, but not fetched: it stays at the server, until this moment where the server says one. */
	leftAtServer?: { untilMs?: number };
}

/** Whether something came of a unit, and not an error. */
export function isOutput(result: Output | GenerationError): result is Output {
	return !(result instanceof GenerationError);
}

/** What a purchase costs: once, and with all repeats, which Max Cost is held against. */
export interface Purchase {
	makes: 'video' | 'image';
	price: Price;
	maxPrice: Price;
}

/** One unit of work that was read and checked, and has cost nothing yet. */
export interface Plan {
	/** Present when `execute` spends money. */
	purchase?: Purchase;
	/** What comes out; an error among the outputs is a failed one that sinks none of the others. */
	execute(): Promise<Array<Output | GenerationError>>;
}

/** One operation of a node: its parameters, and what it does with an item. */
export interface Operation {
	properties: INodeProperties[];
	/**
	 * Reads and checks an item without spending anything. Several plans are several units, each with a result of its own.
	 * Throws GenerationError for what is wrong with the item.
	 */
	plan(item: Item): Promise<Plan | Plan[]>;
}

/** The operations of a node by `resource.operation`, or by `operation` in a node without resources. */
export type Operations = Record<string, Operation>;

/** What holds for a node where its user sets nothing. */
export interface NodeDefaults {
	/** Units worked on side by side. */
	concurrency: number;
	/** Submissions in any 60 seconds; 0 means no limit. */
	requestsPerMinute: number;
}
