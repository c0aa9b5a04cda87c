'use strict';

/**
 * The simulator with random faults, in a process of its own whose time runs faster (`--require fastTime.js`). Answers any
 * message with what went wrong so far. Environment: FAULT_SHARE, SEED, SECONDS_PER_JOB (from and to, in the fast time).
 */

const { startSimulator } = require('../../support/simulator');
const { RandomFaults } = require('./faults');

async function main() {
	const { FAULT_SHARE, SEED, SECONDS_PER_JOB } = process.env;
	const [from, to] = String(SECONDS_PER_JOB).split(' ').map(Number);
	const simulator = await startSimulator({ secondsPerJob: [from, to] });
	const faults = new RandomFaults({ share: Number(FAULT_SHARE), seed: String(SEED) });
	simulator.state.faults.take = (request) => faults.take(request);
	process.on('message', () => process.send?.({ tally: faults.tally, byPrompt: faults.byPrompt }));
	process.on('disconnect', () => process.exit(0));
	console.log(`Simulator: ${simulator.baseUrl}  key: ${simulator.apiKey}`);
}

main().catch((error) => {
	console.error(error.stack);
	process.exit(1);
});
