'use strict';

const { DIALECTS } = require('../../build/nodes/core/dialects');
const { GenerationError } = require('../../build/nodes/core/errors');
const { readServer } = require('../../build/nodes/core/server');

function refusalOf(fields) {
	/** @type {any} */
	let error;
	try {
		readServer(fields);
	} catch (thrown) {
		error = thrown;
	}
	expect(error).toBeInstanceOf(GenerationError);
	expect(error).toMatchObject({ kind: 'invalidInput', billed: 'no' });
	return error;
}

describe('readServer', () => {
	test('reads a whole credential', () => {
		const server = readServer({
			server: 'apiyi',
			baseUrl: 'https://api.apiyi.com/v1',
			allowedDownloadHosts: 'minio.lan:9000, CDN.Example.org',
		});
		expect(server.name).toBe('apiyi');
		expect(server.dialect).toBe(DIALECTS.apiyi);
		expect(server.links).toEqual({
			baseUrl: 'https://api.apiyi.com/v1',
			allowedDownloadHosts: ['minio.lan:9000', 'cdn.example.org'],
		});
	});

	test.each([
		['https://api.example/v1/', 'https://api.example/v1'],
		['https://api.example/v1///', 'https://api.example/v1'],
		['  https://api.example/v1  ', 'https://api.example/v1'],
		['http://localhost:8000', 'http://localhost:8000'],
		['http://192.168.1.5:8000/v1', 'http://192.168.1.5:8000/v1'],
	])('the Base URL %j is used as %s', (baseUrl, expected) => {
		expect(readServer({ server: 'custom', baseUrl }).links.baseUrl).toBe(expected);
	});

	test.each([undefined, '', 5, null])('without a server (%p) the address is plain OpenAI-compatible', (name) => {
		const server = readServer({ server: name, baseUrl: 'https://api.example/v1' });
		expect(server.name).toBe('custom');
		expect(server.dialect).toBe(DIALECTS.custom);
	});

	test.each([undefined, '', '   ', 7, null])('refuses a missing Base URL (%p)', (baseUrl) => {
		expect(refusalOf({ server: 'custom', baseUrl }).message).toMatch(/Base URL.*empty/);
	});

	test.each(['api.example', '/v1', 'https://', 'not an address', 'http://[::1'])('%j is not an address', (baseUrl) => {
		expect(refusalOf({ server: 'custom', baseUrl }).message).toContain('is not an address');
	});

	test.each(['ftp://api.example/v1', 'file:///etc/passwd', 'javascript:alert(1)', 'localhost:8000/v1'])(
		'%s is not an http address',
		(baseUrl) => {
			expect(refusalOf({ server: 'custom', baseUrl }).message).toContain('is not an http address');
		},
	);

	test.each([
		'https://user@api.example/v1',
		'https://user:word@api.example/v1',
		'https://api.example/v1?key=1',
		'https://api.example/v1?',
		'https://api.example/v1#part',
	])('%s holds more than an address', (baseUrl) => {
		refusalOf({ server: 'custom', baseUrl });
	});

	test('a password in the Base URL is not repeated in the message', () => {
		const error = refusalOf({ server: 'custom', baseUrl: 'https://user:hunter2@api.example/v1' });
		expect(`${error.message} ${error.hint}`).not.toContain('hunter2');
	});

	test.each([
		['apiyi', 'https://api.openai.com/v1', 'OpenAI'],
		['openai', 'https://api.apiyi.com/v1', 'APIYI'],
		['custom', 'https://api.laozhang.ai/v1', 'LaoZhang'],
		['openai', 'https://my-resource.openai.azure.com/openai/v1', 'Azure OpenAI'],
		['apiyi', 'https://openrouter.ai/api/v1', 'OpenRouter'],
		['apiyi', 'https://API.OPENAI.COM./v1', 'OpenAI'],
	])('a key for %s is never sent to %s', (name, baseUrl, owner) => {
		const error = refusalOf({ server: name, baseUrl });
		expect(error.message).toContain(owner);
		expect(error.message).toContain('Nothing was sent');
	});

	test.each([undefined, 5, null, ''])('hosts for downloads that are no text (%p) are none', (allowedDownloadHosts) => {
		const server = readServer({ server: 'custom', baseUrl: 'https://api.example/v1', allowedDownloadHosts });
		expect(server.links.allowedDownloadHosts).toEqual([]);
	});
});
