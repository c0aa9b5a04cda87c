'use strict';

const { bearerOf, hasBearer, Refusal, invalid, nonEmpty, missing, pydanticInteger } = require('./parts');

/** What vLLM-Omni and SGLang have in common: they are made with FastAPI, and serve models that anyone can run. */

const MODEL = 'Wan-AI/Wan2.2-T2V-A14B-Diffusers';
const DEFAULTS = { width: 832, height: 480, fps: 24, seconds: 4 };
/** Fields that stand for a number. */
const INTEGERS = ['width', 'height', 'num_frames', 'fps', 'num_inference_steps', 'seed'];

/** A key is optional: who sends none is let in where the server has none. The refusal's shape is vLLM's usual one. */
function authenticateOptional(request, state) {
	if (hasBearer(request, state)) return undefined;
	return new Refusal(401, { error: bearerOf(request) === undefined ? 'Unauthorized' : 'Invalid API key' });
}

/** Pixels and seconds out of all the fields that can say them; the number of frames is stronger than `seconds`. */
function readMeasures(fields, seconds) {
	const numbers = Object.fromEntries(INTEGERS.map((name) => [name, pydanticInteger(name, fields[name])]));
	const { width, height, fps = DEFAULTS.fps, num_frames: frames } = numbers;
	const [, wide, high] = /^(\d+)x(\d+)$/u.exec(fields.size ?? '') ?? [];
	return {
		width: width ?? (wide ? Number(wide) : DEFAULTS.width),
		height: height ?? (high ? Number(high) : DEFAULTS.height),
		seconds: frames === undefined ? (seconds ?? DEFAULTS.seconds) : frames / fps,
	};
}

/** A size such as `832x480`. */
function checkSize(size) {
	if (size === undefined || (typeof size === 'string' && /^\d+x\d+$/u.test(size))) return;
	throw invalid('size', 'string_pattern_mismatch', "String should match pattern '^\\d+x\\d+$'", size);
}

/** The prompt, or FastAPI's refusal. */
function readPrompt(prompt) {
	if (prompt === undefined) throw missing('prompt');
	if (typeof prompt !== 'string') throw invalid('prompt', 'string_type', 'Input should be a valid string', prompt);
	if (!nonEmpty(prompt)) throw invalid('prompt', 'string_too_short', 'String should have at least 1 character', prompt);
	return prompt;
}

/** The list of models: what the server was started with. */
function addModels(router, { models }) {
	router.get('/v1/models', (_request, response) => {
		const data = [MODEL, ...models].map((id) => ({ id, object: 'model', created: 1_759_276_800, owned_by: 'vllm' }));
		response.json({ object: 'list', data });
	});
}

const unknownRoute = () => ({ status: 404, body: { detail: 'Not Found' } });

module.exports = { MODEL, addModels, authenticateOptional, checkSize, readMeasures, readPrompt, unknownRoute };
