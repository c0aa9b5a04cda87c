'use strict';

const sharp = require('sharp');

const { sha256Of } = require('../simulator/imageStore');
const { readExample } = require('./examples');
const { startNeighbour } = require('./neighbour');

/**
 * What tests do with examples: import them with changes, run them, compare what comes out. To be called inside of a
 * `describe`: what a test has started ends with it.
 * @param {any} bench of `describeServers`
 */
function useExamples(bench) {
	/** What a test started beside n8n, to be ended with it. */
	const ends = [];
	afterEach(async () => {
		for (const end of ends.splice(0)) await end();
	});

	/** A server that a workflow fetches from or sends to, for one test. */
	async function neighbour(answer) {
		const started = await startNeighbour(answer);
		ends.push(started.close);
		return started;
	}

	/**
	 * Imports an example.
	 * @param {string} name
	 * @param {{credential?: object, change?: (nodes: Record<string, any>) => unknown}} [options] what a person would choose
	 *   or write into its nodes
	 */
	async function imported(name, { credential = bench.credential, change = (_nodes) => undefined } = {}) {
		const example = readExample(name, credential);
		change(Object.fromEntries(example.nodes.map((node) => [node.name, node])));
		return await bench.client.createWorkflow(example);
	}

	/** Activates a workflow for one test. */
	async function activate(workflow) {
		await bench.client.activate(workflow);
		ends.push(async () => await bench.client.deactivate(workflow));
	}

	function expectSuccess(execution) {
		expect([execution.status, execution.error?.message]).toEqual(['success', undefined]);
		return execution;
	}

	/** Imports an example and executes it; everything of it must succeed. */
	async function run(name, options) {
		const workflow = await imported(name, options);
		return expectSuccess(
			await bench.client.waitForExecution(await bench.client.runManually(workflow, 'Manual Trigger')),
		);
	}

	/** Every item has the very bytes of the job that it names. */
	async function expectVideos(items, count, seconds = [4]) {
		expect(items).toHaveLength(count);
		for (const [index, { json, binary }] of items.entries()) {
			const durationSeconds = seconds[index] ?? seconds[0];
			expect(json).toMatchObject({ status: 'completed', durationSeconds, hasAudio: true });
			expect((await bench.client.binary(binary.data)).equals(await bench.originalFile(json.jobId))).toBe(true);
		}
	}

	/** Pictures come from another origin, which the credential allows. */
	async function credentialForPictures() {
		const secrets = { ...bench.secrets, allowedDownloadHosts: bench.simulator.otherOrigin.host };
		return await bench.client.createCredential('soraApi', 'With pictures', secrets);
	}

	/** Every item has the very bytes of a picture that was made for its prompt, each another one. */
	async function expectPictures(items, count) {
		expect(items).toHaveLength(count);
		const { made } = bench.simulator.images;
		const delivered = new Set();
		for (const { json, binary } of items) {
			const bytes = await bench.client.binary(binary.data);
			const { width, height } = await sharp(bytes).metadata();
			expect([width, height]).toEqual([json.width, json.height]);
			const sha256 = sha256Of(bytes);
			// A server may have been sent more words than the item's own: its style, its variation.
			expect(made).toContainEqual({ prompt: expect.stringContaining(json.prompt), sha256 });
			delivered.add(sha256);
		}
		expect(delivered.size).toBe(count);
	}

	return {
		activate,
		credentialForPictures,
		/** `end` is called after the test. */
		endWithTest: (end) => void ends.push(end),
		expectPictures,
		expectSuccess,
		expectVideos,
		imported,
		neighbour,
		run,
	};
}

module.exports = { useExamples };
