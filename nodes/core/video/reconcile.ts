import { readSize } from '../size';
import { readSeconds } from './request';
import type { Job } from './job';

/** What a submission asked for, as far as a listed job can be compared with it. */
export interface SubmissionFacts {
	prompt: string;
	model?: string;
	size?: string;
	seconds?: string;
	remixedFromJobId?: string;
}

/** A submission that may have made a job whose id nobody knows yet. */
export interface OpenSubmission {
	id: string;
	facts: SubmissionFacts;
	/** When it was sent for the first time, in milliseconds since the epoch by our own clock. */
	sentAtMs: number;
}

/** The jobs that a server lists, and its own time at that moment. */
export interface Listing {
	jobs: readonly Job[];
	/** From the answer's `Date`; our own time where it has none. */
	serverNowMs: number;
	nowMs: number;
}

/** Which listed job an unanswered submission has made, as far as that can be said. */
export interface Reconciliation {
	/** The one job that is certainly ours. */
	job?: Job & { id: string };
	/** Jobs that may be ours, for the error. */
	candidateIds: string[];
	/** The candidates have our prompt: one of them is probably ours. */
	areLikely: boolean;
}

/** How much older than its submission a job may seem: clocks differ, and some servers round. */
const EARLIER_BY_MS = 120_000;
/** Nor is a job ours that came this much later: who takes up an old submission must not find today's jobs of others. */
const LATER_BY_MS = 15 * 60_000;
/** A server's `Date` has whole seconds, so a job may seem this much younger than the answer that lists it. */
const ROUNDING_MS = 2_000;

/**
 * Which listed job an unanswered submission has made. One is ours for certain only when exactly one listed job fits this
 * submission and exactly one open submission fits that job: with two equal orders in the air nobody can tell whose it is.
 * @param open all open submissions, `mine` among them
 * @param isKnown whether a job's id is already somebody's
 */
export function reconcile(
	mine: OpenSubmission,
	open: readonly OpenSubmission[],
	listing: Listing,
	isKnown: (jobId: string) => boolean,
): Reconciliation {
	const unknown = listing.jobs.filter((job): job is Job & { id: string } => job.id !== undefined && !isKnown(job.id));
	const fitting = unknown.filter((job) => fits(job, mine, listing));
	const [only] = fitting;
	if (only && fitting.length === 1 && open.filter((submission) => fits(only, submission, listing)).length === 1) {
		return { job: only, candidateIds: [only.id], areLikely: true };
	}
	// A list that shows no prompts proves nothing, but it narrows down where to look.
	const possible = fitting.length > 0 ? fitting : unknown.filter((job) => mayFit(job, mine, listing));
	return { candidateIds: possible.map(({ id }) => id), areLikely: fitting.length > 0 };
}

function fits(job: Job, submission: OpenSubmission, listing: Listing): boolean {
	return job.prompt?.trim() === submission.facts.prompt.trim() && mayFit(job, submission, listing);
}

function mayFit(job: Job, { facts, sentAtMs }: OpenSubmission, listing: Listing): boolean {
	if (job.createdAtMs === undefined) return false;
	if (job.prompt !== undefined && job.prompt.trim() !== facts.prompt.trim()) return false;
	// A changed version of another video is nobody's who did not ask for one.
	if (job.remixedFromJobId && !facts.remixedFromJobId) return false;
	const sentAtServerMs = sentAtMs + (listing.serverNowMs - listing.nowMs);
	const latestMs = Math.min(listing.serverNowMs + ROUNDING_MS, sentAtServerMs + LATER_BY_MS);
	const isInTime = job.createdAtMs >= sentAtServerMs - EARLIER_BY_MS && job.createdAtMs <= latestMs;
	return (
		isInTime &&
		agree(job.model, facts.model, lowerCase) &&
		agree(job.size, facts.size, readSize) &&
		agree(job.seconds, facts.seconds, readSeconds) &&
		agree(job.remixedFromJobId, facts.remixedFromJobId, String)
	);
}

/** Two spellings of one fact; what either side does not say does not contradict. */
function agree(shown: string | undefined, asked: string | undefined, normalise: (text: string) => string): boolean {
	if (!shown || !asked) return true;
	return tryTo(normalise, shown) === tryTo(normalise, asked);
}

function lowerCase(text: string): string {
	return text.trim().toLowerCase();
}

function tryTo(normalise: (text: string) => string, text: string): string {
	try {
		return normalise(text);
	} catch {
		return text.trim();
	}
}
