'use strict';

const { randomBytes } = require('node:crypto');

const { errorBody } = require('../contract');
const { addRoutes } = require('./openai');
const { bearerOf, openAiRefusal } = require('./parts');

/**
 * LiteLLM's proxy, from wire facts 2.1 and 2.5: OpenAI's contract passed through (errors with a number, as text, for their
 * code), with or without `/v1`, with a bearer token or `x-litellm-api-key`; ids are base64 of where the job is.
 * - `oldContent`: a file that is not ready is HTTP 200, `video/mp4`, and the error's JSON
 * - `reencoded`: a look at a job shows another id for it, which has lost its way: it is answered with 401
 * - `upstreamWords`: the status words of another provider come through
 *
 * Not documented: which characters upstream ids have. Those here make the base64 have all of `+`, `/` and `=`.
 */
const forms = ['oldContent', 'reencoded', 'upstreamWords'];

/** @param {string} model @param {string} upstreamId */
function encodeId(model, upstreamId) {
	const whole = `litellm:custom_llm_provider:openai;model_id:${model};video_id:${upstreamId}`;
	return `video_${Buffer.from(whole).toString('base64')}`;
}

function makeId({ model }) {
	const upstreamId = `video_${randomBytes(12).toString('hex')}`;
	// Every third byte is one of these: `~` becomes "+" and `?` becomes "/".
	for (let fill = ''; ; fill += '.') {
		const id = encodeId(model, `${upstreamId}${fill}~..?.`);
		if (/\+.*\/.*=$/u.test(id)) return id;
	}
}

function authenticate(request, { apiKey }) {
	const given = request.headers['x-litellm-api-key']?.replace(/^Bearer /u, '') ?? bearerOf(request);
	if (apiKey === '' || given === apiKey) return undefined;
	const message = given
		? 'Authentication Error, Invalid proxy server token passed.'
		: 'Authentication Error, No api key passed in.';
	return openAiRefusal(401, message, { type: 'auth_error', param: 'None', code: '401' });
}

function addForm(router, { jobs, form }) {
	if (form === 'upstreamWords') {
		jobs.words = { queued: 'pending', in_progress: 'processing', completed: 'succeeded', failed: 'FAILED' };
	}
	if (form === 'oldContent') {
		router.get('/v1/videos/:id/content', (request, response, next) => {
			const job = jobs.find(request.params.id);
			if (!job || jobs.statusOf(job) === 'completed') return next();
			const text = JSON.stringify(errorBody('Video is not ready yet, use GET /v1/videos/{video_id} to check status.'));
			return response.status(200).set('content-type', 'video/mp4').end(Buffer.from(text));
		});
	}
	if (form === 'reencoded') {
		router.get('/v1/videos/:id', (request, response, next) => {
			const job = jobs.find(request.params.id);
			if (job) return response.json({ ...jobs.show(job), id: encodeId('', job.id) });
			return next();
		});
		router.use('/v1/videos/:id', (request, _response, next) => {
			if (jobs.find(request.params.id)) return next();
			const message = 'Incorrect API key provided: None.';
			throw openAiRefusal(401, message, { type: 'None', param: 'None', code: '401' });
		});
	}
}

/** The upstream server's envelope; its code becomes the status, as text. */
function withStatusCode({ error }, status) {
	return { error: { ...error, code: String(status) } };
}

module.exports = {
	forms,
	makeId,
	authenticate,
	// Every path is the API's, also without /v1.
	isOpen: (path) => path.startsWith('/tmp/'),
	addRoutes(router, tools) {
		router.use((request, response, next) => {
			if (!/^\/(v1|tmp)\//u.test(request.url)) request.url = `/v1${request.url}`;
			const json = response.json.bind(response);
			response.json = (body) => json(response.statusCode < 400 ? body : withStatusCode(body, response.statusCode));
			next();
		});
		addForm(router, tools);
		addRoutes(router, tools);
	},
};
