import type { INodeProperties } from 'n8n-workflow';

import { imageUrlsProperty, inputFieldsProperty } from '../adapter/imageProperties';
import type { Item, Plan } from '../adapter/operation';
import { optionsCollection, showForOperation } from '../adapter/properties';
import { planPurchase, readInputFiles, readRequest } from './requestPlan';
import { editOptions, requestProperties } from './requestProperties';

export const properties: INodeProperties[] = showForOperation('edit', [
	...requestProperties,
	inputFieldsProperty,
	imageUrlsProperty,
	optionsCollection(editOptions),
]);

/** Pictures and a prompt in, new pictures out. */
export async function plan(item: Item): Promise<Plan> {
	const request = readRequest(item, 'edits');
	return planPurchase(item, 'edits', request, await readInputFiles(item));
}
