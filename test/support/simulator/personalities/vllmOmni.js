'use strict';

const { randomUUID } = require('node:crypto');

const {
	MODEL,
	addModels,
	authenticateOptional,
	checkSize,
	readMeasures,
	readPrompt,
	unknownRoute,
} = require('./fastApi');
const { addJobRoutes, openAiPage } = require('./jobRoutes');
const { detail, invalid, isPicture, isPictureAt, missing, movieOf, orderOf, sendMovie } = require('./parts');

/**
 * vLLM-Omni, from wire facts 2.1 and 2.2: multipart alone (JSON has no form fields: 422), FastAPI's errors, ids
 * `video_gen_…`, `/videos/sync` with the file's bytes in the answer.
 * - `fork`: the development version: `complete`, `file_paths`, `content?index=n`, list at `/videos/list`, errors of jobs
 *   without a code
 * - `synchronous`: its even earlier form, with base64 in the answer to the order
 * - `replicas`: two processes with a memory of their own, so that every second look at a job is answered with 404
 *
 * Not documented: default pixels and seconds (832x480, 4), the texts of other refusals, unknown fields (overlooked, as
 * FastAPI does), what becomes of `extra_params` beside `duration`.
 */
const forms = ['fork', 'synchronous', 'replicas'];

const JSON_FIELDS = ['extra_params', 'image_reference', 'video_reference', 'audio_reference', 'control_reference'];

function readJson(name, text) {
	if (text === undefined) return undefined;
	try {
		return JSON.parse(text);
	} catch {
		throw detail(400, `Invalid JSON in '${name}'.`);
	}
}

async function checkReferences(fields, files, json) {
	const file = files.find(({ field }) => field === 'input_reference');
	if (fields.input_reference !== undefined) {
		const message = "Value error, Expected UploadFile, received: <class 'str'>";
		throw invalid('input_reference', 'value_error', message, fields.input_reference);
	}
	if (file && json.image_reference) {
		throw detail(400, "Only one of 'input_reference' and 'image_reference' can be given.");
	}
	if (file && !file.mimeType.startsWith('video/') && !(await isPicture(file.bytes))) {
		throw detail(400, 'Invalid input_reference: provided content is not a valid image.');
	}
	if (json.image_reference === undefined) return;
	if (json.image_reference?.file_id !== undefined) throw detail(400, "'file_id' is not supported in image_reference.");
	if (!(await isPictureAt(json.image_reference?.image_url))) {
		throw detail(400, 'Invalid image_reference: provided content is not a valid image.');
	}
}

async function check({ encoding, fields, files }, models) {
	if (encoding !== 'multipart') throw missing('prompt');
	const prompt = readPrompt(fields.prompt);
	if (fields.seconds !== undefined && !/^[1-9]\d*$/u.test(fields.seconds)) {
		throw invalid('seconds', 'string_pattern_mismatch', "String should match pattern '^[1-9]\\d*$'", fields.seconds);
	}
	checkSize(fields.size);
	const { model = MODEL } = fields;
	if (![MODEL, ...models].includes(model))
		throw detail(400, `The requested model '${model}' has a model mismatch: this is '${MODEL}'.`);
	const json = Object.fromEntries(JSON_FIELDS.map((name) => [name, readJson(name, fields[name])]));
	await checkReferences(fields, files, json);
	const duration = json.extra_params?.duration ?? (fields.seconds && Number(fields.seconds));
	const order = orderOf({ model, prompt, ...readMeasures(fields, duration) });
	return isJsonObject(fields.lora) ? order : { ...order, fail: { code: 400, message: 'Invalid lora object.' } };
}

/** Whether a field is absent or an object's JSON: a bad `lora` is noticed only when the job runs. */
function isJsonObject(text) {
	if (text === undefined) return true;
	try {
		return typeof JSON.parse(text) === 'object';
	} catch {
		return false;
	}
}

function showIn({ jobs, form }) {
	return (job) => {
		const isDone = jobs.statusOf(job) === 'completed';
		const { prompt: _prompt, ...shown } = jobs.show(job);
		const error = jobs.errorOf(job);
		const fileName = `${job.id}.mp4`;
		const ofFork = {
			error: error && { type: 'ValueError', message: error.message },
			...{ n: 1, file_paths: isDone ? [`/tmp/vllm_omni/${fileName}`] : [] },
		};
		const ofRelease = {
			...{ media_type: 'video/mp4', file_name: isDone ? fileName : null },
			...(isDone && { inference_time_s: 12.5, stage_durations: {}, peak_memory_mb: 20_480 }),
		};
		return { ...shown, ...(form === 'fork' ? ofFork : ofRelease), ...job.script.extra };
	};
}

function addRoutes(router, tools) {
	const { jobs, form, models } = tools;
	if (form === 'fork') jobs.words = { completed: 'complete' };
	addModels(router, tools);
	const show = showIn(tools);
	const create = async (body) => jobs.create({ ...(await check(body, models)), isInstant: true });
	/** A job that fails inside a blocking answer; its status is not documented. */
	const throwFailed = (job) => {
		if (jobs.statusOf(job) !== 'completed') throw detail(500, jobs.errorOf(job)?.message ?? 'Video generation failed.');
	};
	router.post('/v1/videos/sync', async (request, response) => {
		const job = await create(request.body);
		throwFailed(job);
		await sendMovie(request, response, job);
	});
	if (form === 'synchronous') {
		router.post('/v1/videos', async (request, response) => {
			const job = await create(request.body);
			throwFailed(job);
			const { bytes } = await movieOf(job);
			response.json({ created: jobs.timesOf(job).created, data: [{ b64_json: bytes.toString('base64') }] });
		});
		return;
	}
	let looks = 0;
	if (form === 'replicas') {
		router.get(['/v1/videos/:id', '/v1/videos/:id/content'], (request, _response, next) => {
			looks += 1;
			return looks % 2 === 1 ? next(detail(404, `Video ${request.params.id} not found`)) : next();
		});
	}
	addJobRoutes(router, tools, {
		check: async (body) => await check(body, models),
		show,
		notFound: (id) => detail(404, `Video ${id} not found`),
		notReady: (job) => detail(404, `Video ${job.id} is still in-progress or has no file.`),
		tooMany: () => detail(429, 'Too many running jobs'),
		listPath: form === 'fork' ? '/v1/videos/list' : undefined,
		list: openAiPage,
		async content(job, request, response) {
			if ((request.query.index ?? '0') !== '0') throw detail(404, 'There is no file of this index.');
			await sendMovie(request, response, job);
		},
		// A running job is cancelled by it.
		remove(job) {
			jobs.cancel(job);
			job.deleted = true;
			return form === 'fork'
				? { id: job.id, object: 'video', status: 'deleted' }
				: { id: job.id, object: 'video.deleted', deleted: true };
		},
	});
}

module.exports = {
	forms,
	makeId: () => `video_gen_${randomUUID().replaceAll('-', '')}`,
	authenticate: authenticateOptional,
	unknownRoute,
	addRoutes,
};
