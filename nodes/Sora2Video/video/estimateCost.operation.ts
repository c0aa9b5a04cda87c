import type { INodeProperties } from 'n8n-workflow';

import { optionsCollection, purchaseOptions, retryFailedJobsOption, showFor } from '../../adapter/properties';
import type { Item, Plan } from '../../adapter/operation';
import { estimateToJson } from '../../adapter/output';
import { planVideo } from './requestPlan';
import { pricedProperties } from './requestProperties';

const pricingOptions = purchaseOptions.filter(({ name }) => ['price', 'extraBody', 'retryUncertain'].includes(name));

export const properties: INodeProperties[] = showFor('video', 'estimateCost', [
	...pricedProperties,
	optionsCollection([...pricingOptions, retryFailedJobsOption]),
]);

/** What Generate Video would cost for the same parameters. Nothing is sent to the server. */
export async function plan(item: Item): Promise<Plan> {
	const { request, purchase } = await planVideo(item, 'The price does not depend on the prompt');
	return {
		async execute() {
			const { model, size, seconds } = request;
			return [{ json: { model, size, seconds, ...estimateToJson(purchase) } }];
		},
	};
}
