import { settle } from '../concurrency';
import { GenerationError } from '../errors';
import type { LedgerEntry, UnitBook } from '../ledger';
import type { HttpRequest, HttpResult, Ports, RequestBody } from '../ports';
import { LONGEST_PAUSE_MS, maySendAgain } from '../retry';
import { atLeastMaybe, pauseBeforeRepeat, type SubmissionGate, type SubmitLimits } from '../submitting';
import { readCreateAnswer, uncertain, type Submission } from './createAnswer';
import { describeSearch, findSubmitted, type SearchResult, type SearchTools } from './findSubmitted';
import type { Job } from './job';
import type { OpenSubmission, SubmissionFacts } from './reconcile';

/** What to buy, and where it is bought: `/videos`, or `/videos/{id}/remix`. */
export interface Order {
	path: string;
	body: RequestBody;
	limits: SubmitLimits;
	/** What the job is for, to find it in a list. */
	facts: SubmissionFacts;
}

/** What a submission works with. */
export interface SubmitTools extends SearchTools {
	ports: Ports;
	gate: SubmissionGate;
	book: UnitBook;
}

/** An order on its way: what is known of its tries so far. */
interface Attempt {
	order: Order;
	request: string;
	submission: OpenSubmission;
	/** Tries of which nobody knows whether the server took them, those of earlier node runs included. */
	uncertainTries: number;
}

/**
 * Buys a job. Sent again only where that cannot cost twice, or as often as `retryUncertain` allows. A submission without
 * a readable answer is looked for in the server's list first; while that shows jobs with the same prompt that nobody
 * owns, nothing is sent. A refusal because too many jobs run does not count: the
 * order waits until one of the run's own has ended.
 * @param request the order's fingerprint
 * @param earlier a submission of an earlier try of this node of which nobody knows whether it was taken
 * Throws GenerationError; `submissionUncertain` when the server may have taken it.
 */
export async function submitOrder(
	order: Order,
	request: string,
	tools: SubmitTools,
	earlier?: LedgerEntry,
): Promise<Submission> {
	const { ports, submissions } = tools;
	const attempt: Attempt = {
		order,
		request,
		submission: submissions.begin(
			order.facts,
			ports.now(),
			earlier && { id: earlier.submissionId, sentAtMs: earlier.submittedAtMs },
		),
		uncertainTries: earlier?.uncertainTries ?? 0,
	};
	const outcome = await settle(earlier ? searchAgain(attempt, tools) : trySubmitting(attempt, tools));
	if ('result' in outcome) {
		submissions.know(outcome.result.job.id, ports.now());
		submissions.settle(attempt.submission);
		return outcome.result;
	}
	// What nobody knows stays open: no other submission may take its job for its own.
	if (attempt.uncertainTries === 0) submissions.settle(attempt.submission);
	const { error } = outcome;
	// What may have been bought before stays so, whatever ended the tries.
	throw error instanceof GenerationError && attempt.uncertainTries > 0 ? atLeastMaybe(error) : error;
}

/** Takes up a submission that was left uncertain: it may be listed by now, or the user allows another one. */
async function searchAgain(attempt: Attempt, tools: SubmitTools): Promise<Submission> {
	const found = await search(attempt, tools);
	if (found.job) return { job: found.job };
	const mayRepeat = !found.areLikely && attempt.uncertainTries <= attempt.order.limits.retryUncertain;
	if (mayRepeat) return await trySubmitting(attempt, tools);
	throw uncertain(
		'It is still not known whether the server took the job that an earlier try of this execution submitted. It was not submitted again',
		{ hint: `${describeSearch(found)} A new execution submits it anew.` },
	);
}

