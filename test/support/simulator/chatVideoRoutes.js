'use strict';

const { completionOf, framesOf } = require('./chatAnswers');
const { CHARACTER_MOVED, SORA2API_START, chatVideoMessage, withoutStream } = require('./chatVideoAnswers');
const { isVideoText, readChatVideo } = require('./chatVideoContract');
const { chatVideoModel } = require('./chatVideoModels');
const { refusal } = require('./contract');
const { writeEventStream } = require('./eventStream');
const { sendJson } = require('./imageRoutes');
const { scriptedAnswer } = require('./imageScripts');
const { sendFile } = require('./sendFile');

/** Where the shared endpoints keep their videos. */
const FOLDER = '/sora';

/** sora2api's envelope: what goes wrong inside is its own fault, whatever it is. */
const serverError = (message) => ({ message, type: 'server_error', param: null, code: null });

/**
 * Chat completions that make videos, characters and better prompts; requests of other models go on.
 * The form `oldCharacters` makes a character of a video on sora2api's video models, as its older version did.
 * @param {import('express').Router} router
 * @param {{chatVideos: import('./chatVideoStore').ChatVideoStore, selfUrl: () => string, form?: string}} tools
 */
function addChatVideoRoutes(router, { chatVideos, selfUrl, form }) {
	router.post('/v1/chat/completions', async (request, response, next) => {
		const { encoding, fields } = request.body;
		const rules = typeof fields.model === 'string' ? chatVideoModel(fields.model) : undefined;
		if (!rules || encoding !== 'json') return next();
		const read = await readChatVideo(fields, rules);
		if ('refusal' in read) return response.status(read.refusal.status).json(read.refusal.body);
		const { order } = read;
		const isStream = fields.stream === true;
		const isLocal = order.server === 'sora2api';
		const isOldForm = form === 'oldCharacters';
		const problem = read.problem ?? characterProblem(order, isOldForm);
		if (problem !== undefined && !isLocal) {
			const { status, body } = refusal(400, problem, { param: 'messages' });
			return response.status(status).json(body);
		}
		const isRefused = problem !== undefined && isStream;
		const script = isRefused ? {} : chatVideos.takeScript(order);
		const scripted = scriptedAnswer(script, String(response.getHeader('x-request-id')));
		if (scripted) {
			chatVideos.charge(order, { status: scripted.status, isBilled: script.billed ?? false });
			response.status(scripted.status);
			return await sendFile(request, response, scripted);
		}
		const nowMs = chatVideos.now();
		const asCompletion = async (text) =>
			await sendJson(request, response, completionOf({ model: order.model, prompt: order.text, text, nowMs }));
		if (isLocal && !isStream && order.kind !== 'prompt') {
			if (script.available !== 'unknown') return await asCompletion(withoutStream(order, script));
			return response.status(500).json({ error: serverError('Availability check failed') });
		}
		const error = isRefused ? serverError(problem) : script.stream?.error;
		const hasFailed = error !== undefined || script.refusal !== undefined || script.rateLimited === true;
		// The shared endpoints bill every HTTP 200 (LaoZhang's documents); that sora2api's failures cost nothing is a choice.
		const isBilled = script.billed ?? !(isLocal && hasFailed);
		chatVideos.charge(order, { status: 200, isBilled });
		const isOldCharacter = isOldForm && order.kind === 'video' && order.video !== undefined && order.prompt === '';
		const makesVideo = ['video', 'extension'].includes(order.kind) && !isOldCharacter && !hasFailed;
		const place = { host: isLocal ? 'loopback' : 'other', selfUrl: selfUrl(), folder: FOLDER };
		const link = makesVideo && script.text === undefined ? await chatVideos.makeLink(order, script, place) : '';
		const message = chatVideoMessage(order, script, { link, nowMs, isStream, isOldCharacter });
		if (!isStream) return await asCompletion(message.text);
		if (isRefused) message.progress = [SORA2API_START];
		const stream = { done: usualDone(order, script), ...script.stream, error };
		const answer = { message, model: order.model, prompt: order.text, nowMs };
		const frames = framesOf(isLocal ? 'sora2api' : 'plain', answer, stream);
		return await writeEventStream(request, response, frames, stream);
	});
}

/** What is wrong with a video that a character is to be made of, or that stands where no video may. */
function characterProblem({ kind, video, server }, isOldForm) {
	if (video === undefined) return undefined;
	// What the shared endpoints do with a video is not documented: they overlook it.
	if (server === 'shared') return undefined;
	if (kind === 'video' && !isOldForm) return CHARACTER_MOVED;
	return isVideoText(video) ? undefined : 'Invalid video data';
}

/** A prompt's stream ends without `[DONE]`, and one that Cloudflare has ended with a malformed one. */
function usualDone({ kind, server }, { rateLimited }) {
	if (server !== 'sora2api') return undefined;
	if (kind === 'prompt') return 'none';
	return rateLimited ? 'literal' : undefined;
}

module.exports = { addChatVideoRoutes };
