import type { PollBudget } from '../concurrency';
import type { Dialect } from '../dialects';
import { GenerationError } from '../errors';
import type { Ports } from '../ports';
import { LONGEST_PAUSE_MS } from '../retry';
import { isModeration } from '../serverErrors';
import type { Job } from './job';
import type { Look, VideosApi } from './videosApi';
import { describeSeen, observe, startWaiting, type WaitingLimits, type WaitingState } from './waiting';

/** What waiting works with. */
export interface WaitTools {
	api: VideosApi;
	ports: Ports;
	/** The polls that all jobs of the run share; not used when the user chose the pause. */
	pollBudget: PollBudget;
}

/** How a wait ended without an error: the job is finished, or the time is up and it still runs. */
export interface WaitOutcome {
	isFinished: boolean;
	/** The last state that was seen; undefined when no look succeeded. */
	job?: Job;
	polls: number;
	waitedSeconds: number;
	requestId?: string;
	/** What the looks saw: `queued 4×, 503 2×`. */
	seen: string;
}

const PAUSE_AFTER_429_MS = 5_000;
const PROGRESS_STEP_PERCENT = 25;

/**
 * Looks at a job until it has ended or the time is up. Failed looks do not end the wait.
 * @param pollingUrl where the server itself wants to be asked; absolute
 * Throws GenerationError with the job's id: `jobFailed`, `moderation`, `jobExpired`, `jobNotVisible`, `notFound`, `cancelled`.
 */
export async function waitForJob(
	jobId: string,
	limits: WaitingLimits,
	tools: WaitTools,
	pollingUrl?: string,
): Promise<WaitOutcome> {
	const { ports } = tools;
	let { state, decision } = startWaiting(limits);
	let latest: Look = { observation: { kind: 'noAnswer', label: 'nothing' } };
	let job: Job | undefined;
	const report = createReporter(jobId, ports);

	while (decision.kind === 'wait') {
		await ports.sleep(decision.pauseMs);
		if (limits.fixedPollMs === undefined) {
			const leftMs = Math.max(0, limits.startedAtMs + limits.maxWaitMs - ports.now());
			await ports.sleep(Math.min(leftMs, tools.pollBudget.reserve(ports.now())));
		}
		latest = await tools.api.look(jobId, pollingUrl);
		job = latest.job ?? job;
		slowEverybodyAfter429(latest, tools);
		({ state, decision } = observe(state, latest.observation, ports.now(), ports.random()));
		report(latest, state);
	}

	const outcome: WaitOutcome = {
		isFinished: decision.kind === 'ended',
		job,
		polls: state.polls,
		waitedSeconds: Math.round((ports.now() - limits.startedAtMs) / 100) / 10,
		requestId: latest.requestId,
		seen: describeSeen(state),
	};
	if (decision.kind === 'ended' && job?.status !== 'completed') {
		throw errorOfEndedJob(jobId, job, tools.api.dialect, latest.requestId);
	}
	if (decision.kind === 'notVisible') throw notVisible(jobId, latest, state, job !== undefined || limits.isOwn);
	return outcome;
}

function slowEverybodyAfter429(look: Look, tools: WaitTools): void {
	const { observation } = look;
	if (observation.kind !== 'noAnswer' || observation.label !== '429') return;
	const pauseMs = Math.min(observation.retryAfterMs ?? PAUSE_AFTER_429_MS, LONGEST_PAUSE_MS);
	tools.pollBudget.holdBack(tools.ports.now() + pauseMs);
}

/** The error for a job that ended without a video. `billed` as the dialect documents it, which speaks of failed jobs. */
export function errorOfEndedJob(
	jobId: string,
	job: Job | undefined,
	dialect: Dialect,
	requestId: string | undefined,
): GenerationError {
	const words = job?.failure ?? {};
	const isFree = dialect.failedJobsAreFree && job?.status === 'failed';
	const details = {
		jobId,
		requestId,
		serverMessage: words.message ?? words.code,
		billed: isFree ? ('no' as const) : ('maybe' as const),
	};
	if (isModeration(words)) {
		const categories = words.categories?.length ? ` (${words.categories.join(', ')})` : '';
		return new GenerationError('moderation', `The server blocked the content of the job${categories}`, details);
	}
	if (job?.status === 'expired') {
		return new GenerationError('jobExpired', 'The job expired at the server', details);
	}
	const what = job?.status === 'cancelled' ? 'was cancelled at the server' : 'failed at the server';
	return new GenerationError('jobFailed', `The job ${what}`, details);
}

/** @param exists the job was created by us, or shown before */
function notVisible(jobId: string, look: Look, state: WaitingState, exists: boolean): GenerationError {
	const reason = look.refusal;
	const looks = `Looks at the job: ${describeSeen(state)}`;
	const details = { jobId, requestId: look.requestId, status: reason?.status, serverMessage: reason?.serverMessage };
	if (!exists && reason?.kind === 'notFound') {
		// Nothing says that there ever was such a job, and a look buys nothing.
		return new GenerationError('notFound', 'The server does not know this job', {
			...details,
			observed: looks,
			hint: reason.hint,
		});
	}
	return new GenerationError('jobNotVisible', `The server does not show this job${exists ? ' any more' : ''}`, {
		...details,
		billed: exists ? 'yes' : 'maybe',
		observed: reason && reason.kind !== 'notFound' ? `${reason.message}. ${looks}` : looks,
		hint: reason?.concernsAccount ? `${reason.hint} Then use Wait for Video Job with this job ID.` : undefined,
	});
}

/** Tells each change of status and each further 25 %. */
function createReporter(jobId: string, ports: Ports): (look: Look, state: WaitingState) => void {
	let toldStatus: string | undefined;
	let toldStep = 0;
	return (look, state) => {
		if (look.observation.kind !== 'job') {
			ports.onEvent({
				level: 'debug',
				message: 'A look at the job did not succeed, waiting on',
				details: { jobId, seen: describeSeen(state) },
			});
			return;
		}
		const step = Math.floor((state.progressPercent ?? 0) / PROGRESS_STEP_PERCENT);
		if (state.lastStatusWord === toldStatus && step <= toldStep) return;
		toldStatus = state.lastStatusWord;
		toldStep = Math.max(step, toldStep);
		ports.onEvent({
			level: 'info',
			message: `Video job ${jobId}: ${toldStatus ?? 'no status'}, ${Math.round(state.progressPercent ?? 0)} %`,
			details: { jobId, status: toldStatus, progress: state.progressPercent },
		});
	};
}
