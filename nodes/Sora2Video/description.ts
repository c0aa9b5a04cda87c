import type { INodeProperties } from 'n8n-workflow';

import type { Operations } from '../adapter/operation';
import { namesByValue } from '../adapter/properties';
import * as createCharacter from './character/create.operation';
import * as getCharacter from './character/get.operation';
import * as enhancePrompt from './prompt/enhance.operation';
import * as create from './video/create.operation';
import * as deleteJob from './video/delete.operation';
import * as download from './video/download.operation';
import * as edit from './video/edit.operation';
import * as estimateCost from './video/estimateCost.operation';
import * as extend from './video/extend.operation';
import * as generate from './video/generate.operation';
import * as get from './video/get.operation';
import * as getAll from './video/getAll.operation';
import * as remix from './video/remix.operation';
import * as wait from './video/wait.operation';

/** Every operation of the node, by the values of its Resource and Operation parameters. */
export const operations: Operations = {
	'character.create': createCharacter,
	'character.get': getCharacter,
	'prompt.enhance': enhancePrompt,
	'video.create': create,
	'video.delete': deleteJob,
	'video.download': download,
	'video.edit': edit,
	'video.estimateCost': estimateCost,
	'video.extend': extend,
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
	description: 'What the node works on. Most workflows need Video.',
	noDataExpression: true,
	default: 'video',
	options: [
		{ name: 'Character', value: 'character', description: 'A person or thing that several videos show' },
		{ name: 'Prompt', value: 'prompt', description: 'Prompts expanded by the server' },
		{ name: 'Video', value: 'video', description: 'Videos, and the jobs that make them' },
	],
};

const characterOperationProperty: INodeProperties = {
	displayName: 'Operation',
	name: 'operation',
	type: 'options',
	noDataExpression: true,
	default: 'create',
	description: 'What to do with the character',
	displayOptions: { show: { resource: ['character'] } },
	options: [
		{
			name: 'Create Character',
			value: 'create',
			action: 'Create character',
			description: 'Make a character from a video, for the prompts of later videos',
		},
		{
			name: 'Get Character',
			value: 'get',
			action: 'Get character',
			description: 'Get a character that was made before',
		},
	],
};

const promptOperationProperty: INodeProperties = {
	displayName: 'Operation',
	name: 'operation',
	type: 'options',
	noDataExpression: true,
	default: 'enhance',
	description: 'What to do with the prompt',
	displayOptions: { show: { resource: ['prompt'] } },
	options: [
		{
			name: 'Enhance Prompt',
			value: 'enhance',
			action: 'Enhance prompt',
			description: 'Turn a few words into a film prompt with camera, light and timeline (sora2api)',
		},
	],
};

const videoOperationProperty: INodeProperties = {
	displayName: 'Operation',
	name: 'operation',
	type: 'options',
	noDataExpression: true,
	default: 'generate',
	description: 'What to do. Only operations that say so cost money; all others buy nothing.',
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
			name: 'Edit Video',
			value: 'edit',
			action: 'Edit video',
			description: 'Change one thing in a finished video, from a job or a file (costs money; few servers have it)',
		},
		{
			name: 'Estimate Cost',
			value: 'estimateCost',
			action: 'Estimate cost',
			description: 'Calculate the cost of a generation; no request is sent',
		},
		{
			name: 'Extend Video',
			value: 'extend',
			action: 'Extend video',
			description: 'Make a finished video longer, from a job or a file (costs money; few servers have it)',
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
export const operationNames = {
	...namesByValue(characterOperationProperty, 'character.'),
	...namesByValue(promptOperationProperty, 'prompt.'),
	...namesByValue(videoOperationProperty, 'video.'),
};

export const properties: INodeProperties[] = [
	resourceProperty,
	characterOperationProperty,
	promptOperationProperty,
	videoOperationProperty,
	...Object.values(operations).flatMap((operation) => operation.properties),
];
