import { RETRY_POLICY } from '../retry';
import { isFinal, type Job } from './job';

/**
 * When to look at a job again: a pure state machine over plain JSON. The caller sends the requests and sleeps.
 * Only the server's own final word ends a job; failed looks, whatever they were, do not.
 */

/** What is known before the first look. */
export interface WaitingLimits {
	/** When the job was created, or when the waiting was asked for (milliseconds since the epoch). */
	startedAtMs: number;
	maxWaitMs: number;
	/** The shortest pause when the node chooses. */
	minPollMs: number;
	/** The user's own pause; then nothing is adapted. */
	fixedPollMs?: number;
	/** How long such jobs usually take. */
	typicalMs?: number;
	/** The job was created just now: the server may not list it yet. */
	isNew: boolean;
	/** This node created the job: there is one for certain. */
	isOwn: boolean;
}

/** One look at the job. */
export type Observation =
	| { kind: 'job'; job: Pick<Job, 'status' | 'statusWord' | 'progressPercent'> }
	| { kind: 'notFound' }
	/** The server does not show the job to us: 401, 402, 403, 410. */
	| { kind: 'refused' }
	/** No usable answer: `label` says what came instead (`503`, `ECONNRESET`, `200 html`). */
	| { kind: 'noAnswer'; label: string; retryAfterMs?: number };

/** What a wait knows, as plain JSON. */
export interface WaitingState {
	limits: WaitingLimits;
	polls: number;
	/** What was seen, and how often: `{"queued": 4, "503": 2}`. */
	seen: Record<string, number>;
	lastStatusWord?: string;
	progressPercent?: number;
	/** Looks in a row that did not find the job, or were refused. */
	unseenInARow: number;
	/** The last look before the deadline was already granted. */
	lastLookGranted: boolean;
}

/** What comes after a look: another one, or one of three ends. */
export type Decision =
	| { kind: 'wait'; pauseMs: number }
	| { kind: 'ended' }
	| { kind: 'notVisible' }
	| { kind: 'giveUp' };

/** A little less than half a minute: who looks at a long job every 30 seconds shall not be earlier with fewer looks. */
const MAX_PAUSE_MS = 29_000;
/** Each pause is this share of the time elapsed: the mean delay is then about half of it. */
const GROWTH = 0.0615;
/** The same where nothing is known of such jobs: the looks of a ten minute job would be too many otherwise. */
const GROWTH_UNINFORMED = 0.12;
/** Few jobs of any kind end so early; until then the pauses only double, up to the second figure. */
const UNLIKELY_BEFORE_MS = 75_000;
const LONGEST_UNLIKELY_PAUSE_MS = 20_000;
const JITTER = 0.1;
const LAST_LOOK_BEFORE_DEADLINE_MS = 500;
const NEW_JOB_GRACE_MS = 60_000;
/** A pause is never zero, whatever was asked for: two looks in a row would hammer the server. */
const SHORTEST_PAUSE_MS = 10;

/** The state of a wait before the first look, and the pause before it. Nothing is read but the limits. */
export function startWaiting(limits: WaitingLimits): { state: WaitingState; decision: Decision } {
	const state: WaitingState = { limits, polls: 0, seen: {}, unseenInARow: 0, lastLookGranted: false };
	// A job that was there before may be finished already; a new one gets the shortest pause first.
	const first = limits.isNew ? (limits.fixedPollMs ?? limits.minPollMs) : SHORTEST_PAUSE_MS;
	return { state, decision: { kind: 'wait', pauseMs: Math.max(SHORTEST_PAUSE_MS, Math.min(first, limits.maxWaitMs)) } };
}

/**
 * Takes in one look and decides what comes next.
 * @param random uniform in [0, 1), spreads the looks of many jobs
 */
export function observe(
	before: WaitingState,
	observation: Observation,
	nowMs: number,
	random: number,
): { state: WaitingState; decision: Decision } {
	const state = takeIn(before, observation);
	return decide(state, observation, nowMs, random);
}

