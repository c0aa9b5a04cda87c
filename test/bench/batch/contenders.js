'use strict';

const { credentialsFor, videoWorkflow } = require('../../support/engine/workflows');

/** The node whose output is counted. */
const NODE_NAME = 'Sora 2 Video';

const promptsOf = (count) => Array.from({ length: count }, (_, index) => ({ prompt: `Paper boat ${index}` }));

/** A run of one of our nodes over so many items; `optionsFor` gives its options. */
function own(type, optionsFor) {
	return (provider, count) => ({
		workflow: videoWorkflow({
			type,
			items: promptsOf(count),
			parameters: { prompt: '={{ $json.prompt }}', options: optionsFor(count) },
		}),
		credentials: credentialsFor(provider, { allowedDownloadHosts: provider.fileHost }),
	});
}

/** What is compared: `request` is the workflow run of so many items, with its credentials. */
const CONTENDERS = [
	{ name: 'video, concurrency N', kind: 'video', request: own('sora2Video', (count) => ({ concurrency: count })) },
	{ name: 'video, concurrency 5 (as it is)', kind: 'video', request: own('sora2Video', () => ({})) },
	{ name: 'image, concurrency N', kind: 'image', request: own('gptImage', (count) => ({ concurrency: count })) },
	{ name: 'image, concurrency 3 (as it is)', kind: 'image', request: own('gptImage', () => ({})) },
];

module.exports = { CONTENDERS, NODE_NAME };
