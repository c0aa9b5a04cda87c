import type { INodeProperties } from 'n8n-workflow';

import { buyingOptions, purchaseOptions, showFor, simplifyOption } from '../../adapter/properties';
import type { Item, Plan } from '../../adapter/operation';
import { handOver, submitJob } from '../../core/video/submitJob';
import { assertHasJobs, toOutput } from './deliveryParameters';
import { planVideo } from './requestPlan';
import { requestProperties } from './requestProperties';

export const properties: INodeProperties[] = showFor('video', 'create', [
	...requestProperties,
	...buyingOptions([...purchaseOptions, simplifyOption]),
]);

/** Submits a job and gives it at once, so that another node or workflow can wait for it. */
export async function plan(item: Item): Promise<Plan> {
	assertHasJobs(item, 'Use Generate Video, or the credential of a server that has jobs.');
	const { request, purchase, costUsd, order } = await planVideo(item);
	return {
		purchase,
		async execute() {
			return [toOutput(item, handOver(await submitJob(await order(), item.tools), item.tools), { request, costUsd })];
		},
	};
}
