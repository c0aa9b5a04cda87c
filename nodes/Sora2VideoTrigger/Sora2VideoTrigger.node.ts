import {
	NodeConnectionTypes,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
	type IPollFunctions,
} from 'n8n-workflow';

import { testSoraApi } from '../adapter/credentialTest';
import { pollJobs } from '../adapter/pollJobs';

export class Sora2VideoTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Sora 2 Video Trigger',
		name: 'sora2VideoTrigger',
		icon: { light: 'file:../../icons/sora.svg', dark: 'file:../../icons/sora.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: '={{ "On " + $parameter["events"].join(" or ") }}',
		// n8n's nodes panel shows this text for Sora 2 Video too, whose actions and triggers it lists as one entry.
		description:
			'Make, remix and download videos with Sora 2 and other models, or start the workflow when a video job has ended, whoever submitted it',
		defaults: { name: 'Sora 2 Video Trigger' },
		polling: true,
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'soraApi', required: true, testedBy: 'testSoraApi' }],
		properties: [
			{
				displayName: 'Events',
				name: 'events',
				type: 'multiOptions',
				required: true,
				default: ['completed'],
				description: 'Which outcomes start the workflow',
				options: [
					{
						name: 'Completed',
						value: 'completed',
						description: 'The video can be downloaded',
						action: 'On video completed',
					},
					{
						name: 'Failed',
						value: 'failed',
						description: 'Failed, cancelled or expired: there is no video',
						action: 'On video failed',
					},
				],
			},
			{
				displayName: 'Models',
				name: 'models',
				type: 'string',
				default: '',
				placeholder: 'e.g. sora-2, sora-2-pro',
				description: 'Comma-separated model IDs to listen to. Left empty, jobs of all models count.',
			},
			{
				displayName: 'Only Job IDs',
				name: 'onlyJobIds',
				type: 'boolean',
				default: false,
				description: 'Whether to output nothing but the job ID, which is all that Download Video needs',
			},
			{
				displayName:
					'Looks at the jobs of the last 48 hours of the account, those of Generate Video included. To fetch the file, continue with Download Video. A node that makes videos behind this trigger would start it again, and buy again.',
				name: 'watchedNotice',
				type: 'notice',
				default: '',
			},
		],
	};

	methods = { credentialTest: { testSoraApi } };

	async poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
		return await pollJobs(this);
	}
}
