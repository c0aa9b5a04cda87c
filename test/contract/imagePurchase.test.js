'use strict';

const { purchaseImages } = require('../../build/nodes/core/image/purchaseImages');
const { readImagesAnswer } = require('../../build/nodes/core/image/readImagesAnswer');
const { RateWindow, mapSettled } = require('../../build/nodes/core/concurrency');
const { errorOf, startContract } = require('../support/contract');
const { makePicture } = require('../support/simulator/images');

/** @type {Awaited<ReturnType<typeof startContract>>} */
let contract;

afterEach(async () => await contract.end());

const LIMITS = { timeoutMs: 60_000, maxRetries: 2, retryUncertain: 0 };
const WISH = { download: true };
const MATCH = { path: '/images/generations' };
const sent = () => contract.requests('POST', '/images/').length;

function orderOf({ prompt = 'Boat', model = 'gpt-image-1', ...limits } = {}, fields = {}) {
	return {
		path: '/images/generations',
		body: { encoding: 'json', fields: { model, prompt, ...fields } },
		limits: { ...LIMITS, ...limits },
		facts: { prompt, model, makes: 'picture' },
	};
}

async function buy(limits = {}, fields = {}, tools = contract.tools) {
	return await purchaseImages(orderOf(limits, fields), readImagesAnswer, WISH, tools);
}

const start = async (options = {}) => (contract = await startContract({ allowOtherOrigin: true, ...options }));

/** What leaves open whether the request was billed. */
const UNCERTAIN = [
	['a time-out', { hang: 'after' }, 1],
	['a reset before the answer', { reset: 'after' }, 1],
	['a reset before the request was taken', { reset: 'before' }, 0],
	['a JSON 500', { status: 500, body: { error: { message: 'overloaded', type: 'invalid_request_error' } } }, 0],
	['a 502', { status: 502, headers: { 'content-type': 'text/html' }, body: '<html>bad gateway</html>' }, 0],
	['a 503 without Retry-After', { status: 503, body: {} }, 0],
	['a 504', { status: 504, body: 'Gateway Time-out' }, 0],
	['a 408', { status: 408, body: {} }, 0],
	['a 409', { status: 409, body: {} }, 0],
	['a web page with 200', { status: 200, headers: { 'content-type': 'text/html' }, body: '<html></html>' }, 0],
	['an empty 200', { status: 200, body: '' }, 0],
	['half of an answer', { truncate: 0.3 }, 1],
];

describe('a request that may have been billed is never sent again by itself', () => {
	test.each(UNCERTAIN)('%s', async (_name, fault) => {
		await start({ server: 'apiyi' });
		contract.simulator.fault({ match: MATCH, times: -1, ...fault });
		const error = await errorOf(buy({ timeoutMs: 300 }));
		expect(error).toMatchObject({ kind: 'resultUncertain', billed: 'maybe' });
		expect(error.message).toMatch(/may have been billed/);
		expect(error.hint).toMatch(/console of the server/);
		expect(sent()).toBe(1);
	});

	test.each(UNCERTAIN)('%s: retryUncertain is the user’s own risk', async (_name, fault, charges) => {
		await start();
		contract.simulator.fault({ match: MATCH, times: 1, ...fault });
		const { pictures } = await buy({ timeoutMs: 2_000, retryUncertain: 1, ...(fault.hang ? { timeoutMs: 300 } : {}) });
		expect(pictures[0].file.mimeType).toBe('image/png');
		expect(sent()).toBe(2);
		expect(contract.simulator.ledger().charges).toBe(charges + 1);
		expect(contract.events.at(-1).message).toMatch(/may have been paid for more than once/);
	});

	test('and no oftener than the user says', async () => {
		await start();
		contract.simulator.fault({ match: MATCH, times: -1, status: 500, body: {} });
		await errorOf(buy({ retryUncertain: 2 }));
		expect(sent()).toBe(3);
	});
});

