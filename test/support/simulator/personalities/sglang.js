'use strict';

const { randomUUID } = require('node:crypto');

const { MODEL, addModels, checkSize, readMeasures, readPrompt, unknownRoute } = require('./fastApi');
const { addJobRoutes } = require('./jobRoutes');
const { detail, isPicture, isPictureAt, orderOf, pydanticInteger, sendMovie, signedLink } = require('./parts');

/**
 * SGLang's diffusion server, from wire facts 2.1 and 2.3: no key, JSON or multipart, `seconds` a whole number, a list
 * that is `data` alone, DELETE answers the job with `deleted` (a running one: `cancelling`, then `cancelled`).
 * - `older`: a file is mandatory in multipart, and `in_progress` is never said
 * - `cloud`: finished files are in a cloud storage (`url`), and `/content` refuses them with 400
 * - `fork`: `running` and `uploading`; DELETE of a running job is 409
 *
 * Not documented: that a number may come as text in JSON (FastAPI takes it), default pixels and seconds (832x480, 4),
 * unknown fields (overlooked), the refusal of a bad picture, a credential (overlooked: there is none).
 */
const forms = ['older', 'cloud', 'fork'];

async function checkReference({ encoding, fields, files }, form) {
	const file = files.find(({ field }) => field === 'input_reference');
	if (file && !(await isPicture(file.bytes))) throw detail(400, 'Failed to process image source');
	if (form === 'older' && encoding === 'multipart' && !file) throw detail(400, 'input_reference file is required');
	if (fields.reference_url === undefined || form === 'older') return;
	if (!(await isPictureAt(fields.reference_url))) throw detail(400, 'Failed to process image source');
}

async function check(body, form) {
	const { fields, problem } = body;
	if (problem) throw detail(400, `Invalid request body: ${problem}`);
	const prompt = readPrompt(fields.prompt);
	const seconds = pydanticInteger('seconds', fields.seconds);
	checkSize(fields.size);
	await checkReference(body, form);
	return orderOf({ model: fields.model ?? MODEL, prompt, ...readMeasures(fields, seconds) });
}

module.exports = {
	forms,
	makeId: () => randomUUID(),
	authenticate: () => undefined,
	unknownRoute,
	addRoutes(router, tools) {
		const { jobs, form } = tools;
		if (form === 'older') jobs.words = { in_progress: 'queued' };
		if (form === 'fork') jobs.words = { in_progress: 'running' };
		addModels(router, tools);
		async function show(job) {
			const isDone = jobs.statusOf(job) === 'completed';
			const { prompt: _prompt, remixed_from_video_id: _remixed, ...shown } = jobs.show(job);
			const error = jobs.errorOf(job);
			return {
				...shown,
				// Its answers call every model so.
				...{ model: 'sora-2', quality: 'standard', file_path: isDone ? `outputs/${job.id}.mp4` : null },
				// Almost done: the fork is bringing the file away.
				...(form === 'fork' && shown.status === 'running' && shown.progress >= 90 && { status: 'uploading' }),
				...(form === 'cloud' && { url: isDone ? await signedLink(tools, job) : null }),
				error: error && { message: error.message },
				...job.script.extra,
			};
		}
		addJobRoutes(router, tools, {
			check: async (body) => await check(body, form),
			show,
			notFound: () => detail(404, 'Video not found'),
			notReady: () => detail(404, 'Generation is still in-progress'),
			tooMany: () => detail(429, 'Too many requests'),
			list: ({ jobs: data }) => ({ data }),
			async content(job, request, response) {
				if (form === 'cloud') {
					throw detail(400, 'Video has been uploaded to cloud storage. Please use the cloud URL: see the job.');
				}
				await sendMovie(request, response, job);
			},
			async remove(job) {
				if (jobs.hasEnded(job)) {
					job.deleted = true;
					return { ...(await show(job)), status: 'deleted' };
				}
				if (form === 'fork') throw detail(409, 'Video generation is still running');
				jobs.cancel(job);
				return { ...(await show(job)), status: 'cancelling' };
			},
		});
	},
};
