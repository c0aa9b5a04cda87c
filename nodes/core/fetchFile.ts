import { isSuccess, withoutAnswer } from './answers';
import { settle } from './concurrency';
import type { Dialect } from './dialects';
import { asGenerationError, GenerationError, type ErrorKind } from './errors';
import { hasMediaExtension, SNIFF_BYTES, sniffFileType, type FileType } from './media/fileType';
import type { HttpResponse, HttpResult, NoResponse, Ports, RunEvent, StoredFile } from './ports';
import { LONGEST_PAUSE_MS, maySendAgain, parseRetryAfter, RETRY_POLICY } from './retry';
import { errorFromAnswer } from './serverErrors';

/** Fetching one file of a server and storing it: shared by videos and pictures. */

export interface FetchTools {
	ports: Ports;
	api: { dialect: Dialect };
	baseUrl: string;
}

/** One try to fetch a file. `isFinal`: another try cannot help. */
export type Attempt = { file: StoredFile } | { error: GenerationError; isFinal: boolean; retryAfterMs?: number };

/** Where a file comes from, and what is to be said of it. */
export interface FileSource {
	/** Asks for the file; called once for each attempt. */
	open(): Promise<HttpResult>;
	/** The name to store it under, with the extension of its type. */
	fileName(type: FileType): string;
	/** What the file belongs to: `of this job`. */
	owner: string;
	/** A status after which another try cannot help, beside those of the retry table. */
	isFinalStatus?(status: number): boolean;
	/** What to do with an answer that is text; undefined: nothing, it is a failure. */
	readText?(text: string): Promise<Attempt> | undefined;
}

const CONTENT_TIMEOUT_MS = 120_000;

/** Pauses between tries, in milliseconds: a file often lags a little behind its job (wire facts, 15). */
const PAUSES_MS = [4_000, 8_000, 15_000, 30_000];

/** Failures to store a file that a little later may be over: a broken connection, a database of n8n's that is too busy. */
const PASSING_KINDS: ReadonlySet<ErrorKind> = new Set(['downloadInterrupted', 'downloadFailed']);

/** Opens a file for reading; the answer may be anything. Credentials only go to the server's own origin. */
export async function openFile(
	ports: Pick<Ports, 'http'>,
	url: string,
	query?: Record<string, string>,
): Promise<HttpResult> {
	return await ports.http({ kind: 'content', method: 'GET', url, query, timeoutMs: CONTENT_TIMEOUT_MS });
}

/**
 * Tries until the file is stored, with pauses that grow. Throws GenerationError.
 * @param details what the log says of the file; its `jobId` is put into the error
 */
export async function fetchPatiently(
	tryOnce: () => Promise<Attempt>,
	ports: Ports,
	details: RunEvent['details'] & { jobId?: string },
): Promise<StoredFile> {
	for (let tries = 1; ; tries++) {
		const attempt = await tryOnce();
		if ('file' in attempt) return attempt.file;
		const { error, isFinal, retryAfterMs } = attempt;
		const plannedMs = tries <= (RETRY_POLICY.content.maxRetries ?? 0) ? PAUSES_MS[tries - 1] : undefined;
		const pauseMs = plannedMs && (retryAfterMs ?? plannedMs);
		error.jobId ??= details.jobId;
		if (isFinal || pauseMs === undefined || pauseMs > LONGEST_PAUSE_MS) throw error;
		ports.onEvent({
			level: 'warn',
			message: 'The file could not be fetched yet, trying again',
			details: { ...details, reason: error.message, try: tries },
		});
		await ports.sleep(pauseMs);
	}
}

/** Fetches a file once and stores it. Checks that the bytes are a media file and that all came. Never throws. */
export async function tryFetching(source: FileSource, tools: FetchTools): Promise<Attempt> {
	const opened = await settle(source.open());
	if ('error' in opened) return { error: notStored(opened.error), isFinal: true };
	const response = opened.result;
	if (response.outcome === 'noResponse') return unanswered(response);
	if (!isSuccess(response.status)) return await refused(response, source, tools);

	const type = mediaType(await response.body.firstBytes(SNIFF_BYTES), response);
	if (type) return await storeWhole(response, type, source, tools);

	const { text } = await response.body.text();
	const followed = source.readText?.(text);
	if (followed) return await followed;
	const answer = errorFromAnswer(response, text);
	const what = text.trim() === '' ? 'an empty file' : 'text instead of a media file';
	return {
		isFinal: false,
		error: new GenerationError('downloadFailed', `The server sent ${what}`, {
			serverMessage: answer.serverMessage,
			requestId: answer.requestId,
		}),
	};
}

