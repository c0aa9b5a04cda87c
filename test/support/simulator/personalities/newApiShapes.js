'use strict';

const { signedLink } = require('./parts');

/**
 * The shapes in which new-api and its older versions show a job, from wire facts 2.8 and the rows of 2.1:
 * - none: OpenAI's object with a `task_id` twin and `metadata.url`
 * - `milliseconds`: the same, as the sample of its documents has it
 * - `upstream`: the same in the upstream server's own words
 * - `legacy`: `{code: "success", data: {status: "SUCCESS", progress: "45%", result_url}}`
 * - `failReason`: the very old one, which keeps the address in `fail_reason`
 * - `flat`: `{task_id, status: "succeeded", url, metadata, error}`
 */

const LEGACY_WORDS = { queued: 'QUEUED', in_progress: 'IN_PROGRESS', completed: 'SUCCESS', failed: 'FAILURE' };
const FLAT_WORDS = { queued: 'processing', in_progress: 'processing', completed: 'succeeded', failed: 'failed' };

const isLegacy = (form) => ['legacy', 'failReason', 'flat'].includes(form);

/**
 * The word of a job in a shape that has its own words, unless a script says another.
 * @param {import('../jobs').JobStore} jobs
 */
function wordIn(words, jobs, job) {
	const scripted = jobs.hasEnded(job) ? job.script.endStatus : job.script.status;
	return scripted ?? words[jobs.statusOf(job)];
}

function openAiShape(tools, created = (seconds) => seconds) {
	const { jobs } = tools;
	return {
		async show(job) {
			const { expires_at: _expires, prompt: _prompt, quality: _quality, ...shown } = jobs.show(job);
			const isDone = jobs.statusOf(job) === 'completed';
			return {
				...{ ...shown, task_id: job.id, created_at: created(shown.created_at) },
				...(isDone && { metadata: { url: await signedLink(tools, job) } }),
				...job.script.extra,
			};
		},
	};
}

function legacyShape(tools, form) {
	const { jobs } = tools;
	return {
		created: (job) => ({ code: 'success', message: '', data: { task_id: job.id } }),
		async show(job) {
			const { created, completed } = jobs.timesOf(job);
			const link = jobs.statusOf(job) === 'completed' ? await signedLink(tools, job) : '';
			const reason = jobs.errorOf(job)?.message ?? '';
			const data = {
				...{ task_id: job.id, action: 'generate', status: wordIn(LEGACY_WORDS, jobs, job) },
				progress: `${jobs.progressOf(job)}%`,
				...(form === 'legacy' ? { fail_reason: reason, result_url: link } : { fail_reason: link || reason }),
				...{ submit_time: created, start_time: created, finish_time: completed ?? 0 },
				...job.script.extra,
			};
			return { code: 'success', message: '', data };
		},
	};
}

function flatShape(tools) {
	const { jobs } = tools;
	return {
		created: (job) => ({ task_id: job.id, status: FLAT_WORDS.queued }),
		async show(job) {
			const isDone = jobs.statusOf(job) === 'completed';
			const [width, height] = job.size.split('x').map(Number);
			return {
				...{ task_id: job.id, status: wordIn(FLAT_WORDS, jobs, job) },
				...(isDone && {
					...{ format: 'mp4', url: await signedLink(tools, job) },
					metadata: { duration: Number(job.seconds), fps: 24, width, height, seed: 0 },
				}),
				error: jobs.errorOf(job),
				...job.script.extra,
			};
		},
	};
}

/** @param {string | undefined} form @param {import('./parts').Tools} tools */
function shapeOf(form, tools) {
	if (form === 'flat') return flatShape(tools);
	if (isLegacy(form)) return legacyShape(tools, form);
	return openAiShape(tools, form === 'milliseconds' ? (seconds) => seconds * 1000 : undefined);
}

module.exports = { isLegacy, shapeOf };
