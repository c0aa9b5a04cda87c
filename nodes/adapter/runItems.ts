import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { Breather, mapSettled, type Settled } from '../core/concurrency';
import { enforceSpendingCap } from '../core/cost';
import { GenerationError } from '../core/errors';
import { adviseOnModel } from './modelAdvice';
import { toFailedJson, toGenerationError, toNodeError } from './nodeErrors';
import type { NodeDefaults, Operation, Operations, Output, Plan } from './operation';
import { ParameterReader } from './parameters';
import { openRun, type Run } from './run';
import { redactError, redactJson } from './redaction';
import { describePaidWork, tellWhatHappened, type FailedUnit, type UnitResult } from './runReport';

/** A plan, or why there is none, with the item that it belongs to. */
interface Unit {
	itemIndex: number;
	/** Which of the item's plans, from 0. */
	unit: number;
	plan: Settled<Plan>;
}

/**
 * The one item loop of the package. All items are checked before any is bought; then their units run side by side, and
 * every one of them ends as outputs or as errors of its own.
 */
export async function runItems(
	execution: IExecuteFunctions,
	operations: Operations,
	defaults: NodeDefaults,
): Promise<INodeExecutionData[][]> {
	const indexes = execution.getInputData().map((_, index) => index);
	let run: Run | undefined;
	try {
		run = await openRun(execution);
		const results = await runAll(run, indexes, operations, defaults);
		run.ledger.close(results.every(({ outputs }) => !outputs.some(isError)));
		return [results.flatMap((result) => toItems(result, run))];
	} catch (error) {
		// The whole run was refused: a credential that cannot be used, a spending cap, a stop.
		if (!execution.continueOnFail()) throw asNodeError(execution, error, run);
		const outputs = [toGenerationError(error)];
		return [indexes.flatMap((itemIndex) => toItems({ itemIndex, unit: 0, outputs }, run))];
	} finally {
		run?.release();
	}
}

async function runAll(
	run: Run,
	indexes: number[],
	operations: Operations,
	defaults: NodeDefaults,
): Promise<UnitResult[]> {
	const { execution } = run;
	const limits = readLimits(new ParameterReader(execution, 0), indexes.length, defaults);
	run.requestsPerMinute = limits.requestsPerMinute;
	const units = await planAll(run, indexes, operations, limits.concurrency);
	const unusable = units.find(({ plan }) => 'error' in plan);
	if (unusable && !execution.continueOnFail()) {
		throw new ItemError({ ...unusable, error: errorOf(unusable.plan), results: [] });
	}
	const purchases = units.flatMap(({ plan }) =>
		'result' in plan && plan.result.purchase ? [plan.result.purchase] : [],
	);
	enforceSpendingCap(
		purchases.map(({ maxPrice }) => maxPrice),
		limits.maxCostUsd,
	);

	const settled = await mapSettled(units, limits.concurrency, async ({ plan, itemIndex }) => {
		if ('error' in plan) throw plan.error;
		return await executePlan(run, plan.result, itemIndex);
	});
	const results = settled.map((outcome, index): UnitResult => {
		const { itemIndex, unit, plan } = units[index]!;
		const outputs = 'result' in outcome ? outcome.result : [errorOf(outcome)];
		return { itemIndex, unit, purchase: 'result' in plan ? plan.result.purchase : undefined, outputs };
	});
	tellWhatHappened(run, results);
	const failed = decisiveFailure(run, results);
	if (failed && !execution.continueOnFail()) throw failed;
	return results;
}

async function planAll(run: Run, indexes: number[], operations: Operations, concurrency: number): Promise<Unit[]> {
	const breather = new Breather(run.ports);
	const planned = await mapSettled(indexes, concurrency, async (index) => {
		return await breather.share(async () => await planItem(run, operations, index));
	});
	return planned.flatMap((outcome, itemIndex): Unit[] =>
		'error' in outcome
			? [{ itemIndex, unit: 0, plan: outcome }]
			: outcome.result.map((plan, unit) => ({ itemIndex, unit, plan: { result: plan } })),
	);
}

