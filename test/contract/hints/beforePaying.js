'use strict';

const { searchVideoModels } = require('../../../build/nodes/adapter/modelList');
const { toFailedJson } = require('../../../build/nodes/adapter/nodeErrors');
const { RateWindow } = require('../../../build/nodes/core/concurrency');
const { enforceSpendingCap } = require('../../../build/nodes/core/cost');
const { makeMovie } = require('../../support/simulator/movie');
const { CONTENT, CREATE, byId, download, fault, fetchJob, generate, scene, start, video } = require('./scene');

/** An error of the core as an item has it. */
function errorOf(work) {
	try {
		work();
	} catch (error) {
		return toFailedJson(error).error;
	}
	throw new Error('There was no error');
}

/** Trials of refusals: in most of them nothing is bought. @type {Record<string, () => Promise<import('./scene').Trial>>} */
const BEFORE_PAYING = {
	async invalidInput() {
		await start();
		const { error: failed } = (await generate({ seconds: 'custom', customSeconds: '10' })).json;
		return { failed, hint: /^Set Seconds to 8 or 12\.$/, mended: [await generate({ seconds: '8' })], charges: 1 };
	},

	async spendingCapExceeded() {
		await start();
		const priceOf = async (seconds) => ({ usd: (await video('estimateCost', { seconds })).json.costUsd });
		const [short, long] = [await priceOf('4'), await priceOf('8')];
		const failed = errorOf(() => enforceSpendingCap([long], 0.5));
		errorOf(() => enforceSpendingCap([short, short], 0.5));
		const pro = (await video('estimateCost', { model: byId('sora-2-pro') })).json;
		errorOf(() => enforceSpendingCap([{ usd: pro.costUsd }], 0.5));
		// The cap raised; and with fewer seconds, fewer items and the smaller model.
		enforceSpendingCap([long], 0.8);
		enforceSpendingCap([short], 0.5);
		return { failed, mended: [await generate({ seconds: '8' }), await generate({ seconds: '4' })], charges: 2 };
	},

	async unsafeAddress() {
		const { simulator } = await start();
		simulator.otherOrigin.setContent(await makeMovie({ width: 720, height: 1280, seconds: 4, seed: 'x' }), 'video/mp4');
		fault({ match: CONTENT, redirect: 'other', times: -1 });
		const { error: failed } = (await generate()).json;
		const over = await scene.contract.again({ allowOtherOrigin: true });
		return { failed, billed: 'yes', mended: [await download(failed, { over })], charges: 1 };
	},

	async authentication() {
		await start({ credential: { apiKey: 'sk-wrong-key-000000' } });
		const { error: failed } = (await generate()).json;
		const over = await scene.contract.again({ credential: {} });
		return { failed, mended: [await generate({}, { over })], charges: 1 };
	},

	async permission() {
		await start();
		fault({
			match: { ...CREATE, body: 'sora-2-pro' },
			times: -1,
			status: 403,
			body: { error: { message: 'No access' } },
		});
		const { error: failed } = (await generate({ model: byId('sora-2-pro') })).json;
		return { failed, mended: [await generate({ model: byId('sora-2') })], charges: 1 };
	},

	async insufficientBalance() {
		await start();
		fault({ match: CREATE, status: 402, body: { error: { message: 'Payment required' } } });
		const { error: failed } = (await generate()).json;
		return { failed, mended: [await generate()], charges: 1 };
	},

	async rateLimited() {
		await start({ maxPerMinute: 2 });
		const parameters = { options: { maxRetries: 0 } };
		const five = async () =>
			await Promise.all(Array.from({ length: 5 }, async () => await video('create', parameters)));
		const refused = (await five()).flatMap(({ json }) => (json.error ? [json.error] : []));
		expect(refused).toHaveLength(3);
		await scene.contract.ports.sleep(60_000);
		const later = await video('create', parameters);
		await scene.contract.ports.sleep(60_000);
		const window = new RateWindow();
		const { gate } = scene.contract.tools;
		scene.contract.tools.gate = { ...gate, enter: async () => await window.enter(2, scene.contract.ports) };
		return { failed: refused[0], mended: [later, ...(await five())], charges: 8 };
	},

	async tooManyRunningJobs() {
		await start({ maxRunning: 2 });
		const others = await scene.contract.again();
		const [first] = [await video('create', {}, { over: others }), await video('create', {}, { over: others })];
		const { error: failed } = (await generate()).json;
		await fetchJob(first.json, { over: others });
		const later = await generate();
		await video('create', {}, { over: others });
		return { failed, mended: [later, await generate()], charges: 5 };
	},

	async moderation() {
		await start();
		const error = { message: 'Rejected. safety_violations=[violence]', code: 'moderation_blocked' };
		fault({ match: { ...CREATE, body: 'fight' }, times: -1, status: 400, body: { error } });
		const { error: failed } = (await generate({ prompt: 'A fight' })).json;
		expect(failed.message).toBe('The server blocked the content (violence)');
		return { failed, mended: [await generate()], charges: 1 };
	},

	async requestRefused() {
		await start();
		const { error: failed } = (await generate({ options: { extraBody: '{"input_reference": "boat.png"}' } })).json;
		expect(failed.description).toContain("Invalid type for 'input_reference'");
		return { failed, mended: [await generate()], charges: 1 };
	},

	async modelUnavailable() {
		await start();
		const { error: failed } = (await generate({ model: byId('sora-9') })).json;
		const { results } = await searchVideoModels.call(scene.contract.context);
		const listed = results.find(({ name }) => name.includes('listed by this server')) ?? results[0];
		return { failed, mended: [await generate({ model: byId(listed.value) })], charges: 1 };
	},

	async notFound() {
		await start();
		const { error: failed } = (await video('get', { jobId: 'video_unknown' })).json;
		const { json } = await video('create');
		return { failed, mended: [await video('get', json)], charges: 1 };
	},

	async unsupported() {
		await start({ server: 'laozhang' });
		const { json } = await generate();
		const { error: failed } = (await video('edit', json)).json;
		const over = await scene.contract.again({ server: 'custom' });
		return { failed, mended: [await video('edit', json, { over })], charges: 2 };
	},

	async serverUnreachable() {
		await start({ credential: { baseUrl: 'http://127.0.0.1:9/v1' } });
		const { error: failed } = (await generate()).json;
		const over = await scene.contract.again({ credential: {} });
		return { failed, mended: [await generate({}, { over })], charges: 1 };
	},

	async serverFailure() {
		await start();
		fault({ match: CREATE, times: 3, status: 503, headers: { 'retry-after': '1' }, body: '' });
		const { error: failed } = (await generate()).json;
		return { failed, mended: [await generate()], charges: 1 };
	},

	async wrongAddress() {
		const { simulator } = await start();
		fault({ match: { path: '^/old/' }, times: -1, status: 308, redirect: `${simulator.baseUrl}/videos` });
		const wrong = await scene.contract.again({ credential: { baseUrl: `${simulator.url}/old` } });
		const { error: failed } = (await generate({}, { over: wrong })).json;
		return { failed, mended: [await generate()], charges: 1 };
	},
};

module.exports = { BEFORE_PAYING };
