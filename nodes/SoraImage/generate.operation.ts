import type { INodeProperties } from 'n8n-workflow';

import { imagePromptProperty } from '../adapter/imageProperties';
import type { Item, Plan } from '../adapter/operation';
import { showForOperation } from '../adapter/properties';
import { planImages } from './requestPlan';
import { modelProperty, requestOptions, styleProperties } from './requestProperties';

export const properties: INodeProperties[] = showForOperation('generate', [
	modelProperty,
	imagePromptProperty,
	...styleProperties,
	...requestOptions,
]);

/** A prompt in, pictures out; with variations, a request for each. */
export async function plan(item: Item): Promise<Plan[]> {
	return planImages(item);
}
