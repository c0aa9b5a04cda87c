import { settle } from '../concurrency';
import { videoHintsOf, type Dialect } from '../dialects';
import { asGenerationError, GenerationError } from '../errors';
import { openFile } from '../fetchFile';
import { isObject, parseJson, readPath } from '../json';
import { pathSegment } from '../links';
import type { HttpRequest, HttpResponse, HttpResult, Ports } from '../ports';
import { maySendAgain, parseRetryAfter, RETRY_POLICY, sendWithRetry } from '../retry';
import { errorFromAnswer, requestIdOf } from '../serverErrors';
import { cancelled, describeAnswer, isSuccess, withoutAnswer } from '../answers';
import { hasError, readJob, type Job } from './job';
import type { Listing } from './reconcile';
import type { Observation } from './waiting';

/** The files of a finished job. */
export type ContentVariant = 'video' | 'thumbnail' | 'spritesheet';

/** A look at a job: what it means for the waiting, and the job or the refusal itself. */
export interface Look {
	observation: Observation;
	job?: Job;
	refusal?: GenerationError;
	requestId?: string;
}

const READ_TIMEOUT_MS = 30_000;
/** More pages than any search needs: a server that never ends its list does not hold us for ever. */
const MAX_PAGES = 100;
const PAGE_SIZE = 100;

/** Path of one job. Throws GenerationError `invalidInput` for an ID that no address can carry. */
export function jobPath(jobId: string, suffix = ''): string {
	return `/videos/${pathSegment(jobId, 'job')}${suffix}`;
}

/**
 * The Videos API of OpenAI's last documented state (wire facts 1), as many servers speak it. One method for each
 * call; none of them waits for a job.
 */
export class VideosApi {
	constructor(
		private readonly ports: Pick<Ports, 'http' | 'sleep' | 'now' | 'random'>,
		readonly dialect: Dialect,
	) {}

	/**
	 * One look at a job: `GET /videos/{id}`. A look that fails is an observation, not an error.
	 * @param url the server's own address for it (wire facts 2.6, `polling_url`)
	 */
	async look(jobId: string, url = jobPath(jobId)): Promise<Look> {
		const sent = await settle(this.ports.http({ kind: 'poll', method: 'GET', url, timeoutMs: READ_TIMEOUT_MS }));
		// A redirect to a place that must not be fetched says nothing about the job.
		if ('error' in sent) return { observation: { kind: 'noAnswer', label: 'unsafe redirect' } };
		const result = sent.result;
		if (result.outcome === 'noResponse') {
			if (result.code === 'CANCELLED') throw cancelled();
			return { observation: { kind: 'noAnswer', label: result.code } };
		}
		const { text } = await result.body.text();
		const parsed = parseJson(text);
		const requestId = requestIdOf(result.headers);
		if (isSuccess(result.status)) {
			const job = readJob(parsed);
			// An error without a status speaks of the request, not of the job.
			const isJob = isObject(parsed) && (job.statusWord !== undefined || (job.id !== undefined && !hasError(parsed)));
			if (!isJob) return { observation: { kind: 'noAnswer', label: `${result.status} unreadable` } };
			return { observation: { kind: 'job', job }, job, requestId };
		}
		// new-api says so with status 400 (wire facts 2.8).
		const isUnknown = result.status === 404 || readPath(parsed, 'code') === 'task_not_exist';
		const refusal = errorFromAnswer(result, text, videoHintsOf(this.dialect));
		if (isUnknown) return { observation: { kind: 'notFound' }, refusal, requestId };
		if (!maySendAgain('poll', result)) return { observation: { kind: 'refused' }, refusal, requestId };
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
		for await (const page of this.pages()) {
			jobs.push(...page.jobs.filter(keep));
			if (jobs.length >= limit) break;
		}
		return jobs.slice(0, limit);
	}

