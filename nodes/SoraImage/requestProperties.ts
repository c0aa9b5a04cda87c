import type { INodeProperties } from 'n8n-workflow';

import { imageFileOptions, imagePurchaseOptions } from '../adapter/imageProperties';
import { modelProperty as modelPropertyFor } from '../adapter/modelProperties';
import { buyingOptions } from '../adapter/properties';
import { imageModelsOf } from '../core/catalogue';
import { STYLES } from '../core/image/soraImage';

/** What generating and editing ask of the user: model, prompt, ratio, style; scene and variations as options. */

/** What the provider of Sora Image asks its users to keep to (seed 000). */
export const REQUESTS_PER_MINUTE = 10;

const STYLE_NAMES: Record<keyof typeof STYLES, string> = {
	anime: 'Anime',
	oilPainting: 'Oil Painting',
	photorealistic: 'Photorealistic',
	sketch: 'Sketch',
	watercolor: 'Watercolor',
};

export const modelProperty = modelPropertyFor('searchChatImageModels', 'image', imageModelsOf('chat')[0]!);

const ratioProperty: INodeProperties = {
	displayName: 'Ratio',
	name: 'ratio',
	type: 'options',
	default: '2:3',
	description: 'Width to height of the image. Put at the end of the prompt as a tag such as 【2:3】.',
	options: [
		{ name: '1:1 (Square)', value: '1:1', description: 'Avatars, icons, social media' },
		{ name: '2:3 (Portrait)', value: '2:3', description: 'Portraits of people, phone wallpapers' },
		{ name: '3:2 (Landscape)', value: '3:2', description: 'Landscapes, banners' },
		{ name: 'None', value: 'none', description: 'No tag: the model or the prompt decides' },
	],
};

const styleProperty: INodeProperties = {
	displayName: 'Style',
	name: 'style',
	type: 'options',
	default: 'none',
	description: 'A style, added after the prompt',
	options: [
		{ name: '[None]', value: 'none', description: 'Only what the prompt says' },
		...Object.entries(STYLES).map(([value, phrase]) => ({
			name: STYLE_NAMES[value]!,
			value,
			description: phrase.charAt(0).toUpperCase() + phrase.slice(1),
		})),
	],
};

const sceneOption: INodeProperties = {
	displayName: 'Scene',
	name: 'scene',
	type: 'fixedCollection',
	placeholder: 'Add Scene',
	default: {},
	description: 'Time, weather and mood, added after the prompt line by line',
	options: [
		{
			displayName: 'Details',
			name: 'details',
			values: [
				{
					displayName: 'Time',
					name: 'time',
					type: 'string',
					default: 'sunset',
					placeholder: 'e.g. morning',
					description: 'The time of day, which decides the light',
				},
				{
					displayName: 'Weather',
					name: 'weather',
					type: 'string',
					default: 'clear',
					placeholder: 'e.g. mist',
					description: 'What the weather is like',
				},
				{
					displayName: 'Mood',
					name: 'mood',
					type: 'string',
					default: 'serene',
					placeholder: 'e.g. romantic',
					description: 'What the image should feel like',
				},
			],
		},
	],
};

/** Counts for the price as well: each variation is a request of its own. */
export const variationsOption: INodeProperties = {
	displayName: 'Variations',
	name: 'variations',
	type: 'string',
	typeOptions: { multipleValues: true, multipleValueButtonText: 'Add Variation' },
	default: [],
	placeholder: 'e.g. orange tabby',
	description:
		'Each variation is added after the prompt and sent as a request of its own, which costs as much as the first',
};

export const styleProperties: INodeProperties[] = [ratioProperty, styleProperty];

export const requestOptions: INodeProperties[] = buyingOptions([
	...imagePurchaseOptions({ requestsPerMinute: REQUESTS_PER_MINUTE }),
	...imageFileOptions,
	sceneOption,
	variationsOption,
]);
