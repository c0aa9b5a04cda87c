import type { INodeProperties } from 'n8n-workflow';

import { imagePurchaseOptions } from '../adapter/imageProperties';
import type { Item, Plan } from '../adapter/operation';
import { estimateToJson } from '../adapter/output';
import { optionsCollection, showForOperation } from '../adapter/properties';
import { multiplyPrice } from '../core/cost';
import { readPurchase, readVariations } from './requestPlan';
import { modelProperty, variationsOption } from './requestProperties';

const pricingOptions = imagePurchaseOptions().filter(({ name }) => ['price', 'retryUncertain'].includes(name));

export const properties: INodeProperties[] = showForOperation('estimateCost', [
	modelProperty,
	optionsCollection([...pricingOptions, variationsOption]),
]);

/** What Generate Image or Edit Image would cost for the same parameters. Nothing is sent to the server. */
export async function plan(item: Item): Promise<Plan> {
	const model = item.parameters.locator('model');
	const requests = readVariations(item).length;
	const { price, maxPrice, ...purchase } = readPurchase(item);
	const all = { ...purchase, price: multiplyPrice(price, requests), maxPrice: multiplyPrice(maxPrice, requests) };
	return {
		async execute() {
			return [{ json: { model, requests, ...estimateToJson(all) } }];
		},
	};
}
