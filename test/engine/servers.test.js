'use strict';

const path = require('node:path');

const { startEngine } = require('../support/engine');
const { MAJORS, NODE } = require('../support/engine/majors');
const { credentialsFor, videoWorkflow } = require('../support/engine/workflows');
const { startSimulator } = require('../support/simulator');
const { SERVERS } = require('../support/engine/servers');

describe.each(MAJORS)('one workflow at every server, in the engine of n8n %s', (_major, folder) => {
	/** @type {Awaited<ReturnType<typeof startEngine>>} */
	let engine;
	/** @type {Awaited<ReturnType<typeof startSimulator>>} */
	let simulator;
	beforeAll(async () => {
		engine = await startEngine({
			engineFolder: folder,
			packageFolder: path.join(folder, 'node_modules', 'n8n-nodes-sora'),
		});
	});
	afterAll(async () => await engine.close());
	afterEach(async () => {
		await simulator.close();
		expect(simulator.state.unmatched).toEqual([]);
	});

	test.each(SERVERS)('%s %s gives the video', async (server, form, { model, size, seconds }) => {
		simulator = await startSimulator({ personality: server, form, secondsPerJob: 0.05 });
		const parameters = {
			model: { __rl: true, mode: 'id', value: model },
			prompt: 'A paper boat ⛵ auf dem Fluß',
			size: 'custom',
			customSize: size,
			seconds: 'custom',
			customSeconds: seconds,
			options: { pollInterval: 0.02 },
		};
		const { nodes, error } = await engine.execute({
			workflow: videoWorkflow({ parameters }),
			credentials: credentialsFor(simulator, { server, allowedDownloadHosts: simulator.otherOrigin.host }),
		});
		expect(error).toBeUndefined();
		const [{ json, files }] = nodes[NODE][0].outputs[0];
		expect(json).toMatchObject({ status: 'completed', mimeType: 'video/mp4', resumed: false });
		expect(`${json.width}x${json.height}`).toBe(size);
		expect(json.durationSeconds).toBeCloseTo(Number(seconds), 0);
		expect(files.data.bytes).toBe(json.fileSize);
		expect(json).not.toHaveProperty('error');
		expect(simulator.ledger()).toMatchObject({ jobsCreated: expect.any(Number) });
		for (const { headers } of simulator.otherOrigin.requests) {
			expect(JSON.stringify(headers)).not.toContain(simulator.apiKey);
		}
	});
});
