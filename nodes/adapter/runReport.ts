import type { IDataObject } from 'n8n-workflow';

import type { Settled } from '../core/concurrency';
import { formatUsd, sumUsd, type Price } from '../core/cost';
import { GenerationError } from '../core/errors';
import { isObject } from '../core/json';
import { toGenerationError } from './nodeErrors';
import type { Run } from './run';
import type { Output, Plan } from './operation';

const JOBS_IN_MESSAGE = 3;
const JOBS_IN_DESCRIPTION = 50;

/** An error without the secrets that a server may have echoed in it. */
export function redactError(error: GenerationError, run: Run | undefined): GenerationError {
	if (!run) return error;
	const { kind, message, hint, billed, serverMessage, status, requestId, jobId, cause } = error;
	return new GenerationError(kind, run.redact(message), {
		hint: run.redact(hint),
		serverMessage: serverMessage === undefined ? undefined : run.redact(serverMessage),
		billed,
		status,
		requestId,
		jobId,
		cause,
	});
}

/** What the next node works with must stay as it is, whatever it looks like. */
const NEVER_REDACTED = new Set(['jobId', 'url', 'fileUrl', 'remixedFromJobId']);

/** An item's json without the secrets that a server may have echoed in its texts. */
export function redactJson(json: IDataObject, run: Run | undefined): IDataObject {
	if (!run) return json;
	const clean = (value: unknown, name: string): unknown => {
		if (typeof value === 'string') return NEVER_REDACTED.has(name) ? value : run.redact(value);
		if (Array.isArray(value)) return value.map((entry) => clean(entry, name));
		if (!isObject(value)) return value;
		return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, clean(entry, key)]));
	};
	return clean(json, '') as IDataObject;
}

/** Which jobs of the other items were paid for, for the one error of a run that stops; all of them go to the log. */
export function describePaidJobs(run: Run, failedItem: number): { inMessage: string; inDescription: string } {
	const paid = [...run.jobs].filter(([, { itemIndex, state }]) => itemIndex !== failedItem && state !== 'ended');
	const jobIds = paid.map(([jobId]) => jobId);
	if (jobIds.length === 0) return { inMessage: '', inDescription: '' };
	run.execution.logger.warn('The run stopped; these jobs were paid for', { jobIds });
	const more = jobIds.length > JOBS_IN_MESSAGE ? ` and ${jobIds.length - JOBS_IN_MESSAGE} more` : '';
	const listed = jobIds.slice(0, JOBS_IN_DESCRIPTION).join(', ');
	return {
		inMessage: ` (item ${failedItem}; jobs of other items were paid: ${jobIds.slice(0, JOBS_IN_MESSAGE).join(', ')}${more})`,
		inDescription: `Paid jobs of the other items: ${listed}. Use Wait for Video Job with these IDs to get their files.`,
	};
}

/** After a run: one line on what was bought, every hint once, and the jobs that a stop leaves behind. */
export function tellWhatHappened(run: Run, plans: Array<Settled<Plan>>, settled: Array<Settled<Output[]>>): void {
	const errors = settled.flatMap((result) => ('error' in result ? [toGenerationError(result.error)] : []));
	if (run.execution.getExecutionCancelSignal()?.aborted) logOpenJobs(run, errors);
	const prices = plans.flatMap((plan, index) => {
		const isDone = 'result' in settled[index]!;
		return isDone && 'result' in plan && plan.result.purchase ? [plan.result.purchase.price] : [];
	});
	const isPurchase = plans.some((plan) => 'result' in plan && plan.result.purchase);
	const parts = [describeSum(prices), describeFailures(errors)].filter((part) => part !== '');
	if (isPurchase && parts.length > 0) run.hints.add(parts.join('; '));
	for (const message of run.hints)
		run.execution.addExecutionHints({ message: run.redact(message), location: 'outputPane' });
}

function describeSum(prices: Price[]): string {
	if (prices.length === 0) return '';
	const videos = prices.length === 1 ? '1 video' : `${prices.length} videos`;
	const sum = formatUsd(sumUsd(prices));
	return prices.some((price) => 'unknown' in price)
		? `${videos}, at least ${sum} (some prices are not known)`
		: `${videos}, about ${sum}`;
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
