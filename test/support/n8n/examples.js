'use strict';

const { readFileSync, readdirSync } = require('node:fs');
const path = require('node:path');

const { ROOT } = require('../../../scripts/steps');
const { webhookNode } = require('./workflows');

const EXAMPLES = path.join(ROOT, 'examples');

/** The names of all example workflows. */
function examplesIn() {
	return readdirSync(EXAMPLES)
		.filter((file) => file.endsWith('.json'))
		.map((file) => path.basename(file, '.json'));
}

/** An example workflow, with a credential in every node that wants one of ours. */
function readExample(name, credential) {
	const workflow = JSON.parse(readFileSync(path.join(EXAMPLES, `${name}.json`), 'utf8'));
	for (const { credentials } of workflow.nodes) if (credentials?.soraApi) credentials.soraApi = credential;
	return workflow;
}

/**
 * An example with a webhook in the place of its manual trigger.
 * @param {any} workflow is changed
 * @param {string} path of the webhook
 * @param {(nodes: Record<string, any>) => unknown} change what else is changed, in nodes by their names
 */
function startedByWebhook(workflow, path, change) {
	change(Object.fromEntries(workflow.nodes.map((node) => [node.name, node])));
	const webhook = { ...webhookNode(path, 'onReceived'), name: 'Manual Trigger' };
	workflow.nodes = workflow.nodes.map((node) => (node.name === webhook.name ? webhook : node));
	return workflow;
}

/** A photo of nobody's that some examples begin with; whoever imports them puts an own one there. */
const PLACEHOLDER_PHOTO = 'https://example.com/photo.jpg';

/**
 * All example workflows, ready to be executed.
 * @param {{videosApi: object, sora2api: object}} credentials one for each kind of server that examples are made for
 * @param {string} photoUrl a photo that can be fetched
 */
function readExamples({ videosApi, sora2api }, photoUrl) {
	return examplesIn().map((name) => {
		const workflow = readExample(name, name.includes('sora2api') ? sora2api : videosApi);
		return JSON.parse(JSON.stringify(workflow).replaceAll(PLACEHOLDER_PHOTO, photoUrl));
	});
}

module.exports = { EXAMPLES, examplesIn, readExample, readExamples, startedByWebhook };
