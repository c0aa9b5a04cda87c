'use strict';

const { deliverJob } = require('../../build/nodes/core/video/deliverJob');
const { purchaseVideo } = require('../../build/nodes/core/video/purchase');
const { submitJob } = require('../../build/nodes/core/video/submitJob');
const { FILE, WAIT, errorOf, orderOf, startContract } = require('../support/contract');

/** @type {Awaited<ReturnType<typeof startContract>>} */
let contract;

afterEach(async () => await contract.end());

test('a prompt becomes one paid job, one file, and the facts of that file', async () => {
	contract = await startContract({ secondsPerJob: 100 });
	const { tools, simulator, stored } = contract;

	const delivery = await purchaseVideo(orderOf({ seconds: '8', size: '1280x720' }), WAIT, FILE, tools);

	expect(delivery.file).toMatchObject({
		width: 1280,
		height: 720,
		durationSeconds: 8,
		hasAudio: true,
		mimeType: 'video/mp4',
	});
	expect(delivery.file?.fileName).toBe(`${delivery.jobId}.mp4`);
	expect(delivery.file?.fileSizeBytes).toBe(stored[0].bytes.length);
	expect(delivery.resumed).toBe(false);
	expect(delivery.requestId).toMatch(/^req_/);
	expect(simulator.ledger()).toMatchObject({ jobsCreated: 1, charges: 1, chargedUsd: 0.8 });
});

test('text goes as JSON with seconds as a string', async () => {
	contract = await startContract();
	await submitJob(orderOf({ seconds: '12', prompt: '一只纸船 ⛵ in the rain' }), contract.tools);

	const [create] = contract.requests('POST');
	expect(create.headers['content-type']).toMatch(/^application\/json/);
	expect(create.fields).toEqual({
		model: 'sora-2',
		prompt: '一只纸船 ⛵ in the rain',
		size: '720x1280',
		seconds: '12',
	});
});

test('an image goes as a multipart file in input_reference, byte for byte', async () => {
	contract = await startContract();
	const { makePicture } = require('../support/simulator/images');
	const bytes = await makePicture({ width: 720, height: 1280, format: 'jpeg', seed: 'x' });
	const file = { field: 'input_reference', bytes, fileName: 'ref.jpg', mimeType: 'image/jpeg' };

	await submitJob(orderOf({ prompt: '一只纸船 ⛵' }, [file]), contract.tools);

	const [create] = contract.requests('POST');
	expect(create.encoding).toBe('multipart');
	expect(create.fields).toEqual({ model: 'sora-2', prompt: '一只纸船 ⛵', size: '720x1280', seconds: '4' });
	expect(create.files).toHaveLength(1);
	expect(create.files[0]).toMatchObject({ field: 'input_reference', fileName: 'ref.jpg', mimeType: 'image/jpeg' });
	expect(create.files[0].content.equals(bytes)).toBe(true);
});

test('the multipart body carries the same parts as an independent encoder writes', async () => {
	contract = await startContract();
	const FormData = require('form-data');
	const axios = require('axios').default;
	const { makePicture } = require('../support/simulator/images');
	const bytes = await makePicture({ width: 720, height: 1280, format: 'png', seed: 'y' });
	const form = new FormData();
	for (const [name, value] of Object.entries({
		model: 'sora-2',
		prompt: 'Zwei Böte',
		size: '720x1280',
		seconds: '4',
	})) {
		form.append(name, value);
	}
	form.append('input_reference', bytes, { filename: 'ref.png', contentType: 'image/png' });
	const headers = { ...form.getHeaders(), authorization: `Bearer ${contract.simulator.apiKey}` };
	await axios.post(`${contract.simulator.baseUrl}/videos`, form, { headers });

	const file = { field: 'input_reference', bytes, fileName: 'ref.png', mimeType: 'image/png' };
	await submitJob(orderOf({ prompt: 'Zwei Böte' }, [file]), contract.tools);

	const [theirs, ours] = contract.requests('POST');
	const parts = ({ fields, files }) => ({
		fields,
		files: files.map(({ content, ...rest }) => ({ ...rest, hex: content.toString('hex') })),
	});
	expect(parts(ours)).toEqual(parts(theirs));
});

test('the job id is told before the first look at the job', async () => {
	contract = await startContract();
	const { tools } = contract;
	let looksWhenTold = -1;
	tools.jobs.onSubmitted = () => (looksWhenTold = contract.requests('GET').length);
	await purchaseVideo(orderOf(), WAIT, FILE, tools);
	expect(looksWhenTold).toBe(0);
});

