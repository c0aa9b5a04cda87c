'use strict';

const { subscribe } = require('node:diagnostics_channel');

/** So often the event loop goes round before a process counts as idle: whatever can go on has then gone on. */
const IDLE_TURNS = 4;
const LOOK_AGAIN_MS = 1;
/** Work of the system that no request shows. */
const SYSTEM_WORK = /^(FSReq|GetAddrInfo|Zlib|RandomBytes|PBKDF2|Scrypt|HashRequest)/;

/**
 * Time that stands still while anything is done and jumps to the next timer as soon as all wait, for a whole process and
 * without touching what runs in it: hours pass in seconds, and no work counts. Takes the place of the clocks (`Date`,
 * `performance.now`) and of `setTimeout`. Timers inside Node itself, such as those of sockets, stay in real time.
 */
class JumpingTime {
	constructor() {
		this.elapsedMs = 0;
		/** @type {Array<{atMs: number, run: () => void, isAwaited: boolean}>} */
		this.timers = [];
		/** HTTP requests of this process that have no whole answer yet. */
		this.requests = 0;
		/** Those of them whose answer waits for a timer. */
		this.heldRequests = 0;
		this.isPumping = false;
		this.real = { setTimeout: globalThis.setTimeout, setImmediate: globalThis.setImmediate };
	}

	install() {
		const RealDate = Date;
		const originMs = RealDate.now();
		const originTicks = performance.now();
		const now = () => originMs + this.elapsedMs;
		globalThis.Date = new Proxy(RealDate, {
			construct: (target, given, newTarget) => Reflect.construct(target, given.length > 0 ? given : [now()], newTarget),
			apply: () => new RealDate(now()).toString(),
			get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
		});
		performance.now = () => originTicks + this.elapsedMs;
		// Node makes at least one millisecond of every delay.
		globalThis.setTimeout = /** @type {any} */ (
			(callback, delayMs, ...details) => this.add(() => callback(...details), Math.max(1, delayMs || 0))
		);
		const realClear = globalThis.clearTimeout;
		globalThis.clearTimeout = /** @type {any} */ (
			(timer) => (timer instanceof Timer ? timer.close() : realClear(timer))
		);
		subscribe('http.client.request.start', (/** @type {any} */ { request }) => {
			this.requests += 1;
			request.once('close', () => {
				this.requests -= 1;
				void this.pump();
			});
		});
	}

	/** A pause of the simulator's before it answers a request of this process. */
	holdRequest = async (milliseconds) => {
		this.heldRequests += 1;
		await new Promise((resolve) => this.add(resolve, milliseconds));
		this.heldRequests -= 1;
	};

	add(run, delayMs) {
		const entry = { atMs: this.elapsedMs + delayMs, run, isAwaited: true };
		this.timers.push(entry);
		void this.pump();
		return new Timer(this, entry, delayMs);
	}

	get isBusy() {
		return this.requests > this.heldRequests || process.getActiveResourcesInfo().some((name) => SYSTEM_WORK.test(name));
	}

	async pump() {
		if (this.isPumping) return;
		this.isPumping = true;
		while (this.timers.some(({ isAwaited }) => isAwaited)) {
			for (let turn = 0; turn < IDLE_TURNS; turn++) await new Promise((resolve) => this.real.setImmediate(resolve));
			if (this.isBusy) await new Promise((resolve) => this.real.setTimeout(resolve, LOOK_AGAIN_MS));
			else this.jump();
		}
		this.isPumping = false;
	}

	/** To the next timer; all that are due then go off, in their order. */
	jump() {
		if (this.timers.length === 0) return;
		const nextMs = this.timers.reduce((first, { atMs }) => Math.min(first, atMs), Infinity);
		this.elapsedMs = Math.max(this.elapsedMs, nextMs);
		const due = this.timers.filter(({ atMs }) => atMs <= this.elapsedMs);
		this.timers = this.timers.filter(({ atMs }) => atMs > this.elapsedMs);
		for (const { run } of due.sort((a, b) => a.atMs - b.atMs)) run();
	}
}

/** What `setTimeout` gives in Node, as far as anybody uses it. */
class Timer {
	constructor(time, entry, delayMs) {
		this.time = time;
		this.entry = entry;
		this.delayMs = delayMs;
	}

	close() {
		this.time.timers = this.time.timers.filter((entry) => entry !== this.entry);
		return this;
	}

	/** Nobody waits for it: time does not jump because of it alone. */
	unref() {
		this.entry.isAwaited = false;
		return this;
	}

	ref() {
		this.entry.isAwaited = true;
		return this;
	}

	hasRef() {
		return this.entry.isAwaited;
	}

	refresh() {
		this.close();
		this.entry.atMs = this.time.elapsedMs + this.delayMs;
		this.time.timers.push(this.entry);
		return this;
	}
}

module.exports = { JumpingTime };
