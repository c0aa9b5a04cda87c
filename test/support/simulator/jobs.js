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
 * @property {boolean} [never] never ends
 * @property {number} [retentionSeconds] how long its file is kept
 * @property {number} [paddingBytes] the file is this much larger
 * @property {Record<string, unknown>} [extra] fields that the job object has beside the documented ones
 */

class JobStore {
	/** @param {{now: () => number, secondsPerJob: () => number, makeId?: () => string}} options */
	constructor({ now, secondsPerJob, makeId }) {
		this.now = now;
		this.secondsPerJob = secondsPerJob;
		this.makeId = makeId ?? (() => `video_${randomBytes(16).toString('hex')}`);
		/** @type {Map<string, any>} */
		this.jobs = new Map();
		/** @type {JobScript[]} */
		this.scripts = [];
	}

	/** @param {{model: string, size: string, seconds: string, paidSeconds?: string, prompt: string, remixedFrom?: string, reference?: object}} order */
	create(order) {
		const script = this.takeScript(order.prompt);
		const job = {
			...order,
			script,
			id: this.makeId(),
			createdMs: this.now(),
			durationMs: (script.seconds ?? this.secondsPerJob()) * 1000,
			// An extension is charged for what it adds.
			priceUsd: priceOf({ ...order, seconds: order.paidSeconds ?? order.seconds }),
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

	/** The documented video object. */
	show(job) {
		const status = this.statusOf(job);
		const seconds = (ms) => Math.floor(ms / 1000);
		const endMs = job.createdMs + job.durationMs;
		const isDone = status === 'completed' || status === 'failed';
		const share = job.script.never ? 0.5 : Math.min(1, (this.now() - job.createdMs) / Math.max(1, job.durationMs));
		return {
			id: job.id,
			object: 'video',
			model: job.model,
			status: !isDone && job.script.status ? job.script.status : status,
			progress: isDone ? 100 : Math.floor(share * 100),
			created_at: seconds(job.createdMs),
			completed_at: isDone ? seconds(endMs) : null,
			expires_at: status === 'completed' ? seconds(endMs + RETENTION_MS) : null,
			size: job.size,
			seconds: job.seconds,
			quality: job.model.includes('pro') ? 'high' : 'standard',
			prompt: job.prompt,
			remixed_from_video_id: job.remixedFrom ?? null,
			error:
				status === 'failed' && job.script.fail
					? {
							code: job.script.fail.code ?? 'server_error',
							message: job.script.fail.message ?? 'Video generation failed.',
						}
					: null,
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
