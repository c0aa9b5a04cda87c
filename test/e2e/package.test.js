'use strict';

const { describeServers } = require('../support/n8n');

describeServers('package', {}, (bench) => {
	test('n8n knows the node, its tool and its credential type, as users get them', async () => {
		const nodes = await bench.client.types('nodes');
		const node = nodes.find(({ name }) => name === 'n8n-nodes-sora.sora2Video');
		expect(node).toMatchObject({ displayName: 'Sora 2 Video', credentials: [{ name: 'soraApi', required: true }] });
		expect(nodes.map(({ name }) => name)).toContain('n8n-nodes-sora.sora2VideoTool');
		const icon = await fetch(`${bench.server.url}/${node.iconUrl.light ?? node.iconUrl}`);
		expect([icon.status, icon.headers.get('content-type')]).toEqual([200, expect.stringContaining('image/svg')]);

		const credentials = await bench.client.types('credentials');
		expect(credentials.find(({ name }) => name === 'soraApi')).toMatchObject({ displayName: 'Sora API' });
	});

	test('the credential is saved, and its test is green', async () => {
		const stored = await bench.client.request('GET', `/rest/credentials/${bench.credential.id}?includeData=true`);
		expect(stored).toMatchObject({ name: 'Sora API', type: 'soraApi', data: { baseUrl: bench.simulator.baseUrl } });
		// What left the server is not the key.
		expect(JSON.stringify(stored)).not.toContain(bench.simulator.apiKey);

		const result = await bench.client.testCredential('soraApi', bench.credential, bench.secrets);
		expect(result).toEqual({ status: 'OK', message: 'Connection successful!' });
	});

	test.each([
		['a wrong key', () => ({ apiKey: 'sk-wrong' }), /^The server refused the API key\. Check the key/],
		[
			'a wrong address',
			() => ({ baseUrl: bench.simulator.url }),
			/^There is no API at this address\. Check the Base URL/,
		],
		['a foreign address', () => ({ server: 'openrouter', baseUrl: 'https://api.apiyi.com/v1' }), /Nothing was sent/],
	])('with %s its test is red and says why', async (_what, change, message) => {
		const result = await bench.client.testCredential('soraApi', bench.credential, { ...bench.secrets, ...change() });
		// The address without /v1 is one that the simulator does not know.
		bench.simulator.state.unmatched.length = 0;
		expect(result).toEqual({ status: 'Error', message: expect.stringMatching(message) });
	});

	test('the list of models in the editor comes from the server', async () => {
		const models = await bench.client.request('POST', '/rest/dynamic-node-parameters/resource-locator-results', {
			path: 'parameters.model',
			methodName: 'searchVideoModels',
			nodeTypeAndVersion: { name: 'n8n-nodes-sora.sora2Video', version: 1 },
			currentNodeParameters: { resource: 'video', operation: 'generate' },
			credentials: { soraApi: bench.credential },
		});
		expect(models.results.map(({ value }) => value)).toEqual(expect.arrayContaining(['sora-2', 'open-video-1']));
	});
});
