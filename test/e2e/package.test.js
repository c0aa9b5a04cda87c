'use strict';

const { version } = require('../../package.json');
const { describeServers } = require('../support/n8n');

/** What a user sees of each node, by its type. */
const NODES = {
	gptImage: 'GPT Image',
	sora2Video: 'Sora 2 Video',
	sora2VideoTrigger: 'Sora 2 Video Trigger',
	soraImage: 'Sora Image',
};
const TYPES = Object.keys(NODES).map((name) => `n8n-nodes-sora.${name}`);

describeServers('package', {}, (bench) => {
	test('it is one of the installed community packages, with all of its nodes', async () => {
		const packages = await bench.client.request('GET', '/rest/community-packages');
		expect(packages).toEqual([expect.objectContaining({ packageName: 'n8n-nodes-sora', installedVersion: version })]);
		// 1.123 says it only of a package whose nodes it has not found.
		expect(packages[0].failedLoading ?? false).toBe(false);
		const nodes = packages[0].installedNodes.map(({ type, name }) => [type, name]).sort();
		expect(nodes).toEqual(Object.entries(NODES).map(([type, name]) => [`n8n-nodes-sora.${type}`, name]));
	});

	test('n8n knows the nodes, their tools and their credential type, as users get them', async () => {
		const nodes = await bench.client.types('nodes');
		const ours = nodes.filter(({ name }) => name.startsWith('n8n-nodes-sora.'));
		const tools = TYPES.filter((type) => !type.endsWith('Trigger')).map((type) => `${type}Tool`);
		expect(ours.map(({ name }) => name).sort()).toEqual([...TYPES, ...tools].sort());
		for (const [name, displayName] of Object.entries(NODES)) {
			expect(ours.find((node) => node.name === `n8n-nodes-sora.${name}`)).toMatchObject({
				displayName,
				credentials: [{ name: 'soraApi', required: true }],
			});
		}
		const credentials = await bench.client.types('credentials');
		expect(credentials.find(({ name }) => name === 'soraApi')).toMatchObject({ displayName: 'Sora API' });
	});

	test('every node has its two icons', async () => {
		const nodes = (await bench.client.types('nodes')).filter(({ name }) => TYPES.includes(name));
		const urls = nodes.flatMap(({ iconUrl }) => [iconUrl.light, iconUrl.dark]);
		expect(urls).toHaveLength(2 * TYPES.length);
		for (const url of urls) {
			const icon = await fetch(`${bench.server.url}/${url}`);
			expect([url, icon.status, icon.headers.get('content-type')]).toEqual([
				url,
				200,
				expect.stringContaining('image/svg'),
			]);
			expect(await icon.text()).toContain('<svg');
		}
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
