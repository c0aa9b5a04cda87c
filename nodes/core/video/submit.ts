import type { Dialect } from '../dialects';
import { GenerationError, type Billed } from '../errors';
import { isObject, parseJson, readPath } from '../json';
import type { HttpRequest, HttpResult, NoResponse, Ports, RequestBody } from '../ports';
import { backoffMs, LONGEST_PAUSE_MS, maySendAgain, parseRetryAfter } from '../retry';
import { errorFromAnswer, requestIdOf } from '../serverErrors';
import { readJob, type Job } from './job';
import { cancelled, describeAnswer, isSuccess, withoutAnswer } from './answers';

/** What to buy, and where it is bought: `/videos`, or `/videos/{id}/remix`. */
export interface Order {
	path: string;
	body: RequestBody;
	limits: SubmitLimits;
	/** For the log: what the job is for. */
	prompt: string;
}

export interface SubmitLimits {
	timeoutMs: number;
	/** How often a create may be sent again when it certainly was not bought. */
	maxRetries: number;
	/** How often it may be sent again when it perhaps was: the user's own risk. */
	retryUncertain: number;
}

/** What stands between an order and the server: rate limits, and what the other items of the run have learned. */
export interface SubmissionGate {
	/** Waits for its turn before each request. Throws GenerationError when nothing may be submitted any more. */
	enter(): Promise<void>;
	/** Waits until one of the run's own jobs has ended; false at once when none is open. */
	oneJobEnded(): Promise<boolean>;
}

export interface SubmitTools {
	api: { dialect: Dialect };
	ports: Ports;
	gate: SubmissionGate;
}

/** A job that was bought, and the request under which the server's support finds it. */
export interface Submission {
	job: Job & { id: string };
	requestId?: string;
}

type Outcome = Submission | { error: GenerationError };

/**
 * Buys a job. Sent again only where that cannot cost twice, or as often as `retryUncertain` allows. A refusal because
 * too many jobs run does not count: the order waits until one of the run's own has ended.
 * Throws GenerationError; `submissionUncertain` when the server may have taken it.
 */
export async function submitOrder(order: Order, tools: SubmitTools): Promise<Submission> {
	const { ports, gate } = tools;
	const { limits } = order;
	const request: HttpRequest = {
		kind: 'create',
		method: 'POST',
		url: order.path,
		body: order.body,
		timeoutMs: limits.timeoutMs,
	};
	let uncertainTries = 0;
	for (let attempt = 0; ; ) {
		await gate.enter();
		const result = await ports.http(request);
		const outcome = await readOutcome(result, tools.api.dialect);
		if ('job' in outcome) {
			if (uncertainTries > 0) tellPerhapsPaidTwice(outcome, uncertainTries, ports);
			return outcome;
		}
		const { error } = outcome;
		if (error.kind === 'tooManyRunningJobs' && (await gate.oneJobEnded())) continue;
		const pauseMs = pauseBeforeRepeat(result, attempt, ports);
		const mayRepeat = isFree(result, error)
			? attempt < limits.maxRetries
			: error.kind === 'submissionUncertain' && uncertainTries < limits.retryUncertain;
		// What may have been bought before stays so, whatever the last answer was.
		if (!mayRepeat || pauseMs > LONGEST_PAUSE_MS) throw uncertainTries > 0 ? atLeastMaybe(error) : error;
		if (error.kind === 'submissionUncertain') uncertainTries++;
		attempt++;
		await ports.sleep(pauseMs);
	}
}

/** Whether a repeat certainly costs nothing. `serverFailure` only arises where the dialect documents it as free. */
function isFree(result: HttpResult, error: GenerationError): boolean {
	if (error.kind === 'insufficientBalance') return false;
	return error.kind === 'serverFailure' || maySendAgain('create', result);
}

function pauseBeforeRepeat(result: HttpResult, attempt: number, ports: Ports): number {
	const asked = result.outcome === 'response' ? parseRetryAfter(result.headers, ports.now()) : undefined;
	return asked ?? backoffMs(attempt, ports.random());
}

function atLeastMaybe(error: GenerationError): GenerationError {
	const atLeast: Billed = 'maybe';
	if (error.billed === 'no') error.billed = atLeast;
	return error;
}

function tellPerhapsPaidTwice({ job }: Submission, uncertainTries: number, ports: Ports): void {
	ports.onEvent({
		level: 'warn',
		message: `Video job ${job.id} was submitted after ${uncertainTries} uncertain tries: it may have been paid for more than once. Compare with Get Many or the console of the server`,
		details: { jobId: job.id, uncertainTries },
	});
}

async function readOutcome(result: HttpResult, dialect: Dialect): Promise<Outcome> {
	if (result.outcome === 'noResponse') return { error: submissionWithoutAnswer(result) };
	const { text, problem } = await result.body.text();
	const parsed = parseJson(text);
	const requestId = requestIdOf(result.headers);
	const isRefusal = readPath(parsed, 'error') && readJob(parsed).statusWord === undefined;
	if (isSuccess(result.status) && !isRefusal) {
		const job = readJob(parsed);
		const id = job.id ?? (problem ? idInHalfAJson(text) : undefined);
		if (id !== undefined) return { job: { ...job, id }, requestId };
		return {
			error: uncertain(describeAnswer(result, text), { requestId, serverMessage: text.slice(0, 300) || undefined }),
		};
	}
	const error = errorFromAnswer(result, text, dialect.hints);
	const isAmbiguous = [408, 409].includes(result.status) || result.status >= 500 || isSuccess(result.status);
	const isDocumentedAsFree = result.status >= 500 && dialect.serverErrorsAreFree && isObject(parsed);
	if (!isAmbiguous || isDocumentedAsFree || maySendAgain('create', result)) return { error };
	const { serverMessage } = error;
	return {
		error: uncertain(describeAnswer(result, text), {
			requestId: error.requestId,
			serverMessage,
			status: result.status,
		}),
	};
}

/** The connection broke after the id had come: it must not be lost. */
function idInHalfAJson(text: string): string | undefined {
	return /"(?:id|task_id)"\s*:\s*"([^"\\]+)"/.exec(text)?.[1];
}

function uncertain(
	what: string,
	details: { requestId?: string; serverMessage?: string; status?: number } = {},
): GenerationError {
	return new GenerationError(
		'submissionUncertain',
		`It is not known whether the server took the job: it answered with ${what}`,
		details,
	);
}

function submissionWithoutAnswer(result: NoResponse): GenerationError {
	if (result.certainlyNotSent) return withoutAnswer(result);
	if (result.code === 'CANCELLED') {
		return cancelled(
			'The execution was stopped while a job was being submitted: it is not known whether the server took it',
			'maybe',
		);
	}
	return new GenerationError(
		'submissionUncertain',
		'It is not known whether the server took the job: the connection ended without an answer',
		{ serverMessage: result.message },
	);
}
