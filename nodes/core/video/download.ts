import { settle } from '../concurrency';
import { GenerationError } from '../errors';
import { asFileName, fetchPatiently, fileNameOf, notStored, tryFetching, type Attempt } from '../fetchFile';
import { firstText, parseJson } from '../json';
import { absoluteLink } from '../links';
import { sniffFileType, type FileType } from '../media/fileType';
import type { Ports, StoredFile } from '../ports';
import { jobPath, type ContentVariant, type VideosApi } from './videosApi';

/** Which file of which job is wanted. */
export interface DownloadWish {
	jobId: string;
	variant: ContentVariant;
	/** Where the job says that its file is. */
	resultUrl?: string;
	/** With or without extension; the job's id when absent. */
	fileName?: string;
}

/** What a download works with. */
export interface DownloadTools {
	api: VideosApi;
	ports: Ports;
	baseUrl: string;
}

/**
 * Fetches the file of a finished job and stores it: from the place that the job names, else from `/content`.
 * Only the download is tried again, never the job. Checks that the bytes are a media file and that all came.
 * Throws GenerationError with the job's id.
 */
export async function downloadContent(wish: DownloadWish, tools: DownloadTools): Promise<StoredFile> {
	return await fetchPatiently(async () => await tryPlaces(wish, tools), tools.ports, { jobId: wish.jobId });
}

/** Stores a video that came inside of an answer. Throws GenerationError `downloadFailed` when it is none. */
export async function storeContent(base64: string, wish: DownloadWish, { ports }: DownloadTools): Promise<StoredFile> {
	const bytes = ports.files.decode(base64);
	const type = sniffFileType(bytes);
	if (type && type.family !== 'text') return await ports.files.storeBytes(bytes, fileNameFor(wish, type), type);
	throw new GenerationError('downloadFailed', `The answer holds ${bytes.length} bytes that are no video`);
}

/** The place that the job names comes first; when it fails, `/content` may still have the file. */
async function tryPlaces(wish: DownloadWish, tools: DownloadTools): Promise<Attempt> {
	const contentUrl = jobPath(wish.jobId, '/content');
	if (wish.resultUrl === undefined || wish.variant !== 'video') return await fetchFile(contentUrl, wish, tools);
	const named = await fetchLink(wish.resultUrl, wish, tools, false);
	if ('file' in named || ['cancelled', 'fileTooLarge'].includes(named.error.kind)) return named;
	const fallback = await fetchFile(contentUrl, wish, tools);
	if ('file' in fallback) return fallback;
	// The named place is what the server promised: when both fail, its failure is the one to tell. Another try may help
	// as long as it may at one of them.
	return { ...named, isFinal: named.isFinal && fallback.isFinal, retryAfterMs: fallback.retryAfterMs };
}

async function fetchFile(url: string, wish: DownloadWish, tools: DownloadTools, isFollowed = false): Promise<Attempt> {
	return await tryFetching(
		{
			open: async () => await tools.api.openContent(url, wish.variant),
			fileName: (type) => fileNameFor(wish, type),
			owner: 'of this job',
			readText(text) {
				// Some servers answer with JSON that names the place of the file (wire facts 2.1, AnyFast).
				const link = firstText(parseJson(text), ['url', 'video_url', 'data.url', 'data.video_url', 'download_url']);
				return link && !isFollowed ? fetchLink(link, wish, tools, true) : undefined;
			},
		},
		tools,
	);
}

/** Fetches from a place that a server named; a place that is no address is an attempt that failed. */
async function fetchLink(
	link: string,
	wish: DownloadWish,
	tools: DownloadTools,
	isFollowed: boolean,
): Promise<Attempt> {
	const url = await settle((async () => absoluteLink(tools.baseUrl, link, tools.api.dialect.ownFilePaths))());
	if ('error' in url) return { error: notStored(url.error), isFinal: true };
	return await fetchFile(url.result, wish, tools, isFollowed);
}

function fileNameFor(wish: DownloadWish, type: FileType): string {
	const suffix = wish.variant === 'video' ? '' : `-${wish.variant}`;
	return fileNameOf(wish.fileName?.trim() || `${asFileName(wish.jobId)}${suffix}`, type);
}
