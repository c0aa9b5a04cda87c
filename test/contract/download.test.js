'use strict';

const { createHash } = require('node:crypto');

const { downloadContent } = require('../../build/nodes/core/video/download');
const { purchaseVideo } = require('../../build/nodes/core/video/purchase');
const { submitJob } = require('../../build/nodes/core/video/submitJob');
const { makeMovie } = require('../support/simulator/movie');
const { FILE, WAIT, errorOf, orderOf, startContract } = require('../support/contract');

/** @type {Awaited<ReturnType<typeof startContract>>} */
let contract;

afterEach(async () => await contract.end());

const CONTENT = { path: '/content' };
const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');
const movie = () => makeMovie({ width: 720, height: 1280, seconds: 4, seed: 'A paper boat ' });

describe('a download that fails is tried again alone', () => {
	test.each([
		['404 not ready', { status: 404, body: { error: { message: 'Video is not ready yet' } } }],
		[
			'400 not completed',
			{ status: 400, body: { error: { message: 'Task is not completed yet, current status: NOT_START' } } },
		],
		['502', { status: 502, body: 'Upstream service returned status 500' }],
		['429', { status: 429, body: {} }],
		['reset', { reset: 'before' }],
		['half of the file', { truncate: 0.5 }],
		['a file that ends inside its own structure', { dropTail: 1000 }],
		[
			'JSON as video/mp4',
			{ status: 200, headers: { 'content-type': 'video/mp4' }, body: '{"error":{"message":"busy"}}' },
		],
		['a web page', { status: 200, headers: { 'content-type': 'text/html' }, body: '<html>busy</html>' }],
		['an empty file', { status: 200, headers: { 'content-type': 'video/mp4' }, body: '' }],
	])('%s', async (_name, fault) => {
		contract = await startContract();
		contract.simulator.fault({ match: CONTENT, times: 2, ...fault });
		const delivery = await purchaseVideo(orderOf(), WAIT, FILE, contract.tools);
		expect(delivery.file?.fileSizeBytes).toBe((await movie()).length);
		expect(sha256(contract.stored.at(-1).bytes)).toBe(sha256(await movie()));
		expect(contract.simulator.ledger()).toMatchObject({ jobsCreated: 1, charges: 1 });
		expect(contract.requests('GET', '/content')).toHaveLength(3);
	});

	test('and when it never works, the error keeps the job', async () => {
		contract = await startContract();
		contract.simulator.fault({ match: CONTENT, times: -1, status: 500, body: { error: { message: 'storage down' } } });
		const error = await errorOf(purchaseVideo(orderOf(), WAIT, FILE, contract.tools));
		expect(error).toMatchObject({ kind: 'downloadFailed', billed: 'yes', serverMessage: 'storage down' });
		expect(error.jobId).toMatch(/^video_/);
		expect(error.hint).toMatch(/Download Video/);
		expect(contract.requests('GET', '/content')).toHaveLength(5);
	});
});

test('a file that is gone says how long the server keeps files', async () => {
	contract = await startContract({ server: 'apiyi' });
	contract.simulator.script({ retentionSeconds: -1 });
	const error = await errorOf(purchaseVideo(orderOf(), WAIT, FILE, contract.tools));
	expect(error).toMatchObject({ kind: 'contentExpired', status: 410, billed: 'yes' });
	expect(error.message).toMatch(/1 day/);
	expect(contract.requests('GET', '/content')).toHaveLength(1);
});

