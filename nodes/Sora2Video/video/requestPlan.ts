import { readBinaryField, readLink, type InputFile } from '../../adapter/binaryInput';
import type { Item, Purchase } from '../../adapter/operation';
import {
	MAX_PAID_REPEATS,
	readChoice,
	readExtraBody,
	readSubmitLimits,
	readUncertainRepeats,
} from '../../adapter/purchaseParameters';
import { findVideoModel, typicalSecondsOf } from '../../core/catalogue';
import { multiplyPrice, priceOfVideo, type Price } from '../../core/cost';
import { createBody } from '../../core/video/createBody';
import { checkVideoRequest, type VideoRequest } from '../../core/video/request';
import type { Order } from '../../core/video/submit';

/** What an item asks for, checked and priced: the request of a new video, or of a remix. */

/** A checked request, ready to be bought, and what it costs. */
export interface VideoPlan {
	request: VideoRequest;
	purchase: Purchase;
	costUsd?: number;
	typicalMs?: number;
	/** What is to be bought; reads the reference image when it is called. */
	order(): Promise<Order>;
}

/**
 * Reads and checks what one item asks for. Sends nothing but a fetch of the reference.
 * @param prompt what the video should show
 * Throws GenerationError `invalidInput`.
 */
export async function planVideo(item: Item, prompt = item.parameters.text('prompt')): Promise<VideoPlan> {
	const { parameters, run } = item;
	const format = run.server.dialect.create;
	const { seconds, [format.duration.field]: duration = seconds, ...extra } = readExtraBody(item);
	const modelId = parameters.locator('model');
	const model = findVideoModel(modelId);
	const reference = await readReference(item);
	const { request, hints } = checkVideoRequest(
		{
			model: modelId,
			prompt,
			// What is checked and priced is what is sent.
			size: extra.size === undefined ? readChoice(item, 'size', 'customSize', 'Custom Size') : String(extra.size),
			seconds:
				duration === undefined ? readChoice(item, 'seconds', 'customSeconds', 'Custom Seconds') : String(duration),
			reference: reference?.facts,
		},
		model,
	);
	for (const hint of hints) run.hints.add(hint);
	// A synchronous server answers when the video is finished.
	const limits = readSubmitLimits(item, format.isSynchronous ? 1_800 : 60);
	return {
		request,
		...priceAndTime(item, request),
		async order() {
			const file = reference && {
				bytes: await reference.load(),
				mimeType: reference.facts.type?.mimeType ?? 'application/octet-stream',
				fileName: reference.facts.fileName,
			};
			const body = createBody(request, format, extra, file, (bytes) => Buffer.from(bytes).toString('base64'));
			return { path: format.path, body, limits, facts: request };
		},
	};
}

/** The image that the video starts with, as the user gives it. Throws GenerationError `invalidInput`. */
export async function readReference(item: Item): Promise<InputFile | undefined> {
	const { parameters } = item;
	switch (parameters.text('reference')) {
		case 'binary':
			return await readBinaryField(item, parameters.raw('binaryPropertyName'));
		case 'url':
			return await readLink(item, parameters.requiredText('referenceUrl', 'Image URL'));
		default:
			return undefined;
	}
}

/** The price of one purchase, and of every repeat that the user allows: each new job may be submitted uncertainly again. */
function withRepeats(item: Item, price: Price, hasJobs: boolean): Purchase {
	const uncertain = readUncertainRepeats(item);
	const failed = item.parameters.optionCount('retryFailedJobs', 'Retry Failed Jobs', 0, MAX_PAID_REPEATS);
	return { makes: 'video', price, maxPrice: multiplyPrice(price, (hasJobs ? 1 + failed : 1) * (1 + uncertain)) };
}

/**
 * What a request costs, and how long such jobs usually take.
 * @param hasJobs whether it makes a job, which may fail and be bought anew
 */
export function priceAndTime(
	item: Item,
	request: { model: string; size: string; seconds: string },
	{ hasJobs = true }: { hasJobs?: boolean } = {},
) {
	const price = priceOnce(item, request);
	const typicalSeconds = typicalSecondsOf(findVideoModel(request.model), Number(request.seconds));
	return {
		purchase: withRepeats(item, price, hasJobs),
		costUsd: 'usd' in price ? price.usd : undefined,
		typicalMs: typicalSeconds === undefined ? undefined : typicalSeconds * 1000,
	};
}

/** The price of one video in USD: the user's own for each second, else the catalogue's. */
function priceOnce(item: Item, request: { model: string; size: string; seconds: string }): Price {
	const ownPrice = item.parameters.optionNumber('price', 'Price per Second (USD)', 0);
	if (!(Number(request.seconds) > 0)) return { unknown: 'the server does not say how long the video will be' };
	return priceOfVideo(
		findVideoModel(request.model),
		{ ...request, seconds: Number(request.seconds) },
		ownPrice > 0 ? ownPrice : undefined,
	);
}
