'use strict';

/** `npm run bench -- images`: how long many images take in one execution, in real time. */

const { batchPart } = require('./batch');
const { images } = require('./contenders');

module.exports = batchPart({
	name: 'images',
	title: 'Many images at once',
	about: "how long many images take in one execution, beside n8n's own nodes",
	things: 'images',
	contenders: {
		own: { title: 'GPT Image', workflow: images.own },
		requestAndFile: { title: 'HTTP Request, Convert to File', workflow: images.requestAndFile },
		openAi: { title: 'OpenAI', workflow: images.openAi, most: 5 },
	},
	seconds: { usual: 3, quick: 1 },
	warmsSlowOnes: true,
	scripts: (seconds) => [
		['images', { answer: 'b64_json' }],
		...(seconds > 0 ? [['faults', { match: { path: '/images/' }, times: -1, delayMs: seconds * 1000 }]] : []),
	],
	counts: { usual: '1,5,20', quick: '5' },
	sideBySide: 5,
	goal: { count: 20, ratio: 1.15 },
	explanation: `Our node with
*Concurrency* as large as the batch; the HTTP Request node sends all requests at once by itself. The OpenAI node makes one image
after the other; it is measured once, with small batches only. Batches up to 5 run at the same time, each in a process of its own.`,
});
