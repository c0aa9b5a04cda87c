import { mapSettled } from '../concurrency';
import { GenerationError } from '../errors';
import { asFileName, fetchPatiently, fileNameOf, notStored, numberedName, openFile, tryFetching } from '../fetchFile';
import { absoluteLink } from '../links';
import { sniffFileType, type FileType } from '../media/fileType';
import type { StoredFile } from '../ports';
import type { Picture } from './answer';
import type { DeliveredPicture, ImageDelivery, ImageTools, PictureWish } from './delivery';

/** Pictures of one answer that are fetched side by side. */
const AT_ONCE = 3;

/** Statuses of a link that may be another a little later; any other refusal of a picture is for good. */
const PASSING_STATUSES = new Set([408, 409, 425, 429]);

const LOST_HINT =
	'It was paid for. To buy it again start a new execution, or turn off Resume Paid Jobs in the options.';
const LINK_HINT =
	'The file was made and paid for: open the link soon, servers keep files for an hour to a few days. Retry On Fail, or Retry on this execution, fetches it again without paying.';

/**
 * Puts the pictures of a delivery into n8n's storage: those that are not there yet. A picture that fails gets its error,
 * its siblings come out. Throws GenerationError `cancelled` only.
 * @param held what the answer itself held, by index; none for a delivery of an earlier try
 */
export async function storePictures(
	delivery: ImageDelivery,
	held: readonly Picture[],
	wish: PictureWish & { model: string },
	tools: ImageTools,
): Promise<DeliveredPicture[]> {
	const settled = await mapSettled(delivery.pictures, AT_ONCE, async (picture) => {
		if (picture.file && (await tools.ports.files.isStored(picture.file))) return picture.file;
		const nameFor = (type: FileType) => fileNameOf(baseName(picture.index, delivery, wish), type);
		const base64 = held[picture.index]?.base64;
		if (base64 !== undefined) return await storeBase64(base64, nameFor, tools);
		if (picture.url !== undefined) return wish.download ? await fetchPicture(picture.url, nameFor, tools) : undefined;
		throw new GenerationError('contentExpired', 'The file that an earlier try has paid for is no longer stored', {
			hint: LOST_HINT,
			billed: 'yes',
		});
	});
	return settled.map((outcome, position) => {
		const picture = { ...delivery.pictures[position]!, file: undefined };
		if ('result' in outcome) return { ...picture, file: outcome.result };
		const error = notStored(outcome.error);
		if (error.kind === 'cancelled') throw error;
		return { ...picture, error: pictureError(error, picture.url, delivery.requestId) };
	});
}

async function storeBase64(
	base64: string,
	nameFor: (type: FileType) => string,
	{ ports }: ImageTools,
): Promise<StoredFile> {
	const bytes = ports.files.decode(base64);
	const type = sniffFileType(bytes);
	if (type && type.family !== 'text') return await ports.files.storeBytes(bytes, nameFor(type), type);
	throw new GenerationError('downloadFailed', `The server sent ${bytes.length} bytes that are no media file`, {
		hint: 'Check the output format and the model; the request was answered as if it had worked.',
		billed: 'yes',
	});
}

async function fetchPicture(link: string, nameFor: (type: FileType) => string, tools: ImageTools): Promise<StoredFile> {
	const { ports } = tools;
	const source = {
		open: async () => await openFile(ports, link),
		fileName: nameFor,
		owner: 'behind this link',
		isFinalStatus: (status: number) => status < 500 && !PASSING_STATUSES.has(status),
	};
	return await fetchPatiently(async () => await tryFetching(source, tools), ports, { url: link });
}

/** The link as an address; a text that is none stays as it is, so that the user can see it. */
export function linkOf(url: string, { baseUrl, api }: ImageTools): string {
	try {
		return absoluteLink(baseUrl, url, api.dialect.ownFilePaths);
	} catch {
		return url;
	}
}

/** The error of one picture: paid for, and with its link, so that it is not lost. */
function pictureError(error: GenerationError, url: string | undefined, requestId?: string): GenerationError {
	const { kind, message, serverMessage, observed, status, cause } = error;
	const isOwnHint = url === undefined || kind === 'unsafeAddress' || error.concernsAccount;
	return new GenerationError(kind, message, {
		hint: isOwnHint ? error.hint : LINK_HINT,
		billed: 'yes',
		serverMessage,
		observed,
		status,
		requestId: error.requestId ?? requestId,
		url,
		cause,
	});
}

/** `gpt-image-1-2026-11-21T12-00-00-3f9a1c`, or the user's own; `-0`, `-1`, … behind it when there are several. */
function baseName(index: number, delivery: ImageDelivery, wish: PictureWish & { model: string }): string {
	const madeAt = new Date(delivery.createdAtMs ?? delivery.submittedAtMs).toISOString().slice(0, 19);
	// Items that are answered in the same second must not overwrite each other's files.
	const mark = asFileName(delivery.requestId ?? String(delivery.submittedAtMs)).slice(-6);
	const name = wish.fileName?.trim() || `${asFileName(wish.model)}-${madeAt.replace(/:/g, '-')}-${mark}`;
	return delivery.pictures.length === 1 ? name : numberedName(name, index);
}
