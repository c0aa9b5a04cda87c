'use strict';

const { createFileStore } = require('../../../build/nodes/adapter/fileStore');
const { createHttp } = require('../../../build/nodes/adapter/n8nHttp');
const { openConnection } = require('../../../build/nodes/adapter/connection');
const { PollBudget } = require('../../../build/nodes/core/concurrency');
const { Ledger } = require('../../../build/nodes/core/ledger');
const { OpenJobs } = require('../../../build/nodes/core/video/openJobs');
const { Submissions } = require('../../../build/nodes/core/video/submissions');
const { VideosApi } = require('../../../build/nodes/core/video/videosApi');
const { startSimulator } = require('../simulator');
const { createN8nContext } = require('./n8nContext');
const { Network } = require('./network');
const { VirtualTime } = require('./virtualTime');

/**
 * A simulator and the tools of a run that talks to it, both in virtual time.
 * @param {object} [options] the simulator's options, and:
 * @param {string} [options.server] the dialect
 * @param {object} [options.credential] further fields of the credential
 * @param {boolean} [options.allowOtherOrigin] the simulator's second origin is in Allowed Download Hosts: it has a loopback
 *   address, which only the user's own list opens
 * @param {number} [options.clockAheadMs] how much the simulator's clock is ahead of ours
 * @param {RegExp} [options.isSilentAfter] once a streamed body matches, nothing more will come of it: then time goes on
 * @param {number} [options.secondsPerJob]
 * @param {() => number} [options.bodyClock] the clock by which bodies are read
 * @param {() => number} [options.random]
 * @param {'memory' | 'filesystem'} [options.binaryMode] where n8n keeps files
 * @param {any} [options.over] a contract whose simulator and time this one shares
 */
async function startContract(options = {}) {
	const {
		server = 'custom',
		random = () => 0.5,
		credential = {},
		allowOtherOrigin = false,
		clockAheadMs = 0,
		isSilentAfter = undefined,
		bodyClock,
		binaryMode = 'memory',
		over = undefined,
		...simulatorOptions
	} = options;
	const time = over?.time ?? new VirtualTime();
	const simulatorNow = () => time.now() + clockAheadMs;
	const simulator =
		over?.simulator ?? (await startSimulator({ secondsPerJob: 100, now: simulatorNow, ...simulatorOptions }));
	const network = new Network(time);
	const allowedDownloadHosts = allowOtherOrigin ? simulator.otherOrigin.host : '';
	const fields = { server, baseUrl: simulator.baseUrl, apiKey: simulator.apiKey, allowedDownloadHosts, ...credential };
	const { context, stored } = createN8nContext(fields, network, binaryMode);
	const connection = await openConnection(context);
	/** @type {any[]} */
	const events = [];
	/** @type {Array<{jobId: string}>} */
	const submitted = [];
	/** @type {string[]} */
	const ended = [];
	const send = createHttp(context, { links: connection.server.links, now: bodyClock ?? time.now });
	const openJobs = new OpenJobs();
	const ports = {
		http: async (request) => await time.whileBusy(async () => watchBody(await send(request), time, isSilentAfter)),
		files: createFileStore(context),
		sleep: time.sleep,
		now: time.now,
		random,
		onEvent: (event) => events.push(event),
	};
	/** @type {any[]} */
	const entries = [];
	const tools = {
		api: new VideosApi(ports, connection.server.dialect),
		ports,
		baseUrl: connection.server.links.baseUrl,
		pollBudget: new PollBudget(connection.server.dialect.pollsPerMinute),
		openJobs,
		gate: { enter: async () => undefined, oneJobEnded: async () => await openJobs.oneEnded() },
		submissions: new Submissions(),
		/** Each purchase has a book of its own; a test that wants a second try of an item asks for the ledger. */
		get book() {
			return bookOf(new Ledger([], scopeOf(connection)));
		},
		jobs: {
			onSubmitted: (job) => submitted.push(job),
			onEndedWithoutVideo: (jobId) => ended.push(jobId),
		},
	};
	const openLedger = (scope = {}) => new Ledger(entries, { ...scopeOf(connection), ...scope });
	const contract = {
		time,
		simulator,
		context,
		network,
		ports,
		tools,
		/** The ledger of a node run over the entries of one execution. */
		openLedger,
		/** The tools of one item of a node run. */
		toolsOf: (ledger, itemIndex = 0, unit = 0) => ({ ...tools, book: bookOf(ledger, itemIndex, unit) }),
		entries,
		events,
		submitted,
		ended,
		stored,
		/** Requests of one method and path (a regular expression). */
		requests: (method, path = '') =>
			simulator.state.requests.filter((entry) => entry.method === method && new RegExp(path).test(entry.path)),
		/** Ends it; a request that nobody knows, or a credential at another origin, fails the test. */
		async end() {
			await simulator.close();
			expect(simulator.state.unmatched).toEqual([]);
			for (const { headers } of simulator.otherOrigin.requests) {
				expect(headers.authorization).toBeUndefined();
				expect(headers['api-key']).toBeUndefined();
				expect(JSON.stringify(headers)).not.toContain(simulator.apiKey);
			}
			expect(JSON.stringify(events)).not.toContain(simulator.apiKey);
		},
		/** Another node run at the same server, with other settings: a corrected credential, for one. */
		again: async (changed = {}) => await startContract({ ...options, ...changed, over: contract }),
	};
	return contract;
}

/** Time stands still while the next piece of a body is under way, but not while a server is silent. */
function watchBody(result, time, isSilentAfter) {
	if (result.outcome !== 'response') return result;
	const { body } = result;
	const next = body.nextChunk.bind(body);
	let text = '';
	body.nextChunk = async () => {
		const bytes = isSilentAfter?.test(text) ? await next() : await time.whileBusy(next);
		text += bytes ? Buffer.from(bytes).toString('latin1') : '';
		return bytes;
	};
	return result;
}

function scopeOf({ server }) {
	return { runIndex: 0, itemCount: 1, executionId: '1', server: server.links.baseUrl };
}

/** The book of one unit, as the adapter keeps it but without n8n. */
function bookOf(ledger, itemIndex = 0, unit = 0) {
	return {
		earlier: (request) => ledger.take(itemIndex, unit, request),
		bought: (facts) => ledger.note(itemIndex, unit, facts),
		delivered(delivery, isComplete) {
			const entry = ledger.find(itemIndex, unit);
			if (entry) Object.assign(entry, { delivery: JSON.parse(JSON.stringify(delivery)), isComplete });
		},
		hasRival: (request) => ledger.hasRival(itemIndex, unit, request),
		ended: () => ledger.forget(itemIndex, unit),
	};
}

/** An order for the create endpoint. */
function orderOf(fields = {}, files = []) {
	const request = { model: 'sora-2', prompt: 'A paper boat', size: '720x1280', seconds: '4', ...fields };
	return {
		path: '/videos',
		body: { encoding: files.length > 0 ? 'multipart' : 'json', fields: request, files },
		limits: { timeoutMs: 5_000, maxRetries: 2, retryUncertain: 0 },
		facts: request,
	};
}

const WAIT = { maxWaitMs: 20 * 60_000, onTimeout: 'error', retryFailedJobs: 0 };
const FILE = { download: true };

/** The error that a promise ends with; fails when it does not. */
async function errorOf(promise) {
	const outcome = await promise.then(
		(value) => ({ value }),
		(error) => ({ error }),
	);
	expect(outcome).toEqual({ error: expect.anything() });
	return outcome.error;
}

module.exports = { FILE, WAIT, errorOf, orderOf, startContract };
