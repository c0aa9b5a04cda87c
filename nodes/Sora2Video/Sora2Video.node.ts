import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';

import { testSoraApi } from '../adapter/credentialTest';
import { searchVideoModels } from '../adapter/modelList';
import { runItems } from '../adapter/runItems';
import { operationNames, operations, properties } from './description';

/** What a person calls the operation, below the node on the canvas. */
const SUBTITLE = `={{ (${JSON.stringify(operationNames)})[$parameter["resource"] + "." + $parameter["operation"]] }}`;

export class Sora2Video implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Sora 2 Video',
		name: 'sora2Video',
		icon: { light: 'file:../../icons/sora.svg', dark: 'file:../../icons/sora.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: SUBTITLE,
		description:
			'Make, remix and download videos with Sora 2 and other models on any OpenAI-compatible server; each new video costs money and takes minutes',
		defaults: { name: 'Sora 2 Video' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'soraApi', required: true, testedBy: 'testSoraApi' }],
		properties,
	};

	methods = { credentialTest: { testSoraApi }, listSearch: { searchVideoModels } };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await runItems(this, operations, { concurrency: 5, requestsPerMinute: 0 });
	}
}
