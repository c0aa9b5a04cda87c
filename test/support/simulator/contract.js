'use strict';

/**
 * The documented contract of the Videos API, as the provider states it: which requests it refuses, in its own words,
 * and what it charges. Written from the documents alone (APIYI's Sora 2 pages; OpenAI's last documented state; the
 * recorded error texts), never from the nodes, so that the two can disagree.
 */

const SORA_2_SIZES = ['720x1280', '1280x720'];
const PRO_SIZES = [...SORA_2_SIZES, '1024x1792', '1792x1024', '1080x1920', '1920x1080'];
const SECONDS = ['4', '8', '12'];

/** USD for each second. */
const MODELS = {
	'sora-2': { sizes: SORA_2_SIZES, seconds: SECONDS, price: () => 0.1 },
	'sora-2-2025-12-08': { sizes: SORA_2_SIZES, seconds: SECONDS, price: () => 0.1 },
	'sora-2-pro': {
		sizes: PRO_SIZES,
		seconds: SECONDS,
		price: (size) => (size.includes('1080') ? 0.7 : size.includes('1024') ? 0.5 : 0.3),
	},
	/** Stands for the many models of other servers: any size, any length. */
	'open-video-1': { price: () => 0.05 },
};

const DEFAULTS = { model: 'sora-2', size: '720x1280', seconds: '4' };
const MAX_PROMPT = 32_000;
const REFERENCE_TYPES = ['image/jpeg', 'image/png', 'image/webp'];

/** OpenAI's error envelope. */
function errorBody(message, { type = 'invalid_request_error', param = null, code = null } = {}) {
	return { error: { message, type, param, code } };
}

/** An answer that refuses a request, in OpenAI's envelope. */
function refusal(status, message, details) {
	return { status, body: errorBody(message, details) };
}

/** `'4', '8', and '12'`, as the provider lists what it supports. */
function listOf(values) {
	return values.map((value, index) => `${index === values.length - 1 ? 'and ' : ''}'${value}'`).join(', ');
}

/**
 * Checks a create request.
 * @param {{encoding: 'json' | 'multipart', fields: Record<string, any>, files: Array<{field: string, mimeType: string, bytes: Buffer}>}} request
 * @param {(bytes: Buffer) => Promise<{width: number, height: number, format: string} | undefined>} readImage
 * @returns {Promise<{refusal: {status: number, body: object}} | {order: {model: string, size: string, seconds: string, prompt: string}}>}
 */
async function checkCreate({ encoding, fields, files }, readImage) {
	const refuse = (message, details) => ({ refusal: refusal(400, message, details) });
	const { prompt } = fields;
	if (typeof prompt !== 'string' || prompt.trim() === '') {
		return refuse("Missing required parameter: 'prompt'.", { param: 'prompt', code: 'missing_required_parameter' });
	}
	if (prompt.length > MAX_PROMPT) {
		return refuse(
			`Invalid 'prompt': string too long. Expected a string with maximum length ${MAX_PROMPT}, but got a string with length ${prompt.length} instead.`,
			{ param: 'prompt', code: 'string_above_max_length' },
		);
	}
	const model = fields.model ?? DEFAULTS.model;
	const rules = Object.hasOwn(MODELS, model) ? MODELS[model] : undefined;
	if (!rules) {
		const body = errorBody(`The model '${model}' does not exist or you do not have access to it.`, {
			code: 'model_not_found',
		});
		return { refusal: { status: 404, body } };
	}
	const seconds = fields.seconds ?? DEFAULTS.seconds;
	if (typeof seconds !== 'string') return refuse('seconds must be one of "4", "8", "12"', { param: 'seconds' });
	if (rules.seconds && !rules.seconds.includes(seconds)) {
		return refuse(`Invalid value: '${seconds}'. Supported values are: ${listOf(rules.seconds)}.`, {
			param: 'seconds',
			code: 'invalid_value',
		});
	}
	const size = fields.size ?? DEFAULTS.size;
	if (!/^\d+x\d+$/.test(size) || (rules.sizes && !rules.sizes.includes(size))) {
		return refuse(`Invalid value: '${size}'. Supported values are: ${listOf(rules.sizes ?? PRO_SIZES)}.`, {
			param: 'size',
			code: 'invalid_value',
		});
	}
	const problem = await checkReference({ encoding, fields, files, size }, readImage);
	return problem ? { refusal: problem } : { order: { model, size, seconds, prompt } };
}

async function checkReference({ encoding, fields, files, size }, readImage) {
	const inField = fields.input_reference;
	if (typeof inField === 'string') {
		return encoding === 'json'
			? refusal(400, "Invalid type for 'input_reference': expected an object, but got a string instead.", {
					param: 'input_reference',
					code: 'invalid_type',
				})
			: refusal(400, "Invalid type for 'input_reference': expected a file, got a string", { param: 'input_reference' });
	}
	if (files.length === 0) return undefined;
	const file = files.find(({ field }) => field === 'input_reference');
	if (!file || files.length > 1) return refusal(400, 'Missing required parameter: input_reference');
	const image = REFERENCE_TYPES.includes(file.mimeType) ? await readImage(file.bytes) : undefined;
	if (!image) return refusal(400, 'Invalid file format', { param: 'input_reference' });
	if (`${image.width}x${image.height}` !== size) {
		return refusal(400, 'Inpaint image must match the requested width and height');
	}
	return undefined;
}

/** What a finished video costs in USD. */
function priceOf({ model, size, seconds }) {
	return Math.round(MODELS[model].price(size) * Number(seconds) * 1e6) / 1e6;
}

module.exports = { MODELS, checkCreate, errorBody, listOf, priceOf, refusal };
