import type { OpenSubmission, SubmissionFacts } from './reconcile';

/** Longer than any submission is looked for; nothing is kept for ever. */
const KEPT_MS = 30 * 60_000;

/**
 * The submissions of all runs of the process at one account: which jobs are known to belong to somebody, and which
 * requests may have made a job that nobody knows yet.
 */
export class Submissions {
	/** Each with the time at which it was opened. */
	private readonly open = new Map<OpenSubmission, number>();

	private opened = 0;

	private readonly knownJobs = new Map<string, number>();

	/**
	 * Opens a submission before its request is sent.
	 * @param earlier one of an earlier try that is taken up: it stays one and the same
	 */
	begin(facts: SubmissionFacts, nowMs: number, earlier?: { id?: string; sentAtMs: number }): OpenSubmission {
		this.forgetOld(nowMs);
		const known = this.allOpen().find(({ id }) => id === earlier?.id);
		if (known) return known;
		const sentAtMs = Math.min(nowMs, earlier?.sentAtMs ?? nowMs);
		const submission = { id: `${++this.opened}@${nowMs}`, facts, sentAtMs };
		this.open.set(submission, nowMs);
		return submission;
	}

	/** The submission made this job, or certainly none. Without this it stays open: another may not take its job. */
	settle(submission: OpenSubmission): void {
		this.open.delete(submission);
	}

	/** The job belongs to somebody. */
	know(jobId: string, nowMs: number): void {
		this.knownJobs.set(jobId, nowMs);
	}

	/** Whether a job is already somebody's in this process. */
	isKnown(jobId: string): boolean {
		return this.knownJobs.has(jobId);
	}

	/** The submissions of which it is not known whether the server took them. */
	allOpen(): OpenSubmission[] {
		return [...this.open.keys()];
	}

	private forgetOld(nowMs: number): void {
		for (const known of [this.open, this.knownJobs] as Array<Map<unknown, number>>) {
			for (const [entry, sinceMs] of known) {
				// Both are in the order of their times.
				if (sinceMs >= nowMs - KEPT_MS) break;
				known.delete(entry);
			}
		}
	}
}