async function planItem(run: Run, operations: Operations, index: number): Promise<Plan[]> {
	try {
		const parameters = new ParameterReader(run.execution, index);
		const plan = await findOperation(operations, parameters).plan({
			index,
			parameters,
			run,
			tools: run.toolsFor(index),
		});
		return [plan].flat();
	} catch (error) {
		throw toGenerationError(error, 'no');
	}
}

function findOperation(operations: Operations, parameters: ParameterReader): Operation {
	const name = [parameters.text('resource'), parameters.text('operation')].filter((part) => part !== '').join('.');
	if (Object.hasOwn(operations, name)) return operations[name]!;
	throw new GenerationError('invalidInput', `There is no operation "${name}" in this version of the node`, {
		hint: 'Choose the operation again, or update the package.',
	});
}

async function executePlan(run: Run, plan: Plan, itemIndex: number): Promise<Array<Output | GenerationError>> {
	try {
		return await plan.execute();
	} catch (error) {
		throw stopBuyingAfter(run, await adviseOnModel(toGenerationError(error), run, itemIndex, plan.purchase?.makes));
	}
}

/** After a refusal that concerns the account nothing further is submitted. */
function stopBuyingAfter(run: Run, error: GenerationError): GenerationError {
	if (error.concernsAccount && error.jobId === undefined) run.stopBuying ??= error;
	return error;
}

/** The one error of a run that stops: what stopped the buying, else the first; not what was held back because of it. */
function decisiveFailure(run: Run, results: UnitResult[]): ItemError | undefined {
	const failures = results.flatMap(({ itemIndex, unit, outputs }) =>
		outputs.filter(isError).map((error) => ({ error, itemIndex, unit, results })),
	);
	const decisive = failures.find(({ error }) => error === run.stopBuying) ?? failures[0];
	return decisive && new ItemError(decisive);
}

function isError(output: Output | GenerationError): output is GenerationError {
	return output instanceof GenerationError;
}

function errorOf(settled: Settled<unknown>): GenerationError {
	return toGenerationError('error' in settled ? settled.error : undefined);
}

interface RunLimits extends NodeDefaults {
	maxCostUsd: number;
}

/** Limits hold for the run as a whole, so the first item's settings count. */
function readLimits(parameters: ParameterReader, items: number, defaults: NodeDefaults): RunLimits {
	if (items === 0) return { ...defaults, maxCostUsd: 0 };
	return {
		concurrency: parameters.optionNumber('concurrency', 'Concurrency', defaults.concurrency, 1),
		requestsPerMinute: parameters.optionNumber('requestsPerMinute', 'Requests per Minute', defaults.requestsPerMinute),
		maxCostUsd: parameters.optionAmount('maxCost', 'Max Cost (USD)'),
	};
}

/** An item's error on its way out of the run, with what became of the other units. */
class ItemError extends Error {
	constructor(readonly failed: FailedUnit) {
		super('An item failed');
	}
}

function asNodeError(execution: IExecuteFunctions, thrown: unknown, run: Run | undefined): Error {
	const failed: FailedUnit =
		thrown instanceof ItemError
			? thrown.failed
			: { error: toGenerationError(thrown), itemIndex: 0, unit: 0, results: [] };
	const { error } = failed;
	const itemIndex = thrown instanceof ItemError ? failed.itemIndex : undefined;
	const others = run ? describePaidWork(run, failed) : { inMessage: '', inDescription: '' };
	return toNodeError(execution.getNode(), run ? redactError(error, run.redact) : error, itemIndex, others);
}

function toItems({ itemIndex, outputs }: UnitResult, run: Run | undefined): INodeExecutionData[] {
	const redact = run?.redact ?? ((text: string) => text);
	const pairedItem = { item: itemIndex };
	return outputs.map((output) =>
		isError(output)
			? { json: toFailedJson(redactError(output, redact)), pairedItem }
			: { json: redactJson(output.json, redact), binary: output.binary, pairedItem },
	);
}
