'use strict';

const { errorBody } = require('./contract');
const { checkImageRequest } = require('./imageContract');
const { checkEditInputs } = require('./imageInputs');
const { scriptedAnswer } = require('./imageScripts');
const { sendFile } = require('./sendFile');

const FOLDER = '/gpt-image';

/** The routes of the Images API, and the provider's own file store. */
function addImageRoutes(app, { images, selfUrl }) {
	const answer = (endpoint) => async (request, response) => {
		const { body } = request;
		if (body.problem) return response.status(400).json(errorBody(body.problem));
		if (endpoint === 'generations' && body.encoding !== 'json') {
			return response.status(400).json(errorBody("Unsupported content type. Expected 'application/json'."));
		}
		const checked = checkImageRequest(endpoint, body);
		if ('refusal' in checked) return response.status(checked.refusal.status).json(checked.refusal.body);
		const inputs = endpoint === 'edits' ? await checkEditInputs(body, checked.rules) : { pictures: [] };
		if ('refusal' in inputs) return response.status(inputs.refusal.status).json(inputs.refusal.body);
		const order = { ...checked.order, endpoint, pictures: inputs.pictures, price: checked.rules.price };
		const script = images.takeScript(order);
		const scripted = scriptedAnswer(script, String(response.getHeader('x-request-id')));
		const usage = images.charge(order, script, scripted?.status ?? 200);
		if (scripted) {
			response.status(scripted.status);
			return await sendFile(request, response, scripted);
		}
		const shape = await imagesShape(images, { order, script, usage, selfUrl: selfUrl() });
		// The official servers also tell what they made; APIYI's page of gpt-image-1 shows `created` and `data` alone.
		const made = {
			background: order.background,
			output_format: order.format,
			quality: order.quality,
			size: order.size,
		};
		const whole = checked.rules.responseFormat ? shape : { ...shape, ...made };
		return await sendJson(request, response, whole);
	};
	app.post('/v1/images/generations', answer('generations'));
	app.post('/v1/images/edits', answer('edits'));

	app.get('/tmp/:name', async (request, response) => {
		const file = images.files.get(request.path);
		if (!file) return response.status(404).json({ detail: 'Not Found' });
		return await sendFile(request, response, file);
	});
}

/**
 * The body of an Images API answer, which some chat models give too.
 * @param {import('./imageStore').ImageStore} images
 * @param {{order: any, script: import('./imageScripts').ImageScript, usage: object, selfUrl: string}} work
 */
async function imagesShape(images, { order, script, usage, selfUrl }) {
	const kind = script.answer ?? (script.links || script.host ? 'url' : order.answer);
	const revised = script.revisedPrompt === undefined ? {} : { revised_prompt: script.revisedPrompt };
	let entries;
	if (kind === 'url') {
		const links = await images.makeLinks(order, script, { host: 'other', selfUrl, folder: FOLDER });
		entries = links.map(({ url }) => ({ url }));
	} else {
		const pictures = await images.make(order, script);
		// Some gateways put a data URL where the documents say base64.
		const prefix = (type) => (kind === 'dataUrl' ? `data:${type};base64,` : '');
		entries = pictures.map(({ bytes, type }) => ({ b64_json: `${prefix(type)}${bytes.toString('base64')}` }));
	}
	return {
		created: Math.floor(images.now() / 1000),
		data: entries.map((entry) => ({ ...entry, ...revised })),
		usage,
	};
}

async function sendJson(request, response, body) {
	await sendFile(request, response, { type: 'application/json', bytes: Buffer.from(JSON.stringify(body)) });
}

module.exports = { addImageRoutes, imagesShape, sendJson };
