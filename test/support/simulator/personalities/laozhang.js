'use strict';

const { randomBytes } = require('node:crypto');

const { addJobRoutes, openAiPage } = require('./jobRoutes');
const { isPicture, isPictureAt, nonEmpty, openAiRefusal, orderOf, pixelsOf, pixelsOfRatio } = require('./parts');
const { sendMovie, signedLink } = require('./parts');

/**
 * LaoZhang, from wire facts 2.1: Muse by default (JSON or multipart, 5, 8 or 10 seconds or a length in the model's name,
 * `aspect_ratio` or `size`; `video_url` on an origin that refuses credentials, and `/content`).
 * - `seedance`: JSON with `content[]`, `duration` a number, `ratio`; `submitted`; `video_url`
 * - `seedanceNative`: the same with its newer words and `content.video_url`
 *
 * Not documented: the names of models (any is taken), whether `seconds` is a number or text in JSON (both are taken), the
 * texts of refusals (OpenAI's envelope is documented), pixels (720p), the path of the Seedance routes (`/v1/videos`),
 * whether jobs can be listed or deleted (listed here, not deleted), ids, unknown fields (overlooked).
 */
const forms = ['seedance', 'seedanceNative'];

const MUSE_SECONDS = [5, 8, 10];
const RATIOS = ['16:9', '9:16', '1:1', '4:3', '3:4'];

const refuse = (message, param, code = 'invalid_value') => openAiRefusal(400, message, { param, code });

function checkText(fields, name) {
	if (nonEmpty(fields[name])) return fields[name];
	throw refuse(`Missing required parameter: '${name}'.`, name, 'missing_required_parameter');
}

function checkRatio(name, ratio) {
	if (!RATIOS.includes(ratio)) throw refuse(`Invalid value: '${ratio}'.`, name);
}

async function checkMuse({ encoding, fields, files, problem }) {
	if (problem) throw refuse(problem, null, null);
	const [prompt, model] = [checkText(fields, 'prompt'), checkText(fields, 'model')];
	const { seconds = '5', aspect_ratio: ratio, size } = fields;
	const named = /-(\d+)s$/u.exec(model)?.[1];
	if (named === undefined && !MUSE_SECONDS.includes(Number(seconds))) {
		throw refuse(`Invalid value: '${seconds}'. Supported values are: '5', '8', and '10'.`, 'seconds');
	}
	if (ratio !== undefined && size !== undefined) throw refuse("Use either 'aspect_ratio' or 'size'.", 'size');
	if (size !== undefined && !/^\d+x\d+$/u.test(size)) throw refuse(`Invalid value: '${size}'.`, 'size');
	if (ratio !== undefined) checkRatio('aspect_ratio', ratio);
	await checkMusePictures({ encoding, fields, files });
	const pixels = size === undefined ? pixelsOfRatio('720p', ratio ?? '16:9') : pixelsOf(size);
	return orderOf({ model, prompt, seconds: Number(named ?? seconds), ...pixels });
}

async function checkMusePictures({ encoding, fields, files }) {
	if (encoding === 'multipart') {
		for (const { field, bytes } of files) {
			if (!['input_reference', 'last_frame'].includes(field)) throw refuse(`Unknown file '${field}'.`, field);
			if (!(await isPicture(bytes))) throw refuse('Invalid file format', field);
		}
		return;
	}
	if (fields.input_reference !== undefined) throw refuse("Use 'image' in JSON.", 'input_reference');
	for (const name of ['image', 'last_frame']) {
		if (fields[name] === undefined || (await isPictureAt(fields[name]))) continue;
		throw refuse(`Invalid '${name}': expected a URL or a data URL of a picture.`, name);
	}
}

async function checkSeedance({ encoding, fields, problem }) {
	if (encoding !== 'json') throw refuse('Expected application/json.', null, null);
	if (problem) throw refuse(problem, null, null);
	const model = checkText(fields, 'model');
	const { content = [], duration = 5, ratio = '16:9' } = fields;
	if (!Array.isArray(content)) throw refuse("Invalid type for 'content'.", 'content', 'invalid_type');
	const prompt = fields.prompt ?? content.find(({ type }) => type === 'text')?.text;
	checkText({ prompt }, 'prompt');
	if (!Number.isInteger(duration) || duration < 1) {
		throw refuse("Invalid type for 'duration': expected an integer.", 'duration', 'invalid_type');
	}
	checkRatio('ratio', ratio);
	for (const name of ['watermark', 'generate_audio']) {
		if (![undefined, true, false].includes(fields[name])) throw refuse(`Invalid type for '${name}'.`, name);
	}
	for (const part of content.filter(({ type }) => type === 'image_url')) {
		if (!(await isPictureAt(part.image_url?.url))) throw refuse("Invalid picture in 'content'.", 'content');
	}
	return orderOf({ model, prompt, seconds: duration, ...pixelsOfRatio('720p', ratio) });
}

module.exports = {
	forms,
	makeId: () => `video_${randomBytes(12).toString('hex')}`,
	addRoutes(router, tools) {
		const { jobs, form } = tools;
		if (form === 'seedance') jobs.words = { queued: 'submitted' };
		if (form === 'seedanceNative') jobs.words = { in_progress: 'running', completed: 'succeeded' };
		router.get('/v1/models', (_request, response) => {
			const data = ['muse-video', 'muse-video-20s', 'seedance-2'].map((id) => ({ id, object: 'model' }));
			response.json({ object: 'list', data });
		});
		addJobRoutes(router, tools, {
			check: form === undefined ? checkMuse : checkSeedance,
			async show(job) {
				const link = jobs.statusOf(job) === 'completed' ? await signedLink(tools, job) : undefined;
				return {
					...{ id: job.id, object: 'video', model: job.model, status: jobs.wordOf(job) },
					created_at: jobs.timesOf(job).created,
					...(link && (form === 'seedanceNative' ? { content: { video_url: link } } : { video_url: link })),
					...(jobs.errorOf(job) && { error: jobs.errorOf(job) }),
					...job.script.extra,
				};
			},
			notFound: (id) => openAiRefusal(404, `Video ${id} not found`, { code: 'not_found' }),
			notReady: () => openAiRefusal(404, 'Video is not ready yet.', { code: 'not_ready' }),
			tooMany: () => openAiRefusal(429, 'Too many running tasks', { code: 'too_many_running_tasks' }),
			list: openAiPage,
			// Seedance has its links alone.
			content: form === undefined ? async (job, ...exchange) => await sendMovie(...exchange, job) : undefined,
		});
	},
};
