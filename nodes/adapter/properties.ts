import type { INodeProperties, INodePropertyCollection, INodePropertyOptions } from 'n8n-workflow';

import { compareNames } from '../core/text';

/** Parameters that several operations or nodes offer in the same words. */

/** Shows properties only for one resource and operation; keeps the conditions that they have of their own. */
export function showFor(resource: string, operation: string, properties: INodeProperties[]): INodeProperties[] {
	return showWhen({ resource: [resource], operation: [operation] }, properties);
}

/** The same in a node without resources. */
export function showForOperation(operation: string, properties: INodeProperties[]): INodeProperties[] {
	return showWhen({ operation: [operation] }, properties);
}

function showWhen(condition: Record<string, string[]>, properties: INodeProperties[]): INodeProperties[] {
	return properties.map((property) => ({
		...property,
		displayOptions: { ...property.displayOptions, show: { ...condition, ...property.displayOptions?.show } },
	}));
}

/**
 * `{"generate":"Generate Image",…}`: the names of a parameter's choices by their values, for the subtitle of a node.
 * @param prefix what to put in front of each value
 */
export function namesByValue({ options }: INodeProperties, prefix = ''): Record<string, string> {
	return Object.fromEntries(
		(options as INodePropertyOptions[]).map(({ name, value }) => [`${prefix}${String(value)}`, name]),
	);
}

/** A collection with the given options, in the order of the alphabet as n8n's guidelines want it. */
export function optionsCollection(options: INodeProperties[]): INodeProperties {
	return {
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add Option',
		default: {},
		description: 'Further settings; an option that is not added keeps its default',
		options: [...options].sort((a, b) => compareNames(a.displayName, b.displayName)) as Array<
			INodePropertyOptions | INodeProperties | INodePropertyCollection
		>,
	};
}

export const promptProperty: INodeProperties = {
	displayName: 'Prompt',
	name: 'prompt',
	type: 'string',
	typeOptions: { rows: 4 },
	default: '',
	required: true,
	placeholder: 'e.g. A paper boat on a rainy street, slow push-in, soft morning light',
	description: 'What the result should show. Camera, motion, light and mood help most.',
};

export const outputFieldOption: INodeProperties = {
	displayName: 'Put Output File in Field',
	name: 'binaryPropertyOutput',
	type: 'string',
	default: 'data',
	placeholder: 'e.g. data',
	hint: 'The name of the output binary field to put the file in',
};

export const fileNameOption: INodeProperties = {
	displayName: 'File Name',
	name: 'fileName',
	type: 'string',
	default: '',
	placeholder: 'e.g. product-clip',
	description: 'Name of the file. Without an extension the right one is added; left empty, the job ID is the name.',
};

export const simplifyOption: INodeProperties = {
	displayName: 'Simplify',
	name: 'simplify',
	type: 'boolean',
	default: true,
	description: 'Whether to return a simplified version of the response instead of the raw data',
};

const timeoutOption: INodeProperties = {
	displayName: 'Request Timeout (Seconds)',
	name: 'timeout',
	type: 'number',
	typeOptions: { minValue: 1 },
	default: 60,
	description: 'How long the server may take to accept a job. The job itself may take longer, see Max Wait.',
};

/** Of a request that the server works on while it waits. */
export const answerTimeoutOption: INodeProperties = {
	...timeoutOption,
	default: 180,
	description: 'How long the server may take to answer. It works while the request waits.',
};

/** Of an operation for servers that accept a job and for those that answer with the video. */
export const ownTimeoutOption: INodeProperties = {
	...timeoutOption,
	typeOptions: { minValue: 0 },
	default: 0,
	description:
		'How long the server may take to accept a job, or to answer where there are no jobs. 0 lets the node choose: 60 seconds for a job, 6 minutes for the first words of a chat, 30 minutes where the answer is the video.',
};

export const concurrencyOption: INodeProperties = {
	displayName: 'Concurrency (Items at Once)',
	name: 'concurrency',
	type: 'number',
	typeOptions: { minValue: 1 },
	default: 5,
	description: 'How many items of this node are worked on side by side',
};