async function trySubmitting(attempt: Attempt, tools: SubmitTools): Promise<Submission> {
	const { ports, gate, book } = tools;
	const { limits, path, body } = attempt.order;
	const request: HttpRequest = { kind: 'create', method: 'POST', url: path, body, timeoutMs: limits.timeoutMs };
	let isLikelyListed = false;
	for (let tries = 0; ; ) {
		await gate.enter();
		if (attempt.uncertainTries === 0) attempt.submission.sentAtMs = ports.now();
		const result = await ports.http(request);
		const outcome = await readCreateAnswer(result, tools.api.dialect);
		if ('job' in outcome) {
			if (attempt.uncertainTries > 0) tellPerhapsPaidTwice(outcome, attempt.uncertainTries, ports);
			return outcome;
		}
		let { error } = outcome;
		if (error.kind === 'tooManyRunningJobs' && (await gate.oneJobEnded())) continue;
		if (error.billed === 'maybe') {
			attempt.uncertainTries++;
			book.bought({
				request: attempt.request,
				submittedAtMs: attempt.submission.sentAtMs,
				submissionId: attempt.submission.id,
				uncertainTries: attempt.uncertainTries,
			});
		}
		if (error.kind === 'cancelled') throw tellUncertainAtCancel(attempt, error, ports);
		if (error.kind === 'submissionUncertain') {
			const found = await search(attempt, tools);
			if (found.job) return { job: found.job, requestId: error.requestId };
			error = withSearch(error, found);
			isLikelyListed = found.areLikely;
		}
		const pauseMs = pauseBeforeRepeat(result, tries, ports);
		const mayRepeat = isFree(result, error)
			? tries < limits.maxRetries
			: error.kind === 'submissionUncertain' && !isLikelyListed && attempt.uncertainTries <= limits.retryUncertain;
		if (!mayRepeat || pauseMs > LONGEST_PAUSE_MS) throw error;
		tries++;
		await ports.sleep(pauseMs);
	}
}

async function search(attempt: Attempt, tools: SubmitTools): Promise<SearchResult> {
	const found = await settle(findSubmitted(attempt.submission, tools));
	if ('result' in found) {
		const result = withoutRivals(found.result, attempt, tools);
		if (result.job) claim(result.job, tools);
		return result;
	}
	throw found.error instanceof GenerationError && found.error.kind === 'cancelled'
		? tellUncertainAtCancel(attempt, found.error, tools.ports)
		: found.error;
}

/** From now on the job is somebody's: no other submission finds it. */
function claim(job: Job & { id: string }, { submissions, ports }: SubmitTools): void {
	submissions.know(job.id, ports.now());
	ports.onEvent({
		level: 'info',
		message: `The server did take the job whose submission was not answered: ${job.id}`,
		details: { jobId: job.id },
	});
}

/** An equal order of an earlier try may have made the job as well, though its item has not come to ask for it yet. */
function withoutRivals(found: SearchResult, { request }: Attempt, { book }: SubmitTools): SearchResult {
	return found.job && book.hasRival(request) ? { ...found, job: undefined } : found;
}

/** Whether a repeat certainly costs nothing. `serverFailure` only arises where the dialect documents it as free. */
function isFree(result: HttpResult, error: GenerationError): boolean {
	if (error.kind === 'insufficientBalance') return false;
	return error.kind === 'serverFailure' || maySendAgain('create', result);
}

function tellPerhapsPaidTwice({ job }: Submission, uncertainTries: number, ports: Ports): void {
	ports.onEvent({
		level: 'warn',
		message: `Video job ${job.id} was submitted after ${uncertainTries} uncertain tries: it may have been paid for more than once. Compare with Get Many or the console of the server`,
		details: { jobId: job.id, uncertainTries },
	});
}

/** n8n keeps nothing of a node that is stopped: the log is the only place that can tell. */
function tellUncertainAtCancel(attempt: Attempt, error: GenerationError, ports: Ports): GenerationError {
	const { facts, sentAtMs } = attempt.submission;
	ports.onEvent({
		level: 'warn',
		message: 'Submission uncertain at cancel: the server may have taken a job. Look for it with Get Many',
		details: { prompt: facts.prompt.slice(0, 80), submittedAt: new Date(sentAtMs).toISOString() },
	});
	error.billed = 'maybe';
	return error;
}

/** An uncertain submission, with what the list told of it. */
function withSearch(error: GenerationError, found: SearchResult): GenerationError {
	const { message, serverMessage, observed, status, requestId } = error;
	return uncertain(message, { serverMessage, observed, status, requestId, hint: describeSearch(found) });
}
