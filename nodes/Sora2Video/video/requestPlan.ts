import { readBinaryField, readLink, type InputFile } from '../../adapter/binaryInput';
import type { Item, Purchase } from '../../adapter/operation';
import { MAX_PAID_REPEATS, readChoice, readExtraBody, readUncertainRepeats } from '../../adapter/purchaseParameters';
import { findVideoModel, typicalSecondsOf } from '../../core/catalogue';
import { multiplyPrice, priceOfVideo, type Price } from '../../core/cost';
import { GenerationError } from '../../core/errors';
import type { JsonObject, RequestBody } from '../../core/ports';
import { checkVideoRequest, type VideoRequest } from '../../core/video/request';

/** What an item asks for, checked and priced: the request of a new video, or of a remix. */

/** A checked request, ready to be bought, and what it costs. */
export interface VideoPlan {
	request: VideoRequest;
	purchase: Purchase;
	costUsd?: number;
	typicalMs?: number;
	/** The body of the create request; reads the reference image when it is called. */
	body(): Promise<RequestBody>;
}

/**
 * Reads and checks what one item asks for. Sends nothing but a fetch of the reference.
 * @param prompt what the video should show
 * Throws GenerationError `invalidInput`.
 */
export async function planVideo(item: Item, prompt = item.parameters.text('prompt')): Promise<VideoPlan> {
	const { parameters, run } = item;
	const extra = readExtraBody(item);
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
				extra.seconds === undefined
					? readChoice(item, 'seconds', 'customSeconds', 'Custom Seconds')
					: String(extra.seconds),
			reference: reference?.facts,
		},
		model,
	);
	for (const hint of hints) run.hints.add(hint);
	return {
		request,
		...priceAndTime(item, request),
		async body() {
			const fields: JsonObject = { ...extra, ...request };
			if (!reference) return { encoding: run.server.dialect.createEncoding, fields, files: [] };
			const bytes = await reference.load();
			const mimeType = reference.facts.type?.mimeType ?? 'application/octet-stream';
			const file = { field: 'input_reference', bytes, fileName: reference.facts.fileName, mimeType };
			return { encoding: 'multipart', fields, files: [file] };
		},
	};
}

async function readReference(item: Item): Promise<InputFile | undefined> {
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
function withRepeats(item: Item, price: Price): Purchase {
	const uncertain = readUncertainRepeats(item);
	const failed = item.parameters.optionCount('retryFailedJobs', 'Retry Failed Jobs', 0, MAX_PAID_REPEATS);
	return { makes: 'video', price, maxPrice: multiplyPrice(price, (1 + failed) * (1 + uncertain)) };
}

/** What a request costs, and how long such jobs usually take. */
function priceAndTime(item: Item, request: { model: string; size: string; seconds: string }) {
	const price = priceOnce(item, request);
	const typicalSeconds = typicalSecondsOf(findVideoModel(request.model), Number(request.seconds));
	return {
		purchase: withRepeats(item, price),
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

export interface RemixPlan {
	body: RequestBody;
	purchase: Purchase;
	typicalMs?: number;
	costUsd?: number;
	/** The new video is like its source. */
	request: Partial<VideoRequest>;
}

/**
 * Looks at the source of a remix: it must be finished, and its length and size are what the remix will cost.
 * Throws GenerationError before anything is bought.
 */
export async function planRemix(item: Item, sourceJobId: string, prompt: string): Promise<RemixPlan> {
	const { job } = await item.tools.api.get(sourceJobId);
	if (job.status !== 'completed') {
		throw new GenerationError(
			'invalidInput',
			`Only a finished video can be remixed; this job is ${job.statusWord ?? 'unknown'}`,
			{
				hint: 'Use Wait for Video Job first.',
				jobId: sourceJobId,
			},
		);
	}
	const extra = readExtraBody(item);
	// What is priced is what is sent.
	const made = {
		model: job.model ?? '',
		size: String(extra.size ?? job.size ?? ''),
		seconds: String(extra.seconds ?? job.seconds ?? ''),
	};
	return {
		body: { encoding: 'json', fields: { ...extra, prompt } },
		...priceAndTime(item, made),
		request: { ...made, prompt },
	};
}
