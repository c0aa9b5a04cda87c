'use strict';

const axios = require('axios').default;
const FormData = require('form-data');

/**
 * A client of the simulator that knows nothing of the nodes: the simulator's own tests use it.
 * @param {{baseUrl: string, apiKey: string}} simulator
 */
function createPlainClient({ baseUrl, apiKey }) {
	/** Sends a JSON or form body and gives axios' response, whatever its status. */
	const post = async (path, body, headers = {}) =>
		await axios.post(`${baseUrl}${path}`, body, {
			headers: { authorization: `Bearer ${apiKey}`, ...headers },
			validateStatus: () => true,
			maxBodyLength: Infinity,
			proxy: false,
		});
	return {
		post,
		generate: async (fields = {}) =>
			await post('/images/generations', { model: 'gpt-image-1', prompt: 'Boat', ...fields }),
		/**
		 * @param {Array<[string, any, string?]>} parts name, content, and the media type of a file
		 * @param {Record<string, string>} [fields]
		 */
		edit: async (parts, fields = {}) => {
			const form = new FormData();
			for (const [name, value] of Object.entries({ model: 'gpt-image-1', prompt: 'Boat', ...fields })) {
				form.append(name, value);
			}
			for (const [name, content, contentType] of parts) {
				form.append(name, content, contentType && { filename: 'picture.png', contentType });
			}
			return await post('/images/edits', form, form.getHeaders());
		},
		/** A chat request with one text, and its answer as it comes. */
		chat: async (prompt, fields = {}) =>
			await fetch(`${baseUrl}/chat/completions`, {
				method: 'POST',
				headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
				body: JSON.stringify({ model: 'sora_image', messages: [{ role: 'user', content: prompt }], ...fields }),
			}),
	};
}

module.exports = { createPlainClient };
