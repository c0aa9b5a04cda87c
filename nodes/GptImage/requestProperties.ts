import type { INodeProperties } from 'n8n-workflow';

import { imageFileOptions, imagePurchaseOptions } from '../adapter/imageProperties';
import { modelProperty as modelPropertyFor, retirementNotices } from '../adapter/modelProperties';
import { imageModelsOf } from '../core/catalogue';

/** What the operations ask of the user. Empty or automatic means: nothing is sent, the server chooses. */

const MODELS = imageModelsOf('images');

const modelProperty = modelPropertyFor('searchImageModels', 'image', MODELS[0]!, 'gpt-image-2');

export const makingProperties: INodeProperties[] = [
	{
		displayName: 'Size',
		name: 'size',
		type: 'options',
		default: 'auto',
		description: 'Width and height of the image in pixels',
		options: [
			{ name: '1024x1024 (Square)', value: '1024x1024', description: 'Fastest' },
			{ name: '1024x1536 (Portrait)', value: '1024x1536', description: 'People, posters, phone screens' },
			{ name: '1536x1024 (Landscape)', value: '1536x1024', description: 'Scenes, banners, slides' },
			{ name: 'Auto', value: 'auto', description: 'The model chooses' },
			{ name: 'Custom', value: 'custom', description: 'Any size, with models that take any size' },
		],
	},
	{
		displayName: 'Custom Size',
		name: 'customSize',
		type: 'string',
		default: '',
		placeholder: 'e.g. 1280x720',
		description: 'Width x height in pixels: multiples of 16, one side at most three times the other, up to 3840x2160',
		displayOptions: { show: { size: ['custom'] } },
	},
	{
		displayName: 'Quality',
		name: 'quality',
		type: 'options',
		default: 'auto',
		description: 'How much work goes into the image. The price grows with it.',
		options: [
			{ name: 'Auto', value: 'auto', description: 'The model chooses' },
			{ name: 'Extra High', value: 'xhigh', description: 'Above High; only gpt-image-2.5 and newer' },
			{ name: 'High', value: 'high', description: 'Fine detail and small text' },
			{ name: 'Low', value: 'low', description: 'Fastest and cheapest, for drafts' },
			{ name: 'Max', value: 'max', description: 'Above Extra High; only gpt-image-2.5 and newer' },
			{ name: 'Medium', value: 'medium', description: 'Enough for most uses' },
		],
	},
	{
		displayName: 'Number of Images',
		name: 'n',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: 10 },
		default: 1,
		description: 'How many images one request makes. Each is an item of its own, and each costs.',
	},
];

export const modelProperties: INodeProperties[] = [modelProperty, ...retirementNotices(MODELS)];

/** What the price depends on. */
export const pricedProperties: INodeProperties[] = [...modelProperties, ...makingProperties];

const outputFormats = [
	{ name: 'GIF', value: 'gif', description: 'Moving; only newer models' },
	{ name: 'JPEG', value: 'jpeg', description: 'Faster than PNG' },
	{ name: 'PNG', value: 'png', description: 'Without loss; may be transparent' },
	{ name: 'WebP', value: 'webp', description: 'Small files; may be transparent' },
];

function outputFormatOption(formats: typeof outputFormats): INodeProperties {
	return {
		displayName: 'Output Format',
		name: 'outputFormat',
		type: 'options',
		default: 'png',
		description: 'What kind of file the image is',
		options: formats,
	};
}

const backgroundOption: INodeProperties = {
	displayName: 'Background',
	name: 'background',
	type: 'options',
	default: 'auto',
	description: 'What is behind the subject. Transparent needs PNG or WebP, and not every model can do it.',
	options: [
		{ name: 'Auto', value: 'auto', description: 'The model chooses' },
		{ name: 'Opaque', value: 'opaque', description: 'The whole image is filled' },
		{ name: 'Transparent', value: 'transparent', description: 'Only the subject, for layouts and logos' },
	],
};

const outputCompressionOption: INodeProperties = {
	displayName: 'Output Compression',
	name: 'outputCompression',
	type: 'number',
	typeOptions: { minValue: 0, maxValue: 100 },
	default: 100,
	description: 'How good the picture stays, from 0 (small file) to 100 (best)',
	displayOptions: { show: { outputFormat: ['jpeg', 'webp'] } },
};

const responseFormatOption: INodeProperties = {
	displayName: 'Response Format',
	name: 'responseFormat',
	type: 'options',
	default: 'url',
	description:
		'How the server sends the image. Only add this for servers that know it: others refuse it. Both end as a file.',
	options: [
		{ name: 'Base64', value: 'b64_json', description: 'Inside of the answer' },
		{ name: 'URL', value: 'url', description: 'As a link, which the node fetches' },
	],
};

const userOption: INodeProperties = {
	displayName: 'User',
	name: 'user',
	type: 'string',
	default: '',
	placeholder: 'e.g. customer-17',
	description: 'An ID of your end user, which the server uses to notice abuse',
};

export const generateOptions: INodeProperties[] = [
	...imagePurchaseOptions(),
	...imageFileOptions,
	backgroundOption,
	{
		displayName: 'Moderation',
		name: 'moderation',
		type: 'options',
		default: 'auto',
		description: 'How strictly the server looks at the content',
		options: [
			{ name: 'Auto', value: 'auto', description: 'As strict as usual' },
			{ name: 'Low', value: 'low', description: 'Less strict' },
		],
	},
	outputFormatOption([
		...outputFormats.slice(0, 3),
		{ name: 'SVG', value: 'svg', description: 'Drawn as lines and shapes; only newer models' },
		...outputFormats.slice(3),
	]),
	outputCompressionOption,
	responseFormatOption,
	userOption,
];

export const editOptions: INodeProperties[] = [
	...imagePurchaseOptions(),
	...imageFileOptions,
	backgroundOption,
	{
		displayName: 'Input Fidelity',
		name: 'inputFidelity',
		type: 'options',
		default: 'high',
		description: 'How closely the result keeps to the input images, above all to faces. Newer models refuse it.',
		options: [
			{ name: 'High', value: 'high', description: 'Faces, logos and text stay as they are' },
			{ name: 'Low', value: 'low', description: 'The model is freer' },
		],
	},
	{
		displayName: 'Mask Binary Field',
		name: 'maskBinaryPropertyName',
		type: 'string',
		default: '',
		placeholder: 'e.g. mask',
		hint: 'The name of the input binary field containing the mask',
		description:
			'A PNG of the size of the first input image, below 4 MB. Its transparent parts are what may be changed.',
	},
	outputFormatOption(outputFormats),
	outputCompressionOption,
	responseFormatOption,
	userOption,
];
