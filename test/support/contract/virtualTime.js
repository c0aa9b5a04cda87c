'use strict';

/**
 * A clock that only moves when everybody sleeps: as soon as no request is under way, time jumps to the next sleeper.
 * Minutes of waiting take milliseconds, over real HTTP.
 */
class VirtualTime {
	constructor(startMs = Date.UTC(2026, 10, 21, 12)) {
		this.nowMs = startMs;
		this.startMs = startMs;
		/** @type {Array<{atMs: number, wake: () => void}>} */
		this.sleepers = [];
		/** Every pause that was asked for, in milliseconds. @type {number[]} */
		this.pauses = [];
		this.busy = 0;
		this.isPumping = false;
	}

	now = () => this.nowMs;

	sleep = async (milliseconds) => {
		this.pauses.push(milliseconds);
		await new Promise((resolve) => {
			this.sleepers.push({ atMs: this.nowMs + milliseconds, wake: () => resolve(undefined) });
			void this.pump();
		});
	};

	/** Time stands still while `work` is under way. */
	async whileBusy(work) {
		this.busy += 1;
		try {
			return await work();
		} finally {
			this.busy -= 1;
			void this.pump();
		}
	}

	async pump() {
		if (this.isPumping) return;
		this.isPumping = true;
		for (;;) {
			// Lets everything that can go on go on first.
			for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve));
			if (this.busy > 0 || this.sleepers.length === 0) break;
			this.sleepers.sort((a, b) => a.atMs - b.atMs);
			const next = this.sleepers.shift();
			this.nowMs = Math.max(this.nowMs, next?.atMs ?? 0);
			next?.wake();
		}
		this.isPumping = false;
	}

	/** As on a machine that was suspended: nobody slept, and it is much later. */
	jump(milliseconds) {
		this.nowMs += milliseconds;
	}

	/** Seconds since the start. */
	get elapsedSeconds() {
		return (this.nowMs - this.startMs) / 1000;
	}
}

module.exports = { VirtualTime };