describe('the key stays home', () => {
	test('a redirect to another origin is followed without key and headers', async () => {
		const headers = { header: [{ name: 'X-Tenant', value: 'tenant-secret' }] };
		contract = await startContract({ credential: { headers }, allowOtherOrigin: true });
		const { otherOrigin } = contract.simulator;
		contract.simulator.fault({ match: CONTENT, redirect: 'other' });
		otherOrigin.setContent(await movie(), 'video/mp4');

		await purchaseVideo(orderOf(), WAIT, FILE, contract.tools);

		expect(otherOrigin.requests).toHaveLength(1);
		expect(otherOrigin.requests[0].headers['x-tenant']).toBeUndefined();
		expect(contract.requests('POST')[0].headers['x-tenant']).toBe('tenant-secret');
	});

	test('a redirect on the same origin keeps the key', async () => {
		contract = await startContract();
		contract.simulator.fault({ match: CONTENT, redirect: 'self' });
		await purchaseVideo(orderOf(), WAIT, FILE, contract.tools);
		expect(contract.requests('GET', 'again=1')[0].status).toBe(200);
	});

	test('a private address behind a redirect is not fetched', async () => {
		contract = await startContract();
		contract.simulator.fault({ match: CONTENT, times: -1, redirect: 'other' });
		const error = await errorOf(purchaseVideo(orderOf(), WAIT, FILE, contract.tools));
		expect(error).toMatchObject({ kind: 'unsafeAddress' });
		expect(error.jobId).toMatch(/^video_/);
		expect(contract.simulator.otherOrigin.requests).toEqual([]);
	});

	test('a loop of redirects ends', async () => {
		contract = await startContract();
		contract.simulator.fault({ match: CONTENT, times: -1, redirect: 'self' });
		const error = await errorOf(purchaseVideo(orderOf(), WAIT, FILE, contract.tools));
		expect(error.kind).toBe('downloadFailed');
		expect(contract.requests('GET', '/content').length).toBeLessThanOrEqual(5 * 6);
	});
});

describe('where the file is', () => {
	test('a link in the job is fetched without the key', async () => {
		contract = await startContract({ allowOtherOrigin: true });
		const url = contract.simulator.otherOrigin.put('/a.mp4', await movie(), 'application/octet-stream');
		contract.simulator.script({ extra: { video_url: url } });
		const delivery = await purchaseVideo(orderOf(), WAIT, FILE, contract.tools);
		expect(delivery.file?.mimeType).toBe('video/mp4');
		expect(contract.requests('GET', '/content')).toHaveLength(0);
	});

	test('a dead link falls back to /content', async () => {
		contract = await startContract();
		contract.simulator.script({ extra: { url: 'http://127.0.0.1:9/gone.mp4' } });
		const delivery = await purchaseVideo(orderOf(), WAIT, FILE, contract.tools);
		expect(delivery.file?.mimeType).toBe('video/mp4');
		expect(contract.requests('GET', '/content')).toHaveLength(1);
	});

	test('a place that must not be fetched does not end the tries at /content', async () => {
		contract = await startContract();
		contract.simulator.script({ extra: { url: 'http://10.0.0.1/a.mp4' } });
		contract.simulator.fault({ match: CONTENT, times: 2, status: 404, body: { error: { message: 'not yet' } } });
		const delivery = await purchaseVideo(orderOf(), WAIT, FILE, contract.tools);
		expect(delivery.file?.mimeType).toBe('video/mp4');
		expect(contract.requests('GET', '/content')).toHaveLength(3);
	});

	test('JSON that names another place is followed', async () => {
		contract = await startContract({ allowOtherOrigin: true });
		const url = contract.simulator.otherOrigin.put('/b.mp4', await movie(), 'video/mp4');
		contract.simulator.fault({ match: CONTENT, status: 200, body: { url } });
		const delivery = await purchaseVideo(orderOf(), WAIT, FILE, contract.tools);
		expect(delivery.file?.durationSeconds).toBe(4);
	});
});

test.each([
	['thumbnail', 'image/webp', '.webp', 180, 320],
	['spritesheet', 'image/jpeg', '.jpg', 720, 1280],
])('the %s comes with its own type, name and pixels', async (variant, mimeType, extension, width, height) => {
	contract = await startContract({ secondsPerJob: 0 });
	const { jobId } = await submitJob(orderOf(), contract.tools);
	const file = await downloadContent({ jobId, variant }, contract.tools);
	expect(file).toMatchObject({ mimeType, width, height, fileName: `${jobId}-${variant}${extension}` });
	expect(contract.requests('GET', `variant=${variant}`)).toHaveLength(1);
});

