import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { mapSettled, type Settled } from '../core/concurrency';
import { enforceSpendingCap } from '../core/cost';
import { GenerationError } from '../core/errors';
import { toFailedJson, toGenerationError, toNodeError } from './nodeErrors';
import type { Operation, Operations, Output, Plan } from './operation';
import { ParameterReader } from './parameters';
import { openRun, type Run } from './run';
import { describePaidJobs, redactError, redactJson, tellWhatHappened } from './runReport';

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
		return [settled.flatMap((result, index) => toItems(result, index, run))];
	} catch (error) {
		// The whole run was refused: a credential that cannot be used, a spending cap, a stop.
		if (!execution.continueOnFail()) throw asNodeError(execution, error, run);
		return [indexes.flatMap((index) => toItems({ error }, index, run))];
	} finally {
		run?.release();
	}
}

async function runAll(run: Run, indexes: number[], operations: Operations): Promise<Array<Settled<Output[]>>> {
	const { execution } = run;
	const limits = readLimits(new ParameterReader(execution, 0), indexes.length);
	run.requestsPerMinute = limits.requestsPerMinute;
	const plans = await mapSettled(indexes, limits.concurrency, async (index) => await planItem(run, operations, index));
	const unusable = plans.findIndex((plan) => 'error' in plan);
	if (unusable >= 0 && !execution.continueOnFail()) throw new ItemError(plans[unusable]!, unusable);
	const purchases = plans.flatMap((plan) => ('result' in plan && plan.result.purchase ? [plan.result.purchase] : []));
	enforceSpendingCap(
		purchases.map(({ maxPrice }) => maxPrice),
		limits.maxCostUsd,
	);

	const settled = await mapSettled(plans, limits.concurrency, async (plan) => {
		if ('error' in plan) throw plan.error;
		return await executePlan(run, plan.result);
	});
	tellWhatHappened(run, plans, settled);
	// The error that stopped the run, not the items that were not submitted because of it.
	const failed = settled.findIndex((result) => 'error' in result && result.error === run.stopBuying);
	if (failed >= 0 && !execution.continueOnFail()) throw new ItemError(settled[failed]!, failed);
	return settled;
}

async function planItem(run: Run, operations: Operations, index: number): Promise<Plan> {
	try {
		const parameters = new ParameterReader(run.execution, index);
		return await findOperation(operations, parameters).plan({ index, parameters, run, tools: run.toolsFor(index) });
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

async function executePlan(run: Run, plan: Plan): Promise<Output[]> {
	try {
		return await plan.execute();
	} catch (error) {
		throw stopBuyingAfter(run, toGenerationError(error));
	}
}

/**
 * After a refusal that concerns the account nothing further is submitted. Nor is it after any error of a run that will
 * stop: what it buys from then on would come out nowhere.
 */
function stopBuyingAfter(run: Run, error: GenerationError): GenerationError {
	const isAccountRefusal = error.concernsAccount && error.jobId === undefined;
	if (isAccountRefusal || !run.execution.continueOnFail()) run.stopBuying ??= error;
	return error;
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
		maxCostUsd: parameters.optionAmount('maxCost', 'Max Cost (USD)'),
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

function asNodeError(execution: IExecuteFunctions, thrown: unknown, run: Run | undefined): Error {
	const { error, itemIndex } =
		thrown instanceof ItemError ? thrown : { error: toGenerationError(thrown), itemIndex: 0 };
	const others = run ? describePaidJobs(run, itemIndex) : { inMessage: '', inDescription: '' };
	return toNodeError(execution.getNode(), redactError(error, run), itemIndex, others);
}

function toItems(result: Settled<Output[]>, item: number, run: Run | undefined): INodeExecutionData[] {
	if ('result' in result) {
		return result.result.map(({ json, binary }) => ({ json: redactJson(json, run), binary, pairedItem: { item } }));
	}
	return [{ json: toFailedJson(redactError(toGenerationError(result.error), run)), pairedItem: { item } }];
}
