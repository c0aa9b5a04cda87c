'use strict';

const { randomBytes } = require('node:crypto');

const { addJobRoutes } = require('./jobRoutes');
const { readOrder } = require('./openrouter');
const { Refusal, hasBearer, sendMovie, signedLink } = require('./parts');

/**
 * ofox, from wire facts 2.1 and 2.7: OpenRouter's request with `polling_url` as a whole address and typed error codes.
 * `mirror_urls` are "often absent": they are absent here; `unsigned_urls` lead to a storage for 24 hours. Not documented:
 * the error's envelope beside its codes, whether `unsigned_urls` want the key (here they refuse it), and the file's route.
 */
const MODELS = ['sora-2', 'seedance-2'];

const refuse = (status, code, message) => new Refusal(status, { error: { code, message } });

module.exports = {
	makeId: () => `vid_${randomBytes(12).toString('hex')}`,
	authenticate: (request, state) =>
		hasBearer(request, state) ? undefined : refuse(401, 'invalid_api_key', 'Invalid API key'),
	addRoutes(router, tools) {
		const { jobs, selfUrl } = tools;
		const models = [...MODELS, ...tools.models];
		const show = async (job) => ({
			...{ id: job.id, status: jobs.wordOf(job), polling_url: `${selfUrl()}/v1/videos/${job.id}` },
			...(jobs.statusOf(job) === 'completed' && {
				unsigned_urls: [await signedLink(tools, job)],
				usage: { video_seconds: Number(job.seconds), video_cost: job.priceUsd.toFixed(10) },
			}),
			...(jobs.errorOf(job) && { error: jobs.errorOf(job) }),
			...job.script.extra,
		});
		router.get('/v1/models', (_request, response) => {
			response.json({ object: 'list', data: models.map((id) => ({ id, object: 'model' })) });
		});
		addJobRoutes(router, tools, {
			createStatus: 202,
			async check(body) {
				try {
					return readOrder(body, models);
				} catch (error) {
					if (error instanceof Refusal) throw refuse(400, 'invalid_request', error.body.error.message);
					throw error;
				}
			},
			show,
			notFound: (id) => refuse(404, 'not_found', `Video ${id} not found`),
			notReady: () => refuse(409, 'invalid_request', 'Video is not ready'),
			tooMany: () => refuse(429, 'rate_limited', 'Too many requests'),
			content: async (job, request, response) => await sendMovie(request, response, job),
		});
	},
};
