'use strict';

const { Busboy } = require('@fastify/busboy');

/** Reads a request's whole body as bytes. */
async function readBytes(request) {
	const chunks = [];
	for await (const chunk of request) chunks.push(chunk);
	return Buffer.concat(chunks);
}

/**
 * A body as the provider understands it.
 * @param {import('express').Request} request
 * @param {Buffer} bytes
 * @returns {Promise<{encoding: 'json' | 'multipart' | 'none', fields: Record<string, any>, files: any[], problem?: string}>}
 */
async function parseBody(request, bytes) {
	const type = request.headers['content-type'] ?? '';
	if (type.startsWith('multipart/form-data')) return await parseMultipart(request, bytes);
	if (bytes.length === 0) return { encoding: 'none', fields: {}, files: [] };
	const refused = (problem) => ({ encoding: /** @type {const} */ ('json'), fields: {}, files: [], problem });
	try {
		const fields = JSON.parse(bytes.toString('utf8'));
		const isObject = typeof fields === 'object' && fields !== null && !Array.isArray(fields);
		return isObject ? { encoding: 'json', fields, files: [] } : refused('Expected a JSON object as the request body.');
	} catch {
		return refused('We could not parse the JSON body of your request.');
	}
}

function parseMultipart(request, bytes) {
	return new Promise((resolve, reject) => {
		const fields = {};
		const files = [];
		const busboy = new Busboy({
			headers: /** @type {any} */ (request.headers),
			// A picture may come as a data URL in a text field.
			limits: { fieldSize: Infinity },
		});
		busboy.on('field', (name, value) => {
			fields[name] = value;
		});
		busboy.on('file', (field, stream, fileName, _encoding, mimeType) => {
			const chunks = [];
			stream.on('data', (chunk) => chunks.push(chunk));
			stream.on('end', () => files.push({ field, fileName, mimeType, bytes: Buffer.concat(chunks) }));
		});
		busboy.on('finish', () => resolve({ encoding: 'multipart', fields, files }));
		busboy.on('error', reject);
		busboy.end(bytes);
	});
}

module.exports = { parseBody, readBytes };
