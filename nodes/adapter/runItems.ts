import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { mapSettled, type Settled } from '../core/concurrency';
import { enforceSpendingCap, formatUsd, sumUsd, type Price } from '../core/cost';
import { GenerationError } from '../core/errors';
import { toFailedJson, toGenerationError, toNodeError } from './nodeErrors';
import { ParameterReader } from './parameters';
import { openRun, type Run } from './run';

/** One input item of a run. */
export interface Item {
	index: number;
	parameters: ParameterReader;
	run: Run;
}

/** What an operation makes of an item; the loop adds the rest. */
export type Output = Pick<INodeExecutionData, 'json' | 'binary'>;

/** An item that was read and checked, and has cost nothing yet. */
export interface Plan {
	/** Present when `execute` spends money: counted against Max Cost before anything is bought. */
	price?: Price;
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

const DEFAULT_CONCURRENCY = 5;

/**
 * The one item loop of the package. All items are checked before any is bought; then they run side by side, and every
 * one of them ends as an output or as an error of its own.
 */
export async function runItems(execution: IExecuteFunctions, operations: Operations): Promise<INodeExecutionData[][]> {
	const indexes = execution.getInputData().map((_, index) => index);
	let run: Run | undefined;
	try {
		run = await openRun(execution);
		const settled = await runAll(run, indexes, operations);
		run.ports.onEvent({ level: 'debug', message: 'All items of the run have ended' });
		return [settled.flatMap((result, index) => toItems(result, index))];
	} catch (error) {
		// The whole run was refused: a credential that cannot be used, a spending cap, a stop.
		if (!execution.continueOnFail()) throw asNodeError(execution, error, run);
		return [indexes.flatMap((index) => toItems({ error }, index))];
	} finally {
		run?.release();
	}
}

async function runAll(run: Run, indexes: number[], operations: Operations): Promise<Array<Settled<Output[]>>> {
	const { execution } = run;
	const limits = readLimits(new ParameterReader(execution, 0), indexes.length);
	const plans = await mapSettled(indexes, limits.concurrency, async (index) => await planItem(run, operations, index));
	const unusable = plans.findIndex((plan) => 'error' in plan);
	if (unusable >= 0 && !execution.continueOnFail()) throw new ItemError(plans[unusable]!, unusable);
	const prices = plans.flatMap((plan) => ('result' in plan && plan.result.price ? [plan.result.price] : []));
	enforceSpendingCap(prices, limits.maxCostUsd);

	const settled = await mapSettled(plans, limits.concurrency, async (plan) => {
		if ('error' in plan) throw plan.error;
		return await executePlan(run, plan.result, limits.requestsPerMinute);
	});
	tellWhatHappened(run, plans, settled);
	const failed = settled.findIndex((result) => 'error' in result);
	if (failed >= 0 && !execution.continueOnFail()) throw new ItemError(settled[failed]!, failed);
	return settled;
}

async function planItem(run: Run, operations: Operations, index: number): Promise<Plan> {
	try {
		const parameters = new ParameterReader(run.execution, index);
		return await findOperation(operations, parameters).plan({ index, parameters, run });
	} catch (error) {
		throw toGenerationError(error, 'no');
	}
}

function findOperation(operations: Operations, parameters: ParameterReader): Operation {
	const resource = parameters.text('resource');
	const name = parameters.text('operation');
	const operation = operations[resource]?.[name];
	if (operation) return operation;
	throw new GenerationError(
		'invalidInput',
		`There is no operation "${name}" for "${resource}" in this version of the node`,
		{
			hint: 'Choose Resource and Operation again, or update the package.',
		},
	);
}

async function executePlan(run: Run, plan: Plan, requestsPerMinute: number): Promise<Output[]> {
	try {
		if (plan.price) await run.enterRateWindow(requestsPerMinute);
		if (plan.price && run.accountRefusal) throw notSubmitted(run.accountRefusal);
		return await plan.execute();
	} catch (error) {
		throw rememberRefusal(run, error);
	}
}

function rememberRefusal(run: Run, error: unknown): unknown {
	const isPlainRefusal = error instanceof GenerationError && error.concernsAccount && error.jobId === undefined;
	if (isPlainRefusal) run.accountRefusal ??= error;
	return error;
}

function notSubmitted(refusal: GenerationError): GenerationError {
	return new GenerationError(refusal.kind, refusal.message, {
		hint: refusal.hint,
		billed: 'no',
		serverMessage: refusal.serverMessage,
		status: refusal.status,
	});
}

interface RunLimits {
	concurrency: number;
	requestsPerMinute: number;
	maxCostUsd: number;
}

/** Limits hold for the run as a whole, so the first item's settings count. */
function readLimits(parameters: ParameterReader, items: number): RunLimits {
	if (items === 0) return { concurrency: 1, requestsPerMinute: 0, maxCostUsd: 0 };
	return {
		concurrency: parameters.optionNumber('concurrency', 'Concurrency', DEFAULT_CONCURRENCY, 1),
		requestsPerMinute: parameters.optionNumber('requestsPerMinute', 'Requests per Minute', 0),
		maxCostUsd: parameters.optionNumber('maxCost', 'Max Cost (USD)', 0),
	};
}

/** An item's error on its way out of the run, with the item that it belongs to. */
class ItemError extends Error {
	readonly error: GenerationError;

