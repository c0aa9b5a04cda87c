import type { INodeProperties } from 'n8n-workflow';

import {
	buyingOptions,
	downloadOption,
	fileOptions,
	ownTimeoutOption,
	purchaseOptions,
	retryFailedJobsOption,
	showFor,
	waitOptions,
} from '../../adapter/properties';
import type { Item, Plan } from '../../adapter/operation';
import { readFileWish } from '../../adapter/purchaseParameters';
import { purchaseVideo } from '../../core/video/purchase';
import { planChatVideo, speaksChat } from './chatPlan';
import { apiProperty, chatOptions, chatProperties } from './chatProperties';
import { readWaitWish, toOutput } from './deliveryParameters';
import { planVideo } from './requestPlan';
import { requestProperties } from './requestProperties';

/** Over chat there is no job to wait for, and none that could have failed. */
const jobOptions = [...waitOptions, retryFailedJobsOption].map((option) => ({
	...option,
	displayOptions: { hide: { '/api': ['chat'] } },
}));

export const properties: INodeProperties[] = showFor('video', 'generate', [
	...requestProperties,
	apiProperty,
	...chatProperties,
	...buyingOptions([
		...purchaseOptions.map((option) => (option.name === 'timeout' ? ownTimeoutOption : option)),
		...jobOptions,
		downloadOption,
		...chatOptions,
		...fileOptions,
	]),
]);

/** A prompt in, an MP4 out: create, wait, download. */
export async function plan(item: Item): Promise<Plan> {
	if (speaksChat(item)) return await planChatVideo(item);
	const { request, purchase, costUsd, typicalMs, order } = await planVideo(item);
	const waitWish = readWaitWish(item, typicalMs);
	const fileWish = readFileWish(item);
	return {
		purchase,
		async execute() {
			const delivery = await purchaseVideo(await order(), waitWish, fileWish, item.tools);
			return [toOutput(item, delivery, { request, costUsd })];
		},
	};
}
