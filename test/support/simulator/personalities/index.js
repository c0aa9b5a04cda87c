'use strict';

const express = require('express');

const { addChatImageRoutes } = require('../chatImageRoutes');
const { addChatVideoRoutes } = require('../chatVideoRoutes');
const { addImageRoutes } = require('../imageRoutes');
const { Refusal } = require('./parts');
const { authenticate, unknownRoute } = require('./openai');

/** One for each value of `server` in the credential. @type {Record<string, import('./parts').Personality>} */
const PERSONALITIES = {
	apiyi: require('./apiyi'),
	azure: require('./azure'),
	custom: require('./custom'),
	dynamo: require('./dynamo'),
	laozhang: require('./laozhang'),
	litellm: require('./litellm'),
	localai: require('./localai'),
	newApi: require('./newApi'),
	openai: require('./openai'),
	openrouter: require('./openrouter'),
	sglang: require('./sglang'),
	sora2api: require('./sora2api'),
	vllmOmni: require('./vllmOmni'),
};

/**
 * @param {string} [name]
 * @param {string} [form] a variation inside the server
 * @returns {import('./parts').Personality}
 */
function personalityOf(name = 'openai', form) {
	if (!Object.hasOwn(PERSONALITIES, name)) throw new Error(`There is no personality ${name}`);
	const personality = PERSONALITIES[name];
	if (form !== undefined && !personality.forms?.includes(form)) throw new Error(`${name} has no form ${form}`);
	return personality.forForm?.(form) ?? personality;
}

/**
 * Gives the simulator a server's routes, its way to ask for credentials and its refusals.
 * @param {import('express').Express} app
 * @param {import('./parts').Personality} personality
 * @param {import('express').RequestHandler} applyFault between the credentials and the routes
 * @param {import('./parts').Tools} tools
 */
function addPersonality(app, personality, applyFault, tools) {
	const { state } = tools;
	const basePath = personality.basePath ?? '/v1';
	const isOpen = personality.isOpen ?? ((path) => !path.startsWith(basePath));
	app.use((request, _response, next) => {
		if (isOpen(request.path)) return next();
		const refusal = (personality.authenticate ?? authenticate)(request, state);
		return refusal ? next(refusal) : next();
	});
	app.use(applyFault);
	const router = express.Router();
	personality.addRoutes(router, tools);
	addImageRoutes(router, tools);
	addChatVideoRoutes(router, tools);
	addChatImageRoutes(router, tools);
	// The routes are written for /v1, whatever stands before it.
	app.use(basePath.replace(/\/v1$/u, '') || '/', router);
	app.use((request, response) => {
		state.unmatched.push(`${request.method} ${request.originalUrl}`);
		const { status, body } = (personality.unknownRoute ?? unknownRoute)(request);
		response.status(status).json(body);
	});
	app.use((error, _request, response, next) => {
		if (!(error instanceof Refusal)) return next(error);
		return response.status(error.status).json(error.body);
	});
}

module.exports = { PERSONALITIES, addPersonality, personalityOf };
