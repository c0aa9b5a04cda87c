import type { ImageModel, Source } from './catalogueTypes';

/** THE data of image models: chat-completions models first, then those of the Images API. To add a model, add a row. */

const CHECKED = '2026-11-21';

function source(fact: string, from: string): Source {
	return { fact, from, checked: CHECKED };
}

const SORA_IMAGE_PAGE = "APIYI's Sora Image page (seed 000)";
const GPT_IMAGE_PAGE = "APIYI's GPT-Image-1 page (seed 002)";
const SORA2API_README = "sora2api's README (seed 003)";
const IMAGE_FACTS = "the project's wire facts, section 5";

const RATIOS = ['1:1', '2:3', '3:2'] as const;
const FREE_SIZES = { step: 16, maxRatio: 3, maxEdge: 3840, maxPixels: 3840 * 2160 } as const;
const QUALITIES = ['low', 'medium', 'high'] as const;
const MORE_QUALITIES = [...QUALITIES, 'xhigh', 'max'] as const;
const FIXED_SIZES = ['1024x1024', '1536x1024', '1024x1536'] as const;

const PER_REQUEST = {
	endpoint: 'chat',
	sizes: RATIOS,
	pricePerImageUsd: { any: { any: 0.01 } },
	promptLimit: 500,
	requestsPerMinute: 10,
	retired: [],
	sources: [
		source('price: $0.01 per image, whatever the prompt', SORA_IMAGE_PAGE),
		source('up to 500 characters and 10 requests a minute are recommended', SORA_IMAGE_PAGE),
	],
} as const;

function selfHosted(id: string, size: string): ImageModel {
	return {
		id,
		endpoint: 'chat',
		summary: `sora2api, ${size}`,
		sizes: [size],
		inputImages: { most: 1, overlooksLinks: true },
		retired: [],
		sources: [
			source(`size: ${size}; no price, self-hosted`, SORA2API_README),
			source('takes one input image, as a data URL; links are silently ignored', "the project's wire facts, section 3"),
		],
	};
}

/** Models that take any width and height. `facts`: what is documented of them. */
function freeSize(
	id: string,
	facts: Pick<ImageModel, 'freeSizes' | 'qualities'> = {},
	note = 'any size: both sides ÷16, ratio 1:3 to 3:1, up to 3840x2160',
): ImageModel {
	return {
		id,
		endpoint: 'images',
		summary: 'any size, priced by tokens',
		sizes: [],
		...facts,
		promptLimit: 32_000,
		retired: [],
		sources: [source(`${note}; no price is published in the sources`, IMAGE_FACTS)],
	};
}

function fixedSize(id: string, summary: string): ImageModel {
	return {
		id,
		endpoint: 'images',
		summary,
		sizes: FIXED_SIZES,
		qualities: QUALITIES,
		promptLimit: 32_000,
		retired: [],
		sources: [source('sizes: 1024x1024, 1536x1024, 1024x1536; no price is published in the sources', IMAGE_FACTS)],
	};
}

/** The models that make pictures, over the Images API (`images`) or chat completions (`chat`). */
export const IMAGE_MODELS: readonly ImageModel[] = [
	{ id: 'sora_image', summary: 'chat, three ratios', ...PER_REQUEST },
	{ id: 'gpt-4o-image', summary: 'chat, three ratios, same technology', ...PER_REQUEST },
	{
		id: 'gpt-image-2-all',
		endpoint: 'chat',
		summary: 'APIYI, answers chat in the images shape',
		sizes: [],
		pricePerImageUsd: { any: { any: 0.03 } },
		retired: [],
		sources: [
			source('answers /chat/completions in the shape of the Images API', IMAGE_FACTS),
			source(
				'price: $0.03 per image, whatever the size and the prompt',
				"APIYI's overview of gpt-image-2-all (apiyillc.mintlify.app/en/api-capabilities/gpt-image-2-all/overview)",
			),
		],
	},
	selfHosted('gpt-image', '360x360'),
	selfHosted('gpt-image-landscape', '540x360'),
	selfHosted('gpt-image-portrait', '360x540'),
	{
		id: 'gpt-image-1',
		endpoint: 'images',
		summary: 'three sizes, tokens or per image, whichever is lower',
		sizes: FIXED_SIZES,
		qualities: QUALITIES,
		promptLimit: 32_000,
		promptLimitAt: { apiyi: 1_000 },
		pricePerImageUsd: {
			low: { '1024x1024': 0.005, '1024x1536': 0.006, '1536x1024': 0.006 },
			medium: { '1024x1024': 0.011, '1024x1536': 0.015, '1536x1024': 0.015 },
			high: { '1024x1024': 0.036, '1024x1536': 0.052, '1536x1024': 0.052 },
		},
		pricePerMillionTokensUsd: { input: 2.5, output: 8 },
		retired: [{ server: 'openai', date: '2026-10-23' }],
		sources: [
			source('APIYI charges the lower of tokens and price per image', GPT_IMAGE_PAGE),
			source(
				'tokens: $2.50 in and $8 out per million. The Sora Image page names $10 and $40 for the same model; its own page is used',
				`${GPT_IMAGE_PAGE}; ${SORA_IMAGE_PAGE}`,
			),
			source(
				'prompt: 1,000 characters at APIYI; the Images API itself takes 32,000',
				`${GPT_IMAGE_PAGE}; ${IMAGE_FACTS}`,
			),
			source('ended at OpenAI on 2026-10-23', 'wire facts, "What is dead/alive"'),
		],
	},
	fixedSize('gpt-image-1-mini', 'faster and cheaper than gpt-image-1'),
	fixedSize('gpt-image-1.5', 'three sizes'),
	...['gpt-image-2', 'gpt-image-2-2026-04-21'].map((id) =>
		freeSize(id, { freeSizes: FREE_SIZES, qualities: QUALITIES }),
	),
	...[
		'gpt-image-2.5-flare',
		'gpt-image-2.5-flare-2026-09-08',
		'gpt-image-2.5-sunburst',
		'gpt-image-2.5-sunburst-2026-09-08',
	].map((id) => freeSize(id, { freeSizes: FREE_SIZES, qualities: MORE_QUALITIES })),
	...['gpt-image-2.6-flare', 'gpt-image-2.6-sunburst'].map((id) =>
		freeSize(id, { qualities: MORE_QUALITIES }, 'released 2026-11-04; its exact size rules are not documented'),
	),
	freeSize('chatgpt-image-latest', {}, 'follows the newest model of ChatGPT'),
	freeSize('gpt-image-2-vip', {}, 'APIYI only'),
	freeSize('gpt-image-2.6-flare-vip', { qualities: QUALITIES }, 'LaoZhang only; its pages refuse xhigh and max'),
	freeSize('gpt-image-2.6-sunburst-vip', { qualities: QUALITIES }, 'LaoZhang only; its pages refuse xhigh and max'),
	freeSize('gpt-image-2.6-web', {}, 'LaoZhang only'),
	...['dall-e-2', 'dall-e-3'].map(
		(id): ImageModel => ({
			...fixedSize(id, 'ended'),
			retired: [{ server: 'openai', date: '2026-05-12' }],
			sources: [source('ended at OpenAI on 2026-05-12', 'wire facts, "What is dead/alive"')],
		}),
	),
];
