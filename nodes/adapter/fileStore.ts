import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';

import { settle } from '../core/concurrency';
import { GenerationError } from '../core/errors';
import type { FileStore, HttpResponse, StoredFile } from '../core/ports';
import { readImageSize } from '../core/media/imageSize';
import { Mp4Reader } from '../core/media/mp4';
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
			const inspector = createInspector(type.mimeType);
			const source = await body.handOver(inspector.push);
			let reference: IBinaryData;
			try {
				reference = await execution.helpers.prepareBinaryData(
					source as Parameters<typeof execution.helpers.prepareBinaryData>[0],
					fileName,
					type.mimeType,
				);
			} catch (error) {
				throw storageFailure(body, error);
			}
			if (body.interruption) throw storageFailure(body, body.interruption);
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
	};
}

function interrupted(message: string, cause?: Error): GenerationError {
	return new GenerationError('downloadInterrupted', message, { cause });
}

/** Only a broken body may be fetched again; a full disk is n8n's to tell. */
function storageFailure(body: StreamBody, error: unknown): unknown {
	if (!body.interruption) return error;
	return interrupted('The connection ended before the whole file had come', body.interruption);
}

/** The announced length must have come; a compressed body was unpacked on the way and cannot be compared. */
function checkLength(response: HttpResponse, receivedBytes: number): void {
	const announced = Number(response.headers['content-length'] ?? NaN);
	if (response.headers['content-encoding'] || !Number.isFinite(announced) || announced === receivedBytes) return;
	throw interrupted(`${receivedBytes} of ${announced} bytes came`);
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
