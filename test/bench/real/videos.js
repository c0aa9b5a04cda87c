'use strict';

/** `npm run bench -- videos`: how long many videos take in one execution, in real time. */

const { batchPart } = require('./batch');
const { videos } = require('./contenders');

module.exports = batchPart({
	name: 'videos',
	title: 'Many videos at once',
	about: "how long many videos take in one execution, beside n8n's own nodes",
	things: 'videos',
	contenders: {
		own: { title: 'Sora 2 Video', workflow: videos.own },
		requestLoop: { title: 'HTTP Request, Wait, If', workflow: videos.requestLoop },
		openAi: { title: 'OpenAI', workflow: videos.openAi, most: 5 },
	},
	seconds: { usual: 10, quick: 2 },
	scripts: (seconds) => [['settings', { secondsPerJob: seconds }]],
	counts: { usual: '1,5,20,100', quick: '5' },
	sideBySide: 20,
	nearlyAlwaysWaits: true,
	goal: { count: 20, ratio: 1.15 },
	explanation: `Our node with
*Concurrency* as large as the batch and *Poll Interval* 1; the workflow of HTTP Request nodes around a Wait node of 1 s, too. The
OpenAI node makes one video after the other and looks every 10 s; it is measured once, with small batches only. All batches up to 20
run at the same time, each in a process of its own, and so does the benchmark of the queue mode: all of them nearly always wait.`,
});
