import type { InputFile } from '../adapter/binaryInput';
import { picturesToOutputs } from '../adapter/imageOutput';
import { assertCount, readFieldImages, readLinkedImages } from '../adapter/inputImages';
import type { Item, Plan, Purchase } from '../adapter/operation';
import {
	readChoice,
	readExtraBody,
	readFileWish,
	readSubmitLimits,
	readUncertainRepeats,
} from '../adapter/purchaseParameters';
import { findImageModel } from '../core/catalogue';
import { multiplyPrice, priceOfImages } from '../core/cost';
import { GenerationError } from '../core/errors';
import type { ImageDelivery } from '../core/image/delivery';
import { checkImageFields, costOfImages, EDIT_INPUTS, MASK_INPUT, type ImageFields } from '../core/image/gptImage';
import { purchaseImages } from '../core/image/purchaseImages';
import { readImagesAnswer } from '../core/image/readImagesAnswer';
import { withoutUndefined } from '../core/json';
import { canBeTransparent } from '../core/media/pngTransparency';
import type { FilePart, RequestBody } from '../core/ports';

/** What an item asks of the Images API, checked and priced. */

const TIMEOUT_SECONDS = 360;

type Endpoint = 'generations' | 'edits';

/** The fields of a request, checked, and what it costs at most. */
export interface ImageRequest {
	fields: ImageFields;
	purchase: Purchase;
}

/**
 * Reads and checks what one item asks for. Sends nothing.
 * @param prompt what the image should show
 * Throws GenerationError `invalidInput`.
 */
export function readRequest(
	item: Item,
	endpoint: Endpoint,
	prompt = item.parameters.text('prompt').trim(),
): ImageRequest {
	const { parameters, run } = item;
	const model = parameters.locator('model');
	const fields: ImageFields = {
		...withoutUndefined({
			n: unless(1, parameters.number('n', 'Number of Images', 1)),
			size: unless('auto', normalised(readChoice(item, 'size', 'customSize', 'Custom Size'))),
			quality: unless('auto', parameters.text('quality') || 'auto'),
			background: option(item, 'background'),
			moderation: endpoint === 'generations' ? option(item, 'moderation') : undefined,
			input_fidelity: endpoint === 'edits' ? option(item, 'inputFidelity') : undefined,
			output_format: option(item, 'outputFormat'),
			output_compression: readCompression(item),
			response_format: option(item, 'responseFormat'),
			user: option(item, 'user'),
		}),
		// What is checked and priced is what is sent.
		...readExtraBody(item),
		model,
		prompt,
	};
	const known = findImageModel(model, 'images');
	for (const hint of checkImageFields(fields, endpoint, known, run.server.name)) run.hints.add(hint);
	const price = priceOfImages(known, priced(fields), ownPrice(item));
	return {
		fields,
		purchase: { makes: 'image', price, maxPrice: multiplyPrice(price, 1 + readUncertainRepeats(item)) },
	};
}

function unless<Value>(usual: Value, value: Value): Value | undefined {
	return value === usual ? undefined : value;
}

function option({ parameters }: Item, name: string): string | undefined {
	return parameters.optionText(name).trim() || undefined;
}

/** `1280 × 720` → `1280x720`; what is no size is told when the fields are checked. */
function normalised(size: string): string {
	return size.replace(/\s/g, '').replace(/[×*X]/, 'x') || 'auto';
}

function readCompression(item: Item): number | undefined {
	if (item.parameters.optionText('outputCompression') === '') return undefined;
	return item.parameters.optionNumber('outputCompression', 'Output Compression', 100, -Infinity);
}

function priced({ model, quality, size, n }: ImageFields) {
	const text = (value: unknown) => (value === undefined ? undefined : String(value));
	return { model, quality: text(quality), size: text(size), n: Number(n ?? 1) };
}

function ownPrice(item: Item): number | undefined {
	const price = item.parameters.optionNumber('price', 'Price per Image (USD)', 0);
	return price > 0 ? price : undefined;
}

/** A request as one unit of work: bought, stored, and an item for each picture. */
export function planPurchase(
	item: Item,
	endpoint: Endpoint,
	{ fields, purchase }: ImageRequest,
	files: InputFiles,
): Plan {
	const limits = readSubmitLimits(item, TIMEOUT_SECONDS);
	const wish = readFileWish(item);
	return {
		purchase,
		async execute() {
			const body: RequestBody =
				endpoint === 'generations'
					? { encoding: 'json', fields }
					: { encoding: 'multipart', fields, files: await loadFiles(files) };
			const order = { path: `/images/${endpoint}`, body, limits, facts: { ...fields, makes: 'picture' as const } };
			const delivery = await purchaseImages(order, readImagesAnswer, wish, item.tools);
			return toOutputs(item, fields, delivery);
		},
	};
}

/** The files that go out with an edit. */
export interface InputFiles {
	images: InputFile[];
	mask?: InputFile;
}

