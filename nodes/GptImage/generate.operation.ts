import type { INodeProperties } from 'n8n-workflow';

import { imagePromptProperty } from '../adapter/imageProperties';
import type { Item, Plan } from '../adapter/operation';
import { buyingOptions, showForOperation } from '../adapter/properties';
import { planPurchase, readRequest } from './requestPlan';
import { generateOptions, makingProperties, modelProperties } from './requestProperties';

export const properties: INodeProperties[] = showForOperation('generate', [
	...modelProperties,
	imagePromptProperty,
	...makingProperties,
	...buyingOptions(generateOptions),
]);

/** A prompt in, pictures out. */
export async function plan(item: Item): Promise<Plan> {
	return planPurchase(item, 'generations', readRequest(item, 'generations'), { images: [] });
}
