'use strict';

const { once } = require('node:events');
const { createServer } = require('node:http');
const { randomUUID } = require('node:crypto');
const express = require('express');

const { addAdminRoutes } = require('./admin');
const { applyFault } = require('./applyFault');
const { ChatVideoStore } = require('./chatVideoStore');
const { FaultPlan } = require('./faults');
const { ImageStore } = require('./imageStore');
const { JobStore } = require('./jobs');
const { ledgerOf } = require('./ledger');
const { createOtherOrigin } = require('./otherOrigin');
const { addPersonality, personalityOf } = require('./personalities');
const { parseBody, readBytes } = require('./requestBody');

const DEFAULT_KEY = 'sk-simulator-0123456789';

/**
 * The provider, over real HTTP: the documented behaviour and error texts, playable files, a ledger of what was charged,
 * and faults on request.
 * @param {object} [options]
 * @param {string} [options.personality] which server it is: a name from `personalities/`, by default `openai`
 * @param {string} [options.form] a variation inside that server: see the file of the personality
 * @param {string[]} [options.models] further names of models that the server knows, e.g. `sora-2` on a server of one's own
 * @param {number} [options.port] 0: any free one
 * @param {string} [options.apiKey]
 * @param {number | [number, number]} [options.secondsPerJob] or a range to draw from
 * @param {() => number} [options.now] milliseconds since the epoch
 * @param {(milliseconds: number) => Promise<unknown>} [options.sleep] for answers that come late
 * @param {() => string} [options.makeId] ids of jobs
 * @param {boolean} [options.listShowsPrompts] whether the list of jobs says what each was made from
 * @param {number} [options.maxRunning] more running jobs are refused with 429
 * @param {number} [options.maxPerMinute] more jobs within 60 seconds are refused with 429
 * @param {(line: string) => void} [options.log] one line for each request
 */
async function startSimulator(options = {}) {
	const personality = personalityOf(options.personality, options.form);
	const state = {
		apiKey: options.apiKey ?? DEFAULT_KEY,
		now: options.now ?? Date.now,
		maxRunning: options.maxRunning ?? Infinity,
		maxPerMinute: options.maxPerMinute ?? Infinity,
		listShowsPrompts: options.listShowsPrompts ?? true,
		secondsPerJob: options.secondsPerJob ?? 2,
		faults: new FaultPlan(),
		/** Characters of the Videos API, by id. */
		characters: new Map(),
		/** @type {any[]} */
		requests: [],
		/** Requests that no route knows: a client made up an address. */
		unmatched: /** @type {string[]} */ ([]),
	};
	const jobs = new JobStore({
		now: state.now,
		makeId: options.makeId ?? personality.makeId,
		secondsPerJob: () => {
			const range = state.secondsPerJob;
			return Array.isArray(range) ? range[0] + Math.random() * (range[1] - range[0]) : range;
		},
	});
	const otherOrigin = await createOtherOrigin();
	const app = express();
	app.disable('x-powered-by');
	const images = new ImageStore({ now: state.now, otherOrigin });
	const chatVideos = new ChatVideoStore({ now: state.now, images });
	const ledger = () => ledgerOf(jobs, images, chatVideos);
	const selfUrl = () => `http://127.0.0.1:${port}`;
	addAdminRoutes(app, { state, jobs, images, chatVideos, ledger, otherOrigin });
	app.use(receive(state, options.log));
	const fault = applyFault(state.faults, otherOrigin, options.sleep);
	const tools = {
		state,
		jobs,
		images,
		chatVideos,
		otherOrigin,
		selfUrl,
		form: options.form,
		models: options.models ?? [],
	};
	addPersonality(app, personality, fault, tools);

	const server = createServer(app);
	server.listen(options.port ?? 0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
	return {
		url: selfUrl(),
		baseUrl: `${selfUrl()}${personality.basePath ?? '/v1'}`,
		apiKey: state.apiKey,
		state,
		jobs,
		images,
		chatVideos,
		otherOrigin,
		/** Whether a file is a picture or a chat video that was made here since the last reset, to the last byte. */
		hasMade: (bytes) => images.madeFiles.has(bytes),
		fault: (fault) => state.faults.add(fault),
		script: (script) => jobs.scripts.push(script),
		/** How image requests will go: see imageScripts.js. */
		scriptImages: (script) => images.scripts.push(script),
		/** How chat requests for videos, characters and prompts will go: see chatVideoScripts.js. */
		scriptChatVideos: (script) => chatVideos.scripts.push(script),
		ledger,
		async close() {
			server.closeAllConnections();
			server.close();
			await Promise.all([once(server, 'close'), otherOrigin.close()]);
		},
	};
}

/** Reads the body and notes the request, whatever comes of it. */
function receive(state, log) {
	return async (request, response, next) => {
		// Its arrival: a large body takes its time.
		const atMs = state.now();
		const bytes = await readBytes(request);
		const body = await parseBody(request, bytes);
		const entry = {
			method: request.method,
			path: request.originalUrl,
			headers: request.headers,
			encoding: body.encoding,
			fields: body.fields,
			files: body.files.map(({ field, fileName, mimeType, bytes: content }) => ({
				field,
				fileName,
				mimeType,
				size: content.length,
				content,
			})),
			atMs,
			/** @type {number | undefined} */
			status: undefined,
		};
		state.requests.push(entry);
		request.body = body;
		response.locals.bodyText = bytes.toString('utf8');
		response.setHeader('date', new Date(state.now()).toUTCString());
		response.setHeader('x-request-id', `req_${randomUUID().replaceAll('-', '')}`);
		response.on('finish', () => {
			entry.status = response.statusCode;
			log?.(`${new Date().toISOString()} ${entry.method} ${entry.path} -> ${entry.status}`);
		});
		next();
	};
}

module.exports = { DEFAULT_KEY, startSimulator };
