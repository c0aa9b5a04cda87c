import { settle } from '../concurrency';
import { asGenerationError, GenerationError, type ErrorKind } from '../errors';
import { withoutUndefined } from '../json';
import type { StoredFile } from '../ports';
import { backoffMs } from '../retry';
import { downloadContent, type DownloadTools } from './download';
import type { Job } from './job';
import type { OpenJobs } from './openJobs';
import { submitOrder, type Order, type SubmissionGate, type SubmitTools } from './submit';
import { waitForJob, type WaitTools } from './waitForJob';

/** How long to wait, and what to do then. */
export interface WaitWish {
	maxWaitMs: number;
	/** The user's own pause between looks; undefined: the node adapts it. */
	fixedPollMs?: number;
	typicalMs?: number;
	onTimeout: 'error' | 'returnJob';
	/** Buy anew this often when the server failed the job for lack of capacity and did not bill it. */
	retryFailedJobs: number;
}

export interface FileWish {
	download: boolean;
	fileName?: string;
}

export interface PurchaseTools extends WaitTools, DownloadTools {
	gate: SubmissionGate;
	openJobs: OpenJobs;
	/** Told as soon as a job is paid for, before anything else can fail. */
	onSubmitted(job: SubmittedJob, order: Order): void;
	/** Told when the server itself ended a job without a video. */
	onEndedWithoutVideo(jobId: string): void;
}

/** What came of it: the job, and its file if one was wanted and made. */
export interface Delivery {
	job: Job;
	jobId: string;
	file?: StoredFile;
	requestId?: string;
	polls: number;
	waitedSeconds: number;
	/** The job was not created by this call. */
	resumed: boolean;
}

/**
 * Buys a video: submit, wait, download. The job's id is told before the first wait and is in every error after it.
 * Throws GenerationError.
 */
export async function purchaseVideo(
	order: Order,
	wish: WaitWish,
	file: FileWish,
	tools: PurchaseTools,
): Promise<Delivery> {
	for (let repeatsLeft = wish.retryFailedJobs; ; repeatsLeft--) {
		const submitted = await submitJob(order, tools);
		const outcome = await settle(deliverJob(submitted.jobId, wish, file, tools, submitted));
		if ('result' in outcome) return outcome.result;
		if (repeatsLeft <= 0 || !wasFreeFailure(outcome.error)) throw outcome.error;
		tools.ports.onEvent({
			level: 'warn',
			message: `Video job ${submitted.jobId} failed at the server and was not billed: submitting it again`,
			details: { jobId: submitted.jobId },
		});
		await tools.ports.sleep(backoffMs(wish.retryFailedJobs - repeatsLeft + 1, tools.ports.random()));
	}
}

/** A job that the server failed for its own reasons, without billing it. Blocked content never counts. */
function wasFreeFailure(error: unknown): boolean {
	return error instanceof GenerationError && error.kind === 'jobFailed' && error.billed === 'no';
}

export interface SubmittedJob {
	job: Job;
	jobId: string;
	requestId?: string;
	submittedAtMs: number;
}

/** Creates a job and tells its id at once: from here on it is paid and must not get lost. */
export async function submitJob(
	order: Order,
	tools: SubmitTools & Pick<PurchaseTools, 'onSubmitted'>,
): Promise<SubmittedJob> {
	const { job, requestId } = await submitOrder(order, tools);
	const submitted = { job, jobId: job.id, requestId, submittedAtMs: tools.ports.now() };
	tools.onSubmitted(submitted, order);
	return submitted;
}

/** A job that nobody waits for, as it was when it was submitted. */
export function handOver({ job, jobId, requestId }: SubmittedJob): Delivery {
	return { job, jobId, requestId, polls: 0, waitedSeconds: 0, resumed: false };
}

/**
 * Waits for a job and fetches its file; never creates anything.
 * @param submitted given when the job was created just now; absent, the wait counts from the call
 */
export async function deliverJob(
	jobId: string,
	wish: WaitWish,
	file: FileWish,
	tools: PurchaseTools,
	submitted?: SubmittedJob,
): Promise<Delivery> {
	try {
		const isBornFinished = submitted?.job.status === 'completed';
		const waited = isBornFinished
			? { isFinished: true, job: submitted.job, polls: 0, waitedSeconds: 0, seen: '', requestId: undefined }
			: await tools.openJobs.track(
					waitForJob(
						jobId,
						{
							startedAtMs: submitted?.submittedAtMs ?? tools.ports.now(),
							maxWaitMs: wish.maxWaitMs,
							minPollMs: tools.api.dialect.minPollSeconds * 1000,
							fixedPollMs: wish.fixedPollMs,
							typicalMs: wish.typicalMs,
							isNew: submitted !== undefined,
						},
						tools,
					),
				);
		const job = { ...submitted?.job, ...withoutUndefined(waited.job ?? {}) } as Job;
		const delivery: Delivery = {
			job,
			jobId,
			requestId: submitted?.requestId ?? waited.requestId,
			polls: waited.polls,
			waitedSeconds: waited.waitedSeconds,
			resumed: submitted === undefined,
		};
		if (!waited.isFinished) {
			if (wish.onTimeout === 'returnJob') return delivery;
			throw new GenerationError(
				'waitTimedOut',
				`The job was not finished after ${formatDuration(waited.waitedSeconds)}: last seen as ${job.statusWord ?? 'unknown'}`,
				{ serverMessage: `Looks: ${waited.seen}` },
			);
		}
		if (file.download) {
			delivery.file = await downloadContent(
				{ jobId, variant: 'video', resultUrl: job.resultUrl, fileName: file.fileName },
				tools,
			);
		}
		return delivery;
	} catch (error) {
		throw named(error, jobId, tools, submitted);
	}
}

/** How the server itself ended a job; what that costs was said where it was read. */
const ENDED_BY_SERVER = new Set<ErrorKind>(['jobFailed', 'jobExpired', 'moderation']);

/** Once a job is there every error carries its id, and a job of our own is paid for unless the server ended it. */
function named(error: unknown, jobId: string, tools: PurchaseTools, submitted?: SubmittedJob): GenerationError {
	const known = asGenerationError(error, 'unexpected');
	known.jobId ??= jobId;
	known.requestId ??= submitted?.requestId;
	if (ENDED_BY_SERVER.has(known.kind)) tools.onEndedWithoutVideo(jobId);
	else if (submitted) known.billed = 'yes';
	return known;
}

function formatDuration(seconds: number): string {
	return seconds >= 60 ? `${Math.round(seconds / 6) / 10} minutes` : `${seconds} seconds`;
}
