import type { Dialect } from '../dialects';
import { GenerationError } from '../errors';
import { isObject, parseJson, readPath } from '../json';
import type { HttpRequest, HttpResponse, HttpResult, Ports, RequestBody } from '../ports';
import { backoffMs, LONGEST_PAUSE_MS, maySendAgain, parseRetryAfter, sendWithRetry } from '../retry';
import { errorFromAnswer, requestIdOf } from '../serverErrors';
import { readJob, type Job } from './job';
import type { Observation } from './waiting';

/** A job that was bought, and the request under which the server's support finds it. */
export interface Submission {
	job: Job & { id: string };
	requestId?: string;
}

export interface SubmitLimits {
	timeoutMs: number;
	/** How often a create may be sent again when it certainly was not bought. */
	maxRetries: number;
	/** How often it may be sent again when it perhaps was: the user's own risk. */
	retryUncertain: number;
}

export type ContentVariant = 'video' | 'thumbnail' | 'spritesheet';

/** A look at a job: what it means for the waiting, and the job or the refusal itself. */
export interface Look {
	observation: Observation;
	job?: Job;
	refusal?: GenerationError;
	requestId?: string;
}

const READ_TIMEOUT_MS = 30_000;
const CONTENT_TIMEOUT_MS = 120_000;
const READ_RETRIES = 2;
const PAGE_SIZE = 100;

/** Path of one job; ids may hold `:`, `=`, `+` and `/` (wire facts 2.1), so they are encoded. */
export function jobPath(jobId: string, suffix = ''): string {
	return `/videos/${encodeURIComponent(jobId)}${suffix}`;
}

/**
 * The Videos API of OpenAI's last documented state (wire facts 1), as many servers speak it. One method for each
 * call; none of them waits for a job.
 */
export class VideosApi {
	constructor(
		private readonly ports: Ports,
		readonly dialect: Dialect,
	) {}

	/**
	 * Buys a job: `POST /videos`, or `POST /videos/{id}/remix`.
	 * Sent again only where that cannot cost twice, or as often as `retryUncertain` allows.
	 * Throws GenerationError; `submissionUncertain` when the server may have taken it.
	 */
	async submit(path: string, body: RequestBody, limits: SubmitLimits): Promise<Submission> {
		const request: HttpRequest = { kind: 'create', method: 'POST', url: path, body, timeoutMs: limits.timeoutMs };
		let uncertainLeft = limits.retryUncertain;
		for (let attempt = 0; ; attempt++) {
			const result = await this.ports.http(request);
			const outcome = await this.readSubmission(result);
			if ('job' in outcome) return outcome;

			const { error } = outcome;
			const isFree = error.kind === 'serverFailure' || maySendAgain('create', result);
			const canRepeat = isFree && error.kind !== 'insufficientBalance' && attempt < limits.maxRetries;
			const mayPayTwice = error.kind === 'submissionUncertain' && uncertainLeft > 0;
			const asked = result.outcome === 'response' ? parseRetryAfter(result.headers, this.ports.now()) : undefined;
			const isTooLong = asked !== undefined && asked > LONGEST_PAUSE_MS;
			if ((!canRepeat && !mayPayTwice) || isTooLong) throw error;
			if (mayPayTwice) uncertainLeft--;
			await this.ports.sleep(asked ?? backoffMs(attempt, this.ports.random()));
		}
	}

	private async readSubmission(result: HttpResult): Promise<Submission | { error: GenerationError }> {
		if (result.outcome === 'noResponse') return { error: submissionWithoutAnswer(result) };
		const { text, problem } = await result.body.text();
		const parsed = problem ? undefined : parseJson(text);
		const requestId = requestIdOf(result.headers);
		if (isSuccess(result.status)) {
			const job = readJob(parsed);
			if (job.id) return { job: { ...job, id: job.id }, requestId };
			if (readPath(parsed, 'error') === undefined)
				return { error: uncertain(describeAnswer(result, text), { requestId }) };
		}
		const answer = { status: result.status, headers: result.headers, bodyText: text };
		const error = errorFromAnswer(answer, this.dialect.hints);
		const isAmbiguous =
			result.status === 408 || result.status === 409 || result.status >= 500 || isSuccess(result.status);
		if (!isAmbiguous) return { error };
		if (result.status >= 500 && this.dialect.serverErrorsAreFree && isObject(parsed)) return { error };
		if (maySendAgain('create', result)) return { error };
		return {
			error: uncertain(describeAnswer(result, text), {
				requestId: error.requestId,
				serverMessage: error.serverMessage,
				status: result.status,
			}),
		};
	}

