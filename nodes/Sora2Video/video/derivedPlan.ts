import type { INodeProperties } from 'n8n-workflow';

import { readBinaryField, type InputFile } from '../../adapter/binaryInput';
import type { Item, Plan } from '../../adapter/operation';
import {
	buyingOptions,
	downloadOption,
	fileNameOption,
	outputFieldOption,
	promptProperty,
	purchaseOptions,
	retryFailedJobsOption,
	simplifyOption,
	waitOptions,
} from '../../adapter/properties';
import { readExtraBody, readFileWish, readSubmitLimits } from '../../adapter/purchaseParameters';
import type { Capability } from '../../core/dialects';
import { GenerationError } from '../../core/errors';
import { Mp4Reader } from '../../core/media/mp4';
import type { JsonObject, RequestBody } from '../../core/ports';
import { purchaseVideo } from '../../core/video/purchase';
import { handOver, submitJob } from '../../core/video/submitJob';
import { jobIdProperty, readJobId, readWaitWish, toOutput } from './deliveryParameters';
import { priceAndTime } from './requestPlan';

/** What remixing, editing and extending have in common: a finished video and a prompt make a new job. */

/** The video that a new one is made from. */
export interface SourceVideo {
	/** Absent for a file. */
	jobId?: string;
	file?: InputFile;
	model: string;
	size: string;
	/** `""` where nobody says. */
	seconds: string;
}

/** What one of the operations does differently. */
export interface Derivation {
	capability: Capability;
	/** For sentences: `remix`, `remixed`. */
	verb: { plain: string; past: string };
	/** Where the request goes. */
	path(source: SourceVideo): string;
	/** Fields beside `prompt` and `video`. */
	fields: JsonObject;
	/** Whether the request names its source in the body; else the path does. */
	namesSource: boolean;
	/** How many seconds are paid for, and how long the new video will be; `""` where nobody can say. */
	seconds(source: SourceVideo): { paid: string; total: string };
}

export const sourceProperties: INodeProperties[] = [
	{
		displayName: 'Video Source',
		name: 'videoSource',
		type: 'options',
		default: 'jobId',
		description: 'The video to begin with',
		options: [
			{ name: 'Job ID', value: 'jobId', description: 'A finished job at the server' },
			{ name: 'Input Binary Field', value: 'binary', description: 'A video from the input item' },
		],
	},
	{ ...jobIdProperty, required: false, displayOptions: { show: { videoSource: ['jobId'] } } },
	{
		displayName: 'Input Binary Field',
		name: 'binaryPropertyName',
		type: 'string',
		default: 'data',
		placeholder: 'e.g. data',
		hint: 'The name of the input binary field containing the video',
		displayOptions: { show: { videoSource: ['binary'] } },
	},
];

/** The parameters of an operation that makes a new video of another one. */
export function derivedProperties(
	source: INodeProperties[],
	prompt: Pick<INodeProperties, 'placeholder' | 'description'>,
	further: INodeProperties[] = [],
): INodeProperties[] {
	return [
		...source,
		{ ...promptProperty, ...prompt },
		...further,
		{
			displayName: 'Wait for Completion',
			name: 'waitForCompletion',
			type: 'boolean',
			default: true,
			description: 'Whether to wait for the new video and download it, instead of returning the job at once',
		},
		...buyingOptions([
			...purchaseOptions,
			...whileWaiting([...waitOptions, retryFailedJobsOption, downloadOption, outputFieldOption, fileNameOption]),
			simplifyOption,
		]),
	];
}

/** Shows options only while the operation waits for the new video. */
function whileWaiting(options: INodeProperties[]): INodeProperties[] {
	return options.map((option) => ({ ...option, displayOptions: { show: { '/waitForCompletion': [true] } } }));
}

/** Looks at the source, which must be finished, and plans the new job. Throws GenerationError before anything is bought. */
export async function planDerived(item: Item, derivation: Derivation): Promise<Plan> {
	const { tools, parameters } = item;
	tools.api.assertOffers(derivation.capability, `${derivation.verb.plain} videos`);
	const prompt = parameters.requiredText('prompt', 'Prompt');
	const source = await readSource(item, derivation);
	const extra = readExtraBody(item);
	const { paid, total } = derivation.seconds(source);
	// What is priced is what is sent; what the operation sets wins.
	const size = String(extra.size ?? source.size);
	const ownSeconds = derivation.fields.seconds === undefined ? extra.seconds : undefined;
	const { purchase, costUsd, typicalMs } = priceAndTime(item, {
		model: source.model,
		size,
		seconds: String(ownSeconds ?? paid),
	});
	const request = { model: source.model, size, seconds: String(ownSeconds ?? total), prompt };
	const waits = parameters.boolean('waitForCompletion', true);
	const limits = readSubmitLimits(item);
	const waitWish = readWaitWish(item, typicalMs);
	const fileWish = readFileWish(item);
	return {
		purchase,
		async execute() {
			const order = {
				path: derivation.path(source),
				body: await bodyOf(source, { ...extra, ...derivation.fields, prompt }, derivation.namesSource),
				limits,
				facts: { ...request, remixedFromJobId: source.jobId },
			};
			const delivery = waits
				? await purchaseVideo(order, waitWish, fileWish, tools)
				: handOver(await submitJob(order, tools), tools);
			return [toOutput(item, delivery, { request, costUsd })];
		},
	};
}

async function readSource(item: Item, { verb }: Derivation): Promise<SourceVideo> {
	if (item.parameters.text('videoSource') === 'binary') return await readFile(item);
	const jobId = readJobId(item);
	const { job } = await item.tools.api.get(jobId);
	if (job.status === 'completed') {
		return { jobId, model: job.model ?? '', size: job.size ?? '', seconds: job.seconds ?? '' };
	}
	throw new GenerationError(
		'invalidInput',
		`Only a finished video can be ${verb.past}; this job is ${job.statusWord ?? 'unknown'}`,
		{ hint: 'Use Wait for Video Job first.', jobId },
	);
}

async function readFile(item: Item): Promise<SourceVideo> {
	const file = await readBinaryField(item, item.parameters.raw('binaryPropertyName'));
	const { fileName, type } = file.facts;
	if (type?.family !== 'video') {
		const what = type ? `is ${type.mimeType}` : 'is not a video that could be recognised';
		throw new GenerationError('invalidInput', `The file "${fileName}" ${what}`, {
			hint: 'Give an MP4, or choose Job ID as Video Source.',
		});
	}
	const reader = new Mp4Reader();
	reader.push(await file.load());
	const { width, height, durationSeconds } = reader.facts() ?? {};
	const size = width && height ? `${width}x${height}` : '';
	return { file, model: '', size, seconds: durationSeconds ? String(durationSeconds) : '' };
}

async function bodyOf({ jobId, file }: SourceVideo, fields: JsonObject, namesSource: boolean): Promise<RequestBody> {
	if (!namesSource) return { encoding: 'json', fields };
	if (!file) return { encoding: 'json', fields: { ...fields, video: { id: jobId } } };
	const { fileName, type } = file.facts;
	const part = { field: 'video', bytes: await file.load(), fileName, mimeType: type?.mimeType ?? 'video/mp4' };
	return { encoding: 'multipart', fields, files: [part] };
}