/** Options of everything that spends money. */
export const purchaseOptions: INodeProperties[] = [
	timeoutOption,
	concurrencyOption,
	{
		displayName: 'Requests per Minute',
		name: 'requestsPerMinute',
		type: 'number',
		typeOptions: { minValue: 0 },
		default: 0,
		description:
			'How many jobs may be submitted in any 60 seconds, counted over all workflows of this n8n. 0 means no limit.',
	},
	{
		displayName: 'Max Retries',
		name: 'maxRetries',
		type: 'number',
		typeOptions: { minValue: 0, maxValue: 10 },
		default: 2,
		description:
			'How often a job is submitted again when it certainly was not bought: no connection, or plainly refused',
	},
	{
		displayName: 'Retry Uncertain Submissions',
		name: 'retryUncertain',
		type: 'number',
		typeOptions: { minValue: 0, maxValue: 2 },
		default: 0,
		description:
			'How often a job is submitted again when it is not known whether the server took it. Each time may pay twice, so the default is 0.',
	},
	{
		displayName: 'Resume Paid Jobs',
		name: 'resumePaidJobs',
		type: 'boolean',
		default: true,
		description:
			'Whether Retry On Fail, and a retry of the execution, take up what an earlier try has paid for instead of buying it again',
	},
	{
		displayName: 'Max Cost (USD)',
		name: 'maxCost',
		type: 'number',
		typeOptions: { minValue: 0, numberPrecision: 2 },
		default: 0,
		description:
			'The estimated sum over all items of this run, repeats included, may not be higher. Above it nothing is bought. 0 means no limit.',
	},
	{
		displayName: 'Price per Second (USD)',
		name: 'price',
		type: 'number',
		typeOptions: { minValue: 0, numberPrecision: 4 },
		default: 0,
		description:
			'What your server charges for each second of video, if it is not what the model list says. 0 uses the listed price.',
	},
	{
		displayName: 'Extra Body Fields (JSON)',
		name: 'extraBody',
		type: 'json',
		default: '{}',
		placeholder: 'e.g. {"seed": 7}',
		description:
			'Further fields for the request, for servers that know more than this node. Cannot set model, prompt, stream or n.',
	},
];

const uncertainNotice: INodeProperties = {
	displayName:
		'Retry Uncertain Submissions is on: when an answer gets lost, one item may be paid for more than once. Max Cost (USD) counts every repeat.',
	name: 'uncertainNotice',
	type: 'notice',
	default: '',
	displayOptions: { show: { '/options.retryUncertain': [1, 2] } },
};

/** The options of an operation that spends money, below a notice while one of them may pay twice. */
export function buyingOptions(options: INodeProperties[]): INodeProperties[] {
	return [uncertainNotice, optionsCollection(options)];
}

/** Options of everything that ends with a file. */
export const fileOptions: INodeProperties[] = [outputFieldOption, fileNameOption, simplifyOption];

/** Options of everything that waits for a job. */
export const waitOptions: INodeProperties[] = [
	{
		displayName: 'Poll Interval (Seconds)',
		name: 'pollInterval',
		type: 'number',
		typeOptions: { minValue: 0, numberPrecision: 2 },
		default: 0,
		description:
			'Pause between two status checks. 0 lets the node choose: rarely at first, then often enough to notice the end early.',
	},
	{
		displayName: 'Max Wait (Minutes)',
		name: 'maxWait',
		type: 'number',
		typeOptions: { minValue: 0, numberPrecision: 2 },
		default: 20,
		description:
			'How long to wait for a job, counted from its submission. The job goes on at the server even when this time is up.',
	},
	{
		displayName: 'On Timeout',
		name: 'onTimeout',
		type: 'options',
		default: 'error',
		description: 'What to do when Max Wait is up and the job still runs',
		options: [
			{ name: 'Return the Job', value: 'returnJob', description: 'Go on with the job as it is, without a file' },
			{ name: 'Stop the Workflow', value: 'error', description: 'The error holds the job ID' },
		],
	},
];

export const downloadOption: INodeProperties = {
	displayName: 'Download File',
	name: 'download',
	type: 'boolean',
	default: true,
	description: 'Whether to fetch the finished video into the item. Servers keep it only for an hour to a few days.',
};

export const retryFailedJobsOption: INodeProperties = {
	displayName: 'Retry Failed Jobs',
	name: 'retryFailedJobs',
	type: 'number',
	typeOptions: { minValue: 0, maxValue: 2 },
	default: 0,
	description:
		'How often a job is bought anew when the server failed it for its own reasons and does not bill that. Blocked content is never tried again.',
};
