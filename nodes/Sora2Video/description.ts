import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import type { Operations } from '../adapter/operation';
import * as create from './video/create.operation';
import * as deleteJob from './video/delete.operation';
import * as download from './video/download.operation';
import * as estimateCost from './video/estimateCost.operation';
import * as generate from './video/generate.operation';
import * as get from './video/get.operation';
import * as getAll from './video/getAll.operation';
import * as remix from './video/remix.operation';
import * as wait from './video/wait.operation';

/** Every operation of the node, by the values of its Resource and Operation parameters. */
export const operations: Operations = {
	'video.create': create,
	'video.delete': deleteJob,
	'video.download': download,
	'video.estimateCost': estimateCost,
	'video.generate': generate,
	'video.get': get,
	'video.getAll': getAll,
	'video.remix': remix,
	'video.wait': wait,
};

const resourceProperty: INodeProperties = {
	displayName: 'Resource',
	name: 'resource',
	type: 'options',
	noDataExpression: true,
	default: 'video',
	options: [{ name: 'Video', value: 'video' }],
};

const videoOperationProperty: INodeProperties = {
	displayName: 'Operation',
	name: 'operation',
	type: 'options',
	noDataExpression: true,
	default: 'generate',
	displayOptions: { show: { resource: ['video'] } },
	options: [
		{
			name: 'Delete Video Job',
			value: 'delete',
			action: 'Delete video job',
			description: 'Delete a finished job and its file at the server',
		},
		{
			name: 'Download Video',
			value: 'download',
			action: 'Download video',
			description: 'Fetch the file, thumbnail or spritesheet of a finished job',
		},
		{
			name: 'Estimate Cost',
			value: 'estimateCost',
			action: 'Estimate cost',
			description: 'Calculate the cost of a generation; no request is sent',
		},
		{
			name: 'Generate Video',
			value: 'generate',
			action: 'Generate video',
			description: 'Create a video from a prompt and an optional image, wait for it and download it (costs money)',
		},
		{
			name: 'Get Many',
			value: 'getAll',
			action: 'Get many video jobs',
			description: 'List many jobs of the account, newest first',
		},
		{
			name: 'Get Video Job',
			value: 'get',
			action: 'Get video job',
			description: 'Get the current state of a job',
		},
		{
			name: 'Remix Video',
			value: 'remix',
			action: 'Remix video',
			description: 'Make a changed version of a finished video (costs money)',
		},
		{
			name: 'Start Video Job',
			value: 'create',
			action: 'Start video job',
			description: 'Submit a job and return at once, without waiting (costs money)',
		},
		{
			name: 'Wait for Video Job',
			value: 'wait',
			action: 'Wait for video job',
			description: 'Wait until a submitted job is finished and download its video; never buys anything',
		},
	],
};

/** `{"video.generate":"Generate Video",…}`: flat, since two closing braces in a row would end an expression of n8n. */
export const operationNames = Object.fromEntries(
	(videoOperationProperty.options as INodePropertyOptions[]).map(({ name, value }) => [`video.${String(value)}`, name]),
);

export const properties: INodeProperties[] = [
	resourceProperty,
	videoOperationProperty,
	...Object.values(operations).flatMap((operation) => operation.properties),
];
