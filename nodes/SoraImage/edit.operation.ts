import type { INodeProperties } from 'n8n-workflow';

import { editPromptProperty, imageUrlsProperty, inputFieldsProperty } from '../adapter/imageProperties';
import type { Item, Plan } from '../adapter/operation';
import { showForOperation } from '../adapter/properties';
import { readImageUrls } from './inputUrls';
import { planImages } from './requestPlan';
import { modelProperty, requestOptions, styleProperties } from './requestProperties';

export const properties: INodeProperties[] = showForOperation('edit', [
	modelProperty,
	{
		displayName: 'Images',
		name: 'imageSource',
		type: 'options',
		default: 'binary',
		description: 'Where the images to edit come from',
		options: [
			{
				name: 'From Input Binary Field(s)',
				value: 'binary',
				description: 'Images that a node before this one put into the item; sent inside of the request',
			},
			{ name: 'From URL(s)', value: 'url', description: 'Links that the server can open, or data URLs' },
		],
	},
	{ ...inputFieldsProperty, displayOptions: { show: { imageSource: ['binary'] } } },
	{
		...imageUrlsProperty,
		displayOptions: { show: { imageSource: ['url'] } },
		description:
			'Links or data URLs, separated by commas or lines; an expression may give a list. The server opens the links itself.',
	},
	editPromptProperty,
	...styleProperties,
	...requestOptions,
]);

/** Pictures and a prompt in, pictures out. */
export async function plan(item: Item): Promise<Plan[]> {
	return planImages(item, await readImageUrls(item));
}
