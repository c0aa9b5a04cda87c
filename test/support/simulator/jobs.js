'use strict';

const { randomBytes } = require('node:crypto');

const { priceOf } = require('./contract');

/** The share of a job's time that it spends in the queue. */
const QUEUED_SHARE = 0.2;
const RETENTION_MS = 24 * 60 * 60 * 1000;

/**
 * How a job will go.
 * @typedef {object} JobScript
 * @property {string} [prompt] only for prompts that match this regular expression
 * @property {number} [times] for so many jobs (default: all)
 * @property {number} [seconds] how long the job takes
 * @property {{code?: string, message?: string} | null} [fail] ends as failed, with this error (null: without one)
 * @property {string} [status] a word that is shown instead of the real one while the job runs
 * @property {string} [endStatus] a word that is shown instead of the real one when the job has ended; `fail: null` and
 *   `cancelled` make a cancelled job
 * @property {boolean} [never] never ends
 * @property {number} [retentionSeconds] how long its file is kept
 * @property {number} [paddingBytes] the file is this much larger
 * @property {Record<string, unknown>} [extra] fields that the job object has beside the documented ones
 */

class JobStore {
	/** @param {{now: () => number, secondsPerJob: () => number, makeId?: (order: any) => string}} options */
	constructor({ now, secondsPerJob, makeId }) {
		this.now = now;
		this.secondsPerJob = secondsPerJob;
		this.makeId = makeId ?? (() => `video_${randomBytes(16).toString('hex')}`);
		/** Another server's words for the four states. @type {Record<string, string>} */
		this.words = {};
		/** @type {Map<string, any>} */
		this.jobs = new Map();
		/** @type {JobScript[]} */
		this.scripts = [];
	}

	/**
	 * @param {object} order
	 * @param {string} order.model
	 * @param {string} order.size `WxH`
	 * @param {string} order.seconds
	 * @param {string} [order.paidSeconds] when fewer are charged than the video has
	 * @param {string} order.prompt
	 * @param {string} [order.remixedFrom]
	 * @param {number} [order.priceUsd] default: the price of the Videos API
	 * @param {boolean} [order.isInstant] the job has ended when it is created
	 * @param {{message: string, code?: any}} [order.fail] it will fail whatever the scripts say
	 */
	create(order) {
		const taken = this.takeScript(order.prompt);
		const script = order.fail === undefined ? taken : { ...taken, fail: order.fail };
		const job = {
			...order,
			script,
			id: this.makeId(order),
			createdMs: this.now(),
			durationMs: order.isInstant ? 0 : (script.seconds ?? this.secondsPerJob()) * 1000,
			// An extension is charged for what it adds.
			priceUsd: order.priceUsd ?? priceOf({ ...order, seconds: order.paidSeconds ?? order.seconds }),
			deleted: false,
		};
		this.jobs.set(job.id, job);
		return job;
	}

	takeScript(prompt) {
		const script = this.scripts.find(
			(entry) => entry.times !== 0 && (entry.prompt === undefined || new RegExp(entry.prompt, 'u').test(prompt)),
		);
		if (script?.times !== undefined) script.times -= 1;
		return script ?? {};
	}

	find(id) {
		const job = this.jobs.get(id);
		return job && !job.deleted ? job : undefined;
	}

	/** Newest first; jobs of the same moment in the reverse order of their creation. */
	list() {
		return [...this.jobs.values()].filter((job) => !job.deleted).reverse();
	}

	running() {
		return this.list().filter((job) => ['queued', 'in_progress'].includes(this.statusOf(job))).length;
	}

	statusOf(job) {
		const elapsedMs = this.now() - job.createdMs;
		if (elapsedMs < job.durationMs * QUEUED_SHARE) return 'queued';
		if (elapsedMs < job.durationMs || job.script.never) return 'in_progress';
		return job.script.fail === undefined ? 'completed' : 'failed';
	}

	isExpired(job) {
		const retentionMs = job.script.retentionSeconds === undefined ? RETENTION_MS : job.script.retentionSeconds * 1000;
		return this.statusOf(job) === 'completed' && this.now() > job.createdMs + job.durationMs + retentionMs;
	}

	/** The word that the server shows for the job's state. */
	wordOf(job) {
		const status = this.statusOf(job);
		const scripted = this.hasEnded(job) ? job.script.endStatus : job.script.status;
		return scripted ?? this.words[status] ?? status;
	}

	hasEnded(job) {
		return ['completed', 'failed'].includes(this.statusOf(job));
	}

	/** How far the job is, 0–100. */
	progressOf(job) {
		if (this.hasEnded(job)) return 100;
		return job.script.never ? 50 : Math.floor(((this.now() - job.createdMs) / job.durationMs) * 100);
	}

	/** Why the job failed; null: it did not, or the server does not say. */
	errorOf(job) {
		if (this.statusOf(job) !== 'failed' || !job.script.fail) return null;
		const { code = 'server_error', message = 'Video generation failed.' } = job.script.fail;
		return { code, message };
	}

	/** Unix seconds; null where it has not come to that. */
	timesOf(job) {
		const seconds = (ms) => Math.floor(ms / 1000);
		const endMs = job.createdMs + job.durationMs;
		return {
			created: seconds(job.createdMs),
			completed: this.hasEnded(job) ? seconds(endMs) : null,
			expires: this.statusOf(job) === 'completed' ? seconds(endMs + RETENTION_MS) : null,
		};
	}

	/** Ends a job that someone has cancelled. */
	cancel(job) {
		job.durationMs = this.now() - job.createdMs;
		job.script = { ...job.script, never: false, fail: null, endStatus: 'cancelled' };
	}

	/** The documented video object. */
	show(job) {
		const { created, completed, expires } = this.timesOf(job);
		return {
			id: job.id,
			object: 'video',
			model: job.model,
			status: this.wordOf(job),
			progress: this.progressOf(job),
			created_at: created,
			completed_at: completed,
			expires_at: expires,
			size: job.size,
			seconds: job.seconds,
			quality: job.model.includes('pro') ? 'high' : 'standard',
			prompt: job.prompt,
			remixed_from_video_id: job.remixedFrom ?? null,
			error: this.errorOf(job),
			...job.script.extra,
		};
	}

	/** Who owes what: failed jobs are not billed, running ones are as good as bought. */
	ledger() {
		const rows = [...this.jobs.values()].map((job) => ({
			id: job.id,
			model: job.model,
			size: job.size,
			seconds: job.seconds,
			prompt: job.prompt,
			status: this.statusOf(job),
			usd: this.statusOf(job) === 'failed' ? 0 : job.priceUsd,
		}));
		const chargedUsd = Math.round(rows.reduce((sum, { usd }) => sum + usd, 0) * 1e6) / 1e6;
		return { jobsCreated: rows.length, charges: rows.filter(({ usd }) => usd > 0).length, chargedUsd, jobs: rows };
	}
}

module.exports = { JobStore };
