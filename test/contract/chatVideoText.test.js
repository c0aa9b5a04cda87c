'use strict';

const { chatVideoReader } = require('../../build/nodes/core/video/chatVideos');

test('the text that is kept of a video over chat has no base64 in it, the video has it all', async () => {
	const dataUrl = `data:video/mp4;base64,${'A'.repeat(100_000)}`;
	const message = { content: `Here it is: <video src="${dataUrl}"></video>` };
	const pieces = [Buffer.from(JSON.stringify({ choices: [{ message, finish_reason: 'stop' }] }))];
	const body = { nextChunk: async () => pieces.shift(), isBroken: false, discard: () => undefined };
	const read = chatVideoReader({ now: () => 0, sleep: () => new Promise(() => undefined) }, 1_000);
	const answer = await read(/** @type {any} */ ({ outcome: 'response', status: 200, headers: {}, url: '', body }));
	expect(answer.pictures).toEqual([{ base64: 'A'.repeat(100_000) }]);
	expect(answer.text).toMatch(/^Here it is: <video src="data:video\/mp4;base64,\[100000 characters of base64\]/);
});
