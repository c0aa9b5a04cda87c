'use strict';

const { errorBody, listOf, refusal } = require('./contract');
const { AUTO, IMAGE_MODELS } = require('./imageModels');

/**
 * The documented contract of the Images API: which parameters it takes and in which words it refuses them. From
 * OpenAI's and APIYI's documents and recorded error texts; where no text is recorded, one in the same manner.
 */

const LISTED_SIZES = ['1024x1024', '1024x1536', '1536x1024', 'auto'];
const PIXEL_STEP = 16;
const MAX_RATIO = 3;
const MAX_EDGE = 3840;
const MAX_PIXELS = 3840 * 2160;
const MAX_IMAGES = 10;
const BACKGROUNDS = ['auto', 'opaque', 'transparent'];
const TRANSPARENT_FORMATS = ['png', 'webp', 'svg'];
const COMPRESSED_FORMATS = ['jpeg', 'webp'];

/** Known to both endpoints. The animation's and the SVG's own parameters are taken, but change nothing here. */
const COMMON = [
	...['model', 'prompt', 'n', 'size', 'quality', 'background', 'output_format', 'output_compression', 'user'],
	...['response_format', 'stream', 'partial_images', 'safety_identifier', 'complexity'],
	...['frame_count', 'frame_duration_ms'],
];
const KNOWN = {
	generations: [...COMMON, 'moderation', 'svg'],
	edits: [...COMMON, 'input_fidelity', 'image', 'images', 'mask', 'markup'],
};

/** Thrown inside the checks; becomes an answer. */
class Refused extends Error {
	constructor(answer) {
		super('refused');
		this.answer = answer;
	}
}

function refuse(message, param, code, type) {
	throw new Refused(refusal(400, message, { param, code, ...(type && { type }) }));
}

function oneOf(name, value, supported) {
	if (typeof value === 'string' && supported.includes(value)) return;
	refuse(`Invalid value: '${value}'. Supported values are: ${listOf(supported)}.`, name, 'invalid_value');
}

/** A whole number; a form sends it as text. */
function wholeNumber(name, value, { encoding, min, max }) {
	const number = encoding === 'multipart' && /^-?\d+$/u.test(value) ? Number(value) : value;
	if (!Number.isInteger(number)) {
		const kind = typeof value === 'number' ? 'a decimal number' : `a ${typeof value}`;
		refuse(`Invalid type for '${name}': expected an integer, but got ${kind} instead.`, name, 'invalid_type');
	}
	if (number < min) {
		refuse(
			`Invalid '${name}': integer below minimum value. Expected a value >= ${min}, but got ${number} instead.`,
			name,
			'integer_below_min_value',
		);
	}
	if (number > max) {
		refuse(
			`Invalid '${name}': integer above maximum value. Expected a value <= ${max}, but got ${number} instead.`,
			name,
			'integer_above_max_value',
		);
	}
	return number;
}

function checkPrompt(prompt, max) {
	if (typeof prompt !== 'string' || prompt.trim() === '') {
		refuse("Missing required parameter: 'prompt'.", 'prompt', 'missing_required_parameter');
	}
	const { length } = [...prompt];
	if (length > max) {
		refuse(
			`Invalid 'prompt': string too long. Expected a string with maximum length ${max}, but got a string with length ${length} instead.`,
			'prompt',
			'string_above_max_length',
		);
	}
}

function checkSize(size, rules) {
	if (rules.sizes === 'listed' || size === 'auto') return oneOf('size', size, LISTED_SIZES);
	const [, width, height] = /^(\d{1,5})x(\d{1,5})$/u.exec(size) ?? [];
	if (width === undefined) return oneOf('size', size, LISTED_SIZES);
	const problem = sizeProblem(Number(width), Number(height));
	if (problem) refuse(`Invalid size '${size}'. ${problem}`, 'size', 'invalid_value');
}

function sizeProblem(width, height) {
	const [short, long] = [Math.min(width, height), Math.max(width, height)];
	if (short === 0 || width % PIXEL_STEP > 0 || height % PIXEL_STEP > 0) {
		return `Width and height must both be divisible by ${PIXEL_STEP}.`;
	}
	if (long > short * MAX_RATIO) return `The aspect ratio must be between 1:${MAX_RATIO} and ${MAX_RATIO}:1.`;
	if (long > MAX_EDGE || width * height > MAX_PIXELS) return 'The largest supported size is 3840x2160.';
	return undefined;
}

