'use strict';

const { once } = require('node:events');
const { createServer } = require('node:http');

const { createHttp } = require('../../build/nodes/adapter/n8nHttp');
const { createN8nContext } = require('../support/contract/n8nContext');

/**
 * A server that gives up a connection in the moment in which a second request comes over it, unread: what a client meets
 * that writes just when the server closes an idle connection.
 */
async function startForgetfulServer() {
	const used = new WeakSet();
	let creates = 0;
	const server = createServer((request, response) => {
		if (used.has(request.socket)) return request.socket.destroy();
		used.add(request.socket);
		if (request.method === 'POST') creates += 1;
		return response.end('{"id":"video_1","status":"queued"}');
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
	return {
		baseUrl: `http://127.0.0.1:${port}/v1`,
		creates: () => creates,
		async close() {
			server.closeAllConnections();
			server.close();
			await once(server, 'close');
		},
	};
}

test('a create takes no connection that an earlier request has left behind', async () => {
	// The client of this context keeps idle connections, as Node does since 19 and n8n did for plain http until 1.96.
	const server = await startForgetfulServer();
	try {
		const { context } = createN8nContext({ server: 'custom', baseUrl: server.baseUrl, apiKey: 'sk-connections' });
		const http = createHttp(context, { links: { baseUrl: server.baseUrl, allowedDownloadHosts: [] } });
		for (const kind of /** @type {const} */ (['poll', 'read', 'content'])) {
			const looked = await http({ kind, method: 'GET', url: '/videos/video_1', timeoutMs: 5_000 });
			if (looked.outcome !== 'response') throw new Error(`The ${kind} was not answered: ${looked.message}`);
			await looked.body.text();
			// The client takes a connection back after the answer's end was told.
			await new Promise((resolve) => setImmediate(resolve));
			const body = /** @type {const} */ ({ encoding: 'json', fields: { prompt: 'A paper boat' } });
			const created = await http({ kind: 'create', method: 'POST', url: '/videos', body, timeoutMs: 5_000 });
			expect(created).toMatchObject({ outcome: 'response', status: 200 });
			if (created.outcome === 'response') await created.body.text();
		}
		expect(server.creates()).toBe(3);
	} finally {
		await server.close();
	}
});

test('the body of a redirect is not read: its connection ends', async () => {
	/** @type {() => void} */
	let tellClosed = () => undefined;
	const isClosed = new Promise((resolve) => (tellClosed = () => resolve(true)));
	const server = createServer((request, response) => {
		if (request.url?.endsWith('/target')) return response.end('{"id":"video_1"}');
		response.writeHead(302, { location: '/v1/target' });
		response.on('close', tellClosed);
		// Without an end.
		return response.write(Buffer.alloc(1024));
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
	const baseUrl = `http://127.0.0.1:${port}/v1`;
	try {
		const { context } = createN8nContext({ server: 'custom', baseUrl, apiKey: 'sk-connections' });
		const http = createHttp(context, { links: { baseUrl, allowedDownloadHosts: [] } });
		const looked = await http({ kind: 'read', method: 'GET', url: '/videos/video_1', timeoutMs: 5_000 });
		if (looked.outcome !== 'response') throw new Error(`Not answered: ${looked.message}`);
		expect((await looked.body.text()).text).toBe('{"id":"video_1"}');
		expect(await isClosed).toBe(true);
	} finally {
		server.closeAllConnections();
		server.close();
	}
});
