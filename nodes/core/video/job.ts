import { withoutBase64 } from '../base64';
import { firstText, isObject, readPath, readTime } from '../json';
import { readServerWords, type ServerWords } from '../serverErrors';

/** Where a job stands, in our own words. `unknown` means: keep waiting. */
export type JobStatus = 'queued' | 'running' | 'completed' | 'failed' | 'cancelled' | 'expired' | 'unknown';

/** A job as any server describes it, read into one shape. Absent means: the server did not say. */
export interface Job {
	id?: string;
	status: JobStatus;
	/** The server's own word. */
	statusWord?: string;
	/** 0 to 100 */
	progressPercent?: number;
	model?: string;
	size?: string;
	seconds?: string;
	quality?: string;
	prompt?: string;
	remixedFromJobId?: string;
	createdAtMs?: number;
	completedAtMs?: number;
	expiresAtMs?: number;
	/** Why the job ended without a video. */
	failure?: ServerWords;
	/** Where the file is, when the server names a place (absolute or relative). */
	resultUrl?: string;
	/** Where to look at the job, when the server names a place (absolute or relative). */
	pollingUrl?: string;
	/** The video itself, where the server answers with it. */
	contentBase64?: string;
	/** The server's own object, without the video. */
	raw: unknown;
}

/** Spellings seen in the wild: wire facts, "Design consequences" 8, and 2.1. */
const STATUS_WORDS: Record<Exclude<JobStatus, 'unknown'>, readonly string[]> = {
	completed: ['completed', 'complete', 'succeeded', 'succeed', 'success', 'finished', 'done'],
	failed: ['failed', 'failure', 'fail', 'error'],
	cancelled: ['cancelled', 'canceled', 'deleted'],
	expired: ['expired'],
	running: ['in_progress', 'inprogress', 'processing', 'running', 'generating', 'cancelling', 'uploading'],
	queued: ['queued', 'queueing', 'pending', 'submitted', 'not_start', 'notstarted', 'preparing', 'created', 'starting'],
};

const ID_PATHS = ['id', 'task_id', 'data.task_id', 'data.id', 'generation_id', 'data.taskId', 'video_id'];

const URL_PATHS = [
	'video_url',
	'url',
	'result_url',
	'data.url',
	'data.video_url',
	'data.result_url',
	'data.0.url',
	'metadata.url',
	'video.url',
	'content.video_url',
	'output.video_url',
	'outputs.video_url',
	'output.0.content.0.url',
	'urls.0',
	'mirror_urls.0',
	'unsigned_urls.0',
	'assets.video',
	'data.task_result.videos.0.url',
];

/** Our word for a server's status word; case, spaces and dashes do not matter. */
export function readStatusWord(word: string): JobStatus {
	const normalised = word
		.trim()
		.toLowerCase()
		.replace(/[\s-]+/g, '_');
	const known = Object.entries(STATUS_WORDS).find(([, words]) => words.includes(normalised));
	return known ? (known[0] as JobStatus) : 'unknown';
}

/**
 * Reads a job from any server's answer: status words, id, progress and result in all the places of the wire facts
 * ("Design consequences" 6 to 12). Never throws; what is missing stays undefined.
 */
export function readJob(raw: unknown): Job {
	const statusWord = firstText(raw, ['data.status', 'status', 'data.state', 'state']);
	const status = readStatus(raw, statusWord);
	const field = (...names: string[]) =>
		firstText(
			raw,
			names.flatMap((name) => [name, `data.${name}`]),
		);
	return {
		id: firstText(raw, ID_PATHS) ?? idFromRequest(raw, statusWord),
		status,
		statusWord,
		progressPercent: readProgress(readPath(raw, 'progress') ?? readPath(raw, 'data.progress')),
		model: field('model'),
		size: field('size'),
		seconds: field('seconds', 'duration'),
		quality: field('quality'),
		prompt: field('prompt'),
		remixedFromJobId: field('remixed_from_video_id'),
		createdAtMs: readTime(raw, ['created_at', 'created', 'data.created_at', 'data.submit_time']),
		completedAtMs: readTime(raw, ['completed_at', 'data.completed_at', 'data.finish_time']),
		expiresAtMs: readTime(raw, ['expires_at', 'data.expires_at']),
		failure: readFailure(raw, status),
		resultUrl: readResultUrl(raw, status),
		pollingUrl: field('polling_url'),
		...readContent(raw, status),
	};
}

/** Whether no further look can change the job. */
export function isFinal(status: JobStatus): boolean {
	return status === 'completed' || status === 'failed' || status === 'cancelled' || status === 'expired';
}

/** Some servers call the job's id `request_id`, and most give one with every refusal: it counts where nothing else is told. */
function idFromRequest(raw: unknown, statusWord: string | undefined): string | undefined {
	const tellsMore = ['error', 'message', 'msg', 'code', 'detail'].some((name) => readPath(raw, name) !== undefined);
	return statusWord !== undefined || !tellsMore ? firstText(raw, ['request_id']) : undefined;
}

/** Whether an answer tells of an error; servers write `null` and `{}` for none. */
export function hasError(raw: unknown): boolean {
	const error = readPath(raw, 'error');
	return (typeof error === 'string' && error !== '') || (isObject(error) && Object.keys(error).length > 0);
}

function readStatus(raw: unknown, word: string | undefined): JobStatus {
	if (word !== undefined) return readStatusWord(word);
	if (hasError(raw)) return 'failed';
	// Servers that answer a create with the finished video name no status at all (wire facts 2.4, 2.9).
	const isFinished = firstText(raw, ['data.0.url', 'data.0.b64_json']) !== undefined;
	return isFinished ? 'completed' : 'unknown';
}

/** `45`, `45.5`, `"45%"`, `"45"`; a fraction below 1 without `%` is a share. Completion is never decided from this. */
function readProgress(value: unknown): number | undefined {
	const number = typeof value === 'string' ? parseFloat(value) : value;
	if (typeof number !== 'number' || !Number.isFinite(number)) return undefined;
	const isPercent = typeof value === 'string' && value.includes('%');
	const percent = !isPercent && number > 0 && number < 1 ? number * 100 : number;
	return Math.min(100, Math.max(0, percent));
}

function readFailure(raw: unknown, status: JobStatus): ServerWords | undefined {
	if (status !== 'failed' && status !== 'cancelled' && status !== 'expired') return undefined;
	const error = readPath(raw, 'error') ?? readPath(raw, 'data.error');
	if (typeof error === 'string' || isObject(error)) {
		const words = readServerWords(error);
		if (Object.keys(words).length > 0) return words;
	}
	const reason = firstText(raw, ['data.fail_reason', 'fail_reason', 'failure_reason', 'data.failure_reason']);
	return reason ? { message: reason } : {};
}

/** Servers that answer a create with the finished video (wire facts 2.4, 2.9). */
function readContent(raw: unknown, status: JobStatus): Pick<Job, 'contentBase64' | 'raw'> {
	const contentBase64 = status === 'completed' ? firstText(raw, ['data.0.b64_json']) : undefined;
	return contentBase64 === undefined ? { raw } : { contentBase64, raw: withoutBase64(raw) };
}

function readResultUrl(raw: unknown, status: JobStatus): string | undefined {
	if (status !== 'completed') return undefined;
	const url = firstText(raw, URL_PATHS);
	if (url) return url;
	// Very old new-api: the address stands in `fail_reason` of a job that succeeded (wire facts 2.8).
	const misplaced = firstText(raw, ['fail_reason', 'data.fail_reason']);
	return misplaced && /^https?:\/\//.test(misplaced) ? misplaced : undefined;
}
