import { readBinaryField, readLink, toDataUrl, type InputFile } from '../../adapter/binaryInput';
import type { Item } from '../../adapter/operation';
import { readSubmitLimits } from '../../adapter/purchaseParameters';
import { askChat } from '../../core/chat/askChat';
import { GenerationError } from '../../core/errors';
import { createCharacter, type Character } from '../../core/video/characters';
import { readCharacter } from '../../core/video/chatCharacter';
import { chatMessage } from '../../core/video/chatRequest';

/** How a character is made, by the two ways that servers have for it. Each gives a function that makes it. */

/** The longest name that is documented (wire facts 1.3). */
const MAX_NAME = 80;
/** A video behind a link may be this large. */
const MAX_VIDEO_BYTES = 100 * 1024 * 1024;
const TIMEOUT_SECONDS = 180;
/** sora2api's model for characters, and what its README asked before there was one (seed 003, wire facts 3.2). */
const MODEL = 'avatar-create';
const OLDER_MODEL = 'sora2-landscape-10s';

/** Over the Videos API: the file and a name. */
export async function planByVideosApi(item: Item): Promise<() => Promise<Character>> {
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
		const character = await createCharacter(body, limits, tools);
		return { ...character, name: character.name ?? name };
	};
}

/** Over chat completions: a video or a generation, to the model that makes characters, or as older servers want it. */
export async function planByChat(item: Item): Promise<() => Promise<Character>> {
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
		const { answer, requestId } = await askChat(fields, 'character', limits, tools);
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
