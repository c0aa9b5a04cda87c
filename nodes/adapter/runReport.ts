import { formatRoughUsd, sumUsd, type Price } from '../core/cost';
import { GenerationError } from '../core/errors';
import { readKeptFailure } from '../core/image/delivery';
import { isOutput, type Output, type Purchase } from './operation';
import { describeResults } from './resultHints';
import type { Run } from './run';

const JOBS_IN_MESSAGE = 3;
/** How many of anything a description lists. */
const LISTED = 50;

/** What came of one unit of a run. */
export interface UnitResult {
	itemIndex: number;
	/** Which of the item's units, from 0. */
	unit: number;
	purchase?: Purchase;
	outputs: Array<Output | GenerationError>;
}

/** The unit whose error a run ends with. */
export interface FailedUnit {
	error: GenerationError;
	itemIndex: number;
	unit: number;
	/** What came of all units of the run. */
	results: UnitResult[];
}

/**
 * What the other units have paid for, or perhaps did, for the one error of a run that stops: nothing else of them comes
 * out. All of it goes to the log.
 */
export function describePaidWork(run: Run, failed: FailedUnit): { inMessage: string; inDescription: string } {
	const jobIds = [...run.jobs]
		.filter(([, { itemIndex, state }]) => itemIndex !== failed.itemIndex && state !== 'ended')
		.map(([jobId]) => jobId);
	const answers = run.ledger.entries().filter((entry) => {
		const isOther = entry.itemIndex !== failed.itemIndex || entry.unit !== failed.unit;
		const hasResult = entry.delivery !== undefined && readKeptFailure(entry.delivery) === undefined;
		return isOther && entry.jobId === undefined && hasResult;
	});
	const failures = costlyFailures(failed).filter(({ error }) => !jobIds.includes(error.jobId ?? ''));
	const inMessage: string[] = [];
	const inDescription: string[] = [];
	if (jobIds.length > 0) {
		const more = jobIds.length > JOBS_IN_MESSAGE ? ` and ${jobIds.length - JOBS_IN_MESSAGE} more` : '';
		inMessage.push(`jobs of other items were paid: ${jobIds.slice(0, JOBS_IN_MESSAGE).join(', ')}${more}`);
		inDescription.push(
			`Paid jobs of the other items: ${jobIds.slice(0, LISTED).join(', ')}. Wait for Video Job fetches them with these IDs.`,
		);
	}
	if (answers.length > 0) {
		const areSiblings = answers.every(({ itemIndex }) => itemIndex === failed.itemIndex);
		inMessage.push(areSiblings ? 'other requests of this item were paid for' : 'other items were paid for');
		inDescription.push(`Answers that were paid for besides this one: ${answers.length} (${itemsOf(answers)}).`);
	}
	if (jobIds.length + answers.length > 0) inDescription.push(TAKEN_UP);
	if (failures.length > 0) {
		inMessage.push(`${failures.length} more failed and may have been billed`);
		const told = failures.slice(0, LISTED).map(({ itemIndex, error }) => `item ${itemIndex}: ${error.message}`);
		inDescription.push(`Also failed, and billed or possibly billed: ${told.join('; ')}.`);
	}
	if (inMessage.length === 0) return { inMessage: '', inDescription: '' };
	run.execution.logger.warn('The run stopped; this was paid for, or perhaps was', {
		jobIds,
		answers: answers.map(({ itemIndex, unit, requestId }) => ({ itemIndex, unit, requestId })),
		failures: failures.map(({ itemIndex, error }) => ({ itemIndex, message: run.redact(error.message) })),
	});
	return {
		inMessage: ` (item ${failed.itemIndex}; ${inMessage.join('; ')})`,
		inDescription: run.redact(inDescription.join(' ')),
	};
}

/** Errors of other units after which money may be gone. */
function costlyFailures({
	error: decisive,
	results,
}: FailedUnit): Array<{ itemIndex: number; error: GenerationError }> {
	return results.flatMap(({ itemIndex, outputs }) =>
		outputs
			.filter((output) => output instanceof GenerationError)
			.filter((error) => error !== decisive && error.billed !== 'no')
			.map((error) => ({ itemIndex, error })),
	);
}

