'use strict';

const { readParts } = require('../chatVideoContract');
const { SORA2API_MODELS } = require('../chatVideoModels');
const { CHAT_MODELS } = require('../imageModels');
const { Refusal, bearerOf, detail, invalid, missing } = require('./parts');

/**
 * sora2api, from wire facts 3 and its own description: chat completions, a list of models and `/tmp/<file>`, nothing else
 * (no `/v1/videos`, no `/v1/images`). FastAPI's refusals; what goes wrong inside is 500 with the text of it. The answers
 * themselves are in chatVideoAnswers.js and chatAnswers.js.
 * - `oldCharacters`: a video on the models of videos makes a character, as its description still says
 *
 * Not documented: the status of a body that is no JSON (422), an empty list of messages, the descriptions of the models.
 */
const forms = ['oldCharacters'];

const IMAGE_MODELS = Object.keys(CHAT_MODELS).filter((model) => CHAT_MODELS[model].form === 'sora2api');
const MODELS = [...IMAGE_MODELS, ...Object.keys(SORA2API_MODELS)];

function checkChat({ encoding, fields, problem }) {
	if (encoding !== 'json' || problem) {
		throw new Refusal(422, {
			detail: [{ type: 'json_invalid', loc: ['body', 0], msg: 'JSON decode error', input: {} }],
		});
	}
	if (fields.model === undefined) throw missing('model');
	if (typeof fields.model !== 'string') {
		throw invalid('model', 'string_type', 'Input should be a valid string', fields.model);
	}
	if (![undefined, true, false].includes(fields.stream)) {
		throw invalid('stream', 'bool_type', 'Input should be a valid boolean', fields.stream);
	}
	const parts = readParts(fields);
	if ('refusal' in parts) throw new Refusal(parts.refusal.status, parts.refusal.body);
	const inside = (message) => new Refusal(500, { error: { message, type: 'server_error', param: null, code: null } });
	if (fields.messages.length === 0) throw inside('400: Messages cannot be empty');
	if (!MODELS.includes(fields.model)) throw inside(`400: Invalid model: ${fields.model}`);
}

module.exports = {
	forms,
	authenticate(request, { apiKey }) {
		const given = bearerOf(request);
		if (apiKey === '' || given === apiKey) return undefined;
		return given === undefined ? detail(403, 'Not authenticated') : detail(401, 'Invalid API key');
	},
	unknownRoute: () => ({ status: 404, body: { detail: 'Not Found' } }),
	addRoutes(router) {
		router.get('/v1/models', (_request, response) => {
			const data = MODELS.map((id) => ({ id, object: 'model', owned_by: 'sora2api', description: id }));
			response.json({ object: 'list', data });
		});
		router.post('/v1/chat/completions', (request, _response, next) => {
			checkChat(request.body);
			next();
		});
		router.use('/v1/images', (_request, _response, next) => next('router'));
	},
};
