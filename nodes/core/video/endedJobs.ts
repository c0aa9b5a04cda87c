import { isObject } from '../json';
import { isFinal, type Job } from './job';

/** What the trigger has told already: job ids with the time at which their jobs were created. Plain JSON. */
export interface ToldJobs {
	jobs: Record<string, number>;
}

/** What the user wants to hear of. */
export interface EndedJobsFilter {
	events: ReadonlyArray<'completed' | 'failed'>;
	/** In lower case; empty means all. */
	models: readonly string[];
}

/** What one look at the list has brought. */
export interface EndedJobsUpdate {
	/** In the order in which they ended, as far as the server says when that was. */
	jobs: EndedJob[];
	told: ToldJobs;
}

/** A job that has ended; its id is known, since the list named it. */
export type EndedJob = Job & { id: string };

/** Jobs finish out of order: one that was created this long ago may still end. */
export const WATCHED_MS = 48 * 60 * 60_000;
/** So many are told at once, the rest the next time. */
const MOST_AT_ONCE = 100;

/** The jobs of a list that have ended since the last look, and what is to be remembered until the next. */
export function takeEndedJobs(
	listed: readonly Job[],
	before: ToldJobs,
	filter: EndedJobsFilter,
	nowMs: number,
): EndedJobsUpdate {
	const fresh = endedOf(listed, nowMs).filter(({ id }) => !Object.hasOwn(before.jobs, id));
	const wanted = fresh.filter((job) => isWanted(job, filter));
	const told = wanted.slice(0, MOST_AT_ONCE);
	const later = new Set(wanted.slice(MOST_AT_ONCE));
	// What nobody wanted to hear of is done with as well: a filter that is changed later brings no old jobs.
	const done = fresh.filter((job) => !later.has(job));
	const stillListed = new Set(listed.map(({ id }) => id));
	const kept = Object.entries(before.jobs).filter(
		([jobId, createdMs]) => stillListed.has(jobId) || createdMs > nowMs - 2 * WATCHED_MS,
	);
	return {
		jobs: told,
		told: { jobs: Object.fromEntries([...kept, ...done.map((job) => [job.id, job.createdAtMs ?? nowMs] as const)]) },
	};
}

/** Everything that has ended so far, without telling any of it: where the trigger begins. */
export function startFrom(listed: readonly Job[], nowMs: number): ToldJobs {
	return { jobs: Object.fromEntries(endedOf(listed, nowMs).map((job) => [job.id, job.createdAtMs ?? nowMs])) };
}

/** The one that ended last, for a look by hand. */
export function newestEnded(listed: readonly Job[], filter: EndedJobsFilter): EndedJob[] {
	return endedOf(listed, 0)
		.filter((job) => isWanted(job, filter))
		.slice(-1);
}

/** What was remembered, if that is what it is; anything else is nothing. */
export function readToldJobs(value: unknown): ToldJobs | undefined {
	if (!isObject(value) || !isObject(value.jobs)) return undefined;
	const entries = Object.entries(value.jobs).filter((entry): entry is [string, number] => typeof entry[1] === 'number');
	return { jobs: Object.fromEntries(entries) };
}

function endedOf(listed: readonly Job[], nowMs: number): EndedJob[] {
	const isWatched = ({ createdAtMs = nowMs }: Job) => createdAtMs >= nowMs - WATCHED_MS;
	const ended = listed.filter((job): job is EndedJob => job.id !== undefined && isFinal(job.status)).filter(isWatched);
	const endMs = ({ completedAtMs, createdAtMs }: Job) => completedAtMs ?? createdAtMs ?? 0;
	// Lists begin with the newest; of those that ended in the same second the older comes first.
	return ended.reverse().sort((a, b) => endMs(a) - endMs(b));
}

function isWanted(job: EndedJob, { events, models }: EndedJobsFilter): boolean {
	const event = job.status === 'completed' ? 'completed' : 'failed';
	if (!events.includes(event)) return false;
	return models.length === 0 || models.includes(job.model?.toLowerCase() ?? '');
}