describe('an answer without a picture', () => {
	test.each([
		['no data', { created: 1, data: [] }, 'noResult'],
		['words instead', { message: 'Try again with another prompt' }, 'noResult'],
		['an error with status 200', { error: { message: 'The backend was busy', code: 'busy' } }, 'noResult'],
		['blocked content with status 200', { error: { message: '图片检测系统认为内容可能违反相关政策' } }, 'moderation'],
	])('%s: its own words, billed, sent once', async (_name, body, kind) => {
		await start();
		contract.simulator.fault({ match: MATCH, times: -1, status: 200, body });
		const error = await errorOf(buy());
		expect(error).toMatchObject({ kind, billed: 'yes' });
		expect(error.serverMessage).toBe(body.message ?? body.error?.message);
		expect(error.requestId).toMatch(/^req_/);
		expect(sent()).toBe(1);
	});

	test('is sent again as often as retryUncertain says, blocked content never', async () => {
		await start();
		contract.simulator.fault({ match: MATCH, times: 1, status: 200, body: { data: [] } });
		const { pictures } = await buy({ retryUncertain: 1 });
		expect(pictures).toHaveLength(1);
		expect(sent()).toBe(2);
		contract.simulator.fault({ match: MATCH, times: -1, status: 200, body: { message: 'our content policy' } });
		expect(await errorOf(buy({ retryUncertain: 2 }))).toMatchObject({ kind: 'moderation' });
		expect(sent()).toBe(3);
	});

	test('bytes that are no picture are told of, not delivered', async () => {
		await start();
		contract.simulator.fault({ match: MATCH, status: 200, body: { data: [{ b64_json: 'bm8gcGljdHVyZQ==' }] } });
		const { pictures } = await buy();
		expect(pictures[0].file).toBeUndefined();
		expect(pictures[0].error).toMatchObject({ kind: 'downloadFailed', billed: 'yes' });
		expect(pictures[0].error.message).toBe('The server sent 10 bytes that are no media file');
	});
});

describe('plain refusals cost nothing', () => {
	test.each([
		[400, { error: { message: 'no' } }, 'requestRefused', 1],
		[401, {}, 'authentication', 1],
		[402, {}, 'insufficientBalance', 1],
		[403, {}, 'permission', 1],
		[404, { error: { message: 'The model x does not exist' } }, 'modelUnavailable', 1],
		[429, { error: { message: 'You exceeded your current quota' } }, 'insufficientBalance', 1],
		[429, {}, 'rateLimited', 3],
		[429, { error: { message: 'too many concurrent requests' } }, 'tooManyRunningJobs', 3],
		[302, {}, 'wrongAddress', 1],
	])('%i %j', async (status, body, kind, requests) => {
		await start();
		contract.simulator.fault({ match: MATCH, times: -1, status, body, headers: { location: '/elsewhere' } });
		expect(await errorOf(buy())).toMatchObject({ kind, billed: 'no' });
		expect(sent()).toBe(requests);
		expect(contract.simulator.ledger().charges).toBe(0);
	});

	test.each([
		['words', /The server blocked the content \(violence\)/],
		['details', /The server blocked the content \(violence\)/],
	])('the safety system, told in %s: its categories, never again', async (safety, message) => {
		await start();
		contract.simulator.scriptImages({ safety });
		const error = await errorOf(buy({ retryUncertain: 2 }));
		expect(error).toMatchObject({ kind: 'moderation', billed: 'no', status: 400 });
		expect(error.message).toMatch(message);
		expect(error.serverMessage).toMatch(/rejected by the safety system/);
		expect(sent()).toBe(1);
	});

	test.each([
		['429', { status: 429, headers: { 'retry-after': '7' }, body: {} }],
		['503 with Retry-After', { status: 503, headers: { 'retry-after': '7' }, body: {} }],
	])('%s is sent again after the pause that it asks for', async (_name, fault) => {
		await start();
		contract.simulator.fault({ match: MATCH, times: 2, ...fault });
		const { pictures } = await buy();
		expect(pictures).toHaveLength(1);
		const [first, second, third] = contract.requests('POST', '/images/').map(({ atMs }) => atMs);
		expect([second - first, third - second]).toEqual([7_000, 7_000]);
		expect(contract.simulator.ledger().charges).toBe(1);
	});

	test('what never arrived is sent again', async () => {
		await start();
		const { http } = contract.ports;
		let refusals = 2;
		contract.ports.http = async (request) => {
			if (refusals-- <= 0) return await http(request);
			return { outcome: 'noResponse', certainlyNotSent: true, code: 'ECONNREFUSED', message: 'connect ECONNREFUSED' };
		};
		expect((await buy()).pictures).toHaveLength(1);
		refusals = 5;
		expect(await errorOf(buy())).toMatchObject({ kind: 'serverUnreachable', billed: 'no' });
	});

	test('a refusal after an uncertain try does not make it free', async () => {
		await start();
		contract.simulator.fault({ match: MATCH, times: 1, status: 500, body: {} });
		contract.simulator.fault({ match: MATCH, times: 1, skip: 0, status: 400, body: {} });
		expect(await errorOf(buy({ retryUncertain: 1 }))).toMatchObject({ kind: 'requestRefused', billed: 'maybe' });
	});
});

