import type { ImageModel } from '../catalogueTypes';
import { priceOfImages, roundUsd, type PricedImages } from '../cost';
import type { ServerName } from '../dialects';
import { GenerationError } from '../errors';
import { isObject } from '../json';
import type { JsonObject } from '../ports';
import { readSize } from '../size';

/** The Images API's requests: which are known to be wrong before they are paid, and what pictures cost. */

/** Fields of `/images/generations` and `/images/edits`, as they go over the wire; only what the user set (wire facts 5.1, 5.2). */
export type ImageFields = JsonObject & { model: string; prompt: string };

/** PNG, JPEG and WebP, at most 16, each below 50 MB (wire facts 5.2). */
export const EDIT_INPUTS = { maxImages: 16, maxBytes: 50_000_000, types: ['image/png', 'image/jpeg', 'image/webp'] };
/** PNG below 4 MB (wire facts 5.2). */
export const MASK_INPUT = { maxImages: 1, maxBytes: 4_000_000, types: ['image/png'] };

const MAX_IMAGES = 10;
const COMPRESSED_FORMATS = ['jpeg', 'webp'];
const TRANSPARENT_FORMATS = ['png', 'webp'];

/**
 * Checks everything that can be known to be wrong before money is spent. Unknown models are not blocked.
 * @param server the credential's: some limits are one server's own
 * @returns things that are not wrong for certain; shown to the user, sent all the same
 * Throws GenerationError `invalidInput`.
 */
export function checkImageFields(
	fields: ImageFields,
	endpoint: 'generations' | 'edits',
	model: ImageModel | undefined,
	server: string,
): string[] {
	if (fields.prompt === '') throw invalid('Prompt is empty', 'Write what the image should show in Prompt.');
	if (fields.model === '') throw invalid('Model is empty', 'Choose a model in Model > From List.');
	checkCount(fields.n);
	checkSize(fields.size, model);
	checkQuality(fields.quality, model);
	checkFormat(fields, endpoint);
	return [...promptHints(fields.prompt, model, server), ...(model ? [] : [unknownModel(fields.model)])];
}

function invalid(message: string, hint: string): GenerationError {
	return new GenerationError('invalidInput', message, { hint });
}

function checkCount(n: unknown): void {
	if (n === undefined) return;
	if (typeof n === 'number' && Number.isInteger(n) && n >= 1 && n <= MAX_IMAGES) return;
	throw invalid(
		`Number of Images is ${String(n)}; one request makes 1 to ${MAX_IMAGES}`,
		`Set Number of Images to a whole number from 1 to ${MAX_IMAGES}, or use more items.`,
	);
}

function checkSize(value: unknown, model: ImageModel | undefined): void {
	if (value === undefined || value === 'auto') return;
	const size = readSize(String(value));
	if (!model || model.sizes.includes(size)) return;
	if (model.sizes.length > 0) {
		throw invalid(
			`${model.id} does not make images of ${size}; it makes ${model.sizes.join(', ')}`,
			'Choose one of these sizes, or a model that takes any size (e.g. gpt-image-2).',
		);
	}
	const problem = model.freeSizes && sizeProblem(size, model.freeSizes);
	if (problem) throw invalid(`${model.id} does not make images of ${size}: ${problem}`, 'Choose another Custom Size.');
}

function sizeProblem(size: string, rules: NonNullable<ImageModel['freeSizes']>): string | undefined {
	const sides = size
		.split('x')
		.map(Number)
		.sort((a, b) => a - b);
	const [short = 0, long = 0] = sides;
	if (sides.some((side) => side % rules.step !== 0)) return `both sides must be multiples of ${rules.step}`;
	if (long > short * rules.maxRatio) return `one side may be at most ${rules.maxRatio} times the other`;
	if (long > rules.maxEdge || short * long > rules.maxPixels) {
		return `the largest is ${rules.maxEdge}x${rules.maxPixels / rules.maxEdge}`;
	}
	return undefined;
}

