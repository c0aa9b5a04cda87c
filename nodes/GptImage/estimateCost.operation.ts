import type { INodeProperties } from 'n8n-workflow';

import { imagePurchaseOptions } from '../adapter/imageProperties';
import type { Item, Plan } from '../adapter/operation';
import { estimateToJson } from '../adapter/output';
import { optionsCollection, showForOperation } from '../adapter/properties';
import { readRequest } from './requestPlan';
import { pricedProperties } from './requestProperties';

const pricingOptions = imagePurchaseOptions().filter(({ name }) =>
	['price', 'extraBody', 'retryUncertain'].includes(name),
);

export const properties: INodeProperties[] = showForOperation('estimateCost', [
	...pricedProperties,
	optionsCollection(pricingOptions),
]);

/** What Generate Image would cost at most for the same parameters. Nothing is sent to the server. */
export async function plan(item: Item): Promise<Plan> {
	const { fields, purchase } = readRequest(item, 'generations', 'The price does not depend on the prompt');
	const { model, size = 'auto', quality = 'auto', n = 1 } = fields;
	return {
		async execute() {
			return [
				{
					json: {
						...{ model, size: String(size), quality: String(quality), n: Number(n) },
						...estimateToJson(purchase),
					},
				},
			];
		},
	};
}
