import type { INodeProperties } from 'n8n-workflow';

import { optionsCollection, purchaseOptions, retryFailedJobsOption, showFor } from '../../adapter/properties';
import type { Item, Plan } from '../../adapter/operation';
import { planVideo } from './requestPlan';
import { pricedProperties } from './requestProperties';

const pricingOptions = purchaseOptions.filter(({ name }) => ['price', 'extraBody', 'retryUncertain'].includes(name));

export const properties: INodeProperties[] = showFor('video', 'estimateCost', [
	...pricedProperties,
	optionsCollection([...pricingOptions, retryFailedJobsOption]),
]);

/** What Generate Video would cost for the same parameters. Nothing is sent to the server. */
export async function plan(item: Item): Promise<Plan> {
	const { request, purchase, costUsd } = await planVideo(item, 'The price does not depend on the prompt');
	const { price, maxPrice } = purchase;
	return {
		async execute() {
			const { model, size, seconds } = request;
			const costs =
				'usd' in maxPrice
					? { costUsd: costUsd ?? null, maxCostUsd: maxPrice.usd }
					: { costUsd: null, reason: 'unknown' in price ? price.unknown : '' };
			return [{ json: { model, size, seconds, ...costs } }];
		},
	};
}
