import type { IDataObject, INodeProperties } from 'n8n-workflow';

import { readBinaryField, readLink, type InputFile } from '../../adapter/binaryInput';
import type { Item, Plan } from '../../adapter/operation';
import { characterToJson } from '../../adapter/output';
import { concurrencyOption, optionsCollection, showFor, simplifyOption, timeoutOption } from '../../adapter/properties';
import { readSubmitLimits } from '../../adapter/purchaseParameters';
import { askChat } from '../../core/chat/askChat';
import { GenerationError } from '../../core/errors';
import { createCharacter, type Character } from '../../core/video/characters';
import { readCharacter } from '../../core/video/chatCharacter';
import { chatMessage } from '../../core/video/chatRequest';
import { toDataUrl } from '../../adapter/binaryInput';

/** The longest name that is documented (wire facts 1.3). */
const MAX_NAME = 80;
/** A video behind a link may be this large. */
const MAX_VIDEO_BYTES = 100 * 1024 * 1024;
const TIMEOUT_SECONDS = 180;
/** sora2api's model for characters, and what its README asked before there was one (seed 003, wire facts 3.2). */
const MODEL = 'avatar-create';
const OLDER_MODEL = 'sora2-landscape-10s';

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
	optionsCollection([timeoutOption, concurrencyOption, olderFormOption, simplifyOption]),
]);

/** A character from a video, for prompts of later videos. */
export async function plan(item: Item): Promise<Plan> {
	item.tools.api.assertOffers('characters', 'make characters');
	const make = item.run.server.dialect.videoApi === 'chat' ? await readChatWish(item) : await readWish(item);
	const simplify = item.parameters.optionBoolean('simplify', true);
	return {
		async execute() {
			const character = await make();
			const json = characterToJson(character);
			return [{ json: simplify ? json : { ...json, response: character.raw as IDataObject } }];
		},
	};
}

/** Over the Videos API: the file and a name. */
async function readWish(item: Item): Promise<() => Promise<Character>> {
	const { parameters, tools } = item;
	const name = parameters.requiredText('characterName', 'Character Name');
	if (name.length > MAX_NAME) {
		throw invalid(`Character Name has ${name.length} characters; ${MAX_NAME} are allowed`, 'Choose a shorter name.');
	}
	if (parameters.text('videoSource') === 'jobId') {
		throw invalid('This server makes characters of files only', 'Fetch the video with Download Video first.');
	}
	const { facts, load } = await readVideo(item);
	const limits = readSubmitLimits(item, TIMEOUT_SECONDS);
	return async () => {
		const mimeType = facts.type?.mimeType ?? 'video/mp4';
		const part = { field: 'video', bytes: await load(), fileName: facts.fileName, mimeType };
		const body = { encoding: 'multipart' as const, fields: { name }, files: [part] };
		const character = await createCharacter(body, limits, tools.ports, tools.api.dialect);
		return { ...character, name: character.name ?? name };
	};
}

/** Over chat completions: a video or a generation, to the model that makes characters, or as older servers want it. */
async function readChatWish(item: Item): Promise<() => Promise<Character>> {
	const { parameters, tools } = item;
	const isGeneration = parameters.text('videoSource') === 'jobId';
	const generationId = isGeneration ? parameters.requiredText('jobId', 'Generation ID') : '';
	const file = isGeneration ? undefined : await readVideo(item);
	const model = parameters.optionBoolean('olderForm', false) ? OLDER_MODEL : MODEL;
	const limits = readSubmitLimits(item, TIMEOUT_SECONDS);
	return async () => {
		const video =
			file && ({ type: 'video_url', url: toDataUrl(await file.load(), file.facts.type?.mimeType) } as const);
		const fields = { model, messages: [chatMessage(generationId, video)], stream: true };
		const { answer, requestId } = await askChat(fields, limits, tools.ports, tools.api.dialect);
		const character = readCharacter(answer.text);
		if (character) return { ...character, requestId, raw: answer.raw };
		throw new GenerationError('noResult', 'The server answered without a character', {
			serverMessage: answer.text.slice(0, 300),
			requestId,
			billed: 'maybe',
		});
	};
}

async function readVideo(item: Item): Promise<InputFile> {
	const { parameters } = item;
	const file =
		parameters.text('videoSource') === 'url'
			? await readLink(item, parameters.requiredText('videoUrl', 'Video URL'), MAX_VIDEO_BYTES)
			: await readBinaryField(item, parameters.raw('binaryPropertyName'));
	if (file.facts.type?.family === 'video') return file;
	throw invalid(
		`The file "${file.facts.fileName}" is not a video that could be recognised`,
		'Give an MP4 that shows the character.',
	);
}

function invalid(message: string, hint: string): GenerationError {
	return new GenerationError('invalidInput', message, { hint });
}
