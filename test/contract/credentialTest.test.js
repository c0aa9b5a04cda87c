'use strict';

const { testSoraApi } = require('../../build/nodes/adapter/credentialTest.js');

/** Tests a credential; gives n8n's result and the requests that were sent. */
async function testCredential(data, answer = { statusCode: 200 }) {
	const requests = [];
	const helpers = {
		request: async (options) => {
			requests.push(options);
			if (answer instanceof Error) throw answer;
			return answer;
		},
	};
	const credential = { id: '1', name: 'Sora API', type: 'soraApi', data };
	return { result: await testSoraApi.call({ helpers }, credential), requests };
}

const fields = { server: 'custom', baseUrl: 'https://server.example/v1/', apiKey: 'sk-1' };

test('one free request with the key, which follows no redirect', async () => {
	const { result, requests } = await testCredential(fields);
	expect(result).toEqual({ status: 'OK', message: 'Connection successful!' });
	expect(requests).toEqual([
		expect.objectContaining({
			method: 'GET',
			uri: 'https://server.example/v1/models',
			headers: { Accept: 'application/json', Authorization: 'Bearer sk-1' },
			followRedirect: false,
		}),
	]);
});

test.each([
	['apiyi', 'https://api.apiyi.com/v1/models', { Authorization: 'Bearer sk-1' }],
	['openrouter', 'https://openrouter.ai/api/v1/key', { Authorization: 'Bearer sk-1' }],
])('%s with an empty Base URL is asked at its usual address', async (server, uri, headers) => {
	const { requests } = await testCredential({ ...fields, server, baseUrl: '' });
	expect(requests).toEqual([expect.objectContaining({ uri, headers: expect.objectContaining(headers) })]);
});

test('Azure gets its own header; no key is no header', async () => {
	const azure = await testCredential({ ...fields, server: 'azure' });
	expect(azure.requests[0].headers).toEqual({ Accept: 'application/json', 'api-key': 'sk-1' });
	const local = await testCredential({ ...fields, apiKey: '' });
	expect(local.requests[0].headers).toEqual({ Accept: 'application/json' });
});

test.each([
	['a host that belongs to another server', { baseUrl: 'https://openrouter.ai/api/v1' }, /Nothing was sent/],
	['no address', { baseUrl: '' }, /Base URL of the credential is empty/],
	['half an address', { baseUrl: 'server.example' }, /^The Base URL is not an address\. Give the whole address/],
])('%s is refused without a request', async (_what, extra, message) => {
	const { result, requests } = await testCredential({ ...fields, ...extra });
	expect(result).toEqual({ status: 'Error', message: expect.stringMatching(message) });
	expect(requests).toEqual([]);
});

test.each([
	[401, /refused the API key/],
	[403, /does not let this key in/],
	[404, /no API at this address/],
	[302, /sends elsewhere/],
	[500, /HTTP 500/],
])('an answer with %d is red and says why', async (statusCode, message) => {
	const { result } = await testCredential(fields, { statusCode });
	expect(result).toEqual({ status: 'Error', message: expect.stringMatching(message) });
});

test.each([401, 403])('APIYI, HTTP %d: group and billing mode of the key are named', async (statusCode) => {
	const { result } = await testCredential({ ...fields, server: 'apiyi', baseUrl: '' }, { statusCode });
	expect(result.message).toMatch(/the group Sora2官转 .* on usage-based billing/);
	const elsewhere = await testCredential(fields, { statusCode });
	expect(elsewhere.result.message).not.toMatch(/group/);
});

test('a server that wants a key and gets none asks for it', async () => {
	const { result } = await testCredential({ ...fields, apiKey: '' }, { statusCode: 401 });
	expect(result).toEqual({ status: 'Error', message: expect.stringMatching(/^The server wants an API key\. /) });
});

test('a server that cannot be reached is red with the reason and what to do', async () => {
	const { result } = await testCredential(fields, new Error('connect ECONNREFUSED 127.0.0.1:9'));
	expect(result).toEqual({
		status: 'Error',
		message:
			"server.example cannot be reached from n8n (connect ECONNREFUSED 127.0.0.1:9). Check the Base URL, and n8n's way to the network.",
	});
});
