'use strict';

const { spawnSync } = require('node:child_process');
const { readFileSync, readdirSync } = require('node:fs');
const path = require('node:path');
const sharp = require('sharp');

const { describeServers } = require('../support/n8n');
const { useExamples } = require('../support/n8n/exampleRuns');
const { examplesIn } = require('../support/n8n/examples');
const { startSimulator } = require('../support/simulator');

/** n8n's Edit Image node works with it. */
const hasGraphicsMagick = spawnSync('gm', ['version']).status === 0;
const testWithGraphicsMagick = hasGraphicsMagick ? test : test.skip;
/** Ends after the wait for it has ended, and soon enough for the next one. */
const SLOW_JOB_SECONDS = 12;
const SHORT_WAIT_MINUTES = 0.1;

describeServers('examples', {}, (bench) => {
	const { credentialForPictures, endWithTest, expectPictures, expectVideos, neighbour, run } = useExamples(bench);

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

	test('fetch-paid-videos: what was bought elsewhere, and what cannot be fetched', async () => {
		await run('start-videos');
		const paid = bench.simulator.ledger().jobs.map(({ id }) => id);
		const jobIds = [...paid, 'video_nobody_knows'];
		const change = (nodes) => (nodes['Job IDs'].parameters.jsonOutput = JSON.stringify({ jobIds }));
		const execution = await run('fetch-paid-videos', { change });
		const videos = execution.items('Videos');
		await expectVideos(videos, 3);
		expect(videos.map(({ json }) => json.jobId)).toEqual(paid);
		expect(execution.items('Not Fetched')).toEqual([
			expect.objectContaining({ json: expect.objectContaining({ error: expect.anything() }) }),
		]);
		expect(bench.simulator.ledger()).toMatchObject({ jobsCreated: 3, charges: 3 });
	});

	test('image-to-video', async () => {
		const execution = await run('image-to-video', { credential: await credentialForPictures() });
		await expectPictures(execution.items('First Frame'), 1);
		await expectVideos(execution.items('Video'), 1);
		const create = bench.simulator.state.requests.find(({ path: place }) => place === '/v1/videos');
		expect(bench.simulator.hasMade(create.files[0].content)).toBe(true);
	});

	test('edit-photo', async () => {
		const execution = await run('edit-photo', { credential: await credentialForPictures() });
		await expectPictures(execution.items('Edit Photo'), 2);
	});

	test('storyboard: a first frame and a video for each shot, in their order', async () => {
		const execution = await run('storyboard', { credential: await credentialForPictures() });
		await expectPictures(execution.items('First Frames'), 3);
		const shots = execution.items('Shots in Order');
		await expectVideos(shots, 3);
		expect(shots.map(({ binary }) => binary.data.fileName)).toEqual(['shot-1.mp4', 'shot-2.mp4', 'shot-3.mp4']);
		expect(shots.map(({ json }) => json.prompt.split(' ')[1])).toEqual(['child', 'boat', 'boat']);
		expect(bench.simulator.ledger()).toMatchObject({ jobsCreated: 3, imageRequests: 3, charges: 6 });
	});

	test('retry-lists: what is paid is fetched, the rest goes on the list that helps', async () => {
		const { simulator } = bench;
		simulator.script({ prompt: 'lighthouse', seconds: SLOW_JOB_SECONDS });
		simulator.script({ prompt: 'fox', fail: { code: 'moderation_blocked', message: 'Blocked for its content' } });
		const limit = { error: { code: 'rate_limit_exceeded', message: 'Rate limit reached' } };
		const create = { method: 'POST', path: '/videos$' };
		simulator.fault({ match: { ...create, body: 'kite' }, status: 429, body: limit, times: -1 });
		simulator.fault({ match: { ...create, body: 'potter' }, redirect: 'self', times: -1 });
		const execution = await run('retry-lists', {
			change(nodes) {
				const { options } = nodes['Generate Video'].parameters;
				Object.assign(options, { maxRetries: 0, maxWait: SHORT_WAIT_MINUTES, pollInterval: 0.5 });
			},
		});

		const delivered = execution.runs('Videos').flatMap(({ data }) => data.main[0]);
		await expectVideos(delivered, 2);
		expect(delivered.map(({ json }) => json.prompt.slice(0, 12))).toEqual(['A paper boat', 'A lighthouse']);
		const lists = {
			'Try Again Later': ['A red kite above a wheat field, wide shot, wind', 'rateLimited', 'no'],
			'Change the Prompt': ['A fox crosses a snowy field at dawn, wide shot', 'moderation', 'maybe'],
			'Look First': ['A potter shapes a bowl on a turning wheel, hands only', 'wrongAddress', 'no'],
		};
		for (const [name, [prompt, kind, billed]] of Object.entries(lists)) {
			const [{ binary }] = execution.items(name);
			const [head, row] = (await bench.client.binary(binary.data)).toString().trim().split('\n');
			expect(head.replace('\uFEFF', '')).toBe('prompt,kind,billed,jobId,message,hint');
			expect([name, row]).toEqual([name, expect.stringContaining(`"${prompt}",${kind},${billed},`)]);
		}
		expect(execution.runs('Still Not There')).toEqual([]);
		expect(simulator.ledger()).toMatchObject({ jobsCreated: 3, charges: 2 });
	});

	testWithGraphicsMagick("any-photo-to-video, by n8n's own Edit Image (needs GraphicsMagick)", async () => {
		const photo = await sharp({ create: { width: 900, height: 700, channels: 3, background: '#336699' } })
			.jpeg()
			.toBuffer();
		const photos = await neighbour({ type: 'image/jpeg', body: photo });
		const change = (nodes) => (nodes['Get Photo'].parameters.url = `${photos.url}/photo.jpg`);
		const execution = await run('any-photo-to-video', { change });
		await expectVideos(execution.items('Sora 2 Video'), 1);
		const create = bench.simulator.state.requests.find(({ path: place }) => place === '/v1/videos');
		const { width, height } = await sharp(create.files[0].content).metadata();
		expect(`${width}x${height}`).toBe(create.fields.size);
	});

	test('self-hosted-sora2api: enhanced, three shots, one video', async () => {
		const simulator = await startSimulator({ personality: 'sora2api', secondsPerJob: 1 });
		endWithTest(simulator.close);
		const secrets = { server: 'sora2api', baseUrl: simulator.baseUrl, apiKey: simulator.apiKey };
		const credential = await bench.client.createCredential('soraApi', 'sora2api', secrets);
		const execution = await run('self-hosted-sora2api', { credential });
		const [{ json }] = execution.items('Enhance Prompt');
		const [video] = execution.items('Storyboard Video');
		expect(video.json).toMatchObject({ status: 'completed', durationSeconds: 15 });
		expect(simulator.hasMade(await bench.client.binary(video.binary.data))).toBe(true);
		const asked = JSON.stringify(simulator.state.requests.map(({ fields }) => fields));
		expect(asked).toContain('The cat wakes on a windowsill');
		expect(asked).toContain(JSON.stringify(json.enhancedPrompt).slice(1, 40));
		expect(simulator.state.unmatched).toEqual([]);
	});

	test('no example is left out', () => {
		const tests = readdirSync(__dirname).filter((file) => file.endsWith('.test.js'));
		const sources = tests.map((file) => readFileSync(path.join(__dirname, file), 'utf8')).join();
		for (const name of examplesIn())
			expect([name, new RegExp(`['"]${name}['":,]`).test(sources)]).toEqual([name, true]);
	});
});
