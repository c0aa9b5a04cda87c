'use strict';

const { createHttp } = require('../../build/nodes/adapter/n8nHttp');

/** What the port makes of an error that n8n's helper throws for a create. */
async function outcomeOf(error) {
	const helpers = {
		httpRequestWithAuthentication: async () => {
			throw error;
		},
	};
	const links = { baseUrl: 'https://server.example/v1', allowedDownloadHosts: [] };
	const http = createHttp(/** @type {any} */ ({ helpers }), { links });
	return await http({ kind: 'create', method: 'POST', url: '/videos', timeoutMs: 1_000 });
}

const coded = (code) => Object.assign(new Error(`failed with ${code}`), { code });

test.each([
	'ECONNREFUSED',
	'ENOTFOUND',
	'EAI_AGAIN',
	'CERT_HAS_EXPIRED',
	'SELF_SIGNED_CERT_IN_CHAIN',
	'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
])('%s means that nothing was sent', async (code) => {
	expect(await outcomeOf(coded(code))).toMatchObject({ outcome: 'noResponse', code, certainlyNotSent: true });
});

test.each([
	'ECONNRESET',
	'ETIMEDOUT',
	'ECONNABORTED',
	'EPIPE',
	'EHOSTUNREACH',
	'EPROTO',
	'ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC',
])('%s may have come after the server took the request', async (code) => {
	expect(await outcomeOf(coded(code))).toMatchObject({ outcome: 'noResponse', code, certainlyNotSent: false });
});

test.each([
	['its database had no connection free to read the credential', 'timeout exceeded when trying to connect', true],
	['it blocks the address', 'Request to restricted IP 10.0.0.1 blocked', true],
	['the request itself took too long', 'timeout of 60000ms exceeded', false],
])('n8n’s own words: %s', async (_name, words, certainlyNotSent) => {
	const wrapped = new Error('Node error', { cause: new Error(words) });
	expect(await outcomeOf(wrapped)).toMatchObject({ outcome: 'noResponse', certainlyNotSent });
});

test('the code is found where n8n’s own errors keep it', async () => {
	const wrapped = Object.assign(new Error('The connection was refused'), { httpCode: 'ECONNREFUSED' });
	expect(await outcomeOf(wrapped)).toMatchObject({ code: 'ECONNREFUSED', certainlyNotSent: true });
	const nested = new Error('Request failed', { cause: coded('ENOTFOUND') });
	expect(await outcomeOf(nested)).toMatchObject({ code: 'ENOTFOUND', certainlyNotSent: true });
});