async function storeWhole(
	response: HttpResponse,
	type: FileType,
	source: FileSource,
	tools: FetchTools,
): Promise<Attempt> {
	const stored = await settle(tools.ports.files.store(response, source.fileName(type), type));
	if ('result' in stored) return { file: stored.result };
	const error = notStored(stored.error);
	return { error, isFinal: !PASSING_KINDS.has(error.kind) };
}

/** Whatever kept a file from being stored, as the core's error. */
export function notStored(error: unknown): GenerationError {
	return asGenerationError(error, 'downloadFailed');
}

function unanswered(result: NoResponse): Attempt {
	const error = withoutAnswer(result);
	if (error.kind === 'cancelled') return { error, isFinal: true };
	return {
		isFinal: false,
		error: new GenerationError('downloadFailed', 'The file could not be fetched: the server did not answer', {
			observed: error.observed,
		}),
	};
}

async function refused(response: HttpResponse, source: FileSource, tools: FetchTools): Promise<Attempt> {
	const { text } = await response.body.text();
	const { dialect } = tools.api;
	const answer = errorFromAnswer(response, text, dialect.hints);
	const details = { serverMessage: answer.serverMessage, status: response.status, requestId: answer.requestId };
	if (!maySendAgain('content', response)) {
		const kept = dialect.retention ? ` (it keeps files for ${dialect.retention})` : '';
		const message = `The server no longer keeps the file ${source.owner}${kept}`;
		return { error: new GenerationError('contentExpired', message, details), isFinal: true };
	}
	const error = new GenerationError('downloadFailed', `The file could not be fetched: ${lowerFirst(answer.message)}`, {
		...details,
		// Another origin got no key: what it refuses says nothing about the account.
		hint: answer.concernsAccount && isOwn(response.url, tools) ? answer.hint : undefined,
	});
	return {
		error,
		isFinal: source.isFinalStatus?.(response.status) === true,
		retryAfterMs: parseRetryAfter(response.headers, tools.ports.now()),
	};
}

function isOwn(url: string, { baseUrl }: FetchTools): boolean {
	return new URL(url).origin === new URL(baseUrl).origin;
}

/** The type that the bytes show; for bytes that nobody knows, what the server says, if that is a media type. */
function mediaType(head: Uint8Array, response: HttpResponse): FileType | undefined {
	const sniffed = sniffFileType(head);
	if (sniffed) return sniffed.family === 'text' ? undefined : sniffed;
	if (head.length === 0) return undefined;
	const claimed = /^(video|image)\/([\w.+-]+)/.exec(response.headers['content-type'] ?? '');
	// Text that was sent as video/mp4: every byte can be typed on a keyboard.
	const isText = head.every((byte) => byte === 9 || byte === 10 || byte === 13 || (byte >= 32 && byte < 127));
	if (!claimed || isText) return undefined;
	return { family: claimed[1] as 'video' | 'image', mimeType: claimed[0], extension: claimed[2]!.replace(/^x-/, '') };
}

/** A name without folders, with the extension of its type unless it has one of a media file. */
export function fileNameOf(base: string, type: FileType): string {
	const withoutPath = base.replace(/[/\\]+/g, '_');
	return hasMediaExtension(withoutPath) ? withoutPath : `${withoutPath}.${type.extension}`;
}

/** `photo.png` → `photo-0.png`: files that belong together must not have the same name. */
export function numberedName(name: string, index: number): string {
	const extension = hasMediaExtension(name) ? name.slice(name.lastIndexOf('.')) : '';
	return `${name.slice(0, name.length - extension.length)}-${index}${extension}`;
}

/** A text that servers give (an id, a model) as part of a file name. */
export function asFileName(text: string): string {
	return text.replace(/[^\w.-]+/g, '_');
}

function lowerFirst(text: string): string {
	return text.charAt(0).toLowerCase() + text.slice(1);
}
