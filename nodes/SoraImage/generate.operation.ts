import type { INodeProperties } from 'n8n-workflow';

import type { Item, Plan } from '../adapter/operation';
import { showForOperation } from '../adapter/properties';
import { planImages } from './requestPlan';
import { modelProperty, promptAndStyleProperties, requestOptions } from './requestProperties';

export const properties: INodeProperties[] = showForOperation('generate', [
	modelProperty,
	...promptAndStyleProperties,
	requestOptions,
]);

/** A prompt in, pictures out; with variations, a request for each. */
export async function plan(item: Item): Promise<Plan[]> {
	return planImages(item);
}
