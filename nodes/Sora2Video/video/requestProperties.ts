import type { INodeProperties } from 'n8n-workflow';

import { modelProperty as modelPropertyFor, retirementNotices } from '../../adapter/modelProperties';
import { promptProperty } from '../../adapter/properties';
import { VIDEO_MODELS } from '../../core/catalogueData';

/** What generating, creating and estimating ask of the user: model, prompt, size, seconds, reference. */

const SIZES: Array<[value: string, name: string, description: string]> = [
	['1024x1792', '1024x1792 (Portrait)', '1024p, sora-2-pro'],
	['1080x1920', '1080x1920 (Portrait)', '1080p, sora-2-pro'],
	['1280x720', '1280x720 (Landscape)', '720p, all Sora 2 models'],
	['1792x1024', '1792x1024 (Landscape)', '1024p, sora-2-pro'],
	['1920x1080', '1920x1080 (Landscape)', '1080p, sora-2-pro'],
	['720x1280', '720x1280 (Portrait)', '720p, all Sora 2 models'],
	['custom', 'Custom', 'Any other size that your server offers'],
	['matchReference', 'Match Reference', 'The pixels of the reference image'],
];

const modelProperty = modelPropertyFor('searchVideoModels', 'video', VIDEO_MODELS[0]!, 'sora-2-pro');

/**
 * Fields that depend on another one are not marked as required: n8n shows them whenever that other one is an expression,
 * and would not start a workflow in which they are empty. What is missing is said when the item is read.
 */
const sizeProperties: INodeProperties[] = [
	{
		displayName: 'Size',
		name: 'size',
		type: 'options',
		default: '720x1280',
		description: 'Width and height of the video in pixels',
		options: SIZES.map(([value, name, description]) => ({ value, name, description })),
	},
	{
		displayName: 'Custom Size',
		name: 'customSize',
		type: 'string',
		default: '',
		placeholder: 'e.g. 832x480',
		description: 'Width x height in pixels',
		displayOptions: { show: { size: ['custom'] } },
	},
	{
		displayName: 'Seconds',
		name: 'seconds',
		type: 'options',
		default: '4',
		description: 'Length of the video. The price grows with it.',
		options: [
			{ name: '4', value: '4' },
			{ name: '8', value: '8' },
			{ name: '12', value: '12' },
			{ name: 'Custom', value: 'custom', description: 'Any other length that your server offers' },
		],
	},
	{
		displayName: 'Custom Seconds',
		name: 'customSeconds',
		type: 'string',
		default: '',
		placeholder: 'e.g. 10',
		description: 'Length in seconds that your server offers',
		displayOptions: { show: { seconds: ['custom'] } },
	},
];

const referenceProperties: INodeProperties[] = [
	{
		displayName: 'Reference Image',
		name: 'reference',
		type: 'options',
		default: 'none',
		description: 'An image that the video starts from. Its pixels must be those of Size.',
		options: [
			{ name: 'None', value: 'none', description: 'Text only' },
			{
				name: 'From Input Binary Field',
				value: 'binary',
				description: 'An image that a node before this one put into the item',
			},
			{ name: 'From URL', value: 'url', description: 'A link or data URL; the node fetches it and sends the file' },
		],
	},
	{
		displayName: 'Input Binary Field',
		name: 'binaryPropertyName',
		type: 'string',
		default: 'data',
		required: true,
		placeholder: 'e.g. data',
		hint: 'The name of the input binary field containing the image',
		displayOptions: { show: { reference: ['binary'] } },
	},
	{
		displayName: 'Image URL',
		name: 'referenceUrl',
		type: 'string',
		default: '',
		placeholder: 'e.g. https://example.com/first-frame.png',
		description: 'Link or data URL of a JPEG, PNG or WebP image. Fetched without your API key.',
		displayOptions: { show: { reference: ['url'] } },
	},
];

export const requestProperties: INodeProperties[] = [
	modelProperty,
	...retirementNotices(VIDEO_MODELS),
	// A storyboard may do without; what is missing is said when the item is read.
	{ ...promptProperty, required: false },
	...sizeProperties,
	...referenceProperties,
];

/** What the price depends on. */
export const pricedProperties: INodeProperties[] = [
	modelProperty,
	...retirementNotices(VIDEO_MODELS),
	...sizeProperties,
	...referenceProperties,
];
