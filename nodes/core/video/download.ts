import { settle } from '../concurrency';
import { asGenerationError, GenerationError } from '../errors';
import { firstText, parseJson } from '../json';
import { absoluteLink } from '../links';
import { hasMediaExtension, SNIFF_BYTES, sniffFileType, type FileType } from '../media/fileType';
import type { HttpResponse, NoResponse, Ports, StoredFile } from '../ports';
import { LONGEST_PAUSE_MS, parseRetryAfter } from '../retry';
import { errorFromAnswer } from '../serverErrors';
import { isSuccess, withoutAnswer } from './answers';
import { jobPath, type ContentVariant, type VideosApi } from './videosApi';

export interface DownloadWish {
	jobId: string;
	variant: ContentVariant;
	/** Where the job says that its file is. */
	resultUrl?: string;
	/** With or without extension; the job's id when absent. */
	fileName?: string;
}

export interface DownloadTools {
	api: VideosApi;
	ports: Ports;
	baseUrl: string;
}

/** Pauses between tries, in milliseconds: a file often lags a little behind its job (wire facts, 15). */
const PAUSES_MS = [4_000, 8_000, 15_000, 30_000];

/** One try to fetch the file. `isFinal`: another try cannot help. */
type Attempt = { file: StoredFile } | { error: GenerationError; isFinal: boolean; retryAfterMs?: number };

/**
 * Fetches the file of a finished job and stores it: from the place that the job names, else from `/content`.
 * Only the download is tried again, never the job. Checks that the bytes are a media file and that all came.
 * Throws GenerationError with the job's id.
 */
export async function downloadContent(wish: DownloadWish, tools: DownloadTools): Promise<StoredFile> {
	for (let tries = 1; ; tries++) {
		const attempt = await tryPlaces(wish, tools);
		if ('file' in attempt) return attempt.file;
		const { error, isFinal, retryAfterMs } = attempt;
		const plannedMs = PAUSES_MS[tries - 1];
		const pauseMs = plannedMs && (retryAfterMs ?? plannedMs);
		error.jobId ??= wish.jobId;
		if (isFinal || pauseMs === undefined || pauseMs > LONGEST_PAUSE_MS) throw error;
		tools.ports.onEvent({
			level: 'warn',
			message: 'The file could not be fetched yet, trying again',
			details: { jobId: wish.jobId, reason: error.message, try: tries },
		});
		await tools.ports.sleep(pauseMs);
	}
}

/** The place that the job names comes first; when it fails, `/content` may still have the file. */
async function tryPlaces(wish: DownloadWish, tools: DownloadTools): Promise<Attempt> {
	const contentUrl = jobPath(wish.jobId, '/content');
	if (wish.resultUrl === undefined || wish.variant !== 'video') return await fetchFile(contentUrl, wish, tools);
	const named = await fetchLink(wish.resultUrl, wish, tools, false);
	if ('file' in named || ['cancelled', 'fileTooLarge'].includes(named.error.kind)) return named;
	const fallback = await fetchFile(contentUrl, wish, tools);
	// The named place is what the server promised: when both fail, its failure is the one to tell.
	return 'file' in fallback ? fallback : named;
}

async function fetchFile(url: string, wish: DownloadWish, tools: DownloadTools, isFollowed = false): Promise<Attempt> {
	const opened = await settle(tools.api.openContent(url, wish.variant));
	if ('error' in opened) return { error: notStored(opened.error), isFinal: true };
	const response = opened.result;
	if (response.outcome === 'noResponse') return unanswered(response);
	if (!isSuccess(response.status)) return await refused(response, tools);

	const type = mediaType(await response.body.firstBytes(SNIFF_BYTES), response);
	if (type) return await storeWhole(response, type, wish, tools);

	const { text } = await response.body.text();
	// Some servers answer with JSON that names the place of the file (wire facts 2.1, AnyFast).
	const link = firstText(parseJson(text), ['url', 'video_url', 'data.url', 'data.video_url', 'download_url']);
	if (link && !isFollowed) return await fetchLink(link, wish, tools, true);
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

/** Fetches from a place that a server named; a place that is no address is an attempt that failed. */
async function fetchLink(
	link: string,
	wish: DownloadWish,
	tools: DownloadTools,
	isFollowed: boolean,
): Promise<Attempt> {
	const url = await settle((async () => absoluteLink(tools.baseUrl, link))());
	if ('error' in url) return { error: notStored(url.error), isFinal: true };
	return await fetchFile(url.result, wish, tools, isFollowed);
}

async function storeWhole(
	response: HttpResponse,
	type: FileType,
	wish: DownloadWish,
	tools: DownloadTools,
): Promise<Attempt> {
	const stored = await settle(tools.ports.files.store(response, fileNameFor(wish, type), type));
	if ('result' in stored) return { file: stored.result };
	const error = notStored(stored.error);
	return { error, isFinal: error.kind !== 'downloadInterrupted' };
}

function notStored(error: unknown): GenerationError {
	return asGenerationError(error, 'downloadFailed');
}

function unanswered(result: NoResponse): Attempt {
	const error = withoutAnswer(result);
	if (error.kind === 'cancelled') return { error, isFinal: true };
	return {
		isFinal: false,
		error: new GenerationError('downloadFailed', 'The file could not be fetched: the server did not answer', {
			serverMessage: error.serverMessage,
		}),
	};
}

async function refused(response: HttpResponse, tools: DownloadTools): Promise<Attempt> {
	const { text } = await response.body.text();
	const { dialect } = tools.api;
	const answer = errorFromAnswer(response, text, dialect.hints);
	const details = { serverMessage: answer.serverMessage, status: response.status, requestId: answer.requestId };
	if (response.status === 410) {
		const kept = dialect.retention ? ` (it keeps files for ${dialect.retention})` : '';
		const message = `The server no longer keeps the file of this job${kept}`;
		return { error: new GenerationError('contentExpired', message, details), isFinal: true };
	}
	const error = new GenerationError('downloadFailed', `The file could not be fetched: ${lowerFirst(answer.message)}`, {
		...details,
		hint: answer.concernsAccount ? answer.hint : undefined,
	});
	return {
		error,
		isFinal: answer.concernsAccount,
		retryAfterMs: parseRetryAfter(response.headers, tools.ports.now()),
	};
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

function fileNameFor(wish: DownloadWish, type: FileType): string {
	const suffix = wish.variant === 'video' ? '' : `-${wish.variant}`;
	const base = wish.fileName?.trim() || `${wish.jobId.replace(/[^\w.-]+/g, '_')}${suffix}`;
	const withoutPath = base.replace(/[/\\]+/g, '_');
	return hasMediaExtension(withoutPath) ? withoutPath : `${withoutPath}.${type.extension}`;
}

function lowerFirst(text: string): string {
	return text.charAt(0).toLowerCase() + text.slice(1);
}
