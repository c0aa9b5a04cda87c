'use strict';

const { pipeline } = require('node:stream/promises');

const PADDING_CHUNK = Buffer.alloc(1024 * 1024);

/**
 * Sends a file (or any other body), or spoils it as the request's fault says.
 * @param {import('express').Request} request
 * @param {import('express').Response} response
 * @param {{type: string, bytes: Buffer}} file
 * @param {number} [paddingBytes] the file is this much larger
 */
async function sendFile(request, response, { type, bytes }, paddingBytes = 0) {
	const fault = response.locals.fault ?? {};
	if (!response.hasHeader('content-type')) response.setHeader('content-type', type);
	const whole = fault.dropTail ? bytes.subarray(0, bytes.length - fault.dropTail) : bytes;
	const paddingHeader = Buffer.alloc(8);
	if (paddingBytes > 0) {
		// A "free" box of ISO/IEC 14496-12: players pass over it.
		paddingHeader.writeUInt32BE(paddingBytes, 0);
		paddingHeader.write('free', 4);
	}
	const length = whole.length + paddingBytes + (fault.wrongLength ?? 0);
	if (!response.hasHeader('transfer-encoding')) response.setHeader('content-length', length);
	if (fault.truncate !== undefined) {
		response.write(whole.subarray(0, Math.floor(whole.length * fault.truncate)), () => request.socket.destroy());
		return;
	}
	if (paddingBytes === 0) {
		response.end(whole);
		return;
	}
	async function* chunks() {
		yield whole;
		yield paddingHeader;
		for (let left = paddingBytes - 8; left > 0; left -= PADDING_CHUNK.length) {
			yield left >= PADDING_CHUNK.length ? PADDING_CHUNK : PADDING_CHUNK.subarray(0, left);
		}
	}
	// A client that goes away in the middle is its own business.
	await pipeline(chunks, response).catch(() => undefined);
}

module.exports = { sendFile };
