'use strict';

const { ENABLE_STREAMING, completionOf, framesOf, messageOf } = require('./chatAnswers');
const { checkChat } = require('./chatContract');
const { writeEventStream } = require('./eventStream');
const { imagesShape, sendJson } = require('./imageRoutes');
const { scriptedAnswer } = require('./imageScripts');
const { sendFile } = require('./sendFile');

/** Below which path of its store each form's server keeps its pictures. */
const FOLDERS = { plain: '/sora', gpt4o: '/cdn/20260311', sora2api: '/tmp' };

/** Chat completions of image models. */
function addChatImageRoutes(app, { images, selfUrl }) {
	app.post('/v1/chat/completions', async (request, response) => {
		const checked = await checkChat(request.body);
		if ('refusal' in checked) return response.status(checked.refusal.status).json(checked.refusal.body);
		const { order, isStream } = checked;
		const script = images.takeScript(order);
		const scripted = scriptedAnswer(script, String(response.getHeader('x-request-id')));
		const usage = images.charge(order, script, scripted?.status ?? 200);
		if (scripted) {
			response.status(scripted.status);
			return await sendFile(request, response, scripted);
		}
		const form = script.form ?? checked.form;
		const hasPictures = script.refusal === undefined && script.text === undefined;
		if (form === 'images' && hasPictures) {
			const shape = await imagesShape(images, { order, script, usage, selfUrl: selfUrl() });
			return await sendJson(request, response, shape);
		}
		// A text alone comes as a message, also where pictures would come in the images shape.
		const message = await makeMessage(form === 'images' ? 'plain' : form, order, script);
		const nowMs = images.now();
		const { model, prompt } = order;
		if (!isStream) {
			const text = form === 'sora2api' && script.text === undefined ? ENABLE_STREAMING : message.text;
			return await sendJson(request, response, completionOf({ model, prompt, text, nowMs }));
		}
		const stream = script.stream ?? {};
		const frames = framesOf(form, { message, model, prompt, nowMs }, stream);
		return await writeEventStream(request, response, frames, stream);
	});

	async function makeMessage(form, order, script) {
		const { refusal, text } = script;
		if (refusal !== undefined || text !== undefined) return messageOf(form, order, { links: [], refusal, text });
		const host = form === 'sora2api' ? 'self' : 'other';
		const links = await images.makeLinks(order, script, { host, selfUrl: selfUrl(), folder: FOLDERS[form] });
		return messageOf(form, order, { links });
	}
}

module.exports = { addChatImageRoutes };
