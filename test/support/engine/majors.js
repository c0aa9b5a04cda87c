'use strict';

const path = require('node:path');

const { ENGINES } = require('../../../scripts/steps');
const { startSimulator } = require('../simulator');
const { startEngine } = require('./index');
const { credentialsFor, videoWorkflow } = require('./workflows');

/** Both majors of n8n: rows for `describe.each`. */
const MAJORS = [
	['1.x', ENGINES[1]],
	['2.x', ENGINES[2]],
];

const NODE = 'Sora 2 Video';
/** Jobs of the engine tests take hardly any time; the pauses between looks are as short. */
const FAST = { pollInterval: 0.02 };

/** An engine with the packed package installed in its own folder, and a simulator beside it. */
async function startBench(engineFolder, { binaryMode = 'default', ...simulatorOptions } = {}) {
	const simulator = await startSimulator({ secondsPerJob: 0.05, ...simulatorOptions });
	const packageFolder = path.join(engineFolder, 'node_modules', 'n8n-nodes-sora');
	const engine = await startEngine({ engineFolder, packageFolder, binaryMode });
	const request = ({ credential, mode, saveFilesTo, ...wish }) => {
		const parameters = { ...wish.parameters, options: { ...FAST, ...wish.parameters?.options } };
		return {
			workflow: videoWorkflow({ ...wish, parameters }),
			credentials: credentialsFor(simulator, credential),
			mode,
			saveFilesTo,
		};
	};
	return {
		engine,
		simulator,
		/** Runs the video node over items; gives the run and the node's own task. */
		async run(wish) {
			const result = await engine.execute(request(wish));
			const [task] = result.nodes[NODE] ?? [{ outputs: [], hints: [] }];
			return { ...result, task, items: task.outputs[0] ?? [], failed: task.outputs[1] ?? [] };
		},
		start: (wish) => engine.start(request(wish)),
		/** Runs any workflow with the simulator's credential; `credential`: further fields of it. */
		runWorkflow: async (workflow, credential = {}) =>
			await engine.execute({ workflow, credentials: credentialsFor(simulator, credential) }),
		/** n8n's "Retry execution" of a run, with the workflow of the wish. */
		async retry(failed, wish) {
			const result = await engine.execute({ ...request(wish), retryOf: failed.execution });
			const task = result.nodes[NODE]?.at(-1) ?? { outputs: [], hints: [] };
			return { ...result, task, items: task.outputs[0] ?? [], failed: task.outputs[1] ?? [] };
		},
		async end() {
			await engine.close();
			await simulator.close();
		},
	};
}

/**
 * A bench for all tests of a `describe` block: started before them, emptied before each, ended after them. A request that
 * the simulator does not know fails the test that sent it.
 */
function useBench(engineFolder, options) {
	const bench = /** @type {Awaited<ReturnType<typeof startBench>>} */ ({});
	beforeAll(async () => Object.assign(bench, await startBench(engineFolder, options)));
	afterAll(async () => await bench.end());
	beforeEach(async () => {
		await fetch(`${bench.simulator.url}/admin/reset`, { method: 'POST' });
	});
	afterEach(() => expect(bench.simulator.state.unmatched).toEqual([]));
	return bench;
}

/** Expects what comes a moment later, such as the engine's log, which reaches this process after the result. */
async function waitUntil(condition) {
	for (let tries = 0; tries < 200 && !condition(); tries++) await new Promise((resolve) => setTimeout(resolve, 20));
	expect(condition()).toBe(true);
}

module.exports = { MAJORS, NODE, startBench, useBench, waitUntil };
