'use strict';

const { askChat } = require('../../build/nodes/core/chat/askChat');
const { GenerationError } = require('../../build/nodes/core/errors');
const { createCharacter } = require('../../build/nodes/core/video/characters');
const { errorOf, startContract } = require('../support/contract');

const limits = { timeoutMs: 400, maxRetries: 1, retryUncertain: 0 };
const chatFields = {
	model: 'prompt-enhance-short-10s',
	messages: [{ role: 'user', content: 'A boat' }],
	stream: false,
};
const CALLS = [
	['a prompt', (tools) => askChat(chatFields, 'prompt', limits, tools), 'resultUncertain'],
	[
		'a character',
		(tools) => createCharacter({ encoding: 'multipart', fields: { name: 'Anna' }, files: [] }, limits, tools),
		'submissionUncertain',
	],
];

describe.each(CALLS)('%s', (_name, call, kind) => {
	let contract;

	beforeEach(async () => {
		contract = await startContract({});
	});

	afterEach(async () => await contract.simulator.close());

	test.each([
		['the connection ends', { reset: 'after' }],
		['nothing comes', { hang: 'after' }],
		['a gateway answers', { status: 502, body: '<html>' }],
		['an empty error comes', { status: 500, body: '' }],
	])('may have been billed when %s', async (_what, fault) => {
		contract.simulator.fault({ match: { method: 'POST' }, ...fault });
		const error = await errorOf(call(contract.tools));
		expect(error).toMatchObject({ kind, billed: 'maybe' });
		expect(error.message).toMatch(/may have been billed/);
		expect(contract.requests('POST')).toHaveLength(1);
	});

	test('is free when it was plainly refused', async () => {
		contract.simulator.fault({ match: { method: 'POST' }, status: 400, body: { error: { message: 'Bad' } } });
		expect(await errorOf(call(contract.tools))).toMatchObject({ kind: 'requestRefused', billed: 'no' });
	});

	test('passes the gate before every try', async () => {
		const refused = new GenerationError('authentication', 'The server refused the API key');
		const sentAtEntry = [];
		const gate = {
			enter: async () => {
				sentAtEntry.push(contract.requests('POST').length);
				if (sentAtEntry.length === 2) throw refused;
			},
		};
		contract.simulator.fault({ match: { method: 'POST' }, status: 429, body: {}, times: -1 });
		expect(await errorOf(call({ ...contract.tools, gate }))).toBe(refused);
		expect(sentAtEntry).toEqual([0, 1]);
	});
});

test('a stop while words are read leaves open whether they were billed', async () => {
	const contract = await startContract({});
	try {
		contract.simulator.fault({ match: { method: 'POST' }, status: 200, body: '' });
		const stopped = new GenerationError('cancelled', 'The execution was stopped', { billed: 'no' });
		const ports = { ...contract.ports, sleep: async () => await Promise.reject(stopped) };
		const error = await errorOf(askChat(chatFields, 'prompt', limits, { ...contract.tools, ports }));
		expect(error).toMatchObject({ kind: 'cancelled', billed: 'maybe' });
	} finally {
		await contract.simulator.close();
	}
});
