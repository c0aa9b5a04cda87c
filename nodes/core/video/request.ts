import type { VideoModel } from '../catalogueTypes';
import { GenerationError } from '../errors';
import type { FileType } from '../media/fileType';
import type { ImageSize } from '../media/imageSize';
import { readSize } from '../size';
import { listOf } from '../text';

/** What the user asked for, before anything was checked. */
export interface VideoWish {
	model: string;
	prompt: string;
	/** `WIDTHxHEIGHT`, or `matchReference`. */
	size: string;
	/** `8`, `"8"`, `"8s"` */
	seconds: string | number;
	reference?: ReferenceFacts;
}

/** What could be told of the reference image without sending it. */
export interface ReferenceFacts {
	fileName: string;
	type: FileType | undefined;
	size: ImageSize | undefined;
}

/** A request that may be bought. */
export interface VideoRequest {
	model: string;
	prompt: string;
	size: string;
	/** Digits only: `"8"`. */
	seconds: string;
}

/** A request in which nothing is known to be wrong. */
export interface CheckedRequest {
	request: VideoRequest;
	/** Things that are not wrong for certain; shown to the user, sent all the same. */
	hints: string[];
}

const REFERENCE_TYPES = ['image/jpeg', 'image/png', 'image/webp'];

/**
 * Checks everything that can be known to be wrong before money is spent: prompt, seconds and size against the
 * catalogue, type and pixels of the reference image. Unknown models are not blocked.
 * Throws GenerationError `invalidInput`.
 */
export function checkVideoRequest(wish: VideoWish, model: VideoModel | undefined): CheckedRequest {
	const hints: string[] = [];
	const prompt = wish.prompt.trim();
	if (prompt === '') throw invalid('Prompt is empty', 'Write what the video should show in Prompt.');
	if (wish.model.trim() === '') throw invalid('Model is empty', 'Choose a model in Model > From List.');
	if (model?.promptLimit && prompt.length > model.promptLimit) {
		hints.push(
			`The prompt has ${prompt.length} characters; ${model.id} documents ${model.promptLimit} at most. It was sent all the same.`,
		);
	}
	const seconds = readSeconds(wish.seconds);
	checkSeconds(seconds, model);
	if (wish.reference) checkReferenceType(wish.reference);
	const size = wish.size === 'matchReference' ? sizeOfReference(wish.reference) : readSize(wish.size);
	checkSize(size, model, wish.size === 'matchReference');
	if (wish.reference) hints.push(...checkReferencePixels(wish.reference, size, model));
	if (!model) {
		hints.push(
			`The model ${wish.model} is not in the catalogue of this node, so size ${size} and ${seconds} seconds are not checked.`,
		);
	}
	return { request: { model: wish.model.trim(), prompt, size, seconds }, hints };
}

function invalid(message: string, hint: string): GenerationError {
	return new GenerationError('invalidInput', message, { hint });
}

/** `8`, `"8"`, `" 8 s"` → `"8"`. Throws `invalidInput` for anything that is not a positive number. */
export function readSeconds(value: string | number): string {
	const match = /^(\d+(?:\.\d+)?)\s*(s|sec|secs|seconds?)?$/i.exec(String(value).trim());
	const seconds = match ? Number(match[1]) : NaN;
	if (!Number.isFinite(seconds) || seconds <= 0) {
		throw invalid(
			`Seconds is "${String(value)}", which is not a length of time`,
			'Give Seconds as a number such as 8.',
		);
	}
	return String(seconds);
}

/** The lengths that can be chosen in the editor without typing. */
export const LISTED_SECONDS: readonly number[] = [4, 8, 12];

function checkSeconds(seconds: string, model: VideoModel | undefined): void {
	if (!model || model.seconds.includes(Number(seconds))) return;
	const nearest = [...model.seconds].sort((a, b) => Math.abs(a - Number(seconds)) - Math.abs(b - Number(seconds)));
	const suggestions = nearest.slice(0, 2).sort((a, b) => a - b);
	const custom = suggestions.filter((suggestion) => !LISTED_SECONDS.includes(suggestion));
	const way = custom.length === 0 ? '' : ` (${listOf(custom)} as Custom)`;
	throw invalid(
		`${model.id} makes videos of ${listOf(model.seconds)} seconds, not ${seconds}`,
		`Set Seconds to ${suggestions.join(' or ')}${way}.`,
	);
}

const EDIT_IMAGE = "n8n's Edit Image node before this node";

function checkSize(size: string, model: VideoModel | undefined, isOfReference: boolean): void {
	if (!model || model.sizes.length === 0 || model.sizes.includes(size)) return;
	if (isOfReference) {
		throw invalid(
			`The reference image is ${size}, but ${model.id} makes videos of ${listOf(model.sizes)}`,
			`Resize the image to one of these sizes with ${EDIT_IMAGE}.`,
		);
	}
	throw invalid(
		`${model.id} does not make videos of ${size}; it makes ${listOf(model.sizes)}`,
		model.id.startsWith('sora-2-pro')
			? 'Choose one of these sizes.'
			: 'Choose one of these sizes, or a model that makes larger ones (sora-2-pro: up to 1920x1080).',
	);
}

function checkReferenceType(reference: ReferenceFacts): void {
	if (reference.type && REFERENCE_TYPES.includes(reference.type.mimeType)) return;
	const what = reference.type ? `is ${reference.type.mimeType}` : 'is not a picture that could be recognised';
	throw invalid(
		`The reference "${reference.fileName}" ${what}; servers take JPEG, PNG and WebP`,
		"Convert it first, e.g. with n8n's Edit Image node.",
	);
}

function sizeOfReference(reference: ReferenceFacts | undefined): string {
	if (!reference) {
		throw invalid(
			'Size is Match Reference, but there is no reference image',
			'Set Reference Image to an input binary field or a URL, or choose a size.',
		);
	}
	if (!reference.size) {
		throw invalid(
			`The pixel size of the reference "${reference.fileName}" could not be read`,
			'Choose a size instead of Match Reference, or save the image again.',
		);
	}
	return `${reference.size.width}x${reference.size.height}`;
}

/** Servers refuse other pixels with "Inpaint image must match the requested width and height" (wire facts 1.4). */
function checkReferencePixels(reference: ReferenceFacts, size: string, model: VideoModel | undefined): string[] {
	if (!reference.size) {
		return [`The pixel size of the reference "${reference.fileName}" could not be read, so it is not checked.`];
	}
	const { width, height, rotated } = reference.size;
	const shown = `${width}x${height}`;
	const stored = rotated ? `${height}x${width}` : shown;
	if (shown !== size && stored !== size) {
		// The other way out is offered only where it leads somewhere.
		const isMade = !model || model.sizes.length === 0 || model.sizes.includes(shown);
		throw invalid(
			`The reference image is ${shown}, but Size is ${size}: the two must be equal`,
			`Resize the image to ${size} with ${EDIT_IMAGE}${isMade ? ', or set Size to Match Reference' : ''}.`,
		);
	}
	return rotated
		? [
				`The reference "${reference.fileName}" is stored as ${stored} and turned by its EXIF data. Servers differ in whether they obey that; n8n's Edit Image node can save it upright.`,
			]
		: [];
}
