'use strict';

const { createPlainClient } = require('../support/contract/plainClient');
const { startSimulator } = require('../support/simulator');

/** What the simulator charges for images, and the scripts and faults that decide it. */

/** @type {Awaited<ReturnType<typeof startSimulator>>} */
let simulator;
/** @type {ReturnType<typeof createPlainClient>} */
let client;

beforeEach(async () => {
	simulator = await startSimulator({ now: () => 1_763_726_400_000 });
	client = createPlainClient(simulator);
});
afterEach(async () => await simulator.close());

const CHAT = { match: { path: '/chat/' } };

test('videos and images are on one account; the fields of videos stay', async () => {
	await client.post('/videos', { model: 'sora-2', prompt: 'Train' });
	await client.chat('猫【2:3】', { n: 3 });
	expect(simulator.ledger()).toEqual({
		jobsCreated: 1,
		charges: 2,
		chargedUsd: 0.43,
		jobs: [expect.objectContaining({ model: 'sora-2', usd: 0.4 })],
		imageRequests: 1,
		images: [
			{
				...{ endpoint: 'chat', model: 'sora_image', size: '1024x1536', quality: 'medium', prompt: '猫【2:3】' },
				...{ n: 3, usd: 0.03, status: 200, atMs: 1_763_726_400_000 },
			},
		],
		...{ chatVideoRequests: 0, chatVideos: [] },
	});
});

test.each([
	['by tokens', {}, 1, 0.008451],
	['by image where tokens cost more', { usage: { output_tokens: 100_000 } }, 1, 0.011],
	['for each of the images', { usage: { output_tokens: 100_000 } }, 4, 0.044],
])('gpt-image-1 is charged %s', async (_name, script, n, usd) => {
	simulator.scriptImages({ ...script, revisedPrompt: 'A red boat' });
	const { data } = await client.generate({ n });
	expect(data.data[0].revised_prompt).toBe('A red boat');
	expect(data.usage).toMatchObject(script.usage ?? { output_tokens: 1056 });
	expect(simulator.ledger().chargedUsd).toBe(usd);
});

test('its prices for each image are those of its page', async () => {
	simulator.scriptImages({ usage: { output_tokens: 1e9 }, host: 'relative' });
	for (const quality of ['low', 'medium', 'high']) {
		for (const size of ['1024x1024', '1024x1536', '1536x1024']) await client.generate({ quality, size });
	}
	const prices = simulator.ledger().images.map(({ usd }) => usd);
	expect(prices).toEqual([0.005, 0.006, 0.006, 0.011, 0.015, 0.015, 0.036, 0.052, 0.052]);
});

test.each([
	['a web page', { junk: 'html' }, 200, 'text/html; charset=utf-8', /<title>Welcome/, 1],
	['nothing', { junk: 'empty' }, 200, 'application/json', /^$/, 1],
	['nothing, for nothing', { junk: 'empty', billed: false }, 200, 'application/json', /^$/, 0],
	['an error', { error: { status: 504, body: 'timed out' } }, 504, 'text/plain; charset=utf-8', /^timed out$/, 0],
	[
		'an error that is billed',
		{ error: { status: 500, body: { a: 1 } }, billed: true },
		500,
		'application/json',
		/1/,
		1,
	],
	[
		'the older refusal',
		{ safety: 'words' },
		400,
		'application/json',
		/safety_violations=\[violence\].*moderation_blocked/,
		0,
	],
	['the newer refusal', { safety: 'details' }, 400, 'application/json', /"moderation_stage":"input","categories":/, 0],
])('%s', async (_name, script, status, type, body, charges) => {
	simulator.scriptImages(script);
	for (const path of ['/images/generations', '/chat/completions']) {
		const response = await fetch(`${simulator.baseUrl}${path}`, {
			method: 'POST',
			headers: { authorization: `Bearer ${simulator.apiKey}`, 'content-type': 'application/json' },
			body: JSON.stringify({
				...{ model: 'gpt-image-2-all', prompt: 'Boat' },
				...(path.includes('chat') && { messages: [{ role: 'user', content: 'Boat' }] }),
			}),
		});
		expect([response.status, response.headers.get('content-type')]).toEqual([status, type]);
		expect(await response.text()).toMatch(body);
	}
	expect(simulator.ledger().charges).toBe(2 * charges);
});

test.each([
	['lost on its way', { reset: 'after' }, 1],
	['lost in silence', { hang: 'after' }, 1],
	['cut off before it was taken', { reset: 'before' }, 0],
	['never taken', { hang: true }, 0],
	['cut off in the middle', { truncate: 0.5 }, 1],
])('an answer that was %s: a stream and a whole one', async (_name, fault, charges) => {
	const outcomeOf = async (stream) => {
		simulator.fault({ ...CHAT, ...fault });
		const answer = client
			.post('/chat/completions', { model: 'sora_image', stream, messages: [{ role: 'user', content: 'Boat' }] })
			.then(
				() => 'arrived',
				() => 'broken',
			);
		if (!fault.hang) return await answer;
		// Another request has been worked on meanwhile: the first would have been answered by now.
		for (let turn = 0; turn < 3; turn++) await client.generate({ model: 'gpt-image-2' });
		return await Promise.race([answer, Promise.resolve('silent')]);
	};
	expect(await outcomeOf(false)).toBe(fault.hang ? 'silent' : 'broken');
	if (fault.truncate === undefined) expect(await outcomeOf(true)).toBe(fault.hang ? 'silent' : 'broken');
	const chats = simulator.ledger().images.filter(({ endpoint }) => endpoint === 'chat');
	expect(chats.filter(({ usd }) => usd === 0.01)).toHaveLength(fault.truncate === undefined ? 2 * charges : charges);
});

test('a fault that answers instead charges nothing', async () => {
	simulator.fault({ ...CHAT, status: 200, body: '<html></html>' });
	expect(await (await client.chat('Boat')).text()).toBe('<html></html>');
	expect(simulator.ledger()).toMatchObject({ imageRequests: 0, charges: 0 });
});

test('from outside: scripts, the account, the requests, and forgetting', async () => {
	const admin = async (path, body) =>
		await (
			await fetch(`${simulator.url}/admin${path}`, {
				...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }),
				headers: { 'content-type': 'application/json' },
			})
		).json();
	expect(await admin('/images', [{ prompt: '^A', text: 'no', times: 1 }, { host: 'self' }])).toEqual({ scripts: 2 });
	const dead = simulator.otherOrigin.put('/dead', Buffer.from('gone'), 'text/plain', 410);
	expect((await (await client.chat('A boat')).json()).choices[0].message.content).toBe('no');
	const { choices } = await (await client.chat('A boat')).json();
	const link = /\(([^)]+)\)/u.exec(choices[0].message.content)?.[1] ?? '';
	expect((await fetch(link)).status).toBe(200);
	expect(await admin('/ledger')).toMatchObject({ imageRequests: 2, chargedUsd: 0.02 });
	const { requests } = await admin('/requests');
	expect(requests).toMatchObject([{ fields: { model: 'sora_image' } }, {}, { method: 'GET', status: 200 }]);
	await admin('/reset', {});
	expect(await admin('/ledger')).toMatchObject({ imageRequests: 0, charges: 0, images: [] });
	expect(await admin('/requests')).toMatchObject({ requests: [], otherOrigin: [] });
	expect(simulator.images.scripts).toEqual([]);
	expect((await fetch(link)).status).toBe(404);
	expect((await fetch(dead)).status).toBe(200);
});
