import type { IDataObject, INodeProperties } from 'n8n-workflow';

import { readBinaryField, readLink } from '../../adapter/binaryInput';
import type { Item, Plan } from '../../adapter/operation';
import { characterToJson } from '../../adapter/output';
import { concurrencyOption, optionsCollection, showFor, simplifyOption, timeoutOption } from '../../adapter/properties';
import { readSubmitLimits } from '../../adapter/purchaseParameters';
import { GenerationError } from '../../core/errors';
import { createCharacter } from '../../core/video/characters';

/** The longest name that is documented (wire facts 1.3). */
const MAX_NAME = 80;
/** A video behind a link may be this large. */
const MAX_VIDEO_BYTES = 100 * 1024 * 1024;

export const properties: INodeProperties[] = showFor('character', 'create', [
	{
		displayName: 'Video Source',
		name: 'videoSource',
		type: 'options',
		default: 'binary',
		description: 'The video that shows the character',
		options: [
			{ name: 'Input Binary Field', value: 'binary', description: 'A video that a node before this one gives' },
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
		displayName: 'Character Name',
		name: 'characterName',
		type: 'string',
		default: '',
		placeholder: 'e.g. Captain Paper',
		description: 'What to call the character, up to 80 characters',
	},
	optionsCollection([timeoutOption, concurrencyOption, simplifyOption]),
]);

/** A character from a video, for prompts of later videos. */
export async function plan(item: Item): Promise<Plan> {
	const { parameters, tools } = item;
	tools.api.assertOffers('characters', 'make characters');
	const name = parameters.requiredText('characterName', 'Character Name');
	if (name.length > MAX_NAME) {
		throw new GenerationError('invalidInput', `Character Name has ${name.length} characters; ${MAX_NAME} are allowed`, {
			hint: 'Choose a shorter name.',
		});
	}
	const file =
		parameters.text('videoSource') === 'url'
			? await readLink(item, parameters.requiredText('videoUrl', 'Video URL'), MAX_VIDEO_BYTES)
			: await readBinaryField(item, parameters.raw('binaryPropertyName'));
	const { fileName, type } = file.facts;
	if (type?.family !== 'video') {
		throw new GenerationError('invalidInput', `The file "${fileName}" is not a video that could be recognised`, {
			hint: 'Give an MP4 that shows the character.',
		});
	}
	const limits = readSubmitLimits(item, 120);
	const simplify = parameters.optionBoolean('simplify', true);
	return {
		async execute() {
			const part = { field: 'video', bytes: await file.load(), fileName, mimeType: type.mimeType };
			const body = { encoding: 'multipart' as const, fields: { name }, files: [part] };
			const character = await createCharacter(body, limits, tools.ports, tools.api.dialect);
			const json = characterToJson({ ...character, name: character.name ?? name });
			return [{ json: simplify ? json : { ...json, response: character.raw as IDataObject } }];
		},
	};
}
