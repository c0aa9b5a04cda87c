import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';

import { settle } from '../core/concurrency';
import { GenerationError } from '../core/errors';
import type { FileStore, HttpResponse, StoredFile } from '../core/ports';
import { readImageSize } from '../core/media/imageSize';
import { Mp4Reader } from '../core/media/mp4';
import { assertFits, createSizeGuard, describeTooLarge } from './binaryLimits';
import type { StreamBody } from './responseBody';

/** The head of a picture that is kept to read its pixel size from: JPEG headers may hold large colour profiles. */
const PICTURE_HEAD_BYTES = 256 * 1024;

/** Streams bodies into n8n's binary storage, whatever its mode, and reads their structure as they pass by. */
export function createFileStore(execution: IExecuteFunctions): FileStore {
	return {
		async isStored({ reference }) {
			const { id, data } = reference as IBinaryData;
			if (!id) return data !== undefined && data !== '';
			// Whoever prunes executions prunes their files.
			return 'result' in (await settle(execution.helpers.getBinaryMetadata(id)));
		},

		async store(response, fileName, type) {
			const body = response.body as StreamBody;
			await refuseTooLarge(execution, response, body);
			const inspector = createInspector(type.mimeType);
			let tooLarge: GenerationError | undefined;
			const guard = createSizeGuard(execution, type.mimeType.startsWith('image/'), (error) => {
				tooLarge = error;
				body.breakOff(error);
			});
			const source = await body.handOver((chunk) => {
				inspector.push(chunk);
				guard.count(chunk.length);
			});
			let reference: IBinaryData;
			try {
				reference = await execution.helpers.prepareBinaryData(
					source as Parameters<typeof execution.helpers.prepareBinaryData>[0],
					fileName,
					type.mimeType,
				);
			} catch (error) {
				const failure = tooLarge ?? storageFailure(body, error, inspector.totalBytes());
				// A storage that fails before it reads would leave the connection open for ever.
				body.discard();
				throw failure;
			}
			if (tooLarge) throw tooLarge as GenerationError;
			if (body.interruption) throw storageFailure(body, body.interruption, 0);
			checkLength(response, inspector.totalBytes());
			if (inspector.isTruncated()) throw interrupted('The file ends in the middle of its own structure');
			return {
				...inspector.facts(),
				reference,
				fileName,
				mimeType: type.mimeType,
				fileSizeBytes: inspector.totalBytes(),
			};
		},

		decode: (base64) => Buffer.from(base64, 'base64'),

		async storeBytes(bytes, fileName, { mimeType }) {
			const inspector = createInspector(mimeType);
			inspector.push(bytes);
			const reference = await execution.helpers.prepareBinaryData(Buffer.from(bytes), fileName, mimeType);
			return { ...inspector.facts(), reference, fileName, mimeType, fileSizeBytes: bytes.length };
		},
	};
}

function interrupted(message: string, cause?: Error): GenerationError {
	return new GenerationError('downloadInterrupted', message, { cause });
}

/** A file whose length is announced is refused before a byte of it is read. */
async function refuseTooLarge(execution: IExecuteFunctions, response: HttpResponse, body: StreamBody): Promise<void> {
	const fits = await settle(assertFits(execution, announcedBytes(response)));
	if ('result' in fits) return;
	body.discard();
	throw fits.error;
}

/** V8's words for a text that is too long; the base64 of a file in memory is one. */
const TOO_LONG_FOR_MEMORY = /string longer than|Invalid string length/i;

/** Why a file is not stored: a body that broke off, a file that is too large, or what kept n8n from it (a full disk, a busy database). */
function storageFailure(body: StreamBody, error: unknown, totalBytes: number): GenerationError {
	if (body.interruption) return interrupted('The connection ended before the whole file had come', body.interruption);
	const message = error instanceof Error ? error.message : String(error);
	const tooLong = TOO_LONG_FOR_MEMORY.test(message) ? describeTooLarge('memory', totalBytes) : undefined;
	return tooLong ?? new GenerationError('downloadFailed', `n8n could not store the file: ${message}`, { cause: error });
}

/** The announced length must have come; a compressed body was unpacked on the way and cannot be compared. */
function checkLength(response: HttpResponse, receivedBytes: number): void {
	const announced = announcedBytes(response);
	if (Number.isNaN(announced) || announced === receivedBytes) return;
	throw interrupted(`${receivedBytes} of ${announced} bytes came`);
}

/** NaN where nothing is announced that could be compared. */
function announcedBytes({ headers }: HttpResponse): number {
	return headers['content-encoding'] ? NaN : Number(headers['content-length'] ?? NaN);
}

interface Inspector {
	push: (chunk: Uint8Array) => void;
	totalBytes: () => number;
	isTruncated: () => boolean;
	facts: () => Partial<StoredFile>;
}

function createInspector(mimeType: string): Inspector {
	return mimeType.startsWith('image/') ? inspectPicture() : inspectMovie();
}

function inspectMovie(): Inspector {
	const reader = new Mp4Reader();
	return {
		push: (chunk) => reader.push(chunk),
		totalBytes: () => reader.totalBytes,
		isTruncated: () => reader.isTruncated,
		facts: () => ({ ...reader.facts() }),
	};
}

function inspectPicture(): Inspector {
	let total = 0;
	const head: Uint8Array[] = [];
	return {
		push(chunk) {
			if (total < PICTURE_HEAD_BYTES) head.push(Uint8Array.from(chunk));
			total += chunk.length;
		},
		totalBytes: () => total,
		isTruncated: () => false,
		facts() {
			const size = readImageSize(Buffer.concat(head));
			return size ? { width: size.width, height: size.height } : {};
		},
	};
}
