import type { INodeProperties } from 'n8n-workflow';

import { fileToJson, withFile } from '../../adapter/output';
import {
	concurrencyOption,
	fileNameOption,
	optionsCollection,
	outputFieldOption,
	showFor,
} from '../../adapter/properties';
import type { Item, Plan } from '../../adapter/operation';
import { readBinaryProperty, readFileWish } from '../../adapter/purchaseParameters';
import { GenerationError } from '../../core/errors';
import { downloadContent } from '../../core/video/download';
import { isFinal } from '../../core/video/job';
import { errorOfEndedJob } from '../../core/video/waitForJob';
import type { ContentVariant } from '../../core/video/videosApi';
import { jobIdProperty, readJobId } from './deliveryParameters';

export const properties: INodeProperties[] = showFor('video', 'download', [
	jobIdProperty,
	{
		displayName: 'Variant',
		name: 'variant',
		type: 'options',
		default: 'video',
		description: 'Which file of the job to fetch',
		options: [
			{ name: 'Spritesheet', value: 'spritesheet', description: 'Many small frames in one picture, for previews' },
			{ name: 'Thumbnail', value: 'thumbnail', description: 'One frame as a picture' },
			{ name: 'Video', value: 'video', description: 'The video itself' },
		],
	},
	optionsCollection([concurrencyOption, outputFieldOption, fileNameOption]),
]);

/** The file of a finished job. */
export async function plan(item: Item): Promise<Plan> {
	const jobId = readJobId(item);
	const variant = item.parameters.text('variant') as ContentVariant;
	const { fileName } = readFileWish(item);
	const { tools } = item;
	const { execution } = item.run;
	if (variant !== 'video') tools.api.assertOffers('variants', 'give thumbnails or spritesheets');
	return {
		async execute() {
			const { job, requestId } = await tools.api.get(jobId);
			if (isFinal(job.status) && job.status !== 'completed') {
				throw errorOfEndedJob(jobId, job, tools.api.dialect, requestId);
			}
			if (job.status !== 'completed') {
				throw new GenerationError('invalidInput', `The job is not finished yet: it is ${job.statusWord ?? 'unknown'}`, {
					hint: 'Use Wait for Video Job: it waits and downloads.',
					jobId,
					requestId,
				});
			}
			const file = await downloadContent({ jobId, variant, resultUrl: job.resultUrl, fileName }, tools);
			const json = { jobId, variant, ...fileToJson(file), ...(requestId ? { requestId } : {}) };
			return [withFile(execution, json, file, readBinaryProperty(item))];
		},
	};
}
