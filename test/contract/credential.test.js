'use strict';

const { SoraApi } = require('../../build/credentials/SoraApi.credentials.js');

const credential = new SoraApi();
const fields = (extra) => ({ server: 'custom', baseUrl: 'https://server.example/v1', apiKey: 'sk-1', ...extra });

test('the key goes to the origin of the Base URL, whichever path is asked for', async () => {
	const options = await credential.authenticate(fields(), { url: 'https://server.example/other/path' });
	expect(options.headers).toEqual({ Authorization: 'Bearer sk-1' });
	const relative = await credential.authenticate(fields(), { baseURL: 'https://server.example/v1', url: '/models' });
	expect(relative.headers).toEqual({ Authorization: 'Bearer sk-1' });
});

test.each([
	['another host', { url: 'https://elsewhere.example/v1/models' }],
	['another port', { url: 'https://server.example:8443/v1/models' }],
	['another scheme', { url: 'http://server.example/v1/models' }],
])('the key does not go to %s', async (_name, options) => {
	await expect(credential.authenticate(fields(), options)).rejects.toThrow(
		/belongs to server\.example and was not sent to/,
	);
});

test('an empty Base URL is the usual one of the server', async () => {
	const options = await credential.authenticate(fields({ server: 'apiyi', baseUrl: '' }), {
		url: 'https://api.apiyi.com/v1/models',
	});
	expect(options.headers).toEqual({ Authorization: 'Bearer sk-1' });
});

test('an empty Base URL is refused where there is no usual one', async () => {
	await expect(credential.authenticate(fields({ server: 'azure', baseUrl: '' }), { url: '/models' })).rejects.toThrow(
		/Base URL .* is empty/,
	);
});

test('"Bearer" in the key is not doubled; own headers go along', async () => {
	const headers = {
		header: [
			{ name: ' X-Team ', value: 'blue' },
			{ name: '', value: 'nameless' },
		],
	};
	const options = await credential.authenticate(fields({ apiKey: ' Bearer sk-1 ', headers }), {
		url: 'https://server.example/v1',
		headers: { Accept: '*/*' },
	});
	expect(options.headers).toEqual({ Accept: '*/*', 'X-Team': 'blue', Authorization: 'Bearer sk-1' });
});
