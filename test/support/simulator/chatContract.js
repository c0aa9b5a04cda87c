'use strict';

const { errorBody, listOf, refusal } = require('./contract');
const { unknownModel } = require('./imageContract');
const { CHAT_MODELS, RATIO_SIZES } = require('./imageModels');
const { readInputUrl } = require('./inputPictures');

/** What `/chat/completions` takes for image models: the prompt's ratio tag, input pictures, and what is refused. */

const RATIO_TAG = /【(2:3|3:2|1:1)】\s*$/u;
const PART_TYPES = ['text', 'image_url'];
const MAX_IMAGES = 4;

const refuse = (message, param, code) => ({ refusal: refusal(400, message, { param, code }) });

/**
 * Checks a chat request.
 * @param {{encoding: string, fields: any, problem?: string}} body
 * @returns {Promise<{refusal: {status: number, body: object}} | {order: any, form: string, isStream: boolean}>}
 */
async function checkChat({ encoding, fields, problem }) {
	if (problem || encoding !== 'json') {
		return { refusal: { status: 400, body: errorBody(problem ?? "Expected 'application/json'.") } };
	}
	const { model, messages, stream = false, n = 1, size } = fields;
	if (typeof model !== 'string') return refuse('you must provide a model parameter', 'model', null);
	const rules = Object.hasOwn(CHAT_MODELS, model) ? CHAT_MODELS[model] : undefined;
	if (!rules) return { refusal: unknownModel(model) };
	if (!Array.isArray(messages) || messages.length === 0) {
		return refuse("Missing required parameter: 'messages'.", 'messages', 'missing_required_parameter');
	}
	if (typeof stream !== 'boolean') {
		return refuse("Invalid type for 'stream': expected a boolean.", 'stream', 'invalid_type');
	}
	if (!Number.isInteger(n) || n < 1 || n > MAX_IMAGES) {
		return refuse(`Invalid 'n': expected an integer from 1 to ${MAX_IMAGES}.`, 'n', 'invalid_value');
	}
	const isSora2api = rules.form === 'sora2api';
	const read = await readMessage(messages, isSora2api);
	if ('refusal' in read) return read;
	if (read.prompt.trim() === '') {
		return refuse("Missing required parameter: 'prompt'.", 'prompt', 'missing_required_parameter');
	}
	const ratio =
		rules.ratio ?? RATIO_TAG.exec(read.prompt)?.[1] ?? (rules.ignoresSize ? undefined : ratioOf(size)) ?? '1:1';
	const order = {
		...{ endpoint: 'chat', model, prompt: read.prompt, n, ratio, size: RATIO_SIZES[ratio] },
		...{ quality: 'medium', format: 'png', answer: 'url', pictures: read.pictures, price: rules.price },
	};
	return { order, form: rules.form, isStream: stream };
}

/** `size` is mapped too: tall, wide or square. */
function ratioOf(size) {
	const [, width, height] = /^(\d+)x(\d+)$/u.exec(size ?? '') ?? [];
	if (width === undefined) return undefined;
	if (width === height) return '1:1';
	return Number(width) > Number(height) ? '3:2' : '2:3';
}

/** sora2api takes the last text and the last picture of the last message, and overlooks pictures that are links. */
async function readMessage(messages, isSora2api) {
	const index = messages.length - 1;
	const content = messages[index]?.content;
	const parts = typeof content === 'string' ? [{ type: 'text', text: content }] : content;
	const where = `messages[${index}].content`;
	if (!Array.isArray(parts)) {
		return refuse(`Invalid type for '${where}': expected a string or an array.`, where, 'invalid_type');
	}
	const texts = [];
	const urls = [];
	for (const [at, part] of parts.entries()) {
		const name = `${where}[${at}]`;
		if (!PART_TYPES.includes(part?.type)) {
			return refuse(
				`Invalid value: '${part?.type}'. Supported values are: ${listOf(PART_TYPES)}.`,
				`${name}.type`,
				'invalid_value',
			);
		}
		const value = part.type === 'text' ? part.text : part.image_url?.url;
		if (typeof value !== 'string') {
			const expected = part.type === 'text' ? 'a string' : 'an object with a url';
			return refuse(
				`Invalid type for '${name}.${part.type}': expected ${expected}.`,
				`${name}.${part.type}`,
				'invalid_type',
			);
		}
		if (part.type === 'text') texts.push(value);
		else urls.push({ url: value, name: `${name}.image_url` });
	}
	const taken = isSora2api ? urls.filter(({ url }) => url.startsWith('data:image')).slice(-1) : urls;
	const pictures = [];
	for (const [at, { url, name }] of taken.entries()) {
		const read = await readInputUrl(url, { name, position: at + 1 });
		if ('refusal' in read) return read;
		pictures.push(read.picture);
	}
	return { prompt: isSora2api ? (texts.at(-1) ?? '') : texts.join('\n'), pictures };
}

module.exports = { checkChat };