test('a stop while the picture is made: perhaps billed, and the log says when', async () => {
	await start();
	contract.ports.http = async () => ({
		outcome: 'noResponse',
		certainlyNotSent: false,
		code: 'CANCELLED',
		message: 'x',
	});
	const ledger = contract.openLedger();
	expect(await errorOf(buy({}, {}, contract.toolsOf(ledger)))).toMatchObject({ kind: 'cancelled', billed: 'maybe' });
	expect(contract.events.at(-1)).toMatchObject({ level: 'warn', details: { prompt: 'Boat' } });
	expect(contract.entries[0]).toMatchObject({ uncertainTries: 1 });
});

describe('a second try of the node in the same execution', () => {
	/** Buys the same unit twice, as Retry On Fail does. */
	async function twice(limits = {}, fields = {}) {
		const ledger = contract.openLedger();
		const first = await buy(limits, fields, contract.toolsOf(ledger)).catch((error) => error);
		const again = contract.openLedger();
		const second = await buy(limits, fields, contract.toolsOf(again)).catch((error) => error);
		return { first, second };
	}

	test.each([
		['links', 'gpt-image-1'],
		['base64', 'gpt-image-1.5'],
	])('what came as %s is given out again, without a request', async (_name, model) => {
		await start();
		const { first, second } = await twice({ model }, { n: 2 });
		expect(second.resumed).toBe(true);
		expect(second.pictures).toEqual(first.pictures);
		expect(second).toMatchObject({ requestId: first.requestId, usage: first.usage, createdAtMs: first.createdAtMs });
		expect(sent()).toBe(1);
		expect(contract.stored).toHaveLength(2);
		expect(JSON.stringify(contract.entries).length).toBeLessThan(4_000);
	});

	test('a picture whose link failed is fetched again from its link', async () => {
		await start();
		const { otherOrigin } = contract.simulator;
		const bytes = await makePicture({ width: 8, height: 8, format: 'png', seed: 'x' });
		const dead = otherOrigin.put('/dead.png', Buffer.from('gone'), 'text/plain', 404);
		const links = [otherOrigin.put('/good.png', bytes, 'image/png'), dead];
		contract.simulator.scriptImages({ links });
		const ledger = contract.openLedger();
		const first = await buy({}, {}, contract.toolsOf(ledger));
		expect(first.pictures[0].file).toMatchObject({ width: 8, fileName: expect.stringMatching(/-0\.png$/) });
		expect(first.pictures[1].error).toMatchObject({ kind: 'downloadFailed', billed: 'yes', url: dead, status: 404 });
		expect(first.pictures[1].error.hint).toMatch(/Retry On Fail.*without paying/);
		otherOrigin.put('/dead.png', bytes, 'image/png');
		otherOrigin.requests.length = 0;
		const second = await buy({}, {}, contract.toolsOf(contract.openLedger()));
		expect(second.pictures[1].file).toMatchObject({ width: 8 });
		expect(otherOrigin.requests.map(({ path }) => path)).toEqual(['/dead.png']);
		expect(sent()).toBe(1);
	});

	test('a loop that brings an item with a dead link back fetches it again, and does not buy', async () => {
		await start();
		const dead = contract.simulator.otherOrigin.put('/gone.png', Buffer.from('x'), 'text/plain', 404);
		contract.simulator.scriptImages({ links: [dead], times: 1 });
		const first = contract.openLedger();
		const failed = await buy({}, {}, contract.toolsOf(first));
		expect(failed.pictures[0].error.kind).toBe('downloadFailed');
		first.close(false);
		const bytes = await makePicture({ width: 64, height: 64, format: 'png', seed: 'found' });
		contract.simulator.otherOrigin.put('/gone.png', bytes, 'image/png');
		const again = await buy({}, {}, contract.toolsOf(contract.openLedger({ runIndex: 1 })));
		expect(again).toMatchObject({ resumed: true, pictures: [{ file: { mimeType: 'image/png' } }] });
		expect(sent()).toBe(1);
	});

	test('blocked content is not sent again by a later try, whatever retryUncertain says', async () => {
		await start();
		const refused = {
			status: 200,
			body: { data: [], error: { code: 'moderation_blocked', message: 'safety system' } },
		};
		contract.simulator.fault({ match: MATCH, times: -1, ...refused });
		for (let tries = 0; tries < 2; tries++) {
			const error = await errorOf(buy({ retryUncertain: 2 }, {}, contract.toolsOf(contract.openLedger())));
			expect(error).toMatchObject({ kind: 'moderation', billed: 'yes' });
		}
		expect(sent()).toBe(1);
	});

	test('a picture that is stored no longer is not bought again behind the user’s back', async () => {
		await start();
		const ledger = contract.openLedger();
		await buy({ model: 'gpt-image-1.5' }, {}, contract.toolsOf(ledger));
		delete contract.entries[0].delivery.pictures[0].file.reference;
		const { pictures } = await buy({ model: 'gpt-image-1.5' }, {}, contract.toolsOf(contract.openLedger()));
		expect(pictures[0].error).toMatchObject({ kind: 'contentExpired', billed: 'yes' });
		expect(pictures[0].error.hint).toMatch(/Resume Paid Jobs/);
		expect(sent()).toBe(1);
	});

	test('an uncertain request is not sent again; a new execution sends it', async () => {
		await start();
		contract.simulator.fault({ match: MATCH, times: 1, status: 500, body: {} });
		const { first, second } = await twice();
		expect([first.kind, second.kind]).toEqual(['resultUncertain', 'resultUncertain']);
		expect(second.message).toMatch(/nobody knows whether it was billed/);
		expect(second.hint).toMatch(/A new execution sends it anew/);
		expect(sent()).toBe(1);
	});

	test('an answer without a picture gives the same error again', async () => {
		await start();
		contract.simulator.fault({ match: MATCH, times: 1, status: 200, body: { message: 'Not today' } });
		const { first, second } = await twice();
		expect(second).toMatchObject({
			kind: 'noResult',
			billed: 'yes',
			serverMessage: 'Not today',
			message: first.message,
		});
		expect(sent()).toBe(1);
	});

	test('retryUncertain counts the tries of the execution', async () => {
		await start();
		contract.simulator.fault({ match: MATCH, times: 2, status: 500, body: {} });
		const ledger = contract.openLedger();
		await errorOf(buy({}, {}, contract.toolsOf(ledger)));
		await errorOf(buy({ retryUncertain: 1 }, {}, contract.toolsOf(contract.openLedger())));
		expect(sent()).toBe(2);
		expect(contract.entries).toMatchObject([{ uncertainTries: 2 }]);
	});

	test('a plain refusal is sent again', async () => {
		await start();
		contract.simulator.fault({ match: MATCH, times: 1, status: 400, body: {} });
		const { first, second } = await twice();
		expect(first.kind).toBe('requestRefused');
		expect(second.pictures).toHaveLength(1);
	});
});

