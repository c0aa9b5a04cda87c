'use strict';

const { spawnSync } = require('node:child_process');
const { once } = require('node:events');
const { readFileSync } = require('node:fs');
const { createServer } = require('node:http');
const sharp = require('sharp');

const { describeServers } = require('../support/n8n');
const { examplesIn, readExample } = require('../support/n8n/examples');
const { startSimulator } = require('../support/simulator');

/** n8n's Edit Image node works with it. */
const hasGraphicsMagick = spawnSync('gm', ['version']).status === 0;
const testWithGraphicsMagick = hasGraphicsMagick ? test : test.skip;
/** Its *Wait* takes minutes and it is run in crash.test.js, and a trigger has no start by hand: see trigger.test.js. */
const RUN_ELSEWHERE = ['collect-finished-videos', 'durable-video-offloaded'];

describeServers('examples', {}, (bench) => {
	/** Imports an example and executes it; everything of it must succeed. */
	async function run(name, { credential = bench.credential, change = (_nodes) => undefined } = {}) {
		const example = readExample(name, credential);
		change(Object.fromEntries(example.nodes.map((node) => [node.name, node])));
		const workflow = await bench.client.createWorkflow(example);
		const execution = await bench.client.waitForExecution(await bench.client.runManually(workflow, 'Manual Trigger'));
		expect([execution.status, execution.error?.message]).toEqual(['success', undefined]);
		return execution;
	}

	/** Every item has the very bytes of the job that it names. */
	async function expectVideos(items, count) {
		expect(items).toHaveLength(count);
		for (const { json, binary } of items) {
			expect(json).toMatchObject({ status: 'completed', durationSeconds: 4, hasAudio: true });
			expect((await bench.client.binary(binary.data)).equals(await bench.originalFile(json.jobId))).toBe(true);
		}
	}

	/** Pictures come from another origin, which the credential allows. */
	async function credentialForPictures() {
		const secrets = { ...bench.secrets, allowedDownloadHosts: bench.simulator.otherOrigin.host };
		return await bench.client.createCredential('soraApi', 'With pictures', secrets);
	}

	async function expectPictures(items, count) {
		expect(items).toHaveLength(count);
		for (const { json, binary } of items) {
			const { width, height } = await sharp(await bench.client.binary(binary.data)).metadata();
			expect([width, height]).toEqual([json.width, json.height]);
		}
	}

	test.each([
		['text-to-video', 'Sora 2 Video'],
		['durable-video', 'Wait for Video Job'],
		['switch-servers', 'Go On Here'],
	])('%s', async (name, node) => {
		const execution = await run(name);
		await expectVideos(execution.items(node), 1);
		expect(bench.simulator.ledger()).toMatchObject({ jobsCreated: 1, charges: 1 });
	});

	test('switch-servers: the order decides', async () => {
		const change = ({ Order }) => (Order.parameters.jsonOutput = JSON.stringify({ prompt: 'A boat', server: 'own' }));
		const execution = await run('switch-servers', { change });
		await expectVideos(execution.items('Go On Here'), 1);
		expect(execution.runs('Paid Server')).toEqual([]);
		expect(bench.simulator.ledger().jobs).toEqual([expect.objectContaining({ model: 'open-video-1' })]);
	});

	test('start-videos: all are bought, none is waited for', async () => {
		const execution = await run('start-videos');
		const ids = execution.items('Start Video Job').map(({ json }) => json.jobId);
		expect(ids.sort()).toEqual(
			bench.simulator
				.ledger()
				.jobs.map(({ id }) => id)
				.sort(),
		);
		expect(ids).toHaveLength(3);
	});

	test('image-to-video', async () => {
		const execution = await run('image-to-video', { credential: await credentialForPictures() });
		await expectPictures(execution.items('First Frame'), 1);
		await expectVideos(execution.items('Video'), 1);
	});

	test('edit-photo', async () => {
		const execution = await run('edit-photo', { credential: await credentialForPictures() });
		await expectPictures(execution.items('Edit Photo'), 2);
	});

	test('product-photos', async () => {
		const execution = await run('product-photos', { credential: await credentialForPictures() });
		await expectPictures(execution.items('Pictures'), 6);
		expect(execution.items('What Failed')).toEqual([]);
	});

	testWithGraphicsMagick("any-photo-to-video, by n8n's own Edit Image (needs GraphicsMagick)", async () => {
		const photo = await sharp({ create: { width: 900, height: 700, channels: 3, background: '#336699' } })
			.jpeg()
			.toBuffer();
		const photos = createServer((_request, response) => {
			response.writeHead(200, { 'content-type': 'image/jpeg' }).end(photo);
		}).listen(0, '127.0.0.1');
		await once(photos, 'listening');
		try {
			const { port } = /** @type {import('node:net').AddressInfo} */ (photos.address());
			const change = (nodes) => (nodes['Get Photo'].parameters.url = `http://127.0.0.1:${port}/photo.jpg`);
			const execution = await run('any-photo-to-video', { change });
			await expectVideos(execution.items('Sora 2 Video'), 1);
			const create = bench.simulator.state.requests.find(({ path }) => path === '/v1/videos');
			const { width, height } = await sharp(create.files[0].content).metadata();
			expect(`${width}x${height}`).toBe(create.fields.size);
		} finally {
			photos.closeAllConnections();
			photos.close();
		}
	});

	test('self-hosted-sora2api: enhanced, three shots, one video', async () => {
		const simulator = await startSimulator({ personality: 'sora2api', secondsPerJob: 1 });
		try {
			const secrets = { server: 'sora2api', baseUrl: simulator.baseUrl, apiKey: simulator.apiKey };
			const credential = await bench.client.createCredential('soraApi', 'sora2api', secrets);
			const execution = await run('self-hosted-sora2api', { credential });
			const [{ json }] = execution.items('Enhance Prompt');
			const [video] = execution.items('Storyboard Video');
			expect(video.json).toMatchObject({ status: 'completed', durationSeconds: 15 });
			expect((await bench.client.binary(video.binary.data)).subarray(4, 8).toString()).toBe('ftyp');
			const asked = JSON.stringify(simulator.state.requests.map(({ fields }) => fields));
			expect(asked).toContain('The cat wakes on a windowsill');
			expect(asked).toContain(JSON.stringify(json.enhancedPrompt).slice(1, 40));
			expect(simulator.state.unmatched).toEqual([]);
		} finally {
			await simulator.close();
		}
	});

	test('no example is left out', () => {
		const tests = readFileSync(__filename, 'utf8');
		for (const name of examplesIn())
			expect([name, tests.includes(name) || RUN_ELSEWHERE.includes(name)]).toEqual([name, true]);
	});
});