function takeIn(before: WaitingState, observation: Observation): WaitingState {
	const label = labelOf(observation);
	const state: WaitingState = {
		...before,
		polls: before.polls + 1,
		seen: { ...before.seen, [label]: (before.seen[label] ?? 0) + 1 },
		unseenInARow: isUnseen(observation) ? before.unseenInARow + 1 : 0,
	};
	if (observation.kind === 'job') {
		state.lastStatusWord = observation.job.statusWord ?? before.lastStatusWord;
		const progress = observation.job.progressPercent;
		// Progress that goes backwards is a server's slip.
		state.progressPercent = Math.max(progress ?? 0, before.progressPercent ?? 0);
	}
	return state;
}

function isUnseen({ kind }: Observation): boolean {
	return kind === 'notFound' || kind === 'refused';
}

function labelOf(observation: Observation): string {
	switch (observation.kind) {
		case 'job':
			return observation.job.statusWord ?? 'no status';
		case 'notFound':
			return '404';
		case 'refused':
			return 'refused';
		case 'noAnswer':
			return observation.label;
	}
}

function decide(
	state: WaitingState,
	observation: Observation,
	nowMs: number,
	random: number,
): { state: WaitingState; decision: Decision } {
	const { limits } = state;
	const elapsedMs = Math.max(0, nowMs - limits.startedAtMs);
	if (observation.kind === 'job' && isFinal(observation.job.status)) return { state, decision: { kind: 'ended' } };
	// Only a job that is not found may just be too new; a refusal has nothing to do with its age.
	const isTooNew = observation.kind === 'notFound' && limits.isNew && elapsedMs < NEW_JOB_GRACE_MS;
	const isLasting = state.unseenInARow >= RETRY_POLICY.poll.finalInARow;
	if (isLasting && !isTooNew) return { state, decision: { kind: 'notVisible' } };

	const leftMs = limits.maxWaitMs - elapsedMs;
	if (leftMs <= 0 || state.lastLookGranted) return { state, decision: { kind: 'giveUp' } };
	const asked = observation.kind === 'noAnswer' ? observation.retryAfterMs : undefined;
	// A pause that ends beyond the deadline is not cut short: the server would only refuse again.
	if (asked !== undefined && asked > leftMs) return { state, decision: { kind: 'giveUp' } };

	const pauseMs = Math.max(SHORTEST_PAUSE_MS, asked ?? 0, nextPauseMs(state, elapsedMs, random));
	if (pauseMs < leftMs) return { state, decision: { kind: 'wait', pauseMs } };
	const lastPauseMs = Math.max(asked ?? 0, leftMs - Math.min(LAST_LOOK_BEFORE_DEADLINE_MS, leftMs / 2));
	return { state: { ...state, lastLookGranted: true }, decision: { kind: 'wait', pauseMs: lastPauseMs } };
}

function nextPauseMs(state: WaitingState, elapsedMs: number, random: number): number {
	const { fixedPollMs, minPollMs, typicalMs } = state.limits;
	if (fixedPollMs !== undefined) return fixedPollMs;
	const share = elapsedMs * (typicalMs === undefined ? GROWTH_UNINFORMED : GROWTH);
	const planned = Math.max(minPollMs, Math.min(MAX_PAUSE_MS, share), untilLikelyMs(elapsedMs, typicalMs));
	const pause = Math.min(planned, untilReportedEndMs(state, elapsedMs));
	return Math.max(minPollMs, pause * (1 - JITTER / 2 + random * JITTER));
}

/** The pause while the job is unlikely to have ended: up to half of the usual time, and short ones when that is not known. */
function untilLikelyMs(elapsedMs: number, typicalMs: number | undefined): number {
	if (typicalMs !== undefined) return typicalMs / 2 - elapsedMs;
	return elapsedMs < UNLIKELY_BEFORE_MS ? Math.min(elapsedMs, LONGEST_UNLIKELY_PAUSE_MS) : 0;
}

/** Half of what is left by the job's own progress. It may only shorten a pause: progress is rarely linear. */
function untilReportedEndMs(state: WaitingState, elapsedMs: number): number {
	const progress = state.progressPercent ?? 0;
	if (progress < 10 || progress >= 100) return Infinity;
	return (elapsedMs * (100 - progress)) / progress / 2;
}

/** `queued 4×, 503 2×`: what the looks saw, for a message. */
export function describeSeen(state: WaitingState): string {
	const parts = Object.entries(state.seen).map(([label, count]) => `${label} ${count}×`);
	return parts.length > 0 ? parts.join(', ') : 'nothing';
}
