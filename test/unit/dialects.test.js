'use strict';

const { dialectOf, DIALECTS, ownerOfHost } = require('../../build/nodes/core/dialects');

const SELF_HOSTED = ['dynamo', 'litellm', 'localai', 'sglang', 'sora2api', 'vllmOmni'];

describe('dialectOf', () => {
	test('knows every server of the credential', () => {
		expect(Object.keys(DIALECTS).sort()).toEqual(
			[...SELF_HOSTED, 'apiyi', 'azure', 'custom', 'laozhang', 'newApi', 'openai', 'openrouter'].sort(),
		);
	});

	test.each(['', 'nobody', 'toString', '__proto__', 'constructor'])(
		'%j is treated as plain OpenAI-compatible',
		(name) => {
			expect(dialectOf(name)).toBe(DIALECTS.custom);
		},
	);

	test.each([['custom', 5], ['newApi', 5], ['apiyi', 10], ['laozhang', 15], ...SELF_HOSTED.map((name) => [name, 2])])(
		'%s is looked at every %i seconds at the most',
		(name, seconds) => {
			expect(dialectOf(name).minPollSeconds).toBe(seconds);
		},
	);

	test('300 looks a minute are allowed where nothing else is known', () => {
		expect(dialectOf('custom').pollsPerMinute).toBe(300);
	});

	test.each([
		['apiyi', 'https://api.apiyi.com/v1'],
		['openai', 'https://api.openai.com/v1'],
		['laozhang', 'https://api.laozhang.ai/v1'],
		['openrouter', 'https://openrouter.ai/api/v1'],
		['sora2api', 'http://localhost:8000/v1'],
		['azure', ''],
		['custom', ''],
	])('%s is usually found at %j', (name, baseUrl) => {
		expect(dialectOf(name).defaultBaseUrl).toBe(baseUrl);
	});

	test('only Azure takes its key in a header of its own', () => {
		const names = Object.keys(DIALECTS).filter((name) => DIALECTS[name].authentication === 'apiKeyHeader');
		expect(names).toEqual(['azure']);
	});

	test('only vLLM-Omni refuses a create in JSON', () => {
		const names = Object.keys(DIALECTS).filter((name) => DIALECTS[name].create.encoding === 'multipart');
		expect(names).toEqual(['vllmOmni']);
	});

	test('only APIYI documents that a JSON 5xx answer is not billed', () => {
		const names = Object.keys(DIALECTS).filter((name) => DIALECTS[name].serverErrorsAreFree);
		expect(names).toEqual(['apiyi']);
	});

	test('APIYI and LaoZhang document that failed jobs are not billed', () => {
		const names = Object.keys(DIALECTS).filter((name) => DIALECTS[name].failedJobsAreFree);
		expect(names).toEqual(['apiyi', 'laozhang']);
	});

	test('the key is tested at OpenRouter where a wrong one is refused, elsewhere at the model list', () => {
		expect(dialectOf('openrouter').testPath).toBe('/key');
		for (const name of Object.keys(DIALECTS).filter((entry) => entry !== 'openrouter')) {
			expect(dialectOf(name).testPath).toBe('/models');
		}
	});

	test('new-api gateways have neither a list nor a delete', () => {
		expect(dialectOf('newApi').missing).toEqual(expect.arrayContaining(['delete', 'list']));
	});

	test.each(['apiyi', 'openai', 'azure', 'custom'])('%s has all operations of the Videos API', (name) => {
		expect(dialectOf(name).missing.filter((capability) => capability !== 'prompts')).toEqual([]);
	});

	test.each(Object.keys(DIALECTS))('%s says where its facts are from, and its usual address is its own', (name) => {
		const { defaultBaseUrl, source, displayName } = DIALECTS[name];
		expect(source).not.toBe('');
		expect(displayName).not.toBe('');
		if (defaultBaseUrl === '') return;
		expect([undefined, name]).toContain(ownerOfHost(new URL(defaultBaseUrl).hostname));
	});
});

describe('ownerOfHost', () => {
	test.each([
		['api.openai.com', 'openai'],
		['API.OpenAI.com', 'openai'],
		['api.openai.com.', 'openai'],
		['apiyi.com', 'apiyi'],
		['api.apiyi.com', 'apiyi'],
		['vip.apiyi.com', 'apiyi'],
		['api2.laozhang.ai', 'laozhang'],
		['my-resource.openai.azure.com', 'azure'],
		['openrouter.ai', 'openrouter'],
	])('%s belongs to %s', (host, owner) => {
		expect(ownerOfHost(host)).toBe(owner);
	});

	test.each(['notapiyi.com', 'apiyi.com.attacker.example', 'example.org', 'localhost', '127.0.0.1', ''])(
		'nobody claims %j',
		(host) => {
			expect(ownerOfHost(host)).toBeUndefined();
		},
	);
});
