import { settle } from '../concurrency';
import { asGenerationError } from '../errors';
import type { Ports } from '../ports';
import type { Job } from './job';
import { reconcile, type OpenSubmission } from './reconcile';
import type { Submissions } from './submissions';
import type { VideosApi } from './videosApi';

/** What the search for a job works with. */
export interface SearchTools {
	api: Pick<VideosApi, 'dialect' | 'recent'>;
	ports: Pick<Ports, 'sleep' | 'now' | 'onEvent'>;
	submissions: Submissions;
}

/** What the search came to: the job, or what is known of those that it might be. */
export interface SearchResult {
	job?: Job & { id: string };
	candidateIds: string[];
	/** The candidates have the prompt of the submission. */
	areLikely: boolean;
	/** Why the list could not help; undefined when it was read. */
	problem?: string;
}

/** Four looks within a minute: a server may list a job a little later than it takes it. */
const PAUSES_MS = [3_000, 9_000, 18_000, 28_000];
const LOOK_BACK_MS = 180_000;

/**
 * Looks in the server's list for the job that an unanswered submission may have made (`GET /videos`). A list that cannot
 * be read decides nothing. Throws GenerationError `cancelled`.
 */
export async function findSubmitted(submission: OpenSubmission, tools: SearchTools): Promise<SearchResult> {
	const { api, ports, submissions } = tools;
	if (api.dialect.missing.includes('list'))
		return { candidateIds: [], areLikely: false, problem: 'this server has no list of jobs' };
	let latest: SearchResult = { candidateIds: [], areLikely: false, problem: 'the list of jobs could not be read' };
	for (const pauseMs of PAUSES_MS) {
		await ports.sleep(pauseMs);
		const listed = await settle(api.recent(submission.sentAtMs - LOOK_BACK_MS));
		if ('error' in listed) {
			const { kind, message } = asGenerationError(listed.error, 'unexpected');
			if (kind === 'cancelled') throw listed.error;
			if (kind === 'notFound' || kind === 'unsupported')
				return { candidateIds: [], areLikely: false, problem: 'this server shows no list of jobs' };
			latest = { ...latest, problem: `the list of jobs could not be read (${message})` };
			continue;
		}
		const found = reconcile(submission, submissions.allOpen(), listed.result, (id) => submissions.isKnown(id));
		if (found.job) return found;
		latest = found;
	}
	tellCandidates(latest, ports);
	return latest;
}

/** The log names all of them: the error names few, and none comes of it when the user lets the order be sent again. */
function tellCandidates({ candidateIds }: SearchResult, ports: SearchTools['ports']): void {
	if (candidateIds.length === 0) return;
	ports.onEvent({
		level: 'warn',
		message: `It is not known which of these jobs a submission without an answer has made, if any: ${candidateIds.join(', ')}`,
		details: { candidates: candidateIds.length },
	});
}

const NAMED_CANDIDATES = 10;

/** What to do about a submission that the search did not settle. */
export function describeSearch({ candidateIds, problem }: SearchResult): string {
	if (candidateIds.length > 0) {
		const named = candidateIds.slice(0, NAMED_CANDIDATES).join(', ');
		return `The server lists jobs that may be this one: ${named}. Look at them with Get Video Job; if one is yours, use Wait for Video Job with its ID. Do not run again before that.`;
	}
	if (problem) {
		return `Look for the job in the console of the server before running again: ${problem}. If it is there, use Wait for Video Job with its ID.`;
	}
	return 'The server did not list it within a minute, so it was probably not taken. Make sure with Get Many, or in the console of the server, before running again.';
}
