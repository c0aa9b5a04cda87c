import type { INodeProperties } from 'n8n-workflow';

import { readBinaryField, readLink, type InputFile } from '../../adapter/binaryInput';
import { promptProperty } from '../../adapter/properties';
import type { Item } from '../../adapter/runItems';
import { findVideoModel, typicalSecondsOf } from '../../core/catalogue';
import { multiplyPrice, priceOfVideo, type Price } from '../../core/cost';
import { GenerationError } from '../../core/errors';
import type { JsonObject, RequestBody } from '../../core/ports';
import { checkVideoRequest, type VideoRequest } from '../../core/video/request';
import type { SubmitLimits } from '../../core/video/videosApi';

/** What generating, creating and estimating ask of the user: model, prompt, size, seconds, reference. */

const SIZES: Array<[value: string, name: string, description: string]> = [
	['1024x1792', '1024x1792 (Portrait)', '1024p, sora-2-pro'],
	['1080x1920', '1080x1920 (Portrait)', '1080p, sora-2-pro'],
	['1280x720', '1280x720 (Landscape)', '720p, all Sora 2 models'],
	['1792x1024', '1792x1024 (Landscape)', '1024p, sora-2-pro'],
	['1920x1080', '1920x1080 (Landscape)', '1080p, sora-2-pro'],
	['720x1280', '720x1280 (Portrait)', '720p, all Sora 2 models'],
	['custom', 'Custom', 'Any other size that your server offers'],
	['matchReference', 'Match Reference', 'The pixels of the reference image'],
];

export const modelProperty: INodeProperties = {
	displayName: 'Model',
	name: 'model',
	type: 'resourceLocator',
	default: { mode: 'list', value: 'sora-2', cachedResultName: 'sora-2' },
	required: true,
	description:
		'The model that makes the video. OpenAI ended Sora 2 on 2026-09-24; other servers still serve it or offer other models under the same protocol.',
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			typeOptions: { searchListMethod: 'searchVideoModels', searchable: true },
		},
		{ displayName: 'By ID', name: 'id', type: 'string', placeholder: 'e.g. sora-2-pro' },
	],
};

/**
 * Fields that depend on another one are not marked as required: n8n shows them whenever that other one is an expression,
 * and would not start a workflow in which they are empty. What is missing is said when the item is read.
 */
const sizeProperties: INodeProperties[] = [
	{
		displayName: 'Size',
		name: 'size',
		type: 'options',
		default: '720x1280',
		description: 'Width and height of the video in pixels',
		options: SIZES.map(([value, name, description]) => ({ value, name, description })),
	},
	{
		displayName: 'Custom Size',
		name: 'customSize',
		type: 'string',
		default: '',
		placeholder: 'e.g. 832x480',
		description: 'Width x height in pixels',
		displayOptions: { show: { size: ['custom'] } },
	},
	{
		displayName: 'Seconds',
		name: 'seconds',
		type: 'options',
		default: '4',
		description: 'Length of the video. The price grows with it.',
		options: [
			{ name: '4', value: '4' },
			{ name: '8', value: '8' },
			{ name: '12', value: '12' },
			{ name: 'Custom', value: 'custom' },
		],
	},
	{
		displayName: 'Custom Seconds',
		name: 'customSeconds',
		type: 'string',
		default: '',
		placeholder: 'e.g. 10',
		description: 'Length in seconds that your server offers',
		displayOptions: { show: { seconds: ['custom'] } },
	},
];

const referenceProperties: INodeProperties[] = [
	{
		displayName: 'Reference Image',
		name: 'reference',
		type: 'options',
		default: 'none',
		description: 'An image that the video starts from. Its pixels must be those of Size.',
		options: [
			{ name: 'None', value: 'none', description: 'Text only' },
			{
				name: 'From Input Binary Field',
				value: 'binary',
				description: 'An image that a node before this one put into the item',
			},
			{ name: 'From URL', value: 'url', description: 'A link or data URL; the node fetches it and sends the file' },
		],
	},
	{
		displayName: 'Input Binary Field',
		name: 'binaryPropertyName',
		type: 'string',
		default: 'data',
		required: true,
		placeholder: 'e.g. data',
		hint: 'The name of the input binary field containing the image',
		displayOptions: { show: { reference: ['binary'] } },
	},
	{
		displayName: 'Image URL',
		name: 'referenceUrl',
		type: 'string',
		default: '',
		placeholder: 'e.g. https://example.com/first-frame.png',
		description: 'Link or data URL of a JPEG, PNG or WebP image. Fetched without your API key.',
		displayOptions: { show: { reference: ['url'] } },
	},
];

