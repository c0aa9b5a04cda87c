'use strict';

const { searchChatImageModels, searchImageModels, searchVideoModels } = require('../../build/nodes/adapter/modelList');
const { createN8nContext } = require('../support/contract/n8nContext');
const { startContract } = require('../support/contract');

/** @type {Awaited<ReturnType<typeof startContract>>} */
let contract;

afterEach(async () => await contract.end());

async function list(search, { server = 'custom', filter = '', apiKey = undefined } = {}) {
	contract = await startContract({ server });
	const { baseUrl } = contract.simulator;
	const { context } = createN8nContext({ server, baseUrl, apiKey: apiKey ?? contract.simulator.apiKey });
	const { results } = await search.call(context, filter);
	return results;
}

test('images: the catalogue with its prices, then what else the server lists', async () => {
	const results = await list(searchImageModels);
	const [first] = results;
	expect(first).toEqual({
		name: 'gpt-image-1 — $0.005/image to $0.052/image, three sizes, tokens or per image, whichever is lower',
		value: 'gpt-image-1',
	});
	const values = results.map(({ value }) => value);
	expect(values).toEqual(expect.arrayContaining(['gpt-image-1-mini', 'gpt-image-2.6-flare']));
	expect(new Set(values).size).toBe(values.length);
	expect(contract.requests('GET', '/models')).toHaveLength(1);
});

test('what the server does not list comes last, and says so; a server without a list says nothing of it', async () => {
	const results = await list(searchVideoModels);
	const at = (id) => results.findIndex(({ value }) => value === id);
	expect(results[at('muse-video')].name).toMatch(/— not listed by this server, /);
	expect(results[at('sora-2')].name).not.toMatch(/not listed/);
	expect(at('open-video-1')).toBeGreaterThan(at('sora-2-pro'));
	expect(at('muse-video')).toBeGreaterThan(at('open-video-1'));
	await contract.end();
	const unknown = await list(searchVideoModels, { apiKey: 'sk-wrong-0123456789' });
	expect(unknown.filter(({ name }) => name.includes('not in the list'))).toEqual([]);
});

test('a model that is known from the other endpoint names the node for it', async () => {
	const results = await list(searchImageModels);
	expect(results.find(({ value }) => value === 'sora_image').name).toMatch(
		/listed by this server, usually for Sora Image$/,
	);
});

test('images of chat completions: their own rows', async () => {
	const [first] = await list(searchChatImageModels);
	expect(first).toMatchObject({ value: 'sora_image', name: expect.stringMatching(/^sora_image — \$0\.01\/image, /) });
});

test('videos: prices by the second, or for a whole video', async () => {
	const results = await list(searchVideoModels);
	expect(results[0]).toMatchObject({ value: 'sora-2', name: expect.stringMatching(/^sora-2 — \$0\.10\/s, /) });
	const muse = results.find(({ value }) => value === 'muse-video');
	expect(muse.name).toMatch(/^muse-video — (not listed by this server, )?\$0\.30\/video, /);
});

test('a filter looks into the names', async () => {
	const results = await list(searchImageModels, { filter: ' SUNBURST ' });
	expect(results.length).toBeGreaterThan(3);
	expect(results.every(({ name }) => name.includes('sunburst'))).toBe(true);
});

test('the list works without the server', async () => {
	const results = await list(searchImageModels, { apiKey: 'sk-wrong-0123456789' });
	expect(results[0].value).toBe('gpt-image-1');
	expect(results.every(({ name }) => !name.includes('listed by this server'))).toBe(true);
});

test('what makes something else is left out; models that nobody knows are shown', async () => {
	const videos = (await list(searchVideoModels)).map(({ value }) => value);
	expect(videos).toContain('open-video-1');
	expect(videos.some((id) => /image/.test(id))).toBe(false);
	await contract.end();
	const images = (await list(searchImageModels)).map(({ value }) => value);
	expect(images).toContain('gpt-image-2-all');
	expect(images).not.toContain('sora-2');
	expect(images.some((id) => /video/.test(id))).toBe(false);
});

test('a server that makes videos over chat completions: its own names, and what stands for Sora 2', async () => {
	const results = await list(searchVideoModels, { server: 'sora2api' });
	expect(results[0]).toEqual({ name: 'sora-2 — the variant for Size and Seconds', value: 'sora-2' });
	const values = results.map(({ value }) => value);
	expect(values).toEqual(expect.arrayContaining(['sora2-portrait-15s', 'sora2pro-hd-landscape-10s']));
	expect(values.some((id) => /^(avatar|prompt|sora_video2)/.test(id))).toBe(false);
});
