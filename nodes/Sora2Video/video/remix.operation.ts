import type { INodeProperties } from 'n8n-workflow';

import {
	fileOptions,
	optionsCollection,
	promptProperty,
	purchaseOptions,
	retryFailedJobsOption,
	showFor,
	waitOptions,
} from '../../adapter/properties';
import type { Item, Plan } from '../../adapter/operation';
import { readFileWish, readSubmitLimits } from '../../adapter/purchaseParameters';
import { GenerationError } from '../../core/errors';
import { purchaseVideo } from '../../core/video/purchase';
import { handOver, submitJob } from '../../core/video/submitJob';
import { jobPath } from '../../core/video/videosApi';
import { jobIdProperty, readJobId, readWaitWish, toOutput } from './deliveryParameters';
import { planRemix } from './requestPlan';

export const properties: INodeProperties[] = showFor('video', 'remix', [
	jobIdProperty,
	{
		...promptProperty,
		placeholder: 'e.g. The same scene at night, in the rain',
		description: 'What should be different',
	},
	{
		displayName: 'Wait for Completion',
		name: 'waitForCompletion',
		type: 'boolean',
		default: true,
		description: 'Whether to wait for the new video and download it, instead of returning the job at once',
	},
	optionsCollection([...purchaseOptions, ...waitOptions, retryFailedJobsOption, ...fileOptions]),
]);

/** A finished job and a prompt make a new job: the same video, changed. */
export async function plan(item: Item): Promise<Plan> {
	const { tools } = item;
	tools.api.assertOffers('remix', 'remix videos');
	const sourceJobId = readJobId(item);
	const prompt = item.parameters.text('prompt').trim();
	if (prompt === '')
		throw new GenerationError('invalidInput', 'Prompt is empty', { hint: 'Say what should be different.' });
	const { body, purchase, request, costUsd, typicalMs } = await planRemix(item, sourceJobId, prompt);
	const waits = item.parameters.boolean('waitForCompletion', true);
	const limits = readSubmitLimits(item);
	const waitWish = readWaitWish(item, typicalMs);
	const fileWish = readFileWish(item);
	return {
		purchase,
		async execute() {
			const order = {
				path: jobPath(sourceJobId, '/remix'),
				body,
				limits,
				facts: { ...request, prompt, remixedFromJobId: sourceJobId },
			};
			const delivery = waits
				? await purchaseVideo(order, waitWish, fileWish, tools)
				: handOver(await submitJob(order, tools), tools);
			return [toOutput(item, delivery, { request, costUsd })];
		},
	};
}
