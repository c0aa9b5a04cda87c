import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';

import { testSoraApi } from '../adapter/credentialTest';
import { searchImageModels } from '../adapter/modelList';
import { runItems } from '../adapter/runItems';
import { operationNames, operations, properties } from './description';

/** What a person calls the operation, below the node on the canvas. */
const SUBTITLE = `={{ (${JSON.stringify(operationNames)})[$parameter["operation"]] }}`;

export class GptImage implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'GPT Image',
		name: 'gptImage',
		icon: { light: 'file:../../icons/gptImage.svg', dark: 'file:../../icons/gptImage.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: SUBTITLE,
		description: 'Make and edit images with GPT Image models on any server with the Images API; each image costs money',
		defaults: { name: 'GPT Image' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'soraApi', required: true, testedBy: 'testSoraApi' }],
		properties,
	};

	methods = { credentialTest: { testSoraApi }, listSearch: { searchImageModels } };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await runItems(this, operations, { concurrency: 3, requestsPerMinute: 0 });
	}
}
