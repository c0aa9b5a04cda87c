'use strict';

const { MODELS } = require('./contract');
const { CHAT_MODELS, IMAGE_MODELS } = require('./imageModels');

const CREATED = 1_759_276_800;

/** The list of all models that are sold here; one that two endpoints know is listed once. */
function addModelRoutes(app) {
	app.get('/v1/models', (_request, response) => {
		const ids = new Set([MODELS, CHAT_MODELS, IMAGE_MODELS].flatMap((models) => Object.keys(models)));
		const data = [...ids].map((id) => ({ id, object: 'model', created: CREATED, owned_by: 'simulator' }));
		response.json({ object: 'list', data });
	});
}

module.exports = { addModelRoutes };
