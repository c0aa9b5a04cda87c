import type { INodeProperties } from 'n8n-workflow';

import type { Operations } from '../adapter/operation';
import { namesByValue } from '../adapter/properties';
import * as edit from './edit.operation';
import * as estimateCost from './estimateCost.operation';
import * as generate from './generate.operation';

/** Every operation of the node, by the value of its Operation parameter. */
export const operations: Operations = { edit, estimateCost, generate };

const operationProperty: INodeProperties = {
	displayName: 'Operation',
	name: 'operation',
	type: 'options',
	noDataExpression: true,
	default: 'generate',
	description: 'What to make. Estimate Cost is free and sends nothing.',
	options: [
		{
			name: 'Edit Image',
			value: 'edit',
			action: 'Edit image',
			description: 'Make new images from images and a prompt, inside a mask if wanted (costs money)',
		},
		{
			name: 'Estimate Cost',
			value: 'estimateCost',
			action: 'Estimate cost',
			description: 'Calculate the cost of a generation; no request is sent',
		},
		{
			name: 'Generate Image',
			value: 'generate',
			action: 'Generate image',
			description: 'Make images from a prompt (costs money)',
		},
	],
};

export const operationNames = namesByValue(operationProperty);

export const properties: INodeProperties[] = [
	operationProperty,
	...Object.values(operations).flatMap((operation) => operation.properties),
];
