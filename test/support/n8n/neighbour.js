'use strict';

const { once } = require('node:events');
const { createServer } = require('node:http');

/**
 * A server beside n8n that workflows fetch from and send to. It keeps what it was sent and gives everybody the same answer.
 * @param {{status?: number, type?: string, body?: string | Buffer}} [answer] with its content type; may be changed later
 */
async function startNeighbour(answer = {}) {
	/** @type {Array<{method?: string, path?: string, type?: string, body: Buffer}>} in the order of their arrival */
	const received = [];
	const server = createServer(async (request, response) => {
		const chunks = [];
		for await (const chunk of request) chunks.push(chunk);
		const { method, url, headers } = request;
		received.push({ method, path: url, type: headers['content-type'], body: Buffer.concat(chunks) });
		const { status = 200, type = 'application/json', body = '{}' } = answer;
		response.writeHead(status, { 'content-type': type }).end(body);
	}).listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
	return {
		url: `http://127.0.0.1:${port}`,
		received,
		async close() {
			server.closeAllConnections();
			server.close();
			await once(server, 'close');
		},
	};
}

module.exports = { startNeighbour };
