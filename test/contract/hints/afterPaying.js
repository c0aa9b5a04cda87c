'use strict';

const { createSleep } = require('../../../build/nodes/adapter/ports');
const { operations: GPT_IMAGE } = require('../../../build/nodes/GptImage/description');
const { operations: SORA_IMAGE } = require('../../../build/nodes/SoraImage/description');
const { makePicture } = require('../../support/simulator/images');
const { CONTENT, CREATE, download, fault, fetchJob, generate, image, scene, start, video } = require('./scene');

const POLL = { method: 'GET', path: '/videos/[^/]+$' };
const MEBIBYTE = 1024 * 1024;
const endFaults = () => void (scene.contract.simulator.state.faults.faults.length = 0);

/** Trials of what goes wrong once money was spent, or may have been. @type {Record<string, () => Promise<import('./scene').Trial>>} */
const AFTER_PAYING = {
	async submissionUncertain() {
		await start({ listShowsPrompts: false });
		fault({ match: CREATE, reset: 'after' });
		const { error: failed } = (await generate()).json;
		const listed = await video('getAll');
		expect(failed.hint).toContain(listed.json.jobId);
		return { failed, hint: /use Wait for Video Job with its ID/, mended: [await fetchJob(listed.json)], charges: 1 };
	},

	async resultUncertain() {
		await start({ allowOtherOrigin: true });
		fault({ match: CREATE, reset: 'after', times: 2 });
		const { error: failed } = (await image(GPT_IMAGE)).json;
		expect(scene.contract.simulator.ledger().charges).toBe(1);
		return { failed, mended: [await image(GPT_IMAGE, { options: { retryUncertain: 1 } })], charges: 3 };
	},

	async noResult() {
		const { simulator } = await start({ allowOtherOrigin: true });
		simulator.scriptImages({ prompt: 'poem', text: 'Roses are red' });
		const { error: failed } = (await image(SORA_IMAGE, { prompt: 'A poem' })).json;
		expect(failed.description).toContain('Roses are red');
		return { failed, mended: [await image(SORA_IMAGE)], charges: 2 };
	},

	async unreadableAnswer() {
		const { simulator } = await start();
		const { json } = await video('create');
		fault({ match: { path: '^/site/' }, times: -1, status: 200, body: '<html><title>Welcome</title></html>' });
		const wrong = await scene.contract.again({ credential: { baseUrl: `${simulator.url}/site` } });
		const { error: failed } = (await video('get', json, { over: wrong })).json;
		return { failed, billed: 'no', mended: [await video('get', json)], charges: 1 };
	},

	async jobFailed() {
		const { simulator } = await start({ server: 'apiyi' });
		simulator.script({ prompt: 'broken', fail: { code: 'server_error', message: 'Generation failed' } });
		const { error: failed } = (await generate({ prompt: 'A broken boat' })).json;
		return { failed, mended: [await generate()], charges: 1 };
	},

	async jobExpired() {
		const { simulator } = await start();
		simulator.script({ times: 1, fail: null, endStatus: 'expired' });
		const { error: failed } = (await generate()).json;
		return { failed, mended: [await generate()], charges: 1 };
	},

	async jobNotVisible() {
		await start();
		fault({ match: POLL, times: -1, status: 401, body: { error: { message: 'Invalid token' } } });
		const { error: failed } = (await generate()).json;
		endFaults();
		return {
			failed,
			hint: /Then use Wait for Video Job with this job ID/,
			mended: [await fetchJob(failed)],
			charges: 1,
		};
	},

	async waitTimedOut() {
		await start();
		const { error: failed } = (await generate({ options: { maxWait: 1 } })).json;
		return { failed, mended: [await fetchJob(failed), await generate({ options: { maxWait: 5 } })], charges: 2 };
	},

	async downloadFailed() {
		await start();
		fault({ match: CONTENT, times: 5, status: 500, body: { error: { message: 'storage down' } } });
		const { error: failed } = (await generate()).json;
		return { failed, mended: [await download(failed)], charges: 1 };
	},

	async downloadInterrupted() {
		await start();
		fault({ match: CONTENT, times: 5, truncate: 0.5 });
		const { error: failed } = (await generate()).json;
		return { failed, mended: [await download(failed)], charges: 1 };
	},

	async fileTooLarge() {
		const { simulator } = await start();
		simulator.script({ paddingBytes: 400 * MEBIBYTE });
		const { error: failed } = (await generate()).json;
		const over = await scene.contract.again({ binaryMode: 'filesystem' });
		const whole = await download(failed, { over });
		expect(whole.json.fileSize).toBeGreaterThan(400 * MEBIBYTE);
		const withoutFile = await video('wait', { ...failed, options: { download: false } });
		expect(withoutFile.binary).toBeUndefined();
		return { failed, mended: [whole, withoutFile], charges: 1 };
	},

	async contentExpired() {
		const { simulator } = await start({ server: 'apiyi' });
		simulator.script({ times: 1, retentionSeconds: -1 });
		const { error: failed } = (await generate()).json;
		expect(failed.message).toContain('it keeps files for 1 day');
		return { failed, mended: [await generate()], charges: 2 };
	},

	async unexpected() {
		await start();
		const bytes = await makePicture({ width: 720, height: 1280, format: 'png', seed: 'x' });
		const file = { fileName: 'boat.png', mimeType: 'image/png' };
		const pruned = {
			...file,
			get bytes() {
				throw new Error('ENOENT: the binary file was pruned');
			},
		};
		const wish = { reference: 'binary' };
		const { error: failed } = (await generate(wish, { binary: { data: pruned } })).json;
		expect(failed.message).toContain('the binary file was pruned');
		expect(scene.contract.requests('POST')).toEqual([]);
		return { failed, mended: [await generate(wish, { binary: { data: { ...file, bytes } } })], charges: 1 };
	},

	async cancelled() {
		await start();
		const { ports } = scene.contract;
		const controller = new AbortController();
		const { sleep } = ports;
		const stoppable = createSleep(controller.signal);
		ports.sleep = async (milliseconds) => {
			controller.abort();
			await stoppable.sleep(milliseconds);
		};
		const { error: failed } = (await generate()).json;
		ports.sleep = sleep;
		return { failed, billed: 'yes', mended: [await fetchJob(failed)], charges: 1 };
	},
};

module.exports = { AFTER_PAYING };
