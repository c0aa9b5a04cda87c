'use strict';

const { operations } = require('../../build/nodes/SoraImage/description');
const { mapSettled, RateWindow } = require('../../build/nodes/core/concurrency');
const { startContract } = require('../support/contract');
const { runOperation } = require('../support/contract/items');
const { REFUSALS } = require('../support/simulator/imageScripts');

/** @type {Awaited<ReturnType<typeof startContract>>} */
let contract;

afterEach(async () => await contract.end());

const CREATE = { method: 'POST' };
const start = async (options = {}) => (contract = await startContract({ allowOtherOrigin: true, ...options }));
const posts = () => contract.requests('POST');

/** Generates for one item; failed ones come out as their error. */
async function generate(parameters = {}, more = {}) {
	const wish = { parameters: { prompt: 'A cat', ...parameters }, ...more };
	const { items } = await runOperation(contract, operations.generate, wish);
	return { items, errors: items.flatMap(({ json }) => (json.error ? [json.error] : [])) };
}

function expectPictures(items, count) {
	expect(items.map(({ json }) => json.error)).toEqual(new Array(count).fill(undefined));
	for (const { json } of items) expect(json).toMatchObject({ mimeType: 'image/png', width: 1024, height: 1536 });
	expect(new Set(contract.stored.map(({ bytes }) => bytes.toString('base64'))).size).toBe(count);
}

describe('every shape of an answer gives its pictures', () => {
	test.each(['plain', 'gpt4o', 'sora2api', 'images'])('%s', async (form) => {
		const { simulator } = await start();
		simulator.scriptImages({ form, images: 2 });
		expectPictures((await generate()).items, 2);
	});

	test.each([
		['1024x1024', '2:3', ['An image of item 0 is 1024x1024, although the ratio 2:3 was asked for.']],
		['1024x1536', '2:3', []],
		['1008x1536', '2:3', []],
		['1024x1024', 'none', []],
	])('a picture of %s, asked for as %s, is told when it differs', async (pixels, ratio, expected) => {
		const { simulator } = await start();
		simulator.scriptImages({ pixels, images: 2 });
		const { hints } = await runOperation(contract, operations.generate, { parameters: { prompt: 'A cat', ratio } });
		expect(hints).toEqual(expected);
	});

	test.each(['url', 'b64_json', 'dataUrl'])('the images shape with %s', async (answer) => {
		const { simulator } = await start();
		simulator.scriptImages({ form: 'images', answer, images: 2 });
		const { items } = await generate({ options: { simplify: false } });
		expectPictures(items, 2);
		expect(items.every(({ json }) => (json.url !== undefined) === (answer === 'url'))).toBe(true);
		expect(JSON.stringify(items[0].json).length).toBeLessThan(3_000);
	});

	test('one JSON completion, although a stream was asked for', async () => {
		const { simulator } = await start();
		const link = simulator.otherOrigin.put('/a.png', Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), 'image/png');
		const choices = [{ index: 0, message: { content: `![a](${link})` }, finish_reason: 'stop' }];
		simulator.scriptImages({ error: { status: 200, body: { created: 1_700_000_000, choices } } });
		const { items } = await generate();
		expect(items[0].json).toMatchObject({ url: link, createdAt: '2023-11-14T22:13:20.000Z', text: `![a](${link})` });
	});

	test.each([
		['line ends of Windows', { lineEnd: '\r\n' }],
		['comments', { comments: true }],
		['characters that are cut in half', { splitCharacters: true, pieceLength: 3 }],
		['a character in each frame', { pieceLength: 1 }],
		['no terminator', { done: 'none' }],
		['the malformed terminator', { done: 'literal' }],
		['no finish reason', { finishReason: null }],
		['neither', { finishReason: null, done: 'none' }],
		['a break behind the picture', { cut: 'after', pieceLength: 1000 }],
	])('a stream with %s', async (_name, stream) => {
		const { simulator } = await start();
		simulator.scriptImages({ stream, form: 'gpt4o' });
		const { items } = await generate({ prompt: '一只猫 🐈' });
		expectPictures(items, 1);
		expect(items[0].json.text).toContain('一只猫 🐈【2:3】');
	});

	test('a picture is delivered although the server falls silent behind it', async () => {
		const { simulator, time } = await start({ isSilentAfter: /Signature=\w+%3D\)/ });
		simulator.scriptImages({ stream: { stall: 'after', pieceLength: 10_000 } });
		expectPictures((await generate()).items, 1);
		expect(time.elapsedSeconds).toBeGreaterThanOrEqual(180);
	});

	test.each([
		['the server’s own origin', 'self'],
		['a path there', 'relative'],
		['another origin, without credentials', 'other'],
	])('a link to %s', async (_name, host) => {
		const { simulator } = await start();
		simulator.scriptImages({ host });
		expectPictures((await generate()).items, 1);
	});

	test('sora2api names its files by an address of its own network', async () => {
		const { simulator } = await start({ server: 'sora2api' });
		const bytes = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
		simulator.images.files.set('/tmp/a.png', { bytes, type: 'image/png' });
		simulator.scriptImages({ links: ['http://127.0.0.1:8000/tmp/a.png'] });
		const { items } = await generate({ model: { __rl: true, mode: 'id', value: 'gpt-image' } });
		expect(items[0].json).toMatchObject({ url: `${simulator.url}/tmp/a.png`, mimeType: 'image/png', fileSize: 8 });
	});
});

