'use strict';

const { randomUUID } = require('node:crypto');

const { Refusal, movieOf, nonEmpty, orderOf, pixelsOf, signedLink } = require('./parts');

/**
 * NVIDIA Dynamo, from wire facts 2.1 and 2.4: no key; JSON in, and one answer with the finished video: `data[].url` (a
 * storage on another origin) or `data[].b64_json`; errors are text. There is nothing to look at later.
 *
 * Not documented: the status of a refusal (400), whether a failed job is HTTP 200 (it is, with `status: "failed"`),
 * default pixels and seconds (832x480, 4), the default of `response_format` (`url`), unknown fields (overlooked);
 * `webm`, `gif` and `stream` are documented, but not made here (501).
 */
const MODEL = 'Wan-AI/Wan2.1-T2V-1.3B-Diffusers';
const FORMATS = ['mp4', 'webm', 'gif'];

const refuse = (status, error) => new Refusal(status, { error });

/** A field of a type, or nothing; the words are those of the server's JSON reader. */
function checkType(fields, name, type, isType) {
	const value = fields[name];
	if (value === undefined || value === null || isType(value)) return;
	throw refuse(400, `Failed to deserialize the JSON body: ${name}: invalid type: ${typeof value}, expected ${type}`);
}

function check({ encoding, fields, problem }, models) {
	if (encoding !== 'json') throw refuse(415, 'Expected request with `Content-Type: application/json`');
	if (problem) throw refuse(400, problem);
	const isString = (value) => typeof value === 'string';
	for (const name of ['prompt', 'model', 'size', 'input_reference', 'response_format', 'output_format']) {
		checkType(fields, name, 'a string', isString);
	}
	checkType(fields, 'seconds', 'i32', Number.isInteger);
	checkType(fields, 'stream', 'a boolean', (value) => typeof value === 'boolean');
	const { prompt, model, seconds, size = '832x480', nvext } = fields;
	for (const name of ['prompt', 'model']) {
		if (!nonEmpty(fields[name])) throw refuse(400, `Failed to deserialize the JSON body: missing field \`${name}\``);
	}
	if (![MODEL, ...models].includes(model)) throw refuse(404, `Model ${model} not found`);
	if (!/^\d+x\d+$/u.test(size)) throw refuse(400, `Invalid size: ${size}`);
	const kind = fields.response_format ?? 'url';
	if (!['url', 'b64_json'].includes(kind)) throw refuse(400, `Invalid response_format: ${kind}`);
	const format = fields.output_format ?? 'mp4';
	if (!FORMATS.includes(format)) throw refuse(400, `Invalid output_format: ${format}`);
	if (format !== 'mp4' || fields.stream) throw refuse(501, 'The simulator makes whole MP4 files alone.');
	const frames = Number(nvext?.num_frames) / Number(nvext?.fps ?? 24);
	return { kind, order: orderOf({ model, prompt, seconds: seconds ?? (frames || 4), ...pixelsOf(size) }) };
}

module.exports = {
	makeId: () => randomUUID(),
	authenticate: () => undefined,
	unknownRoute: () => ({ status: 404, body: { error: 'Not Found' } }),
	addRoutes(router, tools) {
		const { jobs, models } = tools;
		router.get('/v1/models', (_request, response) => {
			const data = [MODEL, ...models].map((id) => ({ id, object: 'model', created: 0, owned_by: 'nvidia' }));
			response.json({ object: 'list', data });
		});
		router.post('/v1/videos', async (request, response) => {
			const { kind, order } = check(request.body, models);
			const job = jobs.create({ ...order, isInstant: true });
			const error = jobs.errorOf(job)?.message ?? null;
			const isDone = jobs.statusOf(job) === 'completed';
			const entry = async () =>
				kind === 'url'
					? { url: await signedLink(tools, job) }
					: { b64_json: (await movieOf(job)).bytes.toString('base64') };
			response.json({
				...{ id: job.id, object: 'video', model: job.model, status: jobs.wordOf(job), progress: 100 },
				created: jobs.timesOf(job).created,
				data: isDone ? [{ output_format: 'mp4', fps: 24, ...(await entry()) }] : [],
				...{ error: isDone ? null : (error ?? 'Video generation failed.'), inference_time_s: 12.5 },
				...job.script.extra,
			});
		});
	},
};
