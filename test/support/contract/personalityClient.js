'use strict';

const { startSimulator } = require('../simulator');
const { readMovie } = require('../simulator/movie');

/**
 * A simulator of a server, and a client of it that is nothing but HTTP: it knows neither the nodes nor the servers.
 * @param {string} personality
 * @param {object} [options] the simulator's
 */
async function startPersonality(personality, options = {}) {
	let nowMs = 1_763_726_400_000;
	const simulator = await startSimulator({ personality, secondsPerJob: 100, now: () => nowMs, ...options });
	let headers = /** @type {Record<string, string>} */ ({ authorization: `Bearer ${simulator.apiKey}` });
	/** Sends to a path below the base, or to a whole address. */
	const call = async (method, path, { body, extra = {} } = {}) => {
		const url = /^https?:/u.test(path) ? path : `${simulator.baseUrl}${path}`;
		const response = await fetch(url, { method, body, headers: { ...headers, ...extra }, redirect: 'manual' });
		const bytes = Buffer.from(await response.arrayBuffer());
		const type = response.headers.get('content-type') ?? '';
		const isJson = type.includes('json');
		return {
			status: response.status,
			type,
			bytes,
			headers: response.headers,
			body: isJson ? JSON.parse(String(bytes)) : String(bytes),
		};
	};
	return {
		simulator,
		/** Other credentials from here on. */
		useHeaders: (other) => (headers = other),
		/** Lets the simulator's time pass. */
		pass: (seconds) => (nowMs += seconds * 1000),
		get: async (path) => await call('GET', path),
		remove: async (path) => await call('DELETE', path),
		json: async (path, value) =>
			await call('POST', path, { body: JSON.stringify(value), extra: { 'content-type': 'application/json' } }),
		/** @param {Record<string, string | {bytes: Buffer, type: string}>} parts text, or files */
		form: async (path, parts) => {
			const form = new FormData();
			for (const [name, value] of Object.entries(parts)) {
				if (typeof value === 'string') form.append(name, value);
				else form.append(name, new Blob([value.bytes], { type: value.type }), 'reference');
			}
			return await call('POST', path, { body: form });
		},
		/** Whatever is behind an address, without any credential. */
		open: async (url) => {
			const response = await fetch(url);
			return { status: response.status, bytes: Buffer.from(await response.arrayBuffer()) };
		},
	};
}

/**
 * What a stream of chat completions says.
 * @param {Buffer} bytes
 */
function readStream(bytes) {
	const raw = String(bytes);
	const frames = raw
		.split(/\r?\n\r?\n/u)
		.filter((line) => line.startsWith('data: {'))
		.map((line) => JSON.parse(line.slice('data: '.length)));
	const said = (field) => frames.map(({ choices }) => choices?.[0].delta[field] ?? '').join('');
	return { raw, frames, content: said('content'), reasoning: said('reasoning_content') };
}

/** A chat request of sora2api with one message. */
function chatVideo(content, fields = {}) {
	return {
		...{ model: 'sora2-landscape-10s', stream: true },
		...{ messages: [{ role: 'user', content }], ...fields },
	};
}

/** Pixels and whole seconds of a movie, as an independent reader sees them; undefined when it is none. */
async function measure(bytes) {
	const facts = await readMovie(bytes);
	return facts && { size: `${facts.width}x${facts.height}`, seconds: Math.round(facts.seconds) };
}

module.exports = { chatVideo, measure, readStream, startPersonality };
