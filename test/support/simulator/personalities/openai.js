'use strict';

const { errorBody } = require('../contract');
const { addModelRoutes } = require('../modelRoutes');
const { addVideoDerivedRoutes } = require('../videoDerivedRoutes');
const { addVideoRoutes } = require('../videoRoutes');
const { checkJsonReference } = require('./jsonReference');
const { openAiRefusal } = require('./parts');

/**
 * OpenAI's own server, from wire facts 1 (all of it): the contract of contract.js and videoRoutes.js as it is.
 * Not documented: which of `Authorization` without "Bearer" and `api-key` the server takes; both are let in here, because
 * this is also what stands for any compatible server.
 */
function authenticate(request, state) {
	if (state.apiKey === '') return undefined;
	const given = request.headers.authorization?.replace(/^Bearer /, '') ?? request.headers['api-key'];
	if (given === state.apiKey) return undefined;
	const message = given
		? `Incorrect API key provided: ${String(given).slice(0, 3)}***. You can find your API key in the console.`
		: "You didn't provide an API key.";
	return openAiRefusal(401, message, { code: 'invalid_api_key' });
}

function unknownRoute(request) {
	return { status: 404, body: errorBody(`Invalid URL (${request.method} ${request.originalUrl})`) };
}

function addRoutes(router, tools) {
	addModelRoutes(router);
	router.post('/v1/videos', async (request, _response, next) => {
		await checkJsonReference(request.body);
		next();
	});
	addVideoDerivedRoutes(router, tools);
	addVideoRoutes(router, tools);
}

module.exports = { addRoutes, authenticate, unknownRoute };
