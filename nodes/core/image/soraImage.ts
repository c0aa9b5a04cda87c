import type { ImageModel } from '../catalogueTypes';
import { GenerationError } from '../errors';
import type { JsonObject } from '../ports';

/** Requests for pictures over chat completions: there everything that is wished for is words of the prompt. */

export const RATIOS = ['1:1', '2:3', '3:2'] as const;

/** The phrases of APIYI's Sora Image page (seed 000). */
export const STYLES: Readonly<Record<string, string>> = {
	anime: 'Japanese anime style, big eyes, vibrant colors',
	oilPainting: 'oil painting style, thick brush strokes, rich color layers',
	photorealistic: 'ultra-realistic photography, high-definition details, professional photography',
	sketch: 'pencil sketch style, black and white, delicate lines',
	watercolor: 'watercolor style, transparency, flowing colors',
};

/** The last line of that page's scene template. */
const SCENE_STYLE = 'Photography style, professional composition';

/** What a scene adds to the prompt; what is absent is the template's own word. */
export interface Scene {
	time?: string;
	weather?: string;
	mood?: string;
}

/** What the template says where nothing else is asked for. */
export const USUAL_SCENE: Readonly<Required<Scene>> = { time: 'sunset', weather: 'clear', mood: 'serene' };

/** What the user asked for, before anything was checked. */
export interface SoraImageWish {
	model: string;
	prompt: string;
	/** One of `RATIOS`, or `none`. */
	ratio: string;
	/** A name of `STYLES`, or `none`. */
	style: string;
	scene?: Scene;
	variation?: string;
}

/** What is sent, and what the user should know of it. */
export interface SoraImageText {
	text: string;
	/** The ratio whose tag is at the end of the text; absent when there is none. */
	ratio?: string;
	hints: string[];
}

const TAG_AT_THE_END = /\s*【\s*(1:1|2:3|3:2)\s*】\s*$/u;

/**
 * The words of one request: prompt and variation, scene, style, and the tag of the ratio once at the end (wire facts 4.1).
 * Throws GenerationError `invalidInput` for an empty prompt or model, and for a ratio or style that is none.
 */
export function composeText(wish: SoraImageWish, model: ImageModel | undefined): SoraImageText {
	const prompt = wish.prompt.trim();
	if (prompt === '') throw invalid('Prompt is empty', 'Write what the image should show in Prompt.');
	if (wish.model.trim() === '') throw invalid('Model is empty', 'Choose a model in Model > From List.');
	const style = phraseOf(wish.style);
	const typedRatio = [wish.variation ?? '', prompt].map((part) => TAG_AT_THE_END.exec(part)?.[1]).find(Boolean);
	const ratio = readRatio(wish.ratio) ?? typedRatio;
	const subject = [prompt, wish.variation?.trim() ?? '']
		.map((part) => part.replace(TAG_AT_THE_END, ''))
		.filter((part) => part !== '')
		.join(', ');
	const scene = sceneLines(wish.scene);
	const tag = ratio === undefined ? '' : `【${ratio}】`;
	const text =
		scene.length > 0
			? [subject, ...scene, style ?? SCENE_STYLE, tag].filter((line) => line !== '').join('\n')
			: [subject, style].filter((part) => part !== undefined).join(', ') + tag;
	return { text, ratio, hints: hintsAt(text, model, typedRatio, ratio) };
}

function phraseOf(style: string): string | undefined {
	if (style === '' || style === 'none') return undefined;
	if (Object.hasOwn(STYLES, style)) return STYLES[style];
	throw invalid(`There is no style "${style}"`, `Set Style to none, ${Object.keys(STYLES).join(', ')}.`);
}

function readRatio(ratio: string): string | undefined {
	if (ratio === '' || ratio === 'none') return undefined;
	if ((RATIOS as readonly string[]).includes(ratio)) return ratio;
	throw invalid(`There is no ratio "${ratio}"`, `Set Ratio to none, ${RATIOS.join(', ')}.`);
}

function sceneLines({ time = '', weather = '', mood = '' }: Scene = {}): string[] {
	return Object.entries({ Time: time, Weather: weather, Mood: mood })
		.filter(([, value]) => value.trim() !== '')
		.map(([name, value]) => `${name}: ${value.trim()}`);
}

function hintsAt(text: string, model: ImageModel | undefined, typedRatio?: string, ratio?: string): string[] {
	const hints: string[] = [];
	const length = Array.from(text).length;
	if (model?.promptLimit && length > model.promptLimit) {
		hints.push(
			`The prompt has ${length} characters; for ${model.id} no more than ${model.promptLimit} are recommended. It was sent all the same.`,
		);
	}
	if (typedRatio !== undefined && typedRatio !== ratio) {
		hints.push(
			`The prompt ends with 【${typedRatio}】, but Ratio is ${ratio}, which was sent. Set Ratio to None to keep the one of the prompt.`,
		);
	}
	return hints;
}

/**
 * The message of a request: text alone, or text and the pictures to edit (links or data URLs), in their order.
 */
export function messageOf(text: string, imageUrls: readonly string[] = []): JsonObject {
	const pictures = imageUrls.map((url) => ({ type: 'image_url', image_url: { url } }));
	return { role: 'user', content: pictures.length === 0 ? text : [{ type: 'text', text }, ...pictures] };
}

function invalid(message: string, hint: string): GenerationError {
	return new GenerationError('invalidInput', message, { hint });
}