/** Reads and checks the pictures of an edit. Sends nothing but fetches of links. Throws GenerationError `invalidInput`. */
export async function readInputFiles(item: Item): Promise<InputFiles> {
	const { parameters } = item;
	const linked = await readLinkedImages(item, parameters.raw('imageUrls'), EDIT_INPUTS);
	const fields = parameters.raw('binaryPropertyName');
	const hasFiles = Object.keys(item.run.execution.getInputData()[item.index]?.binary ?? {}).length > 0;
	// Whoever only gives links need not empty the field that is filled in from the start.
	const isUntouched = fields === 'data' && !hasFiles && linked.length > 0;
	const images = [...(isUntouched ? [] : await readFieldImages(item, fields, EDIT_INPUTS)), ...linked];
	assertCount(images.length, EDIT_INPUTS);
	if (images.length === 0) {
		throw new GenerationError('invalidInput', 'There is no image to edit', {
			hint: 'Name an input binary field, or give Image URLs.',
		});
	}
	const maskField = parameters.optionText('maskBinaryPropertyName').trim();
	const [mask] = maskField === '' ? [] : await readFieldImages(item, maskField, MASK_INPUT);
	if (mask) {
		assertSameSize(mask, images[0]!);
		await assertHasHoles(mask, parameters.locator('model'));
	}
	return { images, mask };
}

/** Nothing could be changed under an opaque mask, and the request would be paid. Other models may read masks otherwise. */
async function assertHasHoles(mask: InputFile, modelId: string): Promise<void> {
	if (!findImageModel(modelId, 'images') || canBeTransparent(await mask.load())) return;
	throw new GenerationError('invalidInput', 'The mask has no transparent part: nothing of the image may be changed', {
		hint: 'Save the mask as a PNG with transparency; what is transparent is changed.',
	});
}

/** The mask lies on the first image, pixel on pixel (wire facts 5.2). */
function assertSameSize(mask: InputFile, image: InputFile): void {
	const [ours, theirs] = [mask, image].map(({ facts }) => facts.size);
	if (!ours || !theirs || (ours.width === theirs.width && ours.height === theirs.height)) return;
	throw new GenerationError(
		'invalidInput',
		`The mask is ${ours.width}x${ours.height}, but the first input image is ${theirs.width}x${theirs.height}`,
		{ hint: "Make the two equal, e.g. with n8n's Edit Image node." },
	);
}

/** One image goes as `image`, several as `image[]` (wire facts 5.2). */
async function loadFiles({ images, mask }: InputFiles): Promise<FilePart[]> {
	const field = images.length > 1 ? 'image[]' : 'image';
	const parts = [...images.map((file) => ({ field, file })), ...(mask ? [{ field: 'mask', file: mask }] : [])];
	return await Promise.all(
		parts.map(async ({ field: name, file: { facts, load } }) => ({
			field: name,
			bytes: await load(),
			fileName: facts.fileName,
			mimeType: facts.type?.mimeType ?? 'application/octet-stream',
		})),
	);
}

function toOutputs(item: Item, fields: ImageFields, delivery: ImageDelivery): ReturnType<typeof picturesToOutputs> {
	const { made, usage, pictures } = delivery;
	const asked = priced(fields);
	hintAtDifferences(item, asked, delivery);
	const file = pictures.find((picture) => picture.file?.width)?.file;
	const pixels = file && `${file.width}x${file.height}`;
	const size = made?.size ?? asked.size;
	const quality = made?.quality ?? asked.quality;
	const { costUsd, costBasis } = costOfImages(
		findImageModel(fields.model, 'images'),
		{ ...asked, quality, size: size ?? pixels, n: pictures.length },
		{ server: item.run.server.name, usage, pricePerImageUsd: ownPrice(item) },
	);
	return picturesToOutputs(item, delivery, ({ index, url, revisedPrompt, file: stored }) => ({
		asked: {
			prompt: fields.prompt,
			revisedPrompt,
			model: fields.model,
			size: size ?? 'auto',
			quality: quality ?? 'auto',
			outputFormat: made?.outputFormat ?? fields.output_format ?? formatOf(stored?.mimeType),
			index,
			url,
		},
		cost: {
			usage,
			costUsd: costUsd === undefined ? undefined : Math.round((costUsd / pictures.length) * 1e6) / 1e6,
			costBasis,
		},
	}));
}

/** `image/svg+xml` → `svg` */
function formatOf(mimeType: string | undefined): string | undefined {
	return mimeType && /^image\/(\w+)/.exec(mimeType)?.[1];
}

function hintAtDifferences(
	item: Item,
	asked: { size?: string; n: number },
	{ pictures, requestId }: ImageDelivery,
): void {
	const { hints } = item.run;
	const request = requestId ? `request ${requestId}` : `item ${item.index}`;
	if (pictures.length !== asked.n) {
		hints.add(`The answer to ${request} holds ${pictures.length} images, although ${asked.n} were asked for.`);
	}
	const other = pictures.find(({ file }) => file?.width && `${file.width}x${file.height}` !== asked.size)?.file;
	if (!asked.size || asked.size === 'auto' || !other) return;
	hints.add(`An image of ${request} is ${other.width}x${other.height}, although ${asked.size} was asked for.`);
}
