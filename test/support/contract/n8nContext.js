'use strict';

const { AxiosError, default: axios } = require('axios');

const { SoraApi } = require('../../../build/credentials/SoraApi.credentials');

/**
 * The part of n8n's execution context that the adapter's HTTP and file store use, over real axios: options are turned
 * into axios options as n8n-core does (`convertN8nRequestToAxios`). The engine tests use n8n-core itself.
 * @param {Record<string, unknown>} credential
 * @param {import('./network').Network} [network] what happens to requests on their way
 * @param {'memory' | 'filesystem'} [binaryMode]
 */
function createN8nContext(credential, network, binaryMode = 'memory') {
	const credentialType = new SoraApi();
	/** @type {Array<{fileName: string, mimeType: string, bytes: Buffer}>} */
	const stored = [];
	const send = async (options) => {
		const trouble = network?.take(options) ?? {};
		if (trouble.code) throw AxiosError.from(systemError(trouble.code), undefined, /** @type {any} */ (options));
		const response = await axios({
			method: options.method,
			url: options.url,
			params: options.qs,
			data: options.body,
			headers: { ...options.headers },
			timeout: trouble.timeoutMs ?? options.timeout,
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
				if (binaryMode === 'filesystem') return await keepOnDisk(source, fileName, mimeType);
				const chunks = [];
				if (Buffer.isBuffer(source)) chunks.push(source);
				else for await (const chunk of source) chunks.push(chunk);
				const bytes = Buffer.concat(chunks);
				// As n8n keeps files in memory: the bytes stand in the item, here by their place.
				return { data: String(stored.push({ fileName, mimeType, bytes }) - 1), fileName, mimeType };
			},
		},
		getCredentials: async () => credential,
	};
	return { context: /** @type {any} */ (context), stored };
}

/** As n8n keeps files on the disk: no bytes in the item. What came is not looked at here. */
async function keepOnDisk(source, fileName, mimeType) {
	if (!Buffer.isBuffer(source)) for await (const chunk of source) void chunk;
	return { id: `filesystem-v2:${fileName}`, data: 'filesystem-v2', fileName, mimeType };
}

/** As Node raises it when no connection comes about; axios takes over its message and code. */
function systemError(code) {
	const call = code === 'ECONNREFUSED' ? 'connect' : 'getaddrinfo';
	return Object.assign(new Error(`${call} ${code} server.example`), { code, syscall: call });
}

module.exports = { createN8nContext };