describe('an answer without a picture is an error with the model’s own words, billed, and never sent again', () => {
	test.each(['plain', 'gpt4o', 'sora2api'])('%s', async (form) => {
		const { simulator } = await start();
		for (const [index, refusal] of REFUSALS.entries()) simulator.scriptImages({ prompt: `No${index}`, form, refusal });
		for (const [index, refusal] of REFUSALS.entries()) {
			const { errors } = await generate({ prompt: `No${index}` });
			expect(errors).toHaveLength(1);
			expect(['noResult', 'moderation']).toContain(errors[0].kind);
			expect(errors[0]).toMatchObject({ billed: 'yes', description: expect.stringContaining(refusal.slice(0, 60)) });
			expect(errors[0].requestId).toMatch(/^req_/);
		}
		expect(posts()).toHaveLength(REFUSALS.length);
		expect(simulator.ledger().charges).toBe(REFUSALS.length);
	});

	test('blocked content is told from other reasons', async () => {
		const { simulator } = await start();
		simulator.scriptImages({ prompt: 'one', refusal: REFUSALS[0] });
		simulator.scriptImages({ prompt: 'two', text: 'I would need more details first.' });
		expect((await generate({ prompt: 'one' })).errors[0].kind).toBe('moderation');
		const [error] = (await generate({ prompt: 'two' })).errors;
		expect(error).toMatchObject({ kind: 'noResult', message: 'The server answered without a picture' });
		expect(error.description).toMatch(/The server said: "I would need more details first"\./);
	});

	test('an error frame', async () => {
		const { simulator } = await start();
		const message = 'upstream: {"error":{"message":"Your country is not supported"}}';
		simulator.scriptImages({ stream: { error: { message, code: 'unsupported_country_code' } } });
		const { errors } = await generate();
		expect(errors[0]).toMatchObject({
			kind: 'noResult',
			description: expect.stringContaining('country is not supported'),
		});
	});
});

