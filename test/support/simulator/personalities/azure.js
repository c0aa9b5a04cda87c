'use strict';

const { errorBody } = require('../contract');
const { addRoutes } = require('./openai');
const { Refusal, bearerOf } = require('./parts');

/**
 * Azure OpenAI, from wire facts 2.1 and 1.4: the Videos API below `/openai/v1`, with `api-key` or a token of Entra; what
 * the model itself refuses comes in OpenAI's envelope, what Azure refuses as `{error: {code, message}}`, and a path
 * outside as `{detail}`. Not documented: the texts of Azure's refusals, and whether the key is also taken as a bearer
 * token. Here it is not: a token of Entra is `entra-<key>`.
 */
const basePath = '/openai/v1';

function authenticate(request, { apiKey }) {
	if (apiKey === '' || request.headers['api-key'] === apiKey || bearerOf(request) === `entra-${apiKey}`) {
		return undefined;
	}
	const message =
		'Access denied due to invalid subscription key or wrong API endpoint. Make sure to provide a valid key for an active subscription and use a correct regional API endpoint for your resource.';
	return new Refusal(401, { error: { code: '401', message } });
}

function unknownRoute({ path }) {
	if (!path.startsWith(basePath)) return { status: 404, body: { detail: 'Not Found' } };
	return { status: 404, body: { error: { code: '404', message: 'Resource not found' } } };
}

module.exports = {
	basePath,
	authenticate,
	unknownRoute,
	addRoutes(router, tools) {
		// The model is the name of a deployment.
		router.use((_request, response, next) => {
			const json = response.json.bind(response);
			response.json = (body) => {
				const isUnknown = body?.error?.code === errorBody('', { code: 'model_not_found' }).error.code;
				const message =
					'The API deployment for this resource does not exist. If you created the deployment within the last 5 minutes, please wait a moment and try again.';
				return json(isUnknown ? { error: { code: 'DeploymentNotFound', message } } : body);
			};
			next();
		});
		addRoutes(router, tools);
	},
};
