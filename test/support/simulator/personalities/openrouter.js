'use strict';

const { randomBytes } = require('node:crypto');

const { isFrames, isReferences } = require('./openrouterInputs');
const { addJobRoutes } = require('./jobRoutes');
const { Refusal, hasBearer, nonEmpty, orderOf, pixelsOf, pixelsOfRatio, sendMovie, signedLink } = require('./parts');

/**
 * OpenRouter, from wire facts 2.1 and 2.6: JSON only, below `/api/v1`; an order is answered with 202 and `polling_url`,
 * a path; HTTP errors are `{error: {code: <number>, message}}`, errors of jobs are text. A finished job has `urls[]`
 * (signed, another origin that refuses credentials) and `unsigned_urls[]` (its own, which want the key).
 * - `unsignedOnly`: without `urls[]`
 *
 * Not documented: the texts of refusals; unknown fields (overlooked here); the answer for a file that is not ready (400
 * here, "4xx" there); the shape of `/videos/models`; defaults (720p, 16:9, 5 seconds); a list, which does not exist here.
 */
const forms = ['unsignedOnly'];
const basePath = '/api/v1';

const MODELS = ['openai/sora-2-pro', 'google/veo-3.1', 'bytedance/seedance-2'];
const RESOLUTIONS = ['480p', '720p', '1080p'];
const RATIOS = ['16:9', '9:16', '1:1', '4:3', '3:4', '21:9'];
const DURATIONS = [4, 5, 8, 10, 12];

const refuse = (message, status = 400) => new Refusal(status, { error: { code: status, message } });

/** OpenRouter's create request; ofox takes the same. */
function readOrder({ encoding, fields, problem }, models) {
	if (encoding !== 'json') throw refuse('Expected application/json');
	if (problem) throw refuse(problem);
	const { model, prompt, duration = 5, resolution = '720p', aspect_ratio: ratio = '16:9', size } = fields;
	if (!nonEmpty(model)) throw refuse('model: Required');
	if (!models.includes(model)) throw refuse(`${model} is not a valid model ID`);
	if (!nonEmpty(prompt)) throw refuse('prompt: Required');
	if (!Number.isInteger(duration)) throw refuse(`duration: Expected number, received ${typeof duration}`);
	if (!DURATIONS.includes(duration)) throw refuse(`duration: ${duration} is not supported by this model`);
	if (!RESOLUTIONS.includes(resolution)) throw refuse('resolution: Invalid enum value');
	if (!RATIOS.includes(ratio)) throw refuse('aspect_ratio: Invalid enum value');
	if (size !== undefined && !/^\d+x\d+$/u.test(size)) throw refuse('size: Invalid');
	if (fields.seed !== undefined && !Number.isInteger(fields.seed)) throw refuse('seed: Expected number');
	if (fields.generate_audio !== undefined && typeof fields.generate_audio !== 'boolean') {
		throw refuse('generate_audio: Expected boolean');
	}
	if (!isFrames(fields.frame_images)) throw refuse('frame_images: Invalid input');
	if (!isReferences(fields.input_references)) throw refuse('input_references: Invalid input');
	const pixels = size === undefined ? pixelsOfRatio(resolution, ratio) : pixelsOf(size);
	return orderOf({ model, prompt, seconds: duration, ...pixels });
}

module.exports = {
	forms,
	basePath,
	readOrder,
	makeId: () => randomBytes(10).toString('base64url'),
	authenticate: (request, state) => (hasBearer(request, state) ? undefined : refuse('No auth credentials found', 401)),
	unknownRoute: () => ({ status: 404, body: { error: { code: 404, message: 'Not Found' } } }),
	addRoutes(router, tools) {
		const { jobs, selfUrl, form } = tools;
		const models = [...MODELS, ...tools.models];
		jobs.words = { queued: 'pending' };
		router.get('/v1/models', (_request, response) => {
			response.json({ data: [{ id: 'openai/gpt-5', name: 'A model that writes' }] });
		});
		// Not in the facts: where OpenRouter tells a key about itself. Its list of models wants no key there.
		router.get('/v1/key', (_request, response) => {
			response.json({ data: { label: 'simulator', usage: 0, limit: null, is_free_tier: false } });
		});
		router.get('/v1/videos/models', (_request, response) => {
			const abilities = {
				supported_resolutions: RESOLUTIONS,
				supported_aspect_ratios: RATIOS,
				supported_durations: DURATIONS,
				generate_audio: true,
			};
			response.json({ data: models.map((id) => ({ id, name: id.split('/').at(-1), ...abilities })) });
		});
		addJobRoutes(router, tools, {
			createStatus: 202,
			check: async (body) => readOrder(body, models),
			created: (job) => ({ id: job.id, polling_url: `${basePath}/videos/${job.id}`, status: jobs.wordOf(job) }),
			async show(job) {
				const isDone = jobs.statusOf(job) === 'completed';
				const error = jobs.errorOf(job);
				return {
					...{ id: job.id, polling_url: `${basePath}/videos/${job.id}`, status: jobs.wordOf(job) },
					...(isDone && {
						generation_id: `gen-${job.id}`,
						unsigned_urls: [`${selfUrl()}${basePath}/videos/${job.id}/content?index=0`],
						...(form !== 'unsignedOnly' && { urls: [await signedLink(tools, job)] }),
						usage: { cost: job.priceUsd, is_byok: false },
					}),
					...(error && { error: error.message }),
					...job.script.extra,
				};
			},
			notFound: (id) => refuse(`Video ${id} not found`, 404),
			notReady: () => refuse('Video generation is not completed'),
			tooMany: () => refuse('Rate limit exceeded', 429),
			async content(job, request, response) {
				if ((request.query.index ?? '0') !== '0') throw refuse('There is no such video', 404);
				await sendMovie(request, response, job);
			},
		});
	},
};