describe('an answer that does not come whole is uncertain, and never sent again by itself', () => {
	test.each([
		['a break before the picture', { stream: { cut: 'before' } }, /connection broke off/],
		['a break inside of the link', { stream: { cut: 'inside', pieceLength: 1_000 } }, /connection broke off/],
		[
			'an end without a finish',
			{ text: 'soon', stream: { finishReason: null, done: 'none' } },
			/before the server said/,
		],
		['a web page', { junk: 'html' }, /text\/html/],
		['nothing', { junk: 'empty' }, /empty body/],
		['a failure of the server', { error: { status: 502, body: 'Bad gateway' } }, /status 502/],
	])('%s', async (_name, script, words) => {
		const { simulator } = await start();
		simulator.scriptImages(script);
		const { errors } = await generate();
		expect(errors).toEqual([expect.objectContaining({ kind: 'resultUncertain', billed: 'maybe' })]);
		expect(errors[0].message).toMatch(words);
		expect(posts()).toHaveLength(1);
	});

	test.each([
		['a reset before it was taken', { reset: 'before' }, 0],
		['a reset after it was taken', { reset: 'after' }, 1],
	])('%s', async (_name, fault, charges) => {
		const { simulator } = await start();
		simulator.fault({ match: CREATE, ...fault });
		expect((await generate()).errors).toMatchObject([{ kind: 'resultUncertain', billed: 'maybe' }]);
		expect(posts()).toHaveLength(1);
		expect(simulator.ledger().charges).toBe(charges);
	});

	test.each([
		['before the picture', 'before', /"role":"assistant"/],
		['inside of the link', 'inside', /"content":"!/],
	])('silence %s', async (_name, stall, isSilentAfter) => {
		const { simulator, time } = await start({ isSilentAfter });
		simulator.scriptImages({ stream: { stall, pieceLength: 10_000 } });
		const { errors } = await generate();
		expect(errors).toMatchObject([{ kind: 'resultUncertain', billed: 'maybe' }]);
		expect(errors[0].message).toMatch(/silent for 180 seconds/);
		expect(time.elapsedSeconds).toBeGreaterThanOrEqual(180);
		expect(time.elapsedSeconds).toBeLessThan(182);
		expect(posts()).toHaveLength(1);
	});

	test('unless the user takes the risk', async () => {
		const { simulator } = await start();
		simulator.scriptImages({ stream: { cut: 'before' }, times: 1 });
		expectPictures((await generate({ options: { retryUncertain: 1 } })).items, 1);
		expect(simulator.ledger().charges).toBe(2);
		expect(contract.events.map(({ message }) => message).join()).toMatch(/paid for more than once/);
	});
});

describe('what was plainly refused is sent again', () => {
	test.each([
		['429', { status: 429, body: { error: { message: 'Slow down' } } }],
		['503 with Retry-After', { status: 503, headers: { 'retry-after': '2' }, body: '' }],
	])('%s', async (_name, fault) => {
		const { simulator } = await start();
		simulator.fault({ match: CREATE, ...fault });
		expectPictures((await generate()).items, 1);
		expect(posts()).toHaveLength(2);
		expect(simulator.ledger().charges).toBe(1);
	});

	test('blocked content is not', async () => {
		const { simulator } = await start();
		simulator.scriptImages({ safety: 'words' });
		expect((await generate()).errors).toMatchObject([{ kind: 'moderation', billed: 'no' }]);
		expect(posts()).toHaveLength(1);
	});
});

describe('links that lead into private networks are not fetched, and the item says why', () => {
	const port = () => new URL(contract.simulator.url).port;
	test.each([
		['http://169.254.169.254/latest/a.png'],
		['http://10.0.0.1/a.png'],
		['http://localhost:1/a.png'],
		['http://127.0.0.1:1/a.png'],
		['http://2130706433/a.png'],
		['http://0177.0.0.1/a.png'],
		['http://0x7f.0.0.1/a.png'],
		['http://0x7f000001/a.png'],
		['http://127.1/a.png'],
		['http://[::ffff:10.0.0.1]/a.png'],
		['http://[::1]/a.png'],
	])('%s', async (link) => {
		const { simulator } = await start({ allowOtherOrigin: false });
		simulator.scriptImages({ links: [link] });
		const { errors } = await generate();
		expect(errors).toMatchObject([{ kind: 'unsafeAddress', billed: 'yes' }]);
		expect(errors[0].message).toMatch(/private network/);
		expect(new URL(errors[0].url).href).toBe(new URL(link).href);
		expect(contract.requests('GET')).toEqual([]);
	});

	test('another port of the server’s own host, and one behind a redirect', async () => {
		const { simulator } = await start({ allowOtherOrigin: false });
		simulator.scriptImages({ host: 'other', prompt: 'port' });
		simulator.scriptImages({ host: 'self', prompt: 'redirect' });
		simulator.fault({ match: { path: '/tmp/' }, redirect: 'http://169.254.169.254/latest' });
		for (const prompt of ['port', 'redirect']) {
			expect((await generate({ prompt })).errors).toMatchObject([{ kind: 'unsafeAddress', billed: 'yes' }]);
		}
		expect(simulator.otherOrigin.requests).toEqual([]);
		expect(port()).not.toBe(new URL(simulator.otherOrigin.url).port);
	});
});

test('a dead link fails its own picture only, and keeps its address', async () => {
	const { simulator } = await start();
	const dead = simulator.otherOrigin.put('/dead.png', Buffer.from('gone'), 'text/plain', 404);
	const alive = simulator.otherOrigin.put('/alive.png', Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), 'image/png');
	simulator.scriptImages({ links: [dead, alive] });
	const { items } = await generate();
	expect(items[0].json.error).toMatchObject({ kind: 'downloadFailed', billed: 'yes', url: dead });
	expect(items[1].json).toMatchObject({ url: alive, mimeType: 'image/png' });
});

