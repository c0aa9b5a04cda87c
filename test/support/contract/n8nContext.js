'use strict';

const axios = require('axios').default;

const { SoraApi } = require('../../../dist/credentials/SoraApi.credentials');

/**
 * The part of n8n's execution context that the adapter's HTTP and file store use, over real axios: options are turned
 * into axios options as n8n-core does (`convertN8nRequestToAxios`). The engine tests use n8n-core itself.
 * @param {Record<string, unknown>} credential
 */
function createN8nContext(credential) {
	const credentialType = new SoraApi();
	/** @type {Array<{fileName: string, mimeType: string, bytes: Buffer}>} */
	const stored = [];
	const send = async (options) => {
		const response = await axios({
			method: options.method,
			url: options.url,
			params: options.qs,
			data: options.body,
			headers: { ...options.headers },
			timeout: options.timeout,
			responseType: options.encoding,
			maxRedirects: options.disableFollowRedirect ? 0 : 21,
			maxBodyLength: Infinity,
			maxContentLength: Infinity,
			validateStatus: options.ignoreHttpStatusErrors ? () => true : undefined,
			signal: options.abortSignal,
			proxy: false,
		});
		return { body: response.data, headers: response.headers, statusCode: response.status };
	};
	const context = {
		helpers: {
			httpRequest: send,
			httpRequestWithAuthentication: async (_type, options) =>
				await send(await credentialType.authenticate(/** @type {any} */ (credential), options)),
			prepareBinaryData: async (source, fileName, mimeType) => {
				const chunks = [];
				if (Buffer.isBuffer(source)) chunks.push(source);
				else for await (const chunk of source) chunks.push(chunk);
				const bytes = Buffer.concat(chunks);
				const id = `stored:${stored.push({ fileName, mimeType, bytes }) - 1}`;
				return { id, data: id, fileName, mimeType };
			},
			getBinaryMetadata: async (id) => {
				const file = stored[Number(id.slice('stored:'.length))];
				if (!file) throw new Error('File not found');
				return { fileName: file.fileName, mimeType: file.mimeType, fileSize: file.bytes.length };
			},
		},
		getCredentials: async () => credential,
	};
	return { context: /** @type {any} */ (context), stored };
}

module.exports = { createN8nContext };
