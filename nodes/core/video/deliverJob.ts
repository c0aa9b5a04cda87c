import { asGenerationError, GenerationError, type ErrorKind } from '../errors';
import { withoutUndefined } from '../json';
import { ownLink } from '../links';
import type { Delivery, FileWish, PurchaseTools, SubmittedJob, WaitWish } from './delivery';
import { downloadContent, storeContent } from './download';
import type { Job } from './job';
import { waitForJob } from './waitForJob';
import type { WaitingLimits } from './waiting';

/**
 * Waits for a job and fetches its file; never creates anything.
 * @param submitted given when the job is this node's own purchase; absent, the wait counts from the call
 */
export async function deliverJob(
	jobId: string,
	wish: WaitWish,
	file: FileWish,
	tools: PurchaseTools,
	submitted?: SubmittedJob,
): Promise<Delivery> {
	try {
		const delivery =
			(await deliverKept(file, tools, submitted)) ?? (await fetchJob(jobId, wish, file, tools, submitted));
		if (submitted) tools.book.delivered(delivery, true);
		return delivery;
	} catch (error) {
		throw named(error, jobId, tools, submitted);
	}
}

/** What an earlier try of this node has delivered already: its file is still stored, or none was wanted. */
async function deliverKept(
	{ download }: FileWish,
	{ ports }: PurchaseTools,
	submitted: SubmittedJob | undefined,
): Promise<Delivery | undefined> {
	const kept = submitted?.kept;
	if (!kept || kept.job.status !== 'completed') return undefined;
	if (!download) return { ...kept, file: undefined, resumed: true };
	const isStored = kept.file !== undefined && (await ports.files.isStored(kept.file));
	return isStored ? { ...kept, resumed: true } : undefined;
}

async function fetchJob(
	jobId: string,
	wish: WaitWish,
	file: FileWish,
	tools: PurchaseTools,
	submitted: SubmittedJob | undefined,
): Promise<Delivery> {
	const pollingUrl = ownLink(tools.baseUrl, submitted?.job.pollingUrl);
	const waited =
		submitted?.job.status === 'completed'
			? { isFinished: true, job: submitted.job, polls: 0, waitedSeconds: 0, seen: '', requestId: undefined }
			: await tools.openJobs.track(waitForJob(jobId, waitingLimits(wish, tools, submitted), tools, pollingUrl));
	const job = { ...submitted?.job, ...withoutUndefined(waited.job ?? {}) } as Job;
	const delivery: Delivery = {
		job,
		jobId,
		requestId: submitted?.requestId ?? waited.requestId,
		polls: waited.polls,
		waitedSeconds: waited.waitedSeconds,
		resumed: submitted?.resumed ?? true,
	};
	if (!waited.isFinished) {
		if (wish.onTimeout === 'returnJob') return delivery;
		throw new GenerationError(
			'waitTimedOut',
			`The job was not finished after ${formatDuration(waited.waitedSeconds)}: last seen as ${job.statusWord ?? 'unknown'}`,
			{ observed: `Looks at the job: ${waited.seen}` },
		);
	}
	const { contentBase64, resultUrl } = job;
	// What is kept of a job must stay small.
	delivery.job.contentBase64 = undefined;
	if (file.download) {
		const wish = { jobId, variant: 'video', resultUrl, fileName: file.fileName } as const;
		delivery.file = contentBase64 ? await storeContent(contentBase64, wish, tools) : await downloadContent(wish, tools);
	}
	return delivery;
}

/** For how long after its submission a server may not show a job yet. */
const NEW_FOR_MS = 60_000;

/** A job that an earlier try submitted gets its whole wait again, but its age is known. */
function waitingLimits(wish: WaitWish, { ports, api }: PurchaseTools, submitted?: SubmittedJob): WaitingLimits {
	const nowMs = ports.now();
	const startedAtMs = Math.min(nowMs, submitted?.submittedAtMs ?? nowMs);
	return {
		startedAtMs,
		maxWaitMs: wish.maxWaitMs + (nowMs - startedAtMs),
		minPollMs: api.dialect.minPollSeconds * 1000,
		fixedPollMs: wish.fixedPollMs,
		typicalMs: wish.typicalMs,
		isNew: submitted !== undefined && nowMs - startedAtMs < NEW_FOR_MS,
		isOwn: submitted !== undefined,
	};
}

/** How the server itself ended a job; what that costs was said where it was read. */
const ENDED_BY_SERVER = new Set<ErrorKind>(['jobFailed', 'jobExpired', 'moderation']);

/** Once a job is there every error carries its id, and a job of our own is paid for unless the server ended it. */
function named(error: unknown, jobId: string, tools: PurchaseTools, submitted?: SubmittedJob): GenerationError {
	const known = asGenerationError(error, 'unexpected');
	known.jobId ??= jobId;
	known.requestId ??= submitted?.requestId;
	if (ENDED_BY_SERVER.has(known.kind)) {
		tools.jobs.onEndedWithoutVideo(jobId);
		// Nothing can come of it any more: whoever tries again wants another job.
		if (submitted) tools.book.ended();
	} else if (submitted) known.billed = 'yes';
	return known;
}

function formatDuration(seconds: number): string {
	return seconds >= 60 ? `${Math.round(seconds / 6) / 10} minutes` : `${seconds} seconds`;
}