describe('links of an answer', () => {
	const PLACES = [
		...['169.254.169.254', '10.0.0.1', 'localhost', '127.0.0.1:1', '[::1]', '[::ffff:10.0.0.1]', '[::ffff:a9fe:a9fe]'],
		...['2852039166', '0xa9fea9fe', '0251.0376.0251.0376', '0x0a.0.0.1', '012.1', '10.1', '127.1', '0x7f.1'],
		...['192.168.1.1', '172.16.0.1', '100.64.0.1', '0.0.0.0', '[fd00::1]', '[fe80::1]', 'printer.local'],
	];

	test.each(PLACES)('http://%s is not fetched; the item says why and keeps the link', async (host) => {
		await start({ allowOtherOrigin: false });
		const good = contract.simulator.images.publish(
			{ bytes: await makePicture({ width: 8, height: 8, format: 'png', seed: 'x' }), type: 'image/png', format: 'png' },
			{ host: 'self', selfUrl: contract.simulator.url, folder: '/x' },
		).url;
		contract.simulator.scriptImages({ links: [`http://${host}/secret.png`, good] });
		const { pictures } = await buy();
		expect(pictures[0].error).toMatchObject({ kind: 'unsafeAddress', billed: 'yes' });
		expect(pictures[0].error.message).toMatch(/points into a private network/);
		expect(pictures[0].error.hint).toMatch(/Allowed Download Hosts/);
		expect(pictures[0].error.url).toMatch(/secret\.png$/);
		expect(pictures[1].file).toMatchObject({ width: 8, height: 8 });
	});

	test('nor is one that a redirect leads to', async () => {
		await start({ allowOtherOrigin: false });
		contract.simulator.fault({ match: { path: '/tmp/' }, redirect: 'http://169.254.169.254/latest/meta-data' });
		contract.simulator.scriptImages({ links: ['/tmp/a.png'] });
		const { pictures } = await buy();
		expect(pictures[0].error).toMatchObject({ kind: 'unsafeAddress', billed: 'yes' });
		expect(pictures[0].error.url).toMatch(/\/tmp\/a\.png$/);
	});

	test('another port of the server’s host only where the user names it', async () => {
		await start({ allowOtherOrigin: false });
		expect((await buy()).pictures[0].error).toMatchObject({ kind: 'unsafeAddress', billed: 'yes' });
		expect(contract.simulator.otherOrigin.requests).toEqual([]);
		await contract.end();
		await start({ allowOtherOrigin: true });
		expect((await buy()).pictures[0].file).toMatchObject({ width: 1024 });
		expect(contract.simulator.otherOrigin.requests).toHaveLength(1);
	});

	test('of sora2api below /tmp/ that name its own network are meant for its Base URL', async () => {
		await start({ server: 'sora2api', allowOtherOrigin: false });
		const { simulator } = contract;
		const bytes = await makePicture({ width: 8, height: 8, format: 'png', seed: 'x' });
		const { url } = simulator.images.publish(
			{ bytes, type: 'image/png', format: 'png' },
			{ host: 'self', selfUrl: 'http://10.11.12.13:8000', folder: '/x' },
		);
		simulator.scriptImages({ links: [url, 'http://10.11.12.13:8000/other/a.png'] });
		const { pictures } = await buy();
		expect(pictures[0].file).toMatchObject({ width: 8 });
		expect(pictures[1].error).toMatchObject({ kind: 'unsafeAddress' });
	});

	test.each([
		['a web page', Buffer.from('<!DOCTYPE html><html></html>'), 'image/png', 200, /text instead of a media file/],
		['404', Buffer.from('gone'), 'text/plain', 404, /could not be fetched/],
		['403', Buffer.from('expired'), 'text/plain', 403, /could not be fetched/],
		['410', Buffer.from('gone'), 'text/plain', 410, /no longer keeps the file behind this link/],
	])('that are dead: %s', async (_name, bytes, type, status, message) => {
		await start();
		const link = contract.simulator.otherOrigin.put('/dead.png', bytes, type, status);
		contract.simulator.scriptImages({ links: [link] });
		const { pictures } = await buy();
		expect(pictures[0]).toMatchObject({ index: 0, url: link });
		expect(pictures[0].error).toMatchObject({ billed: 'yes', url: link });
		expect(pictures[0].error.message).toMatch(message);
		expect(sent()).toBe(1);
	});

	test('that fail for a while are tried again, alone', async () => {
		await start({ allowOtherOrigin: false });
		contract.simulator.fault({ match: { path: '/tmp/' }, times: 2, status: 502, body: 'busy' });
		contract.simulator.scriptImages({ host: 'self' });
		expect((await buy()).pictures[0].file).toMatchObject({ width: 1024 });
		expect(contract.requests('GET', '/tmp/')).toHaveLength(3);
		expect(sent()).toBe(1);
	});
});

