'use strict';

const { once } = require('node:events');
const { setTimeout: sleepReally } = require('node:timers/promises');

const { sendFile } = require('./sendFile');

const ENDLESS_CHUNK = Buffer.alloc(256 * 1024, ' ');

/**
 * Faults that replace the answer happen here; those that spoil a file are left to whoever sends it.
 * @param {import('./faults').FaultPlan} faults
 * @param {{offer: (path: string) => string}} [otherOrigin] where `redirect: 'other'` leads
 * @param {(milliseconds: number) => Promise<unknown>} [sleep] for answers that come late
 */
function applyFault(faults, otherOrigin, sleep = sleepReally) {
	return async (request, response, next) => {
		const fault = faults.take({
			method: request.method,
			path: request.originalUrl,
			bodyText: response.locals.bodyText ?? '',
		});
		response.locals.fault = fault;
		if (!fault) return next();
		if (fault.delayMs) await sleep(fault.delayMs);
		if (fault.hang === true) return undefined;
		if (fault.reset === 'before') return request.socket.destroy();
		if (fault.reset === 'after' || fault.hang === 'after') {
			loseAnswer(response, () => (fault.hang ? undefined : request.socket.destroy()));
		}
		if (fault.redirect !== undefined) {
			return response
				.status(fault.status ?? 302)
				.set('location', targetOf(fault.redirect, request, otherOrigin))
				.end();
		}
		if (fault.headers) response.set(fault.headers);
		if (fault.status === undefined) {
			response.json = (value) =>
				sendFile(request, response, { type: 'application/json', bytes: Buffer.from(JSON.stringify(value)) });
			return next();
		}
		const json = response.json.bind(response);
		const answer = async () => {
			response.status(fault.status);
			if (fault.endless) return await sendForEver(response, fault);
			return typeof fault.body === 'object' ? json(fault.body) : response.end(fault.body ?? '');
		};
		if (!fault.taken) return await answer();
		response.json = () => void answer();
		return next();
	};
}

function targetOf(redirect, request, otherOrigin) {
	const path = request.originalUrl;
	if (redirect === 'other') return otherOrigin.offer(path);
	return redirect === 'self' ? `${path}${path.includes('?') ? '&' : '?'}again=1` : redirect;
}

/** Sends until the client has gone. */
async function sendForEver(response, { body = '', trickleMs }) {
	const closed = once(response, 'close');
	let isOpen = true;
	void closed.then(() => (isOpen = false));
	response.write(body);
	while (isOpen) {
		if (trickleMs !== undefined) {
			response.write(' ');
			await new Promise((resolve) => setTimeout(resolve, trickleMs));
		} else if (!response.write(ENDLESS_CHUNK)) await Promise.race([once(response, 'drain'), closed]);
	}
}

/** The request is worked on as usual, only the answer gets lost. */
function loseAnswer(response, onEnd) {
	response.write = (_chunk, encoding, callback) => {
		const done = typeof encoding === 'function' ? encoding : callback;
		if (done) setImmediate(done);
		return true;
	};
	response.end = () => {
		onEnd();
		return response;
	};
}

module.exports = { applyFault };
