'use strict';

/**
 * The routes of a server that makes videos as jobs. Everything that differs between the servers comes as rules.
 * @typedef {object} JobRules
 * @property {string} [path] of the collection, default `/v1/videos`
 * @property {(body: any, request: import('express').Request) => Promise<object>} check gives the order or throws a Refusal
 * @property {number} [createStatus] default 200
 * @property {(job: any) => unknown} [created] the answer to the order; default: as `show`
 * @property {(job: any, request: import('express').Request) => unknown} show the job as the server shows it
 * @property {(id: string) => import('./parts').Refusal} notFound
 * @property {() => import('./parts').Refusal} tooMany more jobs than may run
 * @property {(job: any) => import('./parts').Refusal} [notReady] the file of a job that has not ended well
 * @property {(job: any, request: any, response: any) => unknown} [content] sends the file; without it there is no route
 * @property {string} [listPath] default: the collection
 * @property {(page: {jobs: object[], hasMore: boolean}) => object} [list] without it there is no route
 * @property {(job: any) => unknown} [remove] without it there is no route
 *
 * @param {import('express').Router} router
 * @param {import('./parts').Tools} tools
 * @param {JobRules} rules
 */
function addJobRoutes(router, { state, jobs }, rules) {
	const path = rules.path ?? '/v1/videos';
	const find = (id) => {
		const job = jobs.find(id);
		if (!job) throw rules.notFound(id);
		return job;
	};

	router.post(path, async (request, response) => {
		const order = await rules.check(request.body, request);
		if (jobs.running() >= state.maxRunning) throw rules.tooMany();
		const job = jobs.create(order);
		response.status(rules.createStatus ?? 200).json(await (rules.created ?? rules.show)(job, request));
	});

	if (rules.list) {
		router.get(rules.listPath ?? path, async (request, response) => {
			const { limit = '20', after, order } = request.query;
			const newestFirst = jobs.list();
			const ordered = order === 'asc' ? newestFirst.reverse() : newestFirst;
			const start = after === undefined ? 0 : ordered.findIndex(({ id }) => id === after) + 1;
			const end = start + Number(limit);
			const page = await Promise.all(ordered.slice(start, end).map(async (job) => await rules.show(job, request)));
			response.json(rules.list?.({ jobs: page, hasMore: end < ordered.length }));
		});
	}

	router.get(`${path}/:id`, async (request, response) => {
		response.json(await rules.show(find(request.params.id), request));
	});

	if (rules.content) {
		router.get(`${path}/:id/content`, async (request, response) => {
			const job = find(request.params.id);
			if (jobs.isExpired(job)) throw rules.notFound(job.id);
			if (jobs.statusOf(job) !== 'completed' && rules.notReady) throw rules.notReady(job);
			await rules.content?.(job, request, response);
		});
	}

	if (rules.remove) {
		router.delete(`${path}/:id`, async (request, response) => {
			response.json(await rules.remove?.(find(request.params.id)));
		});
	}
}

/** OpenAI's page of a list. */
function openAiPage({ jobs, hasMore }) {
	return {
		object: 'list',
		data: jobs,
		first_id: jobs[0]?.id ?? null,
		last_id: jobs.at(-1)?.id ?? null,
		has_more: hasMore,
	};
}

module.exports = { addJobRoutes, openAiPage };
