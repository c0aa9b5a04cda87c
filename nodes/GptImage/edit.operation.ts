import type { INodeProperties } from 'n8n-workflow';

import { editPromptProperty, imageUrlsProperty, inputFieldsProperty } from '../adapter/imageProperties';
import type { Item, Plan } from '../adapter/operation';
import { buyingOptions, showForOperation } from '../adapter/properties';
import { planPurchase, readInputFiles, readRequest } from './requestPlan';
import { editOptions, makingProperties, modelProperties } from './requestProperties';

export const properties: INodeProperties[] = showForOperation('edit', [
	...modelProperties,
	inputFieldsProperty,
	imageUrlsProperty,
	editPromptProperty,
	...makingProperties,
	...buyingOptions(editOptions),
]);

/** Pictures and a prompt in, new pictures out. */
export async function plan(item: Item): Promise<Plan> {
	const request = readRequest(item, 'edits');
	return planPurchase(item, 'edits', request, await readInputFiles(item));
}
