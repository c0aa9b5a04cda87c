'use strict';

const { once } = require('node:events');
const { createServer } = require('node:http');
const express = require('express');

const { applyFault } = require('./applyFault');
const { FaultPlan } = require('./faults');
const { sendFile } = require('./sendFile');

/**
 * A second origin, as a storage behind signed links is: it gives a file to whoever has the link, and refuses requests
 * that carry credentials ("Only one auth mechanism allowed"), as S3 does. It notes every header that it sees.
 */
async function createOtherOrigin() {
	/** @type {Map<string, {bytes: Buffer, type: string, status?: number}>} */
	const files = new Map();
	/** @type {Array<{path: string, headers: import('node:http').IncomingHttpHeaders}>} */
	const requests = [];
	const faults = new FaultPlan();
	/** @type {{bytes: Buffer, type: string, status?: number}} */
	let content = { bytes: Buffer.from('no file'), type: 'text/plain' };

	const app = express();
	app.disable('x-powered-by');
	app.use((request, response, next) => {
		requests.push({ path: request.originalUrl, headers: request.headers });
		if (request.headers.authorization === undefined && request.headers['api-key'] === undefined) return next();
		return response
			.status(400)
			.set('content-type', 'application/xml')
			.end(
				'<?xml version="1.0"?><Error><Code>InvalidArgument</Code><Message>Only one auth mechanism allowed</Message></Error>',
			);
	});
	app.use(applyFault(faults));
	app.use(async (request, response) => {
		const file = files.get(request.originalUrl) ?? content;
		response.status(file.status ?? 200);
		await sendFile(request, response, file);
	});
	const server = createServer(app);
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
	const url = `http://127.0.0.1:${port}`;
	return {
		url,
		host: `127.0.0.1:${port}`,
		requests,
		/** Something that goes wrong here: see faults.js. */
		fault: (fault) => faults.add(fault),
		/** What is given where no file was put. */
		setContent(bytes, type) {
			content = { bytes, type };
		},
		/** Puts a file at a path (with its query) and gives its address; another status makes a dead link of it. */
		put(path, bytes, type, status = 200) {
			files.set(path, { bytes, type, status });
			return `${url}${path}`;
		},
		/** Forgets the requests, the files that were put and the faults. */
		reset() {
			requests.length = 0;
			files.clear();
			faults.faults.length = 0;
		},
		/** A signed address that stands for a path of the provider. */
		offer(path) {
			return `${url}${path}${path.includes('?') ? '&' : '?'}signature=abc`;
		},
		async close() {
			server.closeAllConnections();
			server.close();
			await once(server, 'close');
		},
	};
}

module.exports = { createOtherOrigin };
