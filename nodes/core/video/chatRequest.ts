import { CHAT_VIDEO_MODELS } from '../catalogueChatVideos';
import { GenerationError } from '../errors';
import type { JsonObject } from '../ports';
import { listOf } from '../text';

/** Looks that sora2api knows, by the word that stands in braces in the prompt (seed 003). */
export const VIDEO_STYLES = [
	'anime',
	'comic',
	'festive',
	'golden',
	'handheld',
	'kakalaka',
	'news',
	'nostalgic',
	'retro',
	'selfie',
] as const;

/** What can be made over chat completions: the values of the field *Mode*. */
export const CHAT_MODES = ['text', 'image', 'remix', 'storyboard', 'character', 'extension'] as const;

/** One of `CHAT_MODES`. */
export type ChatMode = (typeof CHAT_MODES)[number];

/** One shot of a storyboard. */
export interface Shot {
	seconds: number;
	scene: string;
}

/** What the user asks a chat server for. */
export interface ChatVideoWish {
	model: string;
	prompt: string;
	/** `WIDTHxHEIGHT`; only its orientation counts. */
	size: string;
	/** `""`: whatever the model makes. */
	seconds: string;
	mode: ChatMode;
	/** `none`, or one of `VIDEO_STYLES`; others are sent as they are. */
	style: string;
	remixTarget: string;
	shots: readonly Shot[];
	characterNames: readonly string[];
	generationId: string;
}

/** Which side of a video is the longer one. */
export type Orientation = 'landscape' | 'portrait';

/** What is sent for a video over chat completions. */
export interface ChatVideoRequest {
	model: string;
	/** The text of the message. */
	text: string;
	/** Length of the video, where the model says it. */
	seconds?: number;
	/** Likewise. */
	orientation?: Orientation;
	hints: string[];
}

/** What goes along with the text. */
export type Attached = 'image' | 'video' | undefined;

/**
 * The model and the text for a video over chat completions (wire facts 3.2 and 3.3). Sora 2's own names become the name of
 * the variant with the orientation and the length; every other id goes out as it is.
 * Throws GenerationError `invalidInput` for what the mode needs and the wish lacks.
 */
export function composeChatVideo(wish: ChatVideoWish, attached: Attached): ChatVideoRequest {
	const chosen = chooseModel(wish);
	const text = [styleTag(wish.style), bodyOf(wish, attached)].join('');
	return { ...chosen, text, orientation: orientationIn(chosen.model) };
}

function styleTag(style: string): string {
	return style === '' || style === 'none' ? '' : `{${style}}`;
}

function bodyOf(wish: ChatVideoWish, attached: Attached): string {
	const prompt = wish.prompt.trim();
	switch (wish.mode) {
		case 'storyboard':
			return [prompt, ...shotLines(wish.shots)].filter((line) => line !== '').join('\n');
		case 'remix':
			return `${readRemixTarget(wish.remixTarget)} ${needed(prompt)}`;
		case 'extension':
			return `${readGenerationId(wish.generationId)} ${needed(prompt)}`;
		case 'character':
			// Older servers take the character from a video that comes with the request (seed 003).
			if (attached === 'video' && wish.characterNames.length === 0) return needed(prompt);
			return `${readNames(wish.characterNames)} ${needed(prompt)}`;
		case 'image':
			if (attached !== 'image') throw invalid('Mode is Image, but there is no reference image', 'Set Reference Image.');
			return needed(prompt);
		case 'text':
			return needed(prompt);
	}
}

function needed(prompt: string): string {
	if (prompt === '') throw invalid('Prompt is empty', 'Write what the video should show in Prompt.');
	return prompt;
}

/** `[5.0s]A cat jumps` for each shot. */
function shotLines(shots: readonly Shot[]): string[] {
	if (shots.length === 0) throw invalid('A storyboard has no shots', 'Add shots, each with its seconds and its scene.');
	return shots.map(({ seconds, scene }, index) => {
		if (!(seconds > 0)) throw invalid(`Shot ${index + 1} has no length`, 'Give its Seconds as a number above 0.');
		if (scene.trim() === '') throw invalid(`Shot ${index + 1} has no scene`, 'Say what the shot shows in Scene.');
		return `[${seconds.toFixed(1)}s]${scene.trim()}`;
	});
}

