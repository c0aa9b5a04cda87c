import { formatUsd, sumUsd, type Price } from '../core/cost';
import { GenerationError } from '../core/errors';
import type { Output, Purchase } from './operation';
import type { Run } from './run';

const JOBS_IN_MESSAGE = 3;
const JOBS_IN_DESCRIPTION = 50;

/** What other items have paid for, for the one error of a run that stops; all jobs go to the log. */
export function describePaidWork(run: Run, failedItem: number): { inMessage: string; inDescription: string } {
	const jobIds = [...run.jobs]
		.filter(([, { itemIndex, state }]) => itemIndex !== failedItem && state !== 'ended')
		.map(([jobId]) => jobId);
	const images = run.ledger.entries().filter(({ itemIndex, jobId, delivery }) => {
		return itemIndex !== failedItem && jobId === undefined && delivery !== undefined;
	}).length;
	if (jobIds.length > 0) {
		run.execution.logger.warn('The run stopped; these jobs were paid for', { jobIds });
		const more = jobIds.length > JOBS_IN_MESSAGE ? ` and ${jobIds.length - JOBS_IN_MESSAGE} more` : '';
		const listed = jobIds.slice(0, JOBS_IN_DESCRIPTION).join(', ');
		return {
			inMessage: ` (item ${failedItem}; jobs of other items were paid: ${jobIds.slice(0, JOBS_IN_MESSAGE).join(', ')}${more})`,
			inDescription: `Paid jobs of the other items: ${listed}. ${TAKEN_UP} Or use Wait for Video Job with these IDs.`,
		};
	}
	if (images === 0) return { inMessage: '', inDescription: '' };
	return {
		inMessage: ` (item ${failedItem}; other items were paid for)`,
		inDescription: `Items that were paid for besides this one: ${images}. ${TAKEN_UP}`,
	};
}

const TAKEN_UP =
	'Retry On Fail, or Retry on this execution in the Executions list, takes them up without paying again; a new execution buys again.';

/** What came of one unit of a run. */
export interface UnitResult {
	purchase?: Purchase;
	outputs: Array<Output | GenerationError>;
}

/** After a run: one line on what was bought, every hint once, and the jobs that a stop leaves behind. */
export function tellWhatHappened(run: Run, results: UnitResult[]): void {
	const errors = results.flatMap(({ outputs }) => outputs.filter((output) => output instanceof GenerationError));
	if (run.execution.getExecutionCancelSignal()?.aborted) logOpenJobs(run, errors);
	const bought = results.filter(({ purchase }) => purchase !== undefined);
	const parts = [...describeSums(bought), describeFailures(errors)].filter((part) => part !== '');
	if (bought.length > 0 && parts.length > 0) run.hints.add(parts.join('; '));
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
	const sum = formatUsd(sumUsd(prices));
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

function isOutput(output: Output | GenerationError): output is Output {
	return !(output instanceof GenerationError);
}

function describeFailures(errors: GenerationError[]): string {
	if (errors.length === 0) return '';
	const costly = errors.filter((error) => error.billed !== 'no').length;
	return costly === 0
		? `${errors.length} failed, not billed`
		: `${errors.length} failed, ${costly} of them billed or perhaps billed`;
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
