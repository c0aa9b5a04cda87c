'use strict';

const { randomBytes } = require('node:crypto');

const { errorBody } = require('../contract');
const { addRoutes: addOpenAiRoutes } = require('./openai');
const ofox = require('./ofox');
const { sendMovie, signedLink } = require('./parts');

/**
 * Servers that are reached as "Other": without a form the same as OpenAI; the forms are single gateways, from the last
 * rows of wire facts 2.1.
 * - `anyfast` (AnyFast, starrise): ids with a colon, `/content` answers JSON with the file's address
 * - `mux` (mux.la): `processing` while the job runs
 * - `juhe` (JuheAPI, Wisdom): `/v1/video/{id}/content`, which answers HTTP 200 with an error's JSON before the file is there
 * - `aisix` (api7): `/content` leads to a signed address on another origin
 * - `ofox`: see ofox.js
 */
const forms = ['anyfast', 'mux', 'juhe', 'aisix', 'ofox'];

const FORMS = {
	anyfast: {
		makeId: () => `sora-2:task_01k${randomBytes(12).toString('hex')}`,
		addBefore(router, { jobs, ...tools }) {
			router.get('/v1/videos/:id/content', async (request, response, next) => {
				const job = jobs.find(request.params.id);
				if (!job || jobs.statusOf(job) !== 'completed') return next();
				const link = await signedLink({ ...tools, jobs }, job);
				return response.json({ id: job.id, status: 'completed', url: link, video_url: link });
			});
		},
	},
	mux: {
		addBefore(_router, { jobs }) {
			// What it says while a job waits is not documented.
			jobs.words = { queued: 'processing', in_progress: 'processing' };
		},
	},
	juhe: {
		addBefore(router, { jobs }) {
			router.get('/v1/video/:id/content', async (request, response) => {
				const job = jobs.find(request.params.id);
				const isReady = job && jobs.statusOf(job) === 'completed' && !jobs.isExpired(job);
				// The error's text is not documented.
				if (!isReady) return response.json(errorBody('Video is not available.', { code: 'video_not_ready' }));
				return await sendMovie(request, response, job);
			});
			// Its own path is the only one.
			router.get('/v1/videos/:id/content', (_request, _response, next) => next('router'));
		},
	},
	aisix: {
		addBefore(router, { jobs, ...tools }) {
			router.get('/v1/videos/:id/content', async (request, response, next) => {
				const job = jobs.find(request.params.id);
				if (!job || jobs.statusOf(job) !== 'completed') return next();
				return response.redirect(302, await signedLink({ ...tools, jobs }, job));
			});
		},
	},
};

/** The personality of a form. */
function forForm(form) {
	if (form === 'ofox') return ofox;
	if (form === undefined) return { addRoutes: addOpenAiRoutes };
	const { makeId, addBefore } = FORMS[form];
	return {
		makeId,
		addRoutes(router, tools) {
			addBefore(router, tools);
			addOpenAiRoutes(router, tools);
		},
	};
}

module.exports = { addRoutes: addOpenAiRoutes, forForm, forms };
