import { toDataUrl, type InputFile } from '../adapter/binaryInput';
import { assertCount, readFieldImages, readLinkedImages, splitLinks } from '../adapter/inputImages';
import type { Item } from '../adapter/operation';
import { findImageModel } from '../core/catalogue';
import { GenerationError } from '../core/errors';
import { EDIT_INPUTS } from '../core/image/gptImage';

/**
 * The addresses of the pictures to edit: data URLs of the item's files, or the links as they are. Models that overlook
 * links get the files behind them. Gives a function that reads the files when they are sent, so that none are held.
 * Throws GenerationError `invalidInput` for pictures that cannot be sent, before anything is bought.
 */
export async function readImageUrls(item: Item): Promise<() => Promise<string[]>> {
	const { parameters } = item;
	const model = findImageModel(parameters.locator('model'), 'chat');
	// What chat models take is not documented: the bounds of the Images API, unless fewer are known.
	const limits = { ...EDIT_INPUTS, maxImages: model?.inputImages?.most ?? EDIT_INPUTS.maxImages };
	if (parameters.text('imageSource') !== 'url') {
		return asDataUrls(
			await readFieldImages(item, parameters.raw('binaryPropertyName'), limits),
			'Input Binary Field(s)',
		);
	}
	const links = parameters.raw('imageUrls');
	if (model?.inputImages?.overlooksLinks) return asDataUrls(await readLinkedImages(item, links, limits), 'Image URLs');
	const urls = splitLinks(links);
	assertCount(urls.length, limits);
	assertSome(urls, 'Image URLs');
	const unusable = urls.find((url) => !/^data:image\//i.test(url) && !(URL.canParse(url) && /^https?:/i.test(url)));
	if (unusable === undefined) return async () => urls;
	throw new GenerationError('invalidInput', `The image "${unusable.slice(0, 100)}" is not a web address`, {
		hint: 'Give links that begin with https://, or data URLs of images, in Image URLs.',
	});
}

function asDataUrls(files: InputFile[], displayName: string): () => Promise<string[]> {
	assertSome(files, displayName);
	return async () =>
		await Promise.all(files.map(async ({ facts, load }) => toDataUrl(await load(), facts.type?.mimeType)));
}

function assertSome(images: unknown[], displayName: string): void {
	if (images.length > 0) return;
	throw new GenerationError('invalidInput', `${displayName} is empty`, {
		hint: `Name the image to edit in ${displayName}, or use the operation Generate Image.`,
	});
}
