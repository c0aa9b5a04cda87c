'use strict';

/**
 * The image models as data: which endpoints know them, what they accept, how they answer and what they cost. From
 * APIYI's Sora Image and GPT-Image-1 pages and from OpenAI's and the gateways' documents; prices marked as stand-ins
 * are documented nowhere and only make requests countable.
 */

const QUALITIES = ['auto', 'low', 'medium', 'high'];
const MORE_QUALITIES = [...QUALITIES, 'xhigh', 'max'];
const APIYI_FORMATS = ['png', 'jpeg', 'webp'];
const FORMATS = [...APIYI_FORMATS, 'gif', 'svg'];
const MEGAPIXEL = 1024 * 1024;

/** What `auto` becomes; the documents leave it to the model. */
const AUTO = { size: '1024x1024', quality: 'medium' };

/** APIYI's GPT-Image-1 page: USD for a million tokens, and for an image; the lower of the two is charged. */
const GPT_IMAGE_1_TOKENS = { input: 2.5, output: 8 };
const GPT_IMAGE_1_PER_IMAGE = {
	low: { '1024x1024': 0.005, '1024x1536': 0.006, '1536x1024': 0.006 },
	medium: { '1024x1024': 0.011, '1024x1536': 0.015, '1536x1024': 0.015 },
	high: { '1024x1024': 0.036, '1024x1536': 0.052, '1536x1024': 0.052 },
};

/** Stand-ins: tokens of an output picture of a megapixel, and of an input picture of one. */
const OUTPUT_TOKENS = { low: 272, medium: 1056, high: 4160, xhigh: 8320, max: 12_480 };
const INPUT_TOKENS = 1024;
const CHARACTERS_PER_TOKEN = 4;

/** @param {number} usd */
const each = (usd) => (order) => usd * order.n;

function gptImage1Price({ n, size, quality }, usage) {
	const byTokens =
		(usage.input_tokens * GPT_IMAGE_1_TOKENS.input + usage.output_tokens * GPT_IMAGE_1_TOKENS.output) / 1e6;
	const byImage = GPT_IMAGE_1_PER_IMAGE[quality][size] * n;
	return Math.min(byTokens, byImage);
}

/** APIYI's page: 1000 characters, three sizes, three formats; `url` unless `b64_json` is asked for. */
const APIYI_GPT_IMAGE = {
	sizes: 'listed',
	qualities: QUALITIES,
	formats: APIYI_FORMATS,
	maxPrompt: 1000,
	responseFormat: true,
	answer: 'url',
	inputFidelity: ['high', 'low'],
};

/** OpenAI's own models and what relays them unchanged: raw base64, no `response_format`. */
const OFFICIAL = { sizes: 'free', qualities: QUALITIES, formats: FORMATS, maxPrompt: 32_000, answer: 'b64_json' };
const OFFICIAL_STAND_IN = { ...OFFICIAL, price: each(0.04) };
const TODAY = { ...OFFICIAL_STAND_IN, qualities: MORE_QUALITIES, markup: true };

/** APIYI's own routes: a link that expires, or base64 behind a data URL's prefix. */
const ROUTE = { ...OFFICIAL, responseFormat: true, answer: 'url', base64: 'dataUrl', price: each(0.03) };

/** What `/images/*` knows. */
const IMAGE_MODELS = {
	'gpt-image-1': { ...APIYI_GPT_IMAGE, price: gptImage1Price },
	// "More affordable" is all that is said: a stand-in.
	'gpt-image-1-mini': { ...APIYI_GPT_IMAGE, inputFidelity: ['low'], price: each(0.004) },
	'gpt-image-1.5': { ...OFFICIAL_STAND_IN, sizes: 'listed', inputFidelity: ['high', 'low'] },
	// Gateways still refuse transparent backgrounds for it, though OpenAI calls them a preview.
	'gpt-image-2': { ...OFFICIAL_STAND_IN, opaqueOnly: true },
	'gpt-image-2-2026-04-21': { ...OFFICIAL_STAND_IN, opaqueOnly: true },
	'gpt-image-2.5-flare': TODAY,
	'gpt-image-2.5-sunburst': TODAY,
	'gpt-image-2.6-flare': TODAY,
	'gpt-image-2.6-sunburst': TODAY,
	'chatgpt-image-latest': { ...OFFICIAL_STAND_IN, sizes: 'listed' },
	'gpt-image-2-all': ROUTE,
	'gpt-image-2-vip': ROUTE,
};

/**
 * What `/chat/completions` knows. `form`: how the answer looks (see chatAnswers.js). Sora Image is billed for each
 * request at the price of its image; `n` images that were asked for cost n times that.
 */
const CHAT_MODELS = {
	sora_image: { form: 'plain', price: each(0.01) },
	'gpt-4o-image': { form: 'gpt4o', price: each(0.01) },
	'gpt-image-2-all': { form: 'images', price: ROUTE.price },
	'gpt-image-2-vip': { form: 'images', price: ROUTE.price, ignoresSize: true },
	// sora2api is run by its users; the prices are stand-ins.
	'gpt-image': { form: 'sora2api', ratio: '1:1', price: each(0.01) },
	'gpt-image-landscape': { form: 'sora2api', ratio: '3:2', price: each(0.01) },
	'gpt-image-portrait': { form: 'sora2api', ratio: '2:3', price: each(0.01) },
};

/** The pixels of the ratios: no document names them, so they are GPT-Image-1's sizes of the same shapes. */
const RATIO_SIZES = { '1:1': '1024x1024', '2:3': '1024x1536', '3:2': '1536x1024' };

/**
 * Token counts as the Images API reports them.
 * @param {{prompt: string, n: number, size: string, quality: string, pictures: Array<{width: number, height: number}>}} order
 */
function usageOf({ prompt, n, size, quality, pictures }) {
	const [width, height] = size.split('x').map(Number);
	const textTokens = Math.ceil([...prompt].length / CHARACTERS_PER_TOKEN);
	const imageTokens = pictures.reduce(
		(sum, picture) => sum + Math.ceil((INPUT_TOKENS * picture.width * picture.height) / MEGAPIXEL),
		0,
	);
	const outputTokens = n * Math.round((OUTPUT_TOKENS[quality] * width * height) / MEGAPIXEL);
	const inputTokens = textTokens + imageTokens;
	return {
		input_tokens: inputTokens,
		input_tokens_details: { text_tokens: textTokens, image_tokens: imageTokens },
		output_tokens: outputTokens,
		total_tokens: inputTokens + outputTokens,
	};
}

module.exports = { AUTO, CHAT_MODELS, IMAGE_MODELS, RATIO_SIZES, usageOf };
