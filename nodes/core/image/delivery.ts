import type { Dialect } from '../dialects';
import type { ErrorKind, GenerationError } from '../errors';
import { ERROR_KINDS } from '../errors';
import { isObject, withoutUndefined } from '../json';
import type { UnitBook } from '../ledger';
import type { Ports, RequestBody, StoredFile } from '../ports';
import type { SubmissionGate, SubmitLimits } from '../submitting';
import { readKeptFile } from '../video/delivery';
import type { ImageAnswer } from './answer';

/** What an answer holds: pictures, or a video that a server makes over chat completions. */
export type Made = 'picture' | 'video';

/** What to buy: one request that is answered with pictures, or with a video. */
export interface ImageOrder {
	/** Below the base URL, e.g. `/images/generations`. */
	path: string;
	body: RequestBody;
	limits: SubmitLimits;
	/** What the request is for: names the files, and the request in the log. */
	facts: { prompt: string; model: string; makes: Made };
}

/** What to do with the pictures. */
export interface PictureWish {
	/** Whether links are fetched; pictures that came as base64 are stored in any case. */
	download: boolean;
	/** With or without extension; several pictures get their index behind it. The model and the time when absent. */
	fileName?: string;
}

/** What an image purchase needs of a run; the tools of a video purchase have it all. */
export interface ImageTools {
	ports: Ports;
	gate: Pick<SubmissionGate, 'enter'>;
	book: UnitBook;
	api: { dialect: Dialect };
	baseUrl: string;
}

/** One picture that was bought. Without `file` and `error`: only its link was wanted. */
export interface DeliveredPicture {
	/** Its place in the answer, from 0. */
	index: number;
	/** Absolute. */
	url?: string;
	revisedPrompt?: string;
	file?: StoredFile;
	/** Why there is no file: the link is dead, or must not be fetched. Has the link in it; billed yes. */
	error?: GenerationError;
}

/** What came of an order. */
export interface ImageDelivery extends Omit<ImageAnswer, 'pictures' | 'failure' | 'brokenOff'> {
	/** At least one. */
	pictures: DeliveredPicture[];
	requestId?: string;
	submittedAtMs: number;
	/** An earlier try of this node had paid for it. */
	resumed: boolean;
	/** What is asked for now is not what the earlier try asked for. */
	requestHasChanged?: boolean;
}

/** Why a request brought no picture although it was paid for, as it is kept for a retry. */
export interface KeptFailure {
	kind: ErrorKind;
	message: string;
	serverMessage?: string;
}

/** A delivery as plain JSON: without errors, whose pictures are fetched again. */
export function toKept(delivery: ImageDelivery): unknown {
	const pictures = delivery.pictures.map((picture) => withoutUndefined({ ...picture, error: undefined }));
	return { ...delivery, pictures };
}

/** A delivery that was kept as JSON, if that is what it is: anybody may have written it. Never throws. */
export function readKept(value: unknown): ImageDelivery | undefined {
	if (!isObject(value) || !Array.isArray(value.pictures) || typeof value.submittedAtMs !== 'number') return undefined;
	const entries = value.pictures.filter(isObject);
	if (entries.length === 0) return undefined;
	const pictures = entries.map((entry, index): DeliveredPicture => {
		const { url, revisedPrompt } = entry;
		return {
			index,
			url: typeof url === 'string' ? url : undefined,
			revisedPrompt: typeof revisedPrompt === 'string' ? revisedPrompt : undefined,
			file: readKeptFile(entry.file),
		};
	});
	return { ...(value as unknown as ImageDelivery), pictures, resumed: true };
}

/** The failure that was kept as JSON, if that is what it is. Never throws. */
export function readKeptFailure(value: unknown): KeptFailure | undefined {
	const failure = isObject(value) ? value.failure : undefined;
	if (!isObject(failure)) return undefined;
	const { kind, message, serverMessage } = failure;
	if (typeof kind !== 'string' || !Object.hasOwn(ERROR_KINDS, kind) || typeof message !== 'string') return undefined;
	return {
		kind: kind as ErrorKind,
		message,
		serverMessage: typeof serverMessage === 'string' ? serverMessage : undefined,
	};
}
