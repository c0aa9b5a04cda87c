'use strict';

const { randomUUID } = require('node:crypto');

const { Refusal, hasBearer, isPictureAt, movieOf, nonEmpty, orderOf, pixelsOf, sendMovie } = require('./parts');

/**
 * LocalAI, from wire facts 2.1 and 2.9: `POST /video` at the origin, JSON, answered with the finished video; the file's
 * address is its own, in the form `relative` without the origin.
 *
 * Not documented: the error's envelope (the numeric code is its usual one), which of 400, 412 and 500 means what (here
 * 400: the request, 412: the model is not there, 500: the making), default pixels and seconds (512x512, 4), whether
 * `seconds` is a number or text (both are taken), whether the files want the key (they do not), unknown fields.
 */
const forms = ['relative'];

const MODEL = 'wan-2.1-t2v';
const FILES = '/generated-videos/';

const refuse = (code, message) => new Refusal(code, { error: { code, message, type: '' } });

/** A number, or its digits. */
function numberOf(fields, name) {
	const value = fields[name];
	if (value === undefined) return undefined;
	if (!/^\d+$/u.test(String(value)) || Number(value) === 0) throw refuse(400, `${name}: not a positive number`);
	return Number(value);
}

async function check({ encoding, fields, problem }, models) {
	if (encoding !== 'json') throw refuse(400, 'failed reading parameters from request: unexpected content type');
	if (problem) throw refuse(400, `failed reading parameters from request: ${problem}`);
	const { prompt, model = MODEL, size } = fields;
	if (!nonEmpty(prompt)) throw refuse(400, 'prompt is required');
	if (![MODEL, ...models].includes(model)) throw refuse(412, `model ${model} is not installed`);
	if (size !== undefined && !/^\d+x\d+$/u.test(size)) throw refuse(400, 'size: not WIDTHxHEIGHT');
	for (const name of ['start_image', 'end_image']) {
		const value = fields[name];
		if (value === undefined) continue;
		const isLink = typeof value === 'string' && /^(https?|data):/u.test(value);
		// Base64 may come bare.
		const address = isLink ? value : `data:image/png;base64,${value}`;
		if (!(await isPictureAt(address))) throw refuse(400, `${name}: not a picture`);
	}
	const { width = 512, height = 512 } = size ? pixelsOf(size) : {};
	const frames = numberOf(fields, 'num_frames');
	const seconds = numberOf(fields, 'seconds') ?? (frames ? frames / (numberOf(fields, 'fps') ?? 24) : 4);
	return orderOf({
		...{ model, prompt, seconds },
		...{ width: numberOf(fields, 'width') ?? width, height: numberOf(fields, 'height') ?? height },
	});
}

module.exports = {
	forms,
	basePath: '',
	makeId: () => randomUUID(),
	isOpen: (path) => path.startsWith(FILES) || path.startsWith('/tmp/'),
	authenticate: (request, state) =>
		hasBearer(request, state) ? undefined : refuse(401, 'An authentication key is required'),
	unknownRoute: () => ({ status: 404, body: { error: { code: 404, message: 'Resource not found', type: '' } } }),
	addRoutes(router, { jobs, selfUrl, form, models }) {
		router.get(['/v1/models', '/models'], (_request, response) => {
			response.json({ object: 'list', data: [MODEL, ...models].map((id) => ({ id, object: 'model' })) });
		});
		router.post('/video', async (request, response) => {
			const job = jobs.create({ ...(await check(request.body, models)), isInstant: true });
			if (jobs.statusOf(job) !== 'completed') {
				throw refuse(500, jobs.errorOf(job)?.message ?? 'could not generate the video');
			}
			const asBase64 = request.body.fields.response_format === 'b64_json';
			const path = `${FILES}${job.id}.mp4`;
			const entry = asBase64
				? { b64_json: (await movieOf(job)).bytes.toString('base64') }
				: { url: form === 'relative' ? path : `${selfUrl()}${path}` };
			response.json({ created: jobs.timesOf(job).created, id: job.id, data: [entry], ...job.script.extra });
		});
		router.get(`${FILES}:name`, async (request, response) => {
			const job = jobs.find(request.params.name.replace(/\.mp4$/u, ''));
			if (!job) throw refuse(404, 'Resource not found');
			await sendMovie(request, response, job);
		});
	},
};