	/** One look at a job: `GET /videos/{id}`. A look that fails is an observation, not an error. */
	async look(jobId: string): Promise<Look> {
		const result = await this.ports.http({
			kind: 'poll',
			method: 'GET',
			url: jobPath(jobId),
			timeoutMs: READ_TIMEOUT_MS,
		});
		if (result.outcome === 'noResponse') {
			if (result.code === 'CANCELLED') throw cancelled();
			return { observation: { kind: 'noAnswer', label: result.code } };
		}
		const { text, problem } = await result.body.text();
		const parsed = problem ? undefined : parseJson(text);
		const requestId = requestIdOf(result.headers);
		if (isSuccess(result.status)) {
			if (!isObject(parsed)) return { observation: { kind: 'noAnswer', label: `${result.status} unreadable` } };
			const job = readJob(parsed);
			return { observation: { kind: 'job', job }, job, requestId };
		}
		// new-api says so with status 400 (wire facts 2.8).
		const isUnknown = result.status === 404 || readPath(parsed, 'code') === 'task_not_exist';
		const refusal = errorFromAnswer(
			{ status: result.status, headers: result.headers, bodyText: text },
			this.dialect.hints,
		);
		if (isUnknown) return { observation: { kind: 'notFound' }, refusal, requestId };
		if ([401, 402, 403, 410].includes(result.status)) return { observation: { kind: 'refused' }, refusal, requestId };
		const retryAfterMs = parseRetryAfter(result.headers, this.ports.now());
		return { observation: { kind: 'noAnswer', label: String(result.status), retryAfterMs }, refusal, requestId };
	}

	/** The job as it is now: `GET /videos/{id}`. */
	async get(jobId: string): Promise<{ job: Job; requestId?: string }> {
		const { json, requestId } = await this.read(jobPath(jobId));
		return { job: readJob(json), requestId };
	}

	/** The newest jobs first: `GET /videos`, page by page, until `limit` jobs were let through by `keep`. */
	async list(limit: number, keep: (job: Job) => boolean): Promise<Job[]> {
		this.assertOffers('list', 'list jobs');
		const jobs: Job[] = [];
		let after: string | undefined;
		for (;;) {
			const query = { limit: PAGE_SIZE, order: 'desc', ...(after === undefined ? {} : { after }) };
			const { json } = await this.read('/videos', query);
			const data = readPath(json, 'data');
			const page = (Array.isArray(data) ? data : []).map(readJob);
			jobs.push(...page.filter(keep));
			const last = page[page.length - 1]?.id;
			if (jobs.length >= limit) return jobs.slice(0, limit);
			// A server that ignores `after` would be read for ever.
			if (readPath(json, 'has_more') !== true || last === undefined || last === after) return jobs;
			after = last;
		}
	}

	/** Deletes a finished job and its file: `DELETE /videos/{id}`. */
	async delete(jobId: string): Promise<void> {
		this.assertOffers('delete', 'delete jobs');
		await this.request({ kind: 'delete', method: 'DELETE', url: jobPath(jobId), timeoutMs: READ_TIMEOUT_MS });
	}

	/** Says plainly when the server is known not to have an operation. */
	assertOffers(capability: Dialect['missing'][number], what: string): void {
		if (!this.dialect.missing.includes(capability)) return;
		throw new GenerationError('unsupported', `${this.dialect.displayName} cannot ${what}`);
	}

	/** Opens a file for reading; the answer may be anything, see `download.ts`. */
	async openContent(url: string, variant: ContentVariant): Promise<HttpResult> {
		return await this.ports.http({
			kind: 'content',
			method: 'GET',
			url,
			query: variant === 'video' ? undefined : { variant },
			timeoutMs: CONTENT_TIMEOUT_MS,
		});
	}

	private async read(url: string, query?: Record<string, string | number>) {
		const { response, text } = await this.request({
			kind: 'read',
			method: 'GET',
			url,
			query,
			timeoutMs: READ_TIMEOUT_MS,
		});
		const json = parseJson(text);
		if (!isObject(json)) {
			throw new GenerationError('unreadableAnswer', `The server answered with ${describeAnswer(response, text)}`, {
				billed: 'no',
				requestId: requestIdOf(response.headers),
			});
		}
		return { json, requestId: requestIdOf(response.headers) };
	}

	private async request(request: HttpRequest): Promise<{ response: HttpResponse; text: string }> {
		const result = await sendWithRetry(this.ports, request, READ_RETRIES);
		if (result.outcome === 'noResponse') throw withoutAnswer(result);
		const { text } = await result.body.text();
		if (isSuccess(result.status)) return { response: result, text };
		throw errorFromAnswer({ status: result.status, headers: result.headers, bodyText: text }, this.dialect.hints);
	}
}

export function isSuccess(status: number): boolean {
	return status >= 200 && status < 300;
}

function describeAnswer(response: HttpResponse, text: string): string {
	if (text.trim() === '') return `status ${response.status} and an empty body`;
	const type = response.headers['content-type']?.split(';')[0] ?? 'no type';
	return `status ${response.status} and a body that is not a job (${type})`;
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

function submissionWithoutAnswer(result: Extract<HttpResult, { outcome: 'noResponse' }>): GenerationError {
	if (result.certainlyNotSent) return withoutAnswer(result);
	if (result.code === 'CANCELLED') {
		return cancelled(
			'The execution was stopped while a job was being submitted: it is not known whether the server took it',
		);
	}
	return new GenerationError(
		'submissionUncertain',
		'It is not known whether the server took the job: the connection ended without an answer',
		{ serverMessage: result.message },
	);
}

/** The error for a request that cost nothing and got no answer. */
export function withoutAnswer(result: Extract<HttpResult, { outcome: 'noResponse' }>): GenerationError {
	if (result.code === 'CANCELLED') return cancelled();
	return new GenerationError('serverUnreachable', 'The server could not be reached', {
		serverMessage: `${result.message} (${result.code})`,
	});
}

function cancelled(message = 'The execution was stopped'): GenerationError {
	return new GenerationError('cancelled', message);
}
