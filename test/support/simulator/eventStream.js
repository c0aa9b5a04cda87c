'use strict';

/** The characters with their backslashes, as sora2api writes them after a 429. */
const LITERAL_DONE = 'data: [DONE]\\n\\n';
const CONTINUATION_MASK = 0b1100_0000;
const CONTINUATION = 0b1000_0000;

/**
 * Writes frames as server-sent events, or spoils them as the script says.
 * @param {import('express').Request} request
 * @param {import('express').Response} response
 * @param {object[]} frames
 * @param {import('./imageScripts').StreamScript} script
 */
async function writeEventStream(request, response, frames, script) {
	const { lineEnd = '\n', delayMs = 0, comments = false, splitCharacters = false } = script;
	response.status(200);
	response.setHeader('content-type', 'text/event-stream; charset=utf-8');
	response.setHeader('cache-control', 'no-cache');
	const send = async (text) => {
		const bytes = Buffer.from(text);
		for (const slice of splitCharacters ? splitInsideCharacters(bytes) : [bytes]) {
			if (response.destroyed) return;
			// One by one, and with time to be read: only so does each travel alone.
			await new Promise((resolve) => void response.write(slice, resolve));
			if (splitCharacters) await new Promise((resolve) => setImmediate(resolve));
		}
	};
	for (const [index, frame] of frames.entries()) {
		if (response.destroyed) return;
		if (index > 0 && delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
		if (comments) await send(`: 心跳 ${index}${lineEnd}${lineEnd}`);
		await send(`data: ${JSON.stringify(frame)}${lineEnd}${lineEnd}`);
	}
	if (script.cut) {
		request.socket.destroy();
		return;
	}
	if (script.stall) return;
	if (script.done === undefined) await send(`data: [DONE]${lineEnd}${lineEnd}`);
	if (script.done === 'literal') await send(LITERAL_DONE);
	response.end();
}

/** Cuts before every byte that goes on with a character. */
function splitInsideCharacters(bytes) {
	const slices = [];
	let from = 0;
	for (let at = 1; at < bytes.length; at++) {
		if ((bytes[at] & CONTINUATION_MASK) !== CONTINUATION) continue;
		slices.push(bytes.subarray(from, at));
		from = at;
	}
	return [...slices, bytes.subarray(from)];
}

module.exports = { writeEventStream };
