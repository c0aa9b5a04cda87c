import type { IDataObject, INodeProperties } from 'n8n-workflow';

import type { Item, Plan } from '../../adapter/operation';
import { characterToJson } from '../../adapter/output';
import {
	answerTimeoutOption,
	concurrencyOption,
	optionsCollection,
	showFor,
	simplifyOption,
} from '../../adapter/properties';
import { planByChat, planByVideosApi } from './characterPlan';

const olderFormOption: INodeProperties = {
	displayName: 'Older Form',
	name: 'olderForm',
	type: 'boolean',
	default: false,
	description:
		'Whether to ask a video model for the character, as sora2api did before it had the model avatar-create. Only for servers that make videos over chat.',
};

export const properties: INodeProperties[] = showFor('character', 'create', [
	{
		displayName: 'Video Source',
		name: 'videoSource',
		type: 'options',
		default: 'binary',
		description: 'The video that shows the character',
		options: [
			{
				name: 'Generation ID',
				value: 'jobId',
				description: 'A generation of the server; only where it makes videos over chat',
			},
			{ name: 'Input Binary Field', value: 'binary', description: 'A video from the input item' },
			{ name: 'URL', value: 'url', description: 'A link or data URL; the node fetches it and sends the file' },
		],
	},
	{
		displayName: 'Input Binary Field',
		name: 'binaryPropertyName',
		type: 'string',
		default: 'data',
		placeholder: 'e.g. data',
		hint: 'The name of the input binary field containing the video',
		displayOptions: { show: { videoSource: ['binary'] } },
	},
	{
		displayName: 'Video URL',
		name: 'videoUrl',
		type: 'string',
		default: '',
		placeholder: 'e.g. https://example.com/person.mp4',
		description: 'Link or data URL of an MP4. Fetched without your API key.',
		displayOptions: { show: { videoSource: ['url'] } },
	},
	{
		displayName: 'Generation ID',
		name: 'jobId',
		type: 'string',
		default: '',
		placeholder: 'e.g. gen_01abc',
		description: 'The generation that shows the character',
		displayOptions: { show: { videoSource: ['jobId'] } },
	},
	{
		displayName: 'Character Name',
		name: 'characterName',
		type: 'string',
		default: '',
		placeholder: 'e.g. Captain Paper',
		description:
			'What to call the character, up to 80 characters. Servers that make videos over chat choose the name themselves.',
	},
	optionsCollection([answerTimeoutOption, concurrencyOption, olderFormOption, simplifyOption]),
]);

/** A character from a video, for prompts of later videos. */
export async function plan(item: Item): Promise<Plan> {
	item.tools.api.assertOffers('characters', 'make characters');
	const make = item.run.server.dialect.videoApi === 'chat' ? await planByChat(item) : await planByVideosApi(item);
	const simplify = item.parameters.optionBoolean('simplify', true);
	return {
		async execute() {
			const character = await make();
			const json = characterToJson(character);
			return [{ json: simplify ? json : { ...json, response: character.raw as IDataObject } }];
		},
	};
}