function checkFidelity(value, model, rules) {
	if (value === undefined) return;
	if (!rules.inputFidelity) {
		refuse(
			`The model '${model}' does not support the 'input_fidelity' parameter.`,
			'input_fidelity',
			'invalid_input_fidelity_model',
			'image_generation_user_error',
		);
	}
	oneOf('input_fidelity', value, rules.inputFidelity);
}

function checkOutput(fields, rules, endpoint, encoding) {
	const formats = endpoint === 'edits' ? rules.formats.filter((format) => format !== 'svg') : rules.formats;
	const format = fields.output_format ?? 'png';
	oneOf('output_format', format, formats);
	const background = fields.background ?? 'auto';
	oneOf('background', background, BACKGROUNDS);
	if (background === 'transparent') {
		const code = ['invalid_value', 'image_generation_user_error'];
		if (rules.opaqueOnly) refuse('Transparent background is not supported for this model.', 'background', ...code);
		if (!TRANSPARENT_FORMATS.includes(format)) {
			refuse(
				`Transparent background is not supported for ${format.toUpperCase()} output format.`,
				'background',
				...code,
			);
		}
	}
	let compression;
	if (fields.output_compression !== undefined) {
		compression = wholeNumber('output_compression', fields.output_compression, { encoding, min: 0, max: 100 });
		if (!COMPRESSED_FORMATS.includes(format)) {
			refuse(
				`Compression is not supported for ${format.toUpperCase()} output format.`,
				'output_compression',
				'invalid_value',
			);
		}
	}
	return { format, background, compression };
}

function answerKind(fields, rules) {
	const asked = fields.response_format;
	if (asked === undefined) return rules.answer;
	if (!rules.responseFormat) {
		refuse("Unknown parameter: 'response_format'.", 'response_format', 'unknown_parameter');
	}
	oneOf('response_format', asked, ['url', 'b64_json']);
	return asked === 'b64_json' ? (rules.base64 ?? 'b64_json') : asked;
}

/**
 * Checks the parameters of an image request.
 * @param {'generations' | 'edits'} endpoint
 * @param {{encoding: string, fields: Record<string, any>}} request
 * @returns {{refusal: {status: number, body: object}} | {order: object, rules: object}} the order as it will be made:
 *   `model, prompt, n, size` (`WxH`), `quality, format, background, compression, answer` (`url`, `b64_json`, `dataUrl`)
 */
function checkImageRequest(endpoint, { encoding, fields }) {
	try {
		const { model, prompt, n = 1, size = 'auto', quality = 'auto' } = fields;
		if (typeof model !== 'string') {
			refuse("Missing required parameter: 'model'.", 'model', 'missing_required_parameter');
		}
		const rules = Object.hasOwn(IMAGE_MODELS, model) ? IMAGE_MODELS[model] : undefined;
		if (!rules) return { refusal: unknownModel(model) };
		for (const name of Object.keys(fields)) {
			// A list in a form has brackets at its name's end.
			if (KNOWN[endpoint].includes(name.replace(/\[\]$/u, ''))) continue;
			refuse(`Unknown parameter: '${name}'.`, name, 'unknown_parameter');
		}
		checkPrompt(prompt, rules.maxPrompt);
		const answer = answerKind(fields, rules);
		const count = wholeNumber('n', n, { encoding, min: 1, max: MAX_IMAGES });
		checkSize(size, rules);
		oneOf('quality', quality, rules.qualities);
		const output = checkOutput(fields, rules, endpoint, encoding);
		if (output.format === 'svg' && count > 1) refuse("Only n=1 is supported for 'svg'.", 'n', 'invalid_value');
		if (fields.moderation !== undefined) oneOf('moderation', fields.moderation, ['auto', 'low']);
		checkFidelity(fields.input_fidelity, model, rules);
		if ([true, 'true'].includes(fields.stream)) {
			return { refusal: refusal(501, 'The simulator does not stream images.', { param: 'stream' }) };
		}
		const order = {
			...{ model, prompt, n: count, answer, ...output },
			size: size === 'auto' ? AUTO.size : size,
			quality: quality === 'auto' ? AUTO.quality : quality,
		};
		return { order, rules };
	} catch (error) {
		if (error instanceof Refused) return { refusal: error.answer };
		throw error;
	}
}

/** The answer for a model that the endpoint does not have. */
function unknownModel(model) {
	const message = `The model '${model}' does not exist or you do not have access to it.`;
	return { status: 404, body: errorBody(message, { param: 'model', code: 'model_not_found' }) };
}

module.exports = { checkImageRequest, unknownModel };