	constructor(
		settled: Settled<unknown>,
		readonly itemIndex: number,
	) {
		super('An item failed');
		this.error = toGenerationError('error' in settled ? settled.error : undefined);
	}
}

const JOBS_IN_MESSAGE = 3;
const JOBS_IN_DESCRIPTION = 50;

/** The one error of a run that stops: the first item's, and which jobs of the others were paid for. */
function asNodeError(execution: IExecuteFunctions, thrown: unknown, run: Run | undefined): Error {
	const { error, itemIndex } =
		thrown instanceof ItemError ? thrown : { error: toGenerationError(thrown), itemIndex: 0 };
	const others = [...(run?.jobs.keys() ?? [])].filter((jobId) => jobId !== error.jobId);
	const nodeError = toNodeError(execution.getNode(), error, itemIndex);
	if (others.length === 0) return nodeError;
	const shown = others.slice(0, JOBS_IN_MESSAGE).join(', ');
	const more = others.length > JOBS_IN_MESSAGE ? ` and ${others.length - JOBS_IN_MESSAGE} more` : '';
	nodeError.message = `${error.message} (item ${itemIndex}; jobs of other items were paid: ${shown}${more})`;
	nodeError.description = `${nodeError.description ?? ''} Paid jobs of the other items: ${others
		.slice(0, JOBS_IN_DESCRIPTION)
		.join(', ')}. Use Wait for Video Job with these IDs to get their files.`;
	execution.logger.warn('The run stopped; these jobs were paid for', { jobIds: others });
	return nodeError;
}

function toItems(result: Settled<Output[]>, item: number): INodeExecutionData[] {
	if ('result' in result) return result.result.map((output) => ({ ...output, pairedItem: { item } }));
	return [{ json: toFailedJson(toGenerationError(result.error)), pairedItem: { item } }];
}

/** After a run: one line on what was bought, every hint once, and the jobs that a stop leaves behind. */
function tellWhatHappened(run: Run, plans: Array<Settled<Plan>>, settled: Array<Settled<Output[]>>): void {
	const errors = settled.flatMap((result) => ('error' in result ? [toGenerationError(result.error)] : []));
	if (errors.some((error) => error.kind === 'cancelled')) logOpenJobs(run, errors);
	const bought = plans.flatMap((plan, index) => {
		const isDone = 'result' in settled[index]!;
		return isDone && 'result' in plan && plan.result.price ? [plan.result.price] : [];
	});
	const failed = describeFailures(errors);
	if (bought.length > 0) {
		const videos = bought.length === 1 ? '1 video' : `${bought.length} videos`;
		run.hints.add([`${videos}, ${describeSum(bought)}`, failed].filter(Boolean).join('; '));
	}
	for (const message of run.hints) run.execution.addExecutionHints({ message, location: 'outputPane' });
}

function describeSum(prices: Price[]): string {
	const hasUnknown = prices.some((price) => 'unknown' in price);
	return hasUnknown
		? `at least ${formatUsd(sumUsd(prices))} (some prices are not known)`
		: `about ${formatUsd(sumUsd(prices))}`;
}

function describeFailures(errors: GenerationError[]): string {
	if (errors.length === 0) return '';
	const free = errors.filter((error) => error.billed === 'no').length;
	return free === errors.length
		? `${errors.length} failed, not billed`
		: `${errors.length} failed, ${errors.length - free} of them billed or perhaps billed`;
}

function logOpenJobs(run: Run, errors: GenerationError[]): void {
	for (const [jobId, { isDelivered, prompt }] of run.jobs) {
		if (isDelivered) continue;
		run.execution.logger.info(
			`Video job ${jobId} goes on at the server after the stop. Use Wait for Video Job with this ID`,
			{
				jobId,
				prompt: prompt.slice(0, 80),
			},
		);
	}
	for (const error of errors) {
		if (error.kind !== 'cancelled' || error.jobId !== undefined || error.billed === 'no') continue;
		run.execution.logger.warn(error.message, { details: error.hint });
	}
}
