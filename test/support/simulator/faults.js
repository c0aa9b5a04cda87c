'use strict';

/**
 * What goes wrong, and when. The first fault whose `match` fits a request and that has `times` left is used.
 * @typedef {object} Fault
 * @property {{method?: string, path?: string, body?: string}} [match] path and body are regular expressions
 * @property {number} [times] how often (default 1; -1: always)
 * @property {number} [skip] let so many matching requests pass first
 * @property {number} [delayMs] answer later (real time)
 * @property {'before' | 'after'} [reset] cut the connection before the request was taken, or after
 * @property {boolean | 'after'} [hang] never answer; `after`: work on the request all the same (and charge for it)
 * @property {number} [status] answer with this instead
 * @property {boolean} [taken] with `status`: work on the request all the same (and charge for it)
 * @property {boolean} [endless] with `status`: the body goes on for ever
 * @property {number} [trickleMs] with `endless`: one byte in so many milliseconds of real time
 * @property {Record<string, string>} [headers] for `status`, or added to the real answer
 * @property {unknown} [body] for `status`: text, or an object that is sent as JSON
 * @property {number} [truncate] of the real body send only this share, then cut the connection
 * @property {number} [dropTail] of the real body leave out so many bytes, and say so in content-length
 * @property {number} [wrongLength] add this to content-length
 * @property {'other' | 'self' | string} [redirect] send to the other origin (which refuses credentials), or to an address
 */

class FaultPlan {
	constructor() {
		/** @type {Fault[]} */
		this.faults = [];
	}

	/** @param {Fault} fault */
	add(fault) {
		this.faults.push({ times: 1, skip: 0, ...fault });
	}

	/** @param {{method: string, path: string, bodyText: string}} request */
	take({ method, path, bodyText }) {
		const fault = this.faults.find(({ match = {}, times }) => {
			if (times === 0) return false;
			if (match.method !== undefined && match.method !== method) return false;
			if (match.body !== undefined && !new RegExp(match.body, 'u').test(bodyText)) return false;
			return match.path === undefined || new RegExp(match.path, 'u').test(path);
		});
		if (!fault) return undefined;
		if (fault.skip > 0) {
			fault.skip -= 1;
			return undefined;
		}
		if (fault.times > 0) fault.times -= 1;
		return fault;
	}
}

module.exports = { FaultPlan };