describe('what is whole is delivered', () => {
	test('files are asked for uncompressed, so that their length can be compared', async () => {
		contract = await startContract();
		await purchaseVideo(orderOf(), WAIT, FILE, contract.tools);
		expect(contract.requests('GET', '/content')[0].headers['accept-encoding']).toBe('identity');
	});

	test('an unreadable link in the job falls back to /content', async () => {
		contract = await startContract();
		contract.simulator.script({ extra: { url: 'http://[broken' } });
		const delivery = await purchaseVideo(orderOf(), WAIT, FILE, contract.tools);
		expect(delivery.file?.mimeType).toBe('video/mp4');
	});

	test('a file name with a dot in it gets its extension', async () => {
		contract = await startContract();
		const delivery = await purchaseVideo(orderOf(), WAIT, { download: true, fileName: 'clip v1.25' }, contract.tools);
		expect(delivery.file?.fileName).toBe('clip v1.25.mp4');
	});
});

test('a finished job whose file is out of reach stays paid', async () => {
	contract = await startContract();
	contract.simulator.script({ extra: { url: 'http://10.0.0.1/a.mp4' } });
	contract.simulator.fault({ match: CONTENT, times: -1, status: 404, body: { error: { message: 'gone' } } });
	const error = await errorOf(purchaseVideo(orderOf(), WAIT, FILE, contract.tools));
	expect(error).toMatchObject({ kind: 'unsafeAddress', billed: 'yes' });
	expect(error.jobId).toMatch(/^video_/);
});

describe('a storage of n8n’s that fails', () => {
	/** As a database does that has no connection free, before it reads a byte. */
	const failStorage = (times) => {
		const { helpers } = contract.context;
		const store = helpers.prepareBinaryData;
		let left = times;
		helpers.prepareBinaryData = async (...details) => {
			if (left-- > 0) throw new Error('timeout exceeded when trying to connect');
			return await store(...details);
		};
	};

	test('for a while: the file is fetched again, alone', async () => {
		contract = await startContract();
		failStorage(2);
		const delivery = await purchaseVideo(orderOf(), WAIT, FILE, contract.tools);
		expect(delivery.file?.fileSizeBytes).toBe((await movie()).length);
		expect(contract.requests('GET', '/content')).toHaveLength(3);
		expect(contract.simulator.ledger()).toMatchObject({ jobsCreated: 1, charges: 1 });
	});

	test('for ever: the error says that it was n8n, and keeps the job', async () => {
		contract = await startContract();
		failStorage(Infinity);
		const error = await errorOf(purchaseVideo(orderOf(), WAIT, FILE, contract.tools));
		const { jobs } = contract.simulator.ledger();
		expect(error).toMatchObject({ kind: 'downloadFailed', billed: 'yes', jobId: jobs[0].id });
		expect(error.message).toBe('n8n could not store the file: timeout exceeded when trying to connect');
		expect(error.hint).toMatch(/Download Video with this job ID/);
		expect(contract.requests('GET', '/content')).toHaveLength(5);
	});
});

test('a file that n8n could not keep is refused before it is read', async () => {
	contract = await startContract();
	contract.simulator.script({ paddingBytes: 390 * 1024 * 1024 });
	const error = await errorOf(purchaseVideo(orderOf(), WAIT, FILE, contract.tools));
	expect(error).toMatchObject({ kind: 'fileTooLarge', billed: 'yes', jobId: contract.simulator.ledger().jobs[0].id });
	expect(error.message).toBe('The file has 390 MiB, but this n8n keeps binary data in memory, which ends at 383 MiB');
	expect(contract.stored.map(({ fileName }) => fileName)).toEqual(['probe.txt']);
	expect(contract.requests('GET', '/content')).toHaveLength(1);
});