export const requestProperties: INodeProperties[] = [
	modelProperty,
	promptProperty,
	...sizeProperties,
	...referenceProperties,
];

/** What the price depends on. */
export const pricedProperties: INodeProperties[] = [modelProperty, ...sizeProperties, ...referenceProperties];

/** A checked request, ready to be bought, and what it costs. */
export interface VideoPlan {
	request: VideoRequest;
	price: Price;
	typicalMs?: number;
	/** The body of the create request; reads the reference image when it is called. */
	body(): Promise<RequestBody>;
}

const PROTECTED_FIELDS = ['model', 'prompt', 'stream', 'n'];

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
	const typicalSeconds = typicalSecondsOf(model, Number(request.seconds));
	return {
		request,
		price: withRepeats(item, priceOnce(item, request)),
		typicalMs: typicalSeconds === undefined ? undefined : typicalSeconds * 1000,
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

/** A list's value, or the free text behind "Custom"; an expression may give any value straight away. */
function readChoice(item: Item, name: string, customName: string, customDisplayName: string): string {
	const choice = item.parameters.text(name);
	return choice === 'custom' ? item.parameters.requiredText(customName, customDisplayName) : choice;
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

/** Extra fields for the request. Throws `invalidInput` for those that the node's own parameters set. */
export function readExtraBody(item: Item): JsonObject {
	const extra = item.parameters.optionJson('extraBody', 'Extra Body Fields');
	const forbidden = Object.keys(extra).find((key) => PROTECTED_FIELDS.includes(key));
	if (forbidden === undefined) return extra;
	throw new GenerationError('invalidInput', `Extra Body Fields sets "${forbidden}", which has a parameter of its own`, {
		hint: `Remove "${forbidden}" from Extra Body Fields and use the node's parameter.`,
	});
}

/** What the item may cost at most: once, and again for every repeat that the user allows. */
function withRepeats(item: Item, once: Price): Price {
	const { parameters } = item;
	const repeats =
		parameters.optionNumber('retryFailedJobs', 'Retry Failed Jobs', 0) +
		parameters.optionNumber('retryUncertain', 'Retry Uncertain Submissions', 0);
	return multiplyPrice(once, 1 + repeats);
}

/** The price of one video in USD: the user's own for each second, else the catalogue's. */
export function priceOnce(item: Item, request: { model: string; size: string; seconds: string }): Price {
	const ownPrice = item.parameters.optionNumber('price', 'Price per Second (USD)', 0);
	if (!(Number(request.seconds) > 0)) return { unknown: 'the server does not say how long the video will be' };
	return priceOfVideo(
		findVideoModel(request.model),
		{ ...request, seconds: Number(request.seconds) },
		ownPrice > 0 ? ownPrice : undefined,
	);
}

export function readSubmitLimits(item: Item): SubmitLimits {
	const { parameters } = item;
	return {
		timeoutMs: parameters.optionNumber('timeout', 'Request Timeout (Seconds)', 60, 1) * 1000,
		maxRetries: parameters.optionNumber('maxRetries', 'Max Retries', 2),
		retryUncertain: parameters.optionNumber('retryUncertain', 'Retry Uncertain Submissions', 0),
	};
}

export interface RemixPlan {
	body: RequestBody;
	price: Price;
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
	const { job } = await item.run.tools.api.get(sourceJobId);
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
	const source = { model: job.model ?? '', size: job.size ?? '', seconds: job.seconds ?? '' };
	const once = priceOnce(item, source);
	const typicalSeconds = typicalSecondsOf(findVideoModel(source.model), Number(source.seconds));
	return {
		body: { encoding: 'json', fields: { ...readExtraBody(item), prompt } },
		price: withRepeats(item, once),
		typicalMs: typicalSeconds === undefined ? undefined : typicalSeconds * 1000,
		costUsd: 'usd' in once ? once.usd : undefined,
		request: { model: job.model, size: job.size, seconds: job.seconds, prompt },
	};
}
