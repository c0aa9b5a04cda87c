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
		async end() {
			await engine.close();
			await simulator.close();
		},
	};
}

module.exports = { MAJORS, NODE, startBench };
