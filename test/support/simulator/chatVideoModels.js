'use strict';

/**
 * The chat models that make videos, as data: sora2api's (wire facts 3.3) and those of the chat endpoints that APIYI,
 * LaoZhang and others share (4.2). Pixels are not documented: landscape is 16:9 and 720 high, "hd" 1024 high, as Sora 2
 * Pro has it. Prices are stand-ins: sora2api is run by its users, and the others' are not in the facts.
 */

const USD = { video: 0.15, pro: 0.8, character: 0.01, prompt: 0.001, image: 0.01 };
const LANDSCAPE = '1280x720';
const PIXELS = {
	landscape: LANDSCAPE,
	portrait: '720x1280',
	'hd-landscape': '1792x1024',
	'hd-portrait': '1024x1792',
};
/** What sora2api calls its styles. */
const STYLES = [
	...['festive', 'kakalaka', 'news', 'selfie', 'handheld'],
	...['golden', 'anime', 'retro', 'nostalgic', 'comic'],
];
/** Names of the shared endpoints' models; without words for it a video is upright and lasts 10 seconds: not documented. */
const SORA_VIDEO_2 = /^sora_video2(-landscape|-portrait)?(-hd)?(-15s|-25s)?(-pro)?$/u;

const combine = (left, right) => left.flatMap((first) => right.map((second) => [first, second]));

function sora2apiModels() {
	const models = {};
	const add = (edition, usd, lengths) => {
		for (const [orientation, seconds] of combine(['landscape', 'portrait'], lengths)) {
			const isHd = edition.endsWith('-hd');
			const size = PIXELS[`${isHd ? 'hd-' : ''}${orientation}`];
			models[`${edition}-${orientation}-${seconds}s`] = { kind: 'video', size, seconds, usd };
		}
	};
	add('sora2', USD.video, [10, 15, 25]);
	add('sora2pro', USD.pro, [10, 15, 25]);
	add('sora2pro-hd', USD.pro, [10, 15]);
	for (const seconds of [10, 15]) {
		models[`sora2-extension-${seconds}s`] = { kind: 'extension', size: LANDSCAPE, seconds, usd: USD.video };
	}
	models['avatar-create'] = { kind: 'character', usd: USD.character };
	for (const [length, seconds] of combine(['short', 'medium', 'long'], [10, 15, 20])) {
		models[`prompt-enhance-${length}-${seconds}s`] = { kind: 'prompt', length, seconds, usd: USD.prompt };
	}
	return models;
}

/** sora2api's models beside its image models. @type {Record<string, any>} */
const SORA2API_MODELS = sora2apiModels();

/**
 * What a model makes; undefined where it is none for videos.
 * @param {string} model
 */
function chatVideoModel(model) {
	if (Object.hasOwn(SORA2API_MODELS, model)) return { server: 'sora2api', ...SORA2API_MODELS[model] };
	const [isOne, orientation = '-portrait', hd = '', length = '-10s', pro] = SORA_VIDEO_2.exec(model) ?? [];
	if (!isOne) return undefined;
	const size = PIXELS[`${hd ? 'hd' : ''}${orientation}`.replace(/^-/u, '')];
	const seconds = Number(length.slice(1, -1));
	return { server: 'shared', kind: 'video', size, seconds, usd: pro ? USD.pro : USD.video };
}

module.exports = { SORA2API_MODELS, STYLES, chatVideoModel };