function checkQuality(quality: unknown, model: ImageModel | undefined): void {
	if (quality === undefined || quality === 'auto' || !model?.qualities) return;
	if (model.qualities.includes(String(quality))) return;
	throw invalid(
		`${model.id} has no quality "${String(quality)}"; it has auto, ${model.qualities.join(', ')}`,
		'Choose one of these qualities, or a model that has it.',
	);
}

function checkFormat(fields: ImageFields, endpoint: 'generations' | 'edits'): void {
	const format = String(fields.output_format ?? 'png');
	const { output_compression: compression, background } = fields;
	if (compression !== undefined) {
		const isInRange = typeof compression === 'number' && compression >= 0 && compression <= 100;
		if (!isInRange || !Number.isInteger(compression)) {
			throw invalid(
				`Output Compression is ${String(compression)}, outside of 0 to 100`,
				'Set Output Compression to a whole number from 0 to 100.',
			);
		}
		if (!COMPRESSED_FORMATS.includes(format)) {
			throw invalid(
				`Output Compression is only for JPEG and WebP, but the output is ${format.toUpperCase()}`,
				'Set Output Format to JPEG or WebP, or remove Output Compression.',
			);
		}
	}
	if (background === 'transparent' && !TRANSPARENT_FORMATS.includes(format)) {
		throw invalid(
			`${format.toUpperCase()} images cannot have a transparent background here`,
			'Set Output Format to PNG or WebP, or Background to another value.',
		);
	}
	if (format !== 'svg') return;
	if (endpoint === 'edits') throw invalid('An edit cannot give SVG', 'Choose another Output Format.');
	if (fields.n !== undefined && fields.n !== 1) {
		throw invalid('Only one SVG is made at a time', 'Set Number of Images to 1, and use more items.');
	}
}

function promptHints(prompt: string, model: ImageModel | undefined, server: string): string[] {
	const limit = model?.promptLimitAt?.[server as ServerName] ?? model?.promptLimit;
	const { length } = [...prompt];
	if (!model || limit === undefined || length <= limit) return [];
	return [`The prompt has ${length} characters; ${model.id} documents ${limit} at most. It was sent all the same.`];
}

function unknownModel(id: string): string {
	return `The model ${id} is not in the catalogue of this node, so its parameters are not checked.`;
}

/** What pictures cost, and how that was found out; nothing where no price is known. */
export interface ImageCost {
	/** Of all of them together. */
	costUsd?: number;
	/** `lowerOfBoth`: APIYI charges the lower of tokens and price per image (seed 002). */
	costBasis?: 'tokens' | 'perImage' | 'lowerOfBoth';
}

/**
 * What an answer cost.
 * @param options the answer's tokens (`usage`), where the server counts them; the user's own price (`pricePerImageUsd`), nothing
 * else counts then
 */
export function costOfImages(
	model: ImageModel | undefined,
	images: PricedImages,
	{ server, usage, pricePerImageUsd }: { server: string; usage?: JsonObject; pricePerImageUsd?: number },
): ImageCost {
	const perImage = priceOfImages(model, images, pricePerImageUsd);
	const perImageUsd = 'usd' in perImage ? perImage.usd : undefined;
	const byTokensUsd = pricePerImageUsd === undefined ? priceOfTokens(model, usage) : undefined;
	if (byTokensUsd === undefined)
		return perImageUsd === undefined ? {} : { costUsd: perImageUsd, costBasis: 'perImage' };
	if (server !== 'apiyi' || perImageUsd === undefined) return { costUsd: byTokensUsd, costBasis: 'tokens' };
	return { costUsd: Math.min(byTokensUsd, perImageUsd), costBasis: 'lowerOfBoth' };
}

function priceOfTokens(model: ImageModel | undefined, usage: JsonObject | undefined): number | undefined {
	const prices = model?.pricePerMillionTokensUsd;
	if (!prices || !isObject(usage)) return undefined;
	const { input_tokens: input, output_tokens: output } = usage;
	if (typeof input !== 'number' || typeof output !== 'number') return undefined;
	return roundUsd((input * prices.input + output * prices.output) / 1e6);
}
