'use strict';

const { errorBody } = require('../contract');
const { addModelRoutes } = require('../modelRoutes');
const { addRoutes } = require('./openai');
const { addJobRoutes } = require('./jobRoutes');
const { isPicture, nonEmpty, openAiRefusal, orderOf, pixelsOf, sendMovie } = require('./parts');

/**
 * APIYI, from wire facts 2.1 (both of its rows). Its relay of Sora 2 is the contract that contract.js was written from,
 * except that pictures come as files alone, no address and no base64. The form `oldAsync` is its older endpoint:
 * multipart only, `seconds` 10 or 15, `submitted`, an own `/content` address in `url` that wants the key, and errors of
 * jobs as text.
 *
 * Not documented: what it says to a picture's address; which answers the old endpoint gave to bad orders (here OpenAI's
 * envelope); its pixels (720p); whether it refused "Bearer", which its examples left out: here both are let in.
 */
const forms = ['oldAsync'];

const OLD_SECONDS = ['10', '15'];
const OLD_SIZES = ['720x1280', '1280x720'];

function addRelay(router, tools) {
	router.post('/v1/videos', (request, response, next) => {
		const { encoding, fields } = request.body;
		if (encoding !== 'json' || typeof fields.input_reference !== 'object') return next();
		const message = "Invalid type for 'input_reference': expected a file, got an object";
		return response.status(400).json(errorBody(message, { param: 'input_reference', code: 'invalid_type' }));
	});
	addRoutes(router, tools);
}

async function checkOld({ encoding, fields, files }) {
	const refuse = (message, param) => openAiRefusal(400, message, { param });
	if (encoding !== 'multipart') throw refuse('Content-Type must be multipart/form-data', null);
	const { prompt, model = 'sora-2', seconds = '10', size = '720x1280' } = fields;
	if (!nonEmpty(prompt)) throw refuse('prompt is required', 'prompt');
	if (!OLD_SECONDS.includes(seconds)) throw refuse(`seconds must be one of ${OLD_SECONDS.join(', ')}`, 'seconds');
	if (!OLD_SIZES.includes(size)) throw refuse(`size must be one of ${OLD_SIZES.join(', ')}`, 'size');
	if (fields.input_reference !== undefined) throw refuse('input_reference must be a file', 'input_reference');
	const file = files.find(({ field }) => field === 'input_reference');
	if (file && !(await isPicture(file.bytes))) throw refuse('input_reference is no picture', 'input_reference');
	return orderOf({ model, prompt, seconds, ...pixelsOf(size) });
}

function addOld(router, tools) {
	const { jobs, selfUrl } = tools;
	jobs.words = { queued: 'submitted' };
	addModelRoutes(router);
	addJobRoutes(router, tools, {
		check: checkOld,
		show(job) {
			const shown = jobs.show(job);
			const isDone = jobs.statusOf(job) === 'completed';
			return {
				...{ id: job.id, object: 'video', model: job.model, status: shown.status, progress: shown.progress },
				...{ created_at: shown.created_at, seconds: job.seconds, size: job.size },
				...(isDone && { url: `${selfUrl()}/v1/videos/${job.id}/content` }),
				...(shown.error && { error: shown.error.message }),
				...job.script.extra,
			};
		},
		notFound: (id) => openAiRefusal(404, `Video with id '${id}' not found.`, { code: 'not_found' }),
		notReady: () => openAiRefusal(404, 'Video is not ready yet.', { code: 'not_ready' }),
		tooMany: () => openAiRefusal(429, 'Too many running tasks', { code: 'too_many_running_tasks' }),
		content: async (job, request, response) => await sendMovie(request, response, job),
	});
}

module.exports = {
	forms,
	addRoutes: (router, tools) => (tools.form === 'oldAsync' ? addOld : addRelay)(router, tools),
};