function readRemixTarget(target: string): string {
	const text = target.trim();
	if (/s_[a-f0-9]{32}/.test(text)) return text;
	throw invalid(
		text === '' ? 'Remix Target is empty' : `Remix Target "${text.slice(0, 80)}" holds no ID of a shared video`,
		'Give the share link, or its ID: s_ and 32 digits and letters.',
	);
}

function readGenerationId(generationId: string): string {
	const text = generationId.trim();
	if (/^gen_\w+$/.test(text)) return text;
	throw invalid(
		text === '' ? 'Generation ID is empty' : `"${text.slice(0, 80)}" is not the ID of a generation`,
		'It begins with gen_.',
	);
}

function readNames(names: readonly string[]): string {
	const written = names.map((name) => name.trim().replace(/^@/, '')).filter((name) => name !== '');
	if (written.length === 0) throw invalid('Character Names is empty', 'Name the characters that the video shows.');
	return written.map((name) => `@${name}`).join(' ');
}

/** Editions of sora2api's models and the lengths that they make (seed 003). */
const EDITIONS = { sora2: [10, 15, 25], sora2pro: [10, 15, 25], 'sora2pro-hd': [10, 15], 'sora2-extension': [10, 15] };

function chooseModel(wish: ChatVideoWish): Omit<ChatVideoRequest, 'text' | 'orientation'> {
	const id = wish.model.trim();
	if (id === '') throw invalid('Model is empty', 'Choose a model in Model > From List.');
	const known = CHAT_VIDEO_MODELS.find((model) => model.id === id.toLowerCase());
	const edition = wish.mode === 'extension' && !known ? 'sora2-extension' : editionOf(id, wish.size);
	if (known || !edition) return { model: id, seconds: known?.seconds, hints: [] };
	const wanted = Number(wish.seconds);
	const lengths: readonly number[] = EDITIONS[edition];
	const seconds = lengths.find((length) => length >= wanted) ?? lengths[lengths.length - 1]!;
	const orientation = edition === 'sora2-extension' ? '' : `-${orientationOf(wish.size)}`;
	const model = `${edition}${orientation}-${seconds}s`;
	const hints =
		wanted === seconds
			? []
			: [`This server makes videos of ${listOf(lengths)} seconds: ${model} was chosen for ${wish.seconds} seconds.`];
	return { model, seconds, hints };
}

/** The edition that stands for a model of the Videos API; undefined for names that only their server knows. */
function editionOf(id: string, size: string): keyof typeof EDITIONS | undefined {
	if (/^sora-?2-pro(-\d|$)/i.test(id)) return longerSideOf(size) > 1280 ? 'sora2pro-hd' : 'sora2pro';
	return /^sora-?2(-\d|$)/i.test(id) ? 'sora2' : undefined;
}

function longerSideOf(size: string): number {
	return Math.max(...size.split('x').map((side) => Number(side) || 0));
}

/** `sora2-portrait-15s` → `portrait` */
function orientationIn(model: string): Orientation | undefined {
	return /-(landscape|portrait)(-|$)/i.exec(model)?.[1]?.toLowerCase() as Orientation | undefined;
}

function orientationOf(size: string): Orientation {
	const [width = 0, height = 0] = size.split('x').map(Number);
	return width > height ? 'landscape' : 'portrait';
}

/** A message of text, and of what else goes along as `image_url` or `video_url`. */
export function chatMessage(text: string, part?: { type: 'image_url' | 'video_url'; url: string }): JsonObject {
	if (!part) return { role: 'user', content: text };
	const attached = { type: part.type, [part.type]: { url: part.url } };
	return { role: 'user', content: text === '' ? [attached] : [{ type: 'text', text }, attached] };
}

function invalid(message: string, hint: string): GenerationError {
	return new GenerationError('invalidInput', message, { hint });
}
