'use strict';

/**
 * Time that runs faster, for a whole process and without touching what runs in it: an hour of waiting, backing off and
 * looking again passes in minutes. Loaded before everything else (`node --require`), it speeds up all that the nodes and
 * n8n know of time: the clocks (`Date`, `performance.now`), the timers behind n8n's `sleep` (`setTimeout`), and the
 * time-outs of requests (a socket's own). What takes real time, such as an answer on its way, seems longer by the factor.
 *
 * Environment: TIME_FACTOR, and TIME_ORIGIN_MS (the real moment from which time runs faster; the same for all processes
 * that shall agree on what time it is).
 */

const { Socket } = require('node:net');
const { promisify } = require('node:util');

const realDate = Date;

function speedUp(factor, originMs) {
	const now = () => Math.round(originMs + (realDate.now() - originMs) * factor);
	globalThis.Date = new Proxy(realDate, {
		construct: (target, given, newTarget) => Reflect.construct(target, given.length > 0 ? given : [now()], newTarget),
		apply: () => new realDate(now()).toString(),
		get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
	});
	const realPerformanceNow = performance.now.bind(performance);
	performance.now = () => realPerformanceNow() * factor;
	const realSetTimeout = globalThis.setTimeout;
	const setTimeout = (callback, delayMs, ...details) => realSetTimeout(callback, delayMs / factor, ...details);
	Object.assign(setTimeout, {
		[promisify.custom]: (delayMs, ...details) => realSetTimeout[promisify.custom](delayMs / factor, ...details),
	});
	globalThis.setTimeout = /** @type {typeof globalThis.setTimeout} */ (setTimeout);
	const realSocketTimeout = Socket.prototype.setTimeout;
	Socket.prototype.setTimeout = function setTimeoutSooner(delayMs, callback) {
		return realSocketTimeout.call(this, Math.ceil(delayMs / factor), callback);
	};
}

const { TIME_FACTOR, TIME_ORIGIN_MS } = process.env;
if (TIME_FACTOR && TIME_ORIGIN_MS) speedUp(Number(TIME_FACTOR), Number(TIME_ORIGIN_MS));
