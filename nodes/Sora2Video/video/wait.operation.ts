import type { INodeProperties } from 'n8n-workflow';

import {
	concurrencyOption,
	downloadOption,
	fileOptions,
	optionsCollection,
	showFor,
	waitOptions,
} from '../../adapter/properties';
import type { Item, Plan } from '../../adapter/operation';
import { readFileWish } from '../../adapter/purchaseParameters';
import { deliverJob } from '../../core/video/deliverJob';
import { jobIdProperty, readJobId, readWaitWish, toOutput } from './deliveryParameters';

export const properties: INodeProperties[] = showFor('video', 'wait', [
	jobIdProperty,
	optionsCollection([...waitOptions, downloadOption, concurrencyOption, ...fileOptions]),
]);

/** Waits for a job that somebody submitted and fetches its file. Never creates anything. */
export async function plan(item: Item): Promise<Plan> {
	const jobId = readJobId(item);
	const waitWish = readWaitWish(item);
	const fileWish = readFileWish(item);
	return {
		async execute() {
			return [toOutput(item, await deliverJob(jobId, waitWish, fileWish, item.tools))];
		},
	};
}