test('one failed variation of five leaves four files and one failed item, in place', async () => {
	const { simulator } = await start();
	simulator.scriptImages({ prompt: 'three', refusal: REFUSALS[2] });
	const { items } = await generate({ options: { variations: ['one', 'two', 'three', 'four', 'five'] } });
	expect(items.map(({ json }) => json.error?.kind ?? json.variation)).toEqual([
		'one',
		'two',
		'noResult',
		'four',
		'five',
	]);
	expect(contract.stored).toHaveLength(4);
	expect(posts()).toHaveLength(5);
});

describe('a second try of the node', () => {
	test('gives out again what was delivered, and sends nothing', async () => {
		await start();
		const first = await generate({}, { ledger: contract.openLedger() });
		const again = await generate({}, { ledger: contract.openLedger() });
		expect(again.items[0].json).toEqual({ ...first.items[0].json, resumed: true });
		expect(posts()).toHaveLength(1);
		expect(contract.stored).toHaveLength(1);
	});

	test('does not send again what was perhaps billed', async () => {
		const { simulator } = await start();
		simulator.scriptImages({ stream: { cut: 'before' }, times: 1 });
		await generate({}, { ledger: contract.openLedger() });
		const { errors } = await generate({}, { ledger: contract.openLedger() });
		expect(errors).toMatchObject([{ kind: 'resultUncertain', billed: 'maybe' }]);
		expect(errors[0].hint).toMatch(/A new execution sends it anew/);
		expect(posts()).toHaveLength(1);
	});
});

describe('twenty prompts at ten a minute', () => {
	const PROMPTS = Array.from({ length: 20 }, (_, index) => `Prompt ${index}`);

	test.each([
		['side by side', async (work) => void (await mapSettled(PROMPTS, 3, work))],
		[
			'one by one, as in a loop',
			async (work) => {
				for (const prompt of PROMPTS) await work(prompt);
			},
		],
	])('%s: never more than ten in any 60 seconds, and in order', async (_name, runAll) => {
		await start();
		const window = new RateWindow();
		contract.tools.gate.enter = async () => await window.enter(10, contract.ports);
		await runAll(async (prompt) => expectNoError(await generate({ prompt, ratio: 'none' })));
		expect(posts().map(({ fields }) => fields.messages[0].content)).toEqual(PROMPTS);
		const times = posts().map(({ atMs }) => atMs);
		for (let at = 10; at < times.length; at++) expect(times[at] - times[at - 10]).toBeGreaterThanOrEqual(60_000);
		expect(contract.time.elapsedSeconds).toBeLessThan(70);
	});

	function expectNoError({ errors }) {
		expect(errors).toEqual([]);
	}
});