/** `items 0, 1, 2`. */
function itemsOf(places: Array<{ itemIndex: number }>): string {
	const indexes = [...new Set(places.map(({ itemIndex }) => itemIndex))];
	return `${indexes.length === 1 ? 'item' : 'items'} ${indexes.slice(0, LISTED).join(', ')}`;
}

const TAKEN_UP =
	'Retry On Fail, or Retry on this execution in the Executions list, takes up what was paid for without paying again; a new execution buys again.';

/** After a run: one line on what was bought, every hint once, and the jobs that a stop leaves behind. */
export function tellWhatHappened(run: Run, results: UnitResult[]): void {
	const errors = results.flatMap(({ outputs }) => outputs.filter((output) => output instanceof GenerationError));
	if (run.execution.getExecutionCancelSignal()?.aborted) logOpenJobs(run, errors);
	const bought = results.filter(({ purchase }) => purchase !== undefined);
	const parts = [...describeSums(bought), describeFailures(errors)].filter((part) => part !== '');
	if (bought.length > 0 && parts.length > 0) run.hints.add(parts.join('; '));
	for (const message of describeResults(run.server, results)) run.hints.add(message);
	for (const message of run.hints)
		run.execution.addExecutionHints({ message: run.redact(message), location: 'outputPane' });
}

/** `7 videos, about $5.60`, and apart from them those that an earlier try had paid for. */
function describeSums(results: UnitResult[]): string[] {
	const made = results.filter(({ outputs }) => outputs.some(isOutput));
	const resumed = made.filter(({ outputs }) =>
		outputs.some((output) => isOutput(output) && output.json.resumed === true),
	);
	const parts = [describeSum(made.filter((result) => !resumed.includes(result)))];
	if (resumed.length > 0) parts.push(`${count(resumed)} taken up, paid for by an earlier try`);
	return parts;
}

function describeSum(results: UnitResult[]): string {
	if (results.length === 0) return '';
	const prices = results.map(priceOf);
	const sum = formatRoughUsd(sumUsd(prices));
	if (prices.every((price) => 'unknown' in price)) return `${count(results)}, price not known`;
	return prices.some((price) => 'unknown' in price)
		? `${count(results)}, at least ${sum} (some prices are not known)`
		: `${count(results)}, about ${sum}`;
}

/** What the items say that they cost, where all of them say it; else what was estimated. */
function priceOf({ purchase, outputs }: UnitResult): Price {
	const costs = outputs.map((output) => (isOutput(output) ? output.json.costUsd : undefined));
	const known = costs.filter((usd) => typeof usd === 'number');
	return known.length === costs.length ? { usd: known.reduce((sum, usd) => sum + usd, 0) } : purchase!.price;
}

function count(results: UnitResult[]): string {
	const number = results.flatMap(({ outputs }) => outputs.filter(isOutput)).length;
	return `${number} ${results[0]!.purchase!.makes}${number === 1 ? '' : 's'}`;
}

function describeFailures(errors: GenerationError[]): string {
	if (errors.length === 0) return '';
	const costly = errors.filter((error) => error.billed !== 'no').length;
	return costly === 0
		? `${errors.length} failed, not billed`
		: `${errors.length} failed (billed or possibly billed: ${costly})`;
}

function logOpenJobs(run: Run, errors: GenerationError[]): void {
	for (const [jobId, { state, prompt }] of run.jobs) {
		if (state !== 'open') continue;
		run.ports.onEvent({
			level: 'info',
			message: `Video job ${jobId} goes on at the server after the stop. Use Wait for Video Job with this ID`,
			details: { jobId, prompt: prompt.slice(0, 80) },
		});
	}
	for (const error of errors) {
		if (error.jobId !== undefined || error.billed === 'no') continue;
		run.ports.onEvent({ level: 'warn', message: error.message, details: { hint: error.hint } });
	}
}
