'use strict';

/**
 * Loaded into the engine's process before everything else (`node --require`): time that jumps, and a simulator that lives
 * in it. Environment: SECONDS_PER_VIDEO, SECONDS_PER_IMAGE, and PROVIDER_FILE, into which its address and key are written.
 */

const { writeFileSync } = require('node:fs');

const { startSimulator } = require('../../support/simulator');
const { JumpingTime } = require('./jumpingTime');

const { PROVIDER_FILE, SECONDS_PER_VIDEO, SECONDS_PER_IMAGE } = process.env;

/** @param {string} file */
async function start(file) {
	const time = new JumpingTime();
	time.install();
	const simulator = await startSimulator({
		secondsPerJob: Number(SECONDS_PER_VIDEO),
		sleep: time.holdRequest,
	});
	simulator.scriptImages({ answer: 'b64_json' });
	simulator.fault({
		match: { method: 'POST', path: '/images/' },
		delayMs: Number(SECONDS_PER_IMAGE) * 1000,
		times: -1,
	});
	writeFileSync(file, JSON.stringify({ baseUrl: simulator.baseUrl, apiKey: simulator.apiKey }));
}

if (PROVIDER_FILE) void start(PROVIDER_FILE);