test('pictures that had come whole before the connection broke are delivered', async () => {
	await start();
	contract.simulator.scriptImages({ answer: 'url' });
	const answer = await buy({}, { n: 3 });
	const body = JSON.stringify(answer.raw);
	contract.simulator.fault({ match: MATCH, status: 200, body: body.slice(0, body.lastIndexOf('http') + 10) });
	const { pictures } = await buy({}, { n: 3 });
	expect(pictures).toHaveLength(2);
	expect(pictures.map(({ url }) => url)).toEqual(answer.pictures.slice(0, 2).map(({ url }) => url));
});

test('twenty prompts at ten a minute: never more than ten in any 60 seconds, in their order', async () => {
	await start();
	contract.simulator.scriptImages({ pixels: '8x8', answer: 'b64_json' });
	const window = new RateWindow();
	const tools = { ...contract.tools, gate: { enter: async () => await window.enter(10, contract.ports) } };
	const prompts = Array.from({ length: 20 }, (_, index) => `Boat ${index}`);
	await mapSettled(prompts, 3, async (prompt) => await buy({ prompt }, {}, { ...tools, book: contract.tools.book }));
	const requests = contract.requests('POST', '/images/');
	expect(requests.map(({ fields }) => fields.prompt)).toEqual(prompts);
	for (const [index, { atMs }] of requests.entries()) {
		const inWindow = requests.slice(index).filter((other) => other.atMs < atMs + 60_000);
		expect(inWindow.length).toBeLessThanOrEqual(10);
	}
	expect(requests.at(-1).atMs - requests[0].atMs).toBeGreaterThanOrEqual(60_000);
});
