import type { INodeProperties } from 'n8n-workflow';

import { optionsCollection, purchaseOptions, showFor, simplifyOption } from '../../adapter/properties';
import type { Item, Plan } from '../../adapter/operation';
import { readSubmitLimits } from '../../adapter/purchaseParameters';
import { handOver, submitJob } from '../../core/video/submitJob';
import { toOutput } from './deliveryParameters';
import { planVideo } from './requestPlan';
import { requestProperties } from './requestProperties';

export const properties: INodeProperties[] = showFor('video', 'create', [
	...requestProperties,
	optionsCollection([...purchaseOptions, simplifyOption]),
]);

/** Submits a job and gives it at once, so that another node or workflow can wait for it. */
export async function plan(item: Item): Promise<Plan> {
	const { request, purchase, costUsd, body } = await planVideo(item);
	const limits = readSubmitLimits(item);
	return {
		purchase,
		async execute() {
			const order = { path: '/videos', body: await body(), limits, facts: request };
			return [toOutput(item, handOver(await submitJob(order, item.tools), item.tools), { request, costUsd })];
		},
	};
}
