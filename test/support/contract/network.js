'use strict';

const { FaultPlan } = require('../simulator/faults');

/**
 * What happens to requests on their way to a server, before it sees them.
 * @typedef {object} Trouble
 * @property {{method?: string, path?: string}} [match] the path is a regular expression over the whole address
 * @property {number} [times] how often (default 1; -1: always)
 * @property {number} [skip] let so many matching requests pass first
 * @property {string} [code] the connection does not come about, with this code of the system
 * @property {number} [timeoutMs] the client's patience, instead of what it wants itself (real time)
 * @property {number} [jumpMs] the machine was suspended for so long before the request went off
 */
class Network {
	/** @param {{jump: (milliseconds: number) => void}} time */
	constructor(time) {
		this.time = time;
		this.plan = new FaultPlan();
		/** Every request that was tried. @type {Array<{method: string, url: string}>} */
		this.sent = [];
	}

	/** @param {Trouble} trouble */
	add(trouble) {
		this.plan.add(/** @type {any} */ (trouble));
	}

	/** @returns {Trouble | undefined} */
	take({ method, url }) {
		this.sent.push({ method, url });
		const trouble = /** @type {Trouble | undefined} */ (this.plan.take({ method, path: url, bodyText: '' }));
		if (trouble?.jumpMs) this.time.jump(trouble.jumpMs);
		return trouble;
	}
}

module.exports = { Network };
