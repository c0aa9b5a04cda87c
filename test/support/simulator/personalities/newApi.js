'use strict';

const { checkCreate, errorBody } = require('../contract');
const { readPicture } = require('../images');
const { addJobRoutes } = require('./jobRoutes');
const { isLegacy, shapeOf } = require('./newApiShapes');
const { Refusal, bearerOf, nonEmpty, sendMovie } = require('./parts');

/**
 * new-api and its relatives, from wire facts 2.1 and 2.8: orders are OpenAI's and go on to an upstream server, whose
 * refusal comes back as text inside `message`; what new-api itself refuses about a task is flat (`{code, message, data}`),
 * the file's route and the gateway speak OpenAI's envelope; no list, no delete; a file that is not ready is 400 and an
 * unknown id is 400 `task_not_exist`. Its older `/v1/video/generations` shows the same jobs in the legacy shape.
 * Forms, in which both routes answer as older versions do (see newApiShapes.js): `legacy`, `failReason`, `flat`,
 * `upstream`, `milliseconds`.
 *
 * Not documented: the texts of its own refusals and the shape of its 401 (as its relatives say them); what a POST
 * answers in the legacy shape; whether `/content` takes part in older forms (it does).
 */
const forms = ['legacy', 'failReason', 'flat', 'upstream', 'milliseconds'];

const OWN_SIZES = {
	'sora-2': ['720x1280', '1280x720'],
	'sora-2-pro': ['720x1280', '1280x720', '1024x1792', '1792x1024', '1080x1920', '1920x1080'],
};
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const ID_LENGTH = 32;

/** A refusal of a task: flat. */
const flat = (status, code, message) => new Refusal(status, { code, message, data: null });

const gateway = (status, message, code = '') =>
	new Refusal(status, { error: { message, type: 'new_api_error', param: '', code } });

function makeId() {
	const letter = () => ALPHABET[Math.floor(Math.random() * ALPHABET.length)];
	return `task_${Array.from({ length: ID_LENGTH }, letter).join('')}`;
}

async function check(body) {
	const { fields, problem } = body;
	if (problem) throw flat(400, 'invalid_request', problem);
	if (!nonEmpty(fields.model)) throw gateway(400, '未指定模型名称，模型名称不能为空');
	if (!nonEmpty(fields.prompt)) throw flat(400, 'invalid_request', 'prompt is required');
	const sizes = OWN_SIZES[fields.model];
	if (fields.size !== undefined && sizes && !sizes.includes(fields.size)) {
		throw flat(400, 'invalid_size', `${fields.model} size is invalid`);
	}
	const checked = await checkCreate(body, readPicture);
	if ('order' in checked) return checked.order;
	// The upstream server's words, as text.
	throw flat(checked.refusal.status, 'fail_to_fetch_task', JSON.stringify(checked.refusal.body));
}

const personality = {
	forms,
	makeId,
	authenticate(request, state) {
		if (state.apiKey === '' || bearerOf(request) === state.apiKey) return undefined;
		return gateway(401, bearerOf(request) === undefined ? '未提供令牌' : '无效的令牌');
	},
	unknownRoute: ({ method, originalUrl }) => ({
		status: 404,
		body: errorBody(`Invalid URL (${method} ${originalUrl})`, { param: '', code: '' }),
	}),
	addRoutes(router, tools) {
		const { jobs, form } = tools;
		if (form === 'upstream') jobs.words = { in_progress: 'processing', completed: 'succeeded' };
		router.get('/v1/models', (_request, response) => {
			const data = Object.keys(OWN_SIZES).map((id) => ({
				id,
				object: 'model',
				created: 1_626_777_600,
				owned_by: 'custom',
			}));
			response.json({ success: true, object: 'list', data });
		});
		const common = {
			check,
			notFound: () => flat(400, 'task_not_exist', 'task_not_exist'),
			tooMany: () => flat(429, 'rate_limited', '当前分组上游负载已饱和，请稍后再试'),
		};
		addJobRoutes(router, tools, {
			...common,
			...shapeOf(form, tools),
			async content(job, request, response) {
				await sendMovie(request, response, job);
			},
			notReady(job) {
				const words = { queued: 'QUEUED', in_progress: 'IN_PROGRESS', failed: 'FAILURE' };
				const message = `Task is not completed yet, current status: ${words[jobs.statusOf(job)]}`;
				return new Refusal(400, { error: { message, type: 'invalid_request_error' } });
			},
		});
		addJobRoutes(router, tools, {
			...common,
			path: '/v1/video/generations',
			...shapeOf(isLegacy(form) ? form : 'legacy', tools),
		});
		router.post('/v1/videos/:id/remix', async (request, response) => {
			const source = jobs.find(request.params.id);
			if (!source) throw common.notFound();
			const { prompt } = request.body.fields;
			if (!nonEmpty(prompt)) throw flat(400, 'invalid_request', 'prompt is required');
			const { model, size, seconds } = source;
			const job = jobs.create({ model, size, seconds, prompt, remixedFrom: source.id });
			const { created, show } = shapeOf(form, tools);
			response.json(await (created ?? show)(job));
		});
	},
};

module.exports = {
	...personality,
	// Older versions gave the upstream server's id.
	forForm: (form) => (form === 'upstream' ? { ...personality, makeId: undefined } : personality),
};
