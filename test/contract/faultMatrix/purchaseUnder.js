'use strict';

const { purchaseVideo } = require('../../../build/nodes/core/video/purchase');
const { FILE, WAIT, orderOf, startContract } = require('../../support/contract');
const { makeMovie } = require('../../support/simulator/movie');

/** Long enough for faults to happen while they are waited for; shorter where the wait is not what is tried. */
const SECONDS_PER_JOB = { poll: 90 };
const SECONDS_PER_OTHER_JOB = 12;
const MAX_WAIT_MS = 3 * 60_000;
/** How often a fault happens that passes. */
const PASSING_TIMES = { create: 2, poll: 3, list: 2, content: 2, 'redirect target': 2, link: 2 };
/** Which requests belong to a stage: a regular expression that fits paths and whole addresses. */
const REQUESTS = {
	create: { method: 'POST', path: '/v1/videos$' },
	poll: { method: 'GET', path: '/v1/videos/[^/?]+$' },
	list: { method: 'GET', path: '/v1/videos(\\?|$)' },
	content: { method: 'GET', path: '/content(\\?|$)' },
	'redirect target': { method: 'GET', path: 'signature=abc' },
	link: { method: 'GET', path: '/linked\\.mp4' },
};
const SLOW_CLOCK_STEP_MS = 10_000;
/** An order that the server is to take must reach it first, on a busy machine too; there are few of them. */
const CREATE_PATIENCE = 10;
const JSON_STAGES = ['create', 'poll', 'list'];
/** What a server without a file would send in its place. */
const FILE_FAULTS = {
	'JSON cut in its ID': { status: 200, body: '{"url": "htt' },
	'JSON cut behind its ID': { status: 200, body: '{"id": "video_1", "url": "htt' },
	'JSON as MP4': { status: 200, headers: { 'content-type': 'video/mp4' }, body: '{"error":{"message":"busy"}}' },
};
/** Such a job ends the moment it is made, so that its end is what the stage gets to see. */
const AT_ONCE = { seconds: 0 };

const movie = () => makeMovie({ width: 720, height: 1280, seconds: 4, seed: 'A paper boat ' });

/**
 * A server that has the fault, ready for a purchase.
 * @param {import('./faults').Row} row
 * @param {{stage: string, lists: string}} column
 * @param {Array<{times?: number, skip?: number}>} occasions how often it happens (-1: always), after how many requests
 */
async function startUnder(row, { stage, lists }, occasions) {
	let bodyMs = 0;
	const contract = await startContract({
		server: lists === 'nothing' ? 'newApi' : 'custom',
		listShowsPrompts: lists === 'prompts',
		allowOtherOrigin: true,
		secondsPerJob: SECONDS_PER_JOB[stage] ?? SECONDS_PER_OTHER_JOB,
		serverAheadMs: row.serverAheadMs,
		bodyClock: row.isSlow ? () => (bodyMs += SLOW_CLOCK_STEP_MS) : undefined,
	});
	const { simulator, network } = contract;
	const isElsewhere = stage === 'redirect target' || stage === 'link';
	const match = REQUESTS[stage];
	const fault = JSON_STAGES.includes(stage) ? row.fault : (FILE_FAULTS[row.name] ?? row.fault);

	if (stage === 'list') simulator.fault({ match: REQUESTS.create, reset: 'after' });
	if (stage === 'redirect target') simulator.fault({ match: REQUESTS.content, times: -1, redirect: 'other' });
	if (isElsewhere) simulator.otherOrigin.setContent(await movie(), 'video/mp4');
	const linked = stage === 'link' ? { extra: { video_url: `${simulator.otherOrigin.url}/linked.mp4` } } : {};
	const early = row.script && 'fail' in row.script && stage !== 'poll' ? AT_ONCE : {};
	simulator.script({ ...row.script, ...early, ...linked });

	const server = isElsewhere ? simulator.otherOrigin : simulator;
	for (const occasion of occasions) {
		if (fault) server.fault({ match, ...occasion, ...withoutTaking(fault, stage) });
		if (row.code) network.add({ match, ...occasion, code: row.code });
		const timeoutMs = (row.patienceMs ?? 0) * (stage === 'create' ? CREATE_PATIENCE : 1);
		if (row.patienceMs) network.add({ match, ...occasion, timeoutMs });
	}
	if (row.jumpMs) network.add({ match, jumpMs: row.jumpMs });
	return contract;
}

/** Reading takes nothing, so there is nothing to be worked on first. */
function withoutTaking({ taken, ...fault }, stage) {
	return stage === 'create' ? { ...fault, taken } : fault;
}

/**
 * Buys one video under a fault and tells what came of it, in the words of the matrix.
 * @param {Awaited<ReturnType<typeof startContract>>} contract
 * @param {number} [fixedPollMs] the pause between looks
 */
async function outcomeOf(contract, fixedPollMs) {
	const { simulator, network, tools, stored } = contract;
	const wish = { ...WAIT, maxWaitMs: MAX_WAIT_MS, fixedPollMs };
	const [settled] = await Promise.allSettled([purchaseVideo(orderOf(), wish, FILE, tools)]);
	const [job] = simulator.ledger().jobs;
	const common = {
		charge: simulator.ledger().charges,
		posts: network.sent.filter(({ method }) => method === 'POST').length,
	};
	if (settled.status === 'fulfilled') {
		const { jobId } = settled.value;
		const isWhole = stored.at(-1)?.bytes.equals(await movie());
		const kind = isWhole ? 'delivered' : 'another file';
		return { ...common, kind, billed: 'yes', names: jobId === job.id ? 'id' : jobId };
	}
	const { kind, billed, jobId, hint, message } = settled.reason;
	if (kind === undefined) throw settled.reason;
	return { ...common, kind, billed, names: namedBy({ kind, jobId, hint, message }, job) };
}

function namedBy({ kind, jobId, hint, message }, job) {
	if (jobId !== undefined) return jobId === job?.id ? 'id' : jobId;
	if (kind !== 'submissionUncertain') return 'nothing';
	if (job && hint.includes(job.id)) return 'candidate';
	return message.includes('It is not known whether') ? 'uncertain' : message;
}

module.exports = { PASSING_TIMES, REQUESTS, movie, outcomeOf, startUnder };
