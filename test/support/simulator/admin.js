'use strict';

const express = require('express');

/**
 * The admin endpoint, below `/admin`: scripts the provider from outside and reads what it has seen.
 * - `POST /admin/faults`, `POST /admin/jobs`: a fault (see faults.js) or a job script (see jobs.js), or a list of them
 * - `POST /admin/images`: an image script (see imageScripts.js), or a list of them
 * - `POST /admin/chatVideos`: a script of chat videos (see chatVideoScripts.js), or a list of them
 * - `POST /admin/settings`: `secondsPerJob`, `maxRunning`, `apiKey`
 * - `GET /admin/ledger`, `GET /admin/requests`: what was charged, and every request with its answer's status
 * - `POST /admin/reset`: forget all of it
 */
function addAdminRoutes(app, { state, jobs, images, chatVideos, ledger, otherOrigin }) {
	const admin = express.Router();
	admin.use(express.json());
	const listOf = (value) => (Array.isArray(value) ? value : [value]);

	admin.post('/faults', (request, response) => {
		for (const fault of listOf(request.body)) state.faults.add(fault);
		response.json({ faults: state.faults.faults.length });
	});
	admin.post('/jobs', (request, response) => {
		jobs.scripts.push(...listOf(request.body));
		response.json({ scripts: jobs.scripts.length });
	});
	admin.post('/images', (request, response) => {
		images.scripts.push(...listOf(request.body));
		response.json({ scripts: images.scripts.length });
	});
	admin.post('/chatVideos', (request, response) => {
		chatVideos.scripts.push(...listOf(request.body));
		response.json({ scripts: chatVideos.scripts.length });
	});
	admin.post('/settings', (request, response) => {
		const { secondsPerJob, maxRunning, apiKey } = request.body;
		Object.assign(state, JSON.parse(JSON.stringify({ secondsPerJob, maxRunning, apiKey })));
		response.json({ secondsPerJob: state.secondsPerJob, maxRunning: state.maxRunning });
	});
	admin.get('/ledger', (_request, response) => response.json(ledger()));
	admin.get('/requests', (_request, response) => {
		const requests = state.requests.map(({ files, ...entry }) => ({
			...entry,
			files: files.map(({ content, ...file }) => ({ ...file, bytes: content.length })),
		}));
		response.json({ requests, unmatched: state.unmatched, otherOrigin: otherOrigin.requests });
	});
	admin.post('/reset', (_request, response) => {
		jobs.jobs.clear();
		jobs.scripts.length = 0;
		images.reset();
		chatVideos.reset();
		state.faults.faults.length = 0;
		state.requests.length = 0;
		state.unmatched.length = 0;
		otherOrigin.reset();
		response.json({ ok: true });
	});
	app.use('/admin', admin);
}

module.exports = { addAdminRoutes };
