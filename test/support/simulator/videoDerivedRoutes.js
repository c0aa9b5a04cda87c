'use strict';

const { randomBytes } = require('node:crypto');

const { errorBody } = require('./contract');
const { readMovie } = require('./movie');

/** Longest extension and longest whole, in seconds (OpenAI's last documented state, wire facts 1.3). */
const MAX_EXTENSION = 20;
const MAX_TOTAL = 120;
const MAX_NAME = 80;

/** Routes that make something of a video that is there already: edits, extensions, characters. */
function addVideoDerivedRoutes(app, { state, jobs }) {
	const refuse = (response, message, details) => response.status(400).json(errorBody(message, details));

	/** The video that a request names or brings; answers and returns undefined when it is none. */
	async function findSource(request, response) {
		const { fields, files } = request.body;
		const file = files.find(({ field }) => field === 'video');
		if (file) {
			const facts = await readMovie(file.bytes);
			if (!facts) return void refuse(response, 'Invalid file format', { param: 'video' });
			const { width, height, seconds } = facts;
			return { model: 'sora-2', size: `${width}x${height}`, seconds: String(Math.round(seconds)) };
		}
		const id = fields.video?.id ?? fields['video[id]'];
		if (typeof id !== 'string') {
			return void refuse(response, "Missing required parameter: 'video'.", { param: 'video' });
		}
		const source = jobs.find(id);
		if (!source) {
			return void response.status(404).json(errorBody(`Video with id '${id}' not found.`, { code: 'not_found' }));
		}
		if (jobs.statusOf(source) === 'completed') return source;
		return void refuse(response, 'The source video is not completed.', { param: 'video' });
	}

	function readPrompt(request, response) {
		const { prompt } = request.body.fields;
		if (typeof prompt === 'string' && prompt.trim() !== '') return prompt;
		return void refuse(response, "Missing required parameter: 'prompt'.", { param: 'prompt' });
	}

	app.post('/v1/videos/edits', async (request, response) => {
		const prompt = readPrompt(request, response);
		const source = prompt && (await findSource(request, response));
		if (!source) return;
		const { model, size, seconds, id } = source;
		response.json(jobs.show(jobs.create({ model, size, seconds, prompt, remixedFrom: id })));
	});

	app.post('/v1/videos/extensions', async (request, response) => {
		const prompt = readPrompt(request, response);
		const source = prompt && (await findSource(request, response));
		if (!source) return;
		const { seconds } = request.body.fields;
		const added = typeof seconds === 'string' ? Number(seconds) : NaN;
		if (!(added > 0 && added <= MAX_EXTENSION)) {
			return void refuse(response, `Invalid value: '${seconds}'.`, { param: 'seconds', code: 'invalid_value' });
		}
		const total = Number(source.seconds) + added;
		if (total > MAX_TOTAL) return void refuse(response, 'The extended video would be too long.', { param: 'seconds' });
		const { model, size, id } = source;
		const order = { model, size, seconds: String(total), paidSeconds: String(added), prompt, remixedFrom: id };
		response.json(jobs.show(jobs.create(order)));
	});

	const show = ({ id, name, createdMs }) => ({ id, name, created_at: Math.floor(createdMs / 1000) });

	app.post('/v1/videos/characters', async (request, response) => {
		const { fields, files } = request.body;
		const file = files.find(({ field }) => field === 'video');
		if (!file) return refuse(response, "Missing required parameter: 'video'.", { param: 'video' });
		if (!(await readMovie(file.bytes))) return refuse(response, 'Invalid file format', { param: 'video' });
		if (typeof fields.name !== 'string' || fields.name.length < 1 || fields.name.length > MAX_NAME) {
			return refuse(response, "Invalid 'name': expected 1 to 80 characters.", { param: 'name' });
		}
		const character = { id: `char_${randomBytes(8).toString('hex')}`, name: fields.name, createdMs: state.now() };
		state.characters.set(character.id, character);
		return response.json(show(character));
	});

	app.get('/v1/videos/characters/:id', (request, response) => {
		const character = state.characters.get(request.params.id);
		if (character) return response.json(show(character));
		return response.status(404).json(errorBody('Character not found.', { code: 'not_found' }));
	});
}

module.exports = { addVideoDerivedRoutes };