	/** The pages of the list, newest first. */
	private async *pages(): AsyncGenerator<{ jobs: Job[]; dateMs?: number }> {
		const seenIds = new Set<string>();
		let after: string | undefined;
		for (let page = 0; page < MAX_PAGES; page++) {
			const query = { limit: PAGE_SIZE, order: 'desc', ...(after === undefined ? {} : { after }) };
			const { json, headers } = await this.read('/videos', query);
			const data = readPath(json, 'data');
			// A server that ignores `after` gives the same page for ever.
			const jobs = (Array.isArray(data) ? data : [])
				.map(readJob)
				.filter(({ id }) => id !== undefined && !seenIds.has(id));
			for (const { id } of jobs) seenIds.add(id!);
			const dateMs = Date.parse(headers.date ?? '');
			yield { jobs, dateMs: Number.isNaN(dateMs) ? undefined : dateMs };
			if (readPath(json, 'has_more') !== true || jobs.length === 0) return;
			after = jobs[jobs.length - 1]!.id;
		}
	}

	/**
	 * The newest jobs, back to those created at `sinceMs`, and the server's own time. Throws GenerationError: `unsupported`
	 * when it has no list.
	 */
	async recent(sinceMs: number): Promise<Listing> {
		this.assertOffers('list', 'list jobs');
		const jobs: Job[] = [];
		let listing: Listing = { jobs, nowMs: this.ports.now(), serverNowMs: this.ports.now() };
		for await (const page of this.pages()) {
			const nowMs = this.ports.now();
			jobs.push(...page.jobs);
			listing = { jobs, nowMs, serverNowMs: page.dateMs ?? nowMs };
			const oldest = page.jobs[page.jobs.length - 1]?.createdAtMs;
			if (oldest !== undefined && oldest < sinceMs) break;
		}
		return listing;
	}

	/**
	 * Deletes a finished job and its file: `DELETE /videos/{id}`. When an answer got lost and the repeat does not find the
	 * job, the first request has deleted it.
	 */
	async delete(jobId: string): Promise<void> {
		this.assertOffers('delete', 'delete jobs');
		const request: HttpRequest = { kind: 'delete', method: 'DELETE', url: jobPath(jobId), timeoutMs: READ_TIMEOUT_MS };
		let mayBeDeleted = false;
		const sent = await settle(
			this.request(request, (failed) => {
				mayBeDeleted ||= failed.outcome === 'noResponse' ? !failed.certainlyNotSent : failed.status !== 429;
			}),
		);
		if ('error' in sent) {
			if (mayBeDeleted && asGenerationError(sent.error, 'unexpected').status === 404) return;
			throw sent.error;
		}
		const { response, text } = sent.result;
		if (text.trim() !== '' && !isObject(parseJson(text))) throw unreadable(response, text);
	}

	/** Says plainly when the server is known not to have an operation; `hint` is what to do instead of the usual advice. */
	assertOffers(capability: Dialect['missing'][number], what: string, hint?: string): void {
		if (!this.dialect.missing.includes(capability)) return;
		throw new GenerationError('unsupported', `${this.dialect.displayName} cannot ${what}`, { hint });
	}

	/** Opens a file for reading, see `openFile`. */
	async openContent(url: string, variant: ContentVariant): Promise<HttpResult> {
		return await openFile(this.ports, url, variant === 'video' ? undefined : { variant });
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
		if (!isObject(json)) throw unreadable(response, text);
		return { json, headers: response.headers, requestId: requestIdOf(response.headers) };
	}

	private async request(
		request: HttpRequest,
		onFailure?: (failed: HttpResult) => void,
	): Promise<{ response: HttpResponse; text: string }> {
		const result = await sendWithRetry(this.ports, request, RETRY_POLICY[request.kind].maxRetries ?? 0, onFailure);
		if (result.outcome === 'noResponse') throw withoutAnswer(result);
		const { text } = await result.body.text();
		if (isSuccess(result.status)) return { response: result, text };
		throw errorFromAnswer(result, text, videoHintsOf(this.dialect));
	}
}

function unreadable(response: HttpResponse, text: string): GenerationError {
	return new GenerationError(
		'unreadableAnswer',
		`The server answered with ${describeAnswer(response, text, 'a job')}`,
		{
			billed: 'no',
			requestId: requestIdOf(response.headers),
		},
	);
}
