import type { ChatVideoModel, Source } from './catalogueTypes';

/**
 * THE data of video models that are reached through chat completions: the model's name says orientation and length.
 * To add a model, add a row.
 */

const SORA2API: Source = {
	fact: 'ids, lengths and orientations; Pro models want a ChatGPT Pro subscription; no price, self-hosted',
	from: "sora2api's README (seed 003) and wire facts 3.3",
	checked: '2026-11-21',
};

const RESELLERS: Source = {
	fact: 'ids seen at APIYI, LaoZhang and resellers; no price in the sources; files are kept about a day',
	from: 'wire facts 4.2',
	checked: '2026-11-21',
};

const ORIENTATIONS = ['landscape', 'portrait'] as const;

/** `sora2pro-hd-portrait-15s` for every orientation and length of an edition. */
function edition(prefix: string, lengths: readonly number[], summary: string): ChatVideoModel[] {
	return ORIENTATIONS.flatMap((orientation) =>
		lengths.map((seconds) => ({
			id: `${prefix}-${orientation}-${seconds}s`,
			summary,
			orientation,
			seconds,
			makes: 'video' as const,
			source: SORA2API,
		})),
	);
}

const PROMPT_LEVELS = ['short', 'medium', 'long'] as const;

/** The variants that sora2api offers over chat completions: videos, characters and prompts. */
export const CHAT_VIDEO_MODELS: readonly ChatVideoModel[] = [
	...edition('sora2', [10, 15, 25], 'standard'),
	...edition('sora2pro', [10, 15, 25], 'Pro'),
	...edition('sora2pro-hd', [10, 15], 'Pro in high definition'),
	...[10, 15].map(
		(seconds): ChatVideoModel => ({
			id: `sora2-extension-${seconds}s`,
			summary: 'makes a generation longer',
			seconds,
			makes: 'video',
			source: SORA2API,
		}),
	),
	{ id: 'avatar-create', summary: 'makes a character from a video', makes: 'character', source: SORA2API },
	...PROMPT_LEVELS.flatMap((level) =>
		[10, 15, 20].map(
			(seconds): ChatVideoModel => ({
				id: `prompt-enhance-${level}-${seconds}s`,
				summary: `writes a ${level} film prompt`,
				seconds,
				makes: 'prompt',
				source: SORA2API,
			}),
		),
	),
	...['', '-landscape', '-portrait'].flatMap((orientation) =>
		['', '-15s', '-25s'].map(
			(length): ChatVideoModel => ({
				id: `sora_video2${orientation}${length}`,
				summary: 'resold through chat',
				orientation: orientation === '' ? undefined : (orientation.slice(1) as 'landscape' | 'portrait'),
				seconds: length === '' ? undefined : Number(length.slice(1, -1)),
				makes: 'video',
				source: RESELLERS,
			}),
		),
	),
];
