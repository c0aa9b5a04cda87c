import type { INodeProperties } from 'n8n-workflow';

import { VIDEO_STYLES } from '../../core/video/chatRequest';

/** What only servers understand that make videos over chat completions, such as sora2api. */

export const apiProperty: INodeProperties = {
	displayName: 'API',
	name: 'api',
	type: 'options',
	default: 'auto',
	description: "How the server makes videos. Auto follows the credential's server.",
	options: [
		{ name: 'Auto', value: 'auto', description: 'What the server of the credential speaks' },
		{
			name: 'Chat Completions',
			value: 'chat',
			description: 'One long answer that ends with the video, as sora2api and some gateways do it',
		},
		{ name: 'Videos API', value: 'videos', description: 'Jobs, as OpenAI defined them' },
	],
};

const styleNames: Record<(typeof VIDEO_STYLES)[number], string> = {
	anime: 'Anime',
	comic: 'Comic',
	festive: 'Festive',
	golden: 'Golden',
	handheld: 'Handheld',
	kakalaka: 'Kakalaka (Chaotic)',
	news: 'News',
	nostalgic: 'Nostalgic',
	retro: 'Retro',
	selfie: 'Selfie',
};

const styleProperty: INodeProperties = {
	displayName: 'Video Style',
	name: 'videoStyle',
	type: 'options',
	default: 'none',
	description: 'A look that sora2api knows; it goes with every mode',
	options: [
		{ name: '[None]', value: 'none', description: 'As the prompt says' },
		...VIDEO_STYLES.map((value) => ({ name: styleNames[value], value })),
	],
};

const modeProperty: INodeProperties = {
	displayName: 'Mode',
	name: 'mode',
	type: 'options',
	default: 'text',
	description: 'What the video is made of, beside the prompt',
	options: [
		{
			name: 'Character',
			value: 'character',
			description: 'Characters that were made before; on older servers the one of a video given as Reference Image',
		},
		{ name: 'Extension', value: 'extension', description: 'What comes after a generation' },
		{ name: 'Image', value: 'image', description: 'The reference image' },
		{ name: 'Remix', value: 'remix', description: 'A shared video, changed' },
		{
			name: 'Storyboard',
			value: 'storyboard',
			description: 'Several shots, each with its own length; the prompt may stay empty',
		},
		{ name: 'Text', value: 'text', description: 'Nothing else' },
	],
};

const modeFields: INodeProperties[] = [
	{
		displayName: 'Character Names',
		name: 'characterNames',
		type: 'string',
		default: '',
		placeholder: 'e.g. captain123, boat456',
		description: 'Comma-separated user names of characters, as Create Character gave them',
	},
	{
		displayName: 'Generation ID',
		name: 'generationId',
		type: 'string',
		default: '',
		placeholder: 'e.g. gen_01abc',
		description: 'The generation that the video continues',
	},
	{
		displayName: 'Remix Target',
		name: 'remixTarget',
		type: 'string',
		default: '',
		placeholder: 'e.g. https://sora.chatgpt.com/p/s_68e3a06dcd888191b150971da152c1f5',
		description: 'Share link or ID of the video to change',
	},
	{
		displayName: 'Shots',
		name: 'shots',
		type: 'fixedCollection',
		typeOptions: { multipleValues: true, sortable: true },
		default: {},
		placeholder: 'Add Shot',
		description: 'The shots of a storyboard, in their order',
		options: [
			{
				displayName: 'Shot',
				name: 'shot',
				values: [
					{
						displayName: 'Seconds',
						name: 'seconds',
						type: 'number',
						typeOptions: { minValue: 0, numberPrecision: 1 },
						default: 5,
						description: 'Length of the shot',
					},
					{
						displayName: 'Scene',
						name: 'scene',
						type: 'string',
						typeOptions: { rows: 2 },
						default: '',
						placeholder: 'e.g. The cat lands on the roof',
						description: 'What the shot shows',
					},
				],
			},
		],
	},
];

const MODE_OF_FIELD: Record<string, string> = {
	characterNames: 'character',
	generationId: 'extension',
	remixTarget: 'remix',
	shots: 'storyboard',
};

/**
 * Never shown. In nodes of the category AI, n8n's nodes panel makes an action of every option of the first property that is
 * called "mode", however spelled: a click on "Text" or "Remix" there would choose the chat way unasked.
 */
const noActions: INodeProperties = {
	displayName: 'Mode',
	name: 'Mode',
	type: 'hidden',
	default: '',
	description: 'Not used',
	displayOptions: { show: { api: ['never'] } },
};

/** In full where the user has chosen the chat way. */
export const chatProperties: INodeProperties[] = [
	noActions,
	{ ...modeProperty, displayOptions: { show: { api: ['chat'] } } },
	...modeFields.map((field) => ({
		...field,
		displayOptions: { show: { api: ['chat'], mode: [MODE_OF_FIELD[field.name]!] } },
	})),
	{ ...styleProperty, displayOptions: { show: { api: ['chat'] } } },
];

/** Among the options where the credential decides; what is filled in says the mode. */
export const chatOptions: INodeProperties[] = [styleProperty, ...modeFields].map((field) => ({
	...field,
	// The list of options shows names alone.
	displayName: `${field.displayName} (Chat Servers)`,
	description: `${field.description!}. For servers that make videos over chat completions (sora2api).`,
	displayOptions: { show: { '/api': ['auto'] } },
}));
