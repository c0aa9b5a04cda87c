import type { INodeExecutionData, INodeProperties } from 'n8n-workflow';

import type { Price } from '../core/cost';
import type { PurchaseTools } from '../core/video/purchase';
import type { ParameterReader } from './parameters';
import type { Run } from './run';

/** One input item of a run. */
export interface Item {
	index: number;
	parameters: ParameterReader;
	run: Run;
	tools: PurchaseTools;
}

/** What an operation makes of an item; the loop adds the rest. */
export type Output = Pick<INodeExecutionData, 'json' | 'binary'>;

/** An item that was read and checked, and has cost nothing yet. */
export interface Plan {
	/** Present when `execute` spends money: what it costs, and with all repeats, which Max Cost is held against. */
	purchase?: { price: Price; maxPrice: Price };
	execute(): Promise<Output[]>;
}

/** One operation of a node: its parameters, and what it does with an item. */
export interface Operation {
	properties: INodeProperties[];
	/** Reads and checks an item without spending anything. Throws GenerationError for what is wrong with it. */
	plan(item: Item): Promise<Plan>;
}

/** The operations of a node by resource and name; they may differ from item to item. */
export type Operations = Record<string, Record<string, Operation>>;
