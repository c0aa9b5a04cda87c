import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';

import { testSoraApi } from '../adapter/credentialTest';
import { searchChatImageModels } from '../adapter/modelList';
import { runItems } from '../adapter/runItems';
import { DEFAULTS, operationNames, operations, properties } from './description';

/** What a person calls the operation, below the node on the canvas. */
const SUBTITLE = `={{ (${JSON.stringify(operationNames)})[$parameter["operation"]] }}`;

export class SoraImage implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Sora Image',
		name: 'soraImage',
		icon: { light: 'file:../../icons/soraImage.svg', dark: 'file:../../icons/soraImage.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: SUBTITLE,
		description:
			'Make and edit images with Sora Image and other models that speak chat completions; each request costs money',
		defaults: { name: 'Sora Image' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'soraApi', required: true, testedBy: 'testSoraApi' }],
		properties,
	};

	methods = { credentialTest: { testSoraApi }, listSearch: { searchChatImageModels } };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await runItems(this, operations, DEFAULTS);
	}
}