test('a job of 100 seconds is noticed within a few seconds, with few looks', async () => {
	contract = await startContract({ secondsPerJob: 100 });
	const delivery = await purchaseVideo(orderOf(), { ...WAIT, typicalMs: 180_000 }, FILE, contract.tools);
	expect(contract.time.elapsedSeconds).toBeGreaterThanOrEqual(100);
	expect(contract.time.elapsedSeconds).toBeLessThan(107);
	expect(delivery.polls).toBeLessThanOrEqual(10);
	expect(contract.requests('GET', 'content')).toHaveLength(1);
});

test('an explicit pause is the user’s choice', async () => {
	contract = await startContract({ secondsPerJob: 10 });
	const delivery = await purchaseVideo(orderOf(), { ...WAIT, fixedPollMs: 1_000 }, FILE, contract.tools);
	expect(delivery.polls).toBe(10);
	expect(contract.time.pauses.every((pause) => pause === 1_000)).toBe(true);
});

test('a wait resumes a job without creating another', async () => {
	contract = await startContract({ secondsPerJob: 60 });
	const { jobId } = await submitJob(orderOf(), contract.tools);

	const delivery = await deliverJob(jobId, WAIT, FILE, contract.tools);

	expect(delivery).toMatchObject({ resumed: true, jobId });
	expect(delivery.file?.durationSeconds).toBe(4);
	expect(contract.simulator.ledger()).toMatchObject({ jobsCreated: 1, charges: 1 });
});

test('when the time is up the error names the job, what was seen and what to do; the same id then delivers', async () => {
	contract = await startContract({ secondsPerJob: 300 });
	const error = await errorOf(purchaseVideo(orderOf(), { ...WAIT, maxWaitMs: 120_000 }, FILE, contract.tools));

	expect(error).toMatchObject({ kind: 'waitTimedOut', billed: 'yes' });
	expect(error.jobId).toMatch(/^video_/);
	expect(error.requestId).toMatch(/^req_/);
	expect(error.message).toMatch(/not finished after 2 minutes/);
	expect(error.observed).toMatch(/in_progress \d+×/);
	expect(error.hint).toMatch(/Wait for Video Job/);
	expect(contract.time.elapsedSeconds).toBeGreaterThan(119);
	expect(contract.time.elapsedSeconds).toBeLessThanOrEqual(120);

	const delivery = await deliverJob(error.jobId, WAIT, FILE, contract.tools);
	expect(delivery.file?.mimeType).toBe('video/mp4');
	expect(contract.simulator.ledger().charges).toBe(1);
});

test('with On Timeout: Return the Job the job comes out as it is', async () => {
	contract = await startContract({ secondsPerJob: 300 });
	const wish = { ...WAIT, maxWaitMs: 100_000, onTimeout: 'returnJob' };
	const delivery = await purchaseVideo(orderOf(), wish, FILE, contract.tools);
	expect(delivery.job.status).toBe('running');
	expect(delivery.file).toBeUndefined();
});

test('blocked content is told as such, not billed, and never bought again', async () => {
	contract = await startContract({ server: 'apiyi' });
	const message = 'Your request was blocked by our moderation system.';
	contract.simulator.script({ fail: { code: 'moderation_blocked', message } });
	const error = await errorOf(purchaseVideo(orderOf(), { ...WAIT, retryFailedJobs: 2 }, FILE, contract.tools));
	expect(error).toMatchObject({ kind: 'moderation', billed: 'no' });
	expect(error.serverMessage).toContain(message);
	expect(contract.simulator.ledger()).toMatchObject({ jobsCreated: 1, charges: 0 });
});

test('a job that failed for capacity is bought anew as often as the user allows, and charged once', async () => {
	contract = await startContract({ server: 'apiyi' });
	contract.simulator.script({ times: 2, fail: { code: 'server_error', message: 'No capacity' } });
	const delivery = await purchaseVideo(orderOf(), { ...WAIT, retryFailedJobs: 2 }, FILE, contract.tools);
	expect(delivery.file?.mimeType).toBe('video/mp4');
	expect(contract.simulator.ledger()).toMatchObject({ jobsCreated: 3, charges: 1 });
});

test('a failed job without any error object is a failed job', async () => {
	contract = await startContract();
	contract.simulator.script({ fail: null });
	const error = await errorOf(purchaseVideo(orderOf(), WAIT, FILE, contract.tools));
	expect(error).toMatchObject({ kind: 'jobFailed', billed: 'maybe' });
});

test('ids with special characters travel whole', async () => {
	contract = await startContract({ makeId: () => 'sora-2:task_01k/+a=..?x#y' });
	const delivery = await purchaseVideo(orderOf(), WAIT, FILE, contract.tools);
	expect(delivery.jobId).toBe('sora-2:task_01k/+a=..?x#y');
	expect(delivery.file?.fileName).toBe('sora-2_task_01k_a_.._x_y.mp4');
	expect(contract.requests('GET')[0].path).toBe('/v1/videos/sora-2%3Atask_01k%2F%2Ba%3D..%3Fx%23y');
});
