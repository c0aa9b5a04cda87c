'use strict';

const { checkCreate, errorBody } = require('./contract');
const { makePicture, readPicture } = require('./images');
const { makeMovie } = require('./movie');
const { sendFile } = require('./sendFile');

const THUMBNAIL_SHARE = 4;
const MINUTE_MS = 60_000;

/** The routes of the Videos API. */
function addVideoRoutes(app, { state, jobs }) {
	const notFound = (response, id) =>
		response.status(404).json(errorBody(`Video with id '${id}' not found.`, { param: 'video_id', code: 'not_found' }));

	app.post('/v1/videos', async (request, response) => {
		const { body } = request;
		if (body.problem) return response.status(400).json(errorBody(body.problem));
		const checked = await checkCreate(body, readPicture);
		if ('refusal' in checked) return response.status(checked.refusal.status).json(checked.refusal.body);
		if (refusedForLoad(response)) return undefined;
		return response.json(jobs.show(jobs.create(checked.order)));
	});

	app.get('/v1/videos', (request, response) => {
		const limit = Math.min(100, Number(request.query.limit ?? 20));
		const newestFirst = jobs.list();
		const ordered = request.query.order === 'asc' ? newestFirst.reverse() : newestFirst;
		const start = request.query.after ? ordered.findIndex(({ id }) => id === request.query.after) + 1 : 0;
		const withoutPrompt = ({ prompt: _prompt, ...rest }) => rest;
		const page = ordered
			.slice(start, start + limit)
			.map((job) => (state.listShowsPrompts ? jobs.show(job) : withoutPrompt(jobs.show(job))));
		response.json({
			object: 'list',
			data: page,
			first_id: page[0]?.id ?? null,
			last_id: page.at(-1)?.id ?? null,
			has_more: start + limit < ordered.length,
		});
	});

	app.get('/v1/videos/:id', (request, response) => {
		const job = jobs.find(request.params.id);
		return job ? response.json(jobs.show(job)) : notFound(response, request.params.id);
	});

	app.delete('/v1/videos/:id', (request, response) => {
		const job = jobs.find(request.params.id);
		if (!job) return notFound(response, request.params.id);
		if (!['completed', 'failed'].includes(jobs.statusOf(job))) {
			return response.status(400).json(errorBody('Only completed or failed videos can be deleted.'));
		}
		job.deleted = true;
		return response.json({ id: job.id, deleted: true, object: 'video.deleted' });
	});

	app.post('/v1/videos/:id/remix', (request, response) => {
		const source = jobs.find(request.params.id);
		if (!source) return notFound(response, request.params.id);
		const { prompt } = request.body.fields;
		if (typeof prompt !== 'string' || prompt.trim() === '') {
			return response.status(400).json(errorBody("Missing required parameter: 'prompt'.", { param: 'prompt' }));
		}
		if (jobs.statusOf(source) !== 'completed') {
			return response.status(400).json(errorBody('Only completed videos can be remixed.', { param: 'video_id' }));
		}
		if (refusedForLoad(response)) return undefined;
		const { model, size, seconds } = source;
		return response.json(jobs.show(jobs.create({ model, size, seconds, prompt, remixedFrom: source.id })));
	});

	app.get('/v1/videos/:id/content', async (request, response) => {
		const job = jobs.find(request.params.id);
		if (!job) return notFound(response, request.params.id);
		if (jobs.isExpired(job)) {
			return response
				.status(410)
				.json(errorBody('The video has expired and is no longer available.', { code: 'expired' }));
		}
		if (jobs.statusOf(job) !== 'completed') {
			return response
				.status(404)
				.json(
					errorBody('Video is not ready yet, use GET /v1/videos/{video_id} to check status.', { code: 'not_ready' }),
				);
		}
		const file = await makeContent(job, request.query.variant ?? 'video');
		if (!file) return response.status(400).json(errorBody("Invalid value for 'variant'.", { param: 'variant' }));
		return await sendFile(request, response, file, job.script.paddingBytes ?? 0);
	});

	function refusedForLoad(response) {
		if (jobs.list().filter(({ createdMs }) => createdMs > state.now() - MINUTE_MS).length >= state.maxPerMinute) {
			const words = 'Rate limit reached for requests. Please slow down.';
			response.status(429).json(errorBody(words, { type: 'rate_limit_error', code: 'rate_limit_exceeded' }));
			return true;
		}
		if (jobs.running() < state.maxRunning) return false;
		const message = 'Too many running tasks. Please wait for some of them to finish.';
		response.status(429).json(errorBody(message, { type: 'rate_limit_error', code: 'too_many_running_tasks' }));
		return true;
	}
}

async function makeContent(job, variant) {
	const [width, height] = job.size.split('x').map(Number);
	const seed = `${job.prompt} ${job.remixedFrom ?? ''}`;
	switch (variant) {
		case 'video':
			return { type: 'video/mp4', bytes: await makeMovie({ width, height, seconds: Number(job.seconds), seed }) };
		case 'thumbnail': {
			const size = { width: Math.round(width / THUMBNAIL_SHARE), height: Math.round(height / THUMBNAIL_SHARE) };
			return { type: 'image/webp', bytes: await makePicture({ ...size, format: 'webp', seed }) };
		}
		case 'spritesheet':
			return { type: 'image/jpeg', bytes: await makePicture({ width, height, format: 'jpeg', seed }) };
		default:
			return undefined;
	}
}

module.exports = { addVideoRoutes, makeContent };
