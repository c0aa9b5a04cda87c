'use strict';

const { images, videos } = require('../real/contenders');

/** What people set in a Wait node, and what n8n's OpenAI node has built in. */
const USUAL_PAUSE_SECONDS = 10;

/**
 * What is compared: `workflow` makes the run of so many items; `needsN8n` stands where n8n's own nodes are needed.
 * Concurrency is that of our nodes.
 */
const CONTENDERS = [
	{
		name: 'Sora 2 Video, Concurrency N',
		kind: 'video',
		workflow: ({ count }) => videos.own({ count, pauseSeconds: 0, concurrency: count }),
	},
	{
		name: 'Sora 2 Video, Concurrency 5 (default)',
		kind: 'video',
		workflow: ({ count }) => videos.own({ count, pauseSeconds: 0, concurrency: 5 }),
	},
	{ name: "n8n's OpenAI node, video", kind: 'video', needsN8n: true, workflow: videos.openAi },
	{
		name: `HTTP Request, Wait ${USUAL_PAUSE_SECONDS} s, If`,
		kind: 'video',
		needsN8n: true,
		workflow: ({ count, baseUrl }) => videos.requestLoop({ count, baseUrl, pauseSeconds: USUAL_PAUSE_SECONDS }),
	},
	{
		name: 'GPT Image, Concurrency N',
		kind: 'image',
		workflow: ({ count }) => images.own({ count, concurrency: count }),
	},
	{
		name: 'GPT Image, Concurrency 3 (default)',
		kind: 'image',
		workflow: ({ count }) => images.own({ count, concurrency: 3 }),
	},
	{ name: "n8n's OpenAI node, image", kind: 'image', needsN8n: true, workflow: images.openAi },
	{ name: 'HTTP Request, image', kind: 'image', needsN8n: true, workflow: images.requestAndFile },
];

module.exports = { CONTENDERS };
