'use strict';

const { readFileSync } = require('node:fs');
const path = require('node:path');

const { DOCUMENTED_LISTS, FIRST_TRIES } = require('../../scripts/firstTries');
const { README } = require('../../scripts/tables');
const { ROOT } = require('../../scripts/steps');
const { VIDEO_MODELS } = require('../../build/nodes/core/catalogueData');
const { IMAGE_MODELS } = require('../../build/nodes/core/catalogueImages');
const { formatUsd: usd } = require('../../build/nodes/core/cost');
const { DIALECTS } = require('../../build/nodes/core/dialects');
const { EDIT_INPUTS } = require('../../build/nodes/core/image/gptImage');
const { takeEndedJobs, WATCHED_MS } = require('../../build/nodes/core/video/endedJobs');
const manifest = require('../../package.json');

/** Figures that stand in sentences of the README, where no table is made from the code, and what it says to try first. */

const onOneLine = (file) => readFileSync(file, 'utf8').replace(/\s+/g, ' ');
const TEXT = onOneLine(README);

const HOUR_MS = 60 * 60_000;

const IN_WORDS = { 3: 'Three', 5: 'Five', 10: 'Ten', 20: 'Twenty' };

const DESCRIPTIONS = manifest.n8n.nodes.map((file) => {
	const [NodeClass] = Object.values(require(path.join(ROOT, file)));
	return new NodeClass().description;
});

/** What an option of a node is set to from the start; the same in all of its operations. */
function defaultOf(node, option) {
	const { properties } = DESCRIPTIONS.find(({ name }) => name === node) ?? { properties: [] };
	const entries = properties
		.filter(({ name }) => name === 'options')
		.flatMap(({ options }) => options.filter(({ name }) => name === option));
	const values = [...new Set(entries.map((entry) => entry.default))];
	expect([node, option, values.length]).toEqual([node, option, 1]);
	return values[0];
}

const videoModel = (id) => VIDEO_MODELS.find((model) => model.id === id);
const imageModel = (id) => IMAGE_MODELS.find((model) => model.id === id);
const endAt = (model, server) => model.retired.find((retirement) => retirement.server === server).date;
const priceOf = (id) => usd(imageModel(id).pricePerImageUsd.any.any);

/** How many of 150 jobs that have ended the trigger tells at once. */
function mostAtOnce() {
	const listed = Array.from({ length: 150 }, (_, index) => ({ id: `${index}`, status: 'completed', raw: {} }));
	return takeEndedJobs(listed, { jobs: {} }, { events: ['completed'], models: [] }, Date.now()).jobs.length;
}

test.each([
	[
		'items at once',
		() =>
			`*Concurrency*, ${defaultOf('sora2Video', 'concurrency')} videos or ${defaultOf('gptImage', 'concurrency')} requests for pictures unless you change it`,
	],
	['the longest wait', () => `| *Max Wait (Minutes)* of the node | options, ${defaultOf('sora2Video', 'maxWait')} |`],
	['requests a minute', () => `- ${IN_WORDS[defaultOf('soraImage', 'requestsPerMinute')]} requests a minute`],
	[
		'prices of Sora Image',
		() =>
			`\`sora_image\` and \`gpt-4o-image\` ${priceOf('sora_image')}, \`gpt-image-2-all\` ${priceOf('gpt-image-2-all')} an image`,
	],
	[
		'prices of tokens',
		() => {
			const { input, output } = imageModel('gpt-image-1').pricePerMillionTokensUsd;
			return `\`gpt-image-1\` at APIYI: by tokens ${usd(input)} in and ${usd(output)} out per million`;
		},
	],
	[
		'what has ended at OpenAI',
		() =>
			`OpenAI ended its own Videos API on ${endAt(videoModel('sora-2'), 'openai')} and \`gpt-image-1\` on ${endAt(imageModel('gpt-image-1'), 'openai')}`,
	],
	[
		'the day of the prices',
		() => {
			const days = [...VIDEO_MODELS, ...IMAGE_MODELS].flatMap(({ sources }) => sources.map(({ checked }) => checked));
			return `checked on ${days.sort().at(-1)}`;
		},
	],
	['what the trigger watches', () => `Jobs of the last ${WATCHED_MS / HOUR_MS} hours are watched`],
	['what the trigger tells at once', () => `at most ${mostAtOnce()} come at once`],
	[
		'pictures to edit',
		() => `up to ${EDIT_INPUTS.maxImages} pictures (PNG, JPEG, WebP, each below ${EDIT_INPUTS.maxBytes / 1e6} MB)`,
	],
	['the oldest Node', () => `Nothing but Node ${manifest.engines.node.replace('>=', '')} (or newer) and npm`],
])('the README says as the code does: %s', (_what, sentence) => {
	expect(TEXT).toContain(sentence());
});

test('two prices that share a figure in the README are the same', () => {
	expect(priceOf('gpt-4o-image')).toBe(priceOf('sora_image'));
	expect(defaultOf('soraImage', 'concurrency')).toBe(defaultOf('gptImage', 'concurrency'));
});

test('CONTRIBUTING names the same Node', () => {
	expect(onOneLine(path.join(ROOT, 'CONTRIBUTING.md'))).toContain(
		`Node ${manifest.engines.node.replace('>=', '')} or newer and npm`,
	);
});

test('neither the README nor the changes count the examples', () => {
	for (const file of [README, path.join(ROOT, 'CHANGELOG.md')]) {
		expect(onOneLine(file)).not.toMatch(/\b(\d+|\w+teen|ten|eleven|twelve|twenty(-\w+)?) \[?(workflows|examples)\b/i);
	}
});

describe('what the README says to try first', () => {
	test.each(FIRST_TRIES.map((row) => [row.node, row]))(
		'%s: a node, a server and a model that are known',
		(node, row) => {
			const { server, model, date, source } = row;
			const known = [...VIDEO_MODELS, ...IMAGE_MODELS].find(({ id }) => id === model);
			expect(DESCRIPTIONS.map(({ displayName }) => displayName)).toContain(node);
			expect(known?.retired.filter((retirement) => retirement.server === server)).toEqual([]);
			// The word of the server itself, not of somebody else about it.
			const { hostname } = new URL(source.url);
			expect(DIALECTS[server].knownHosts.some((host) => hostname.endsWith(`.${host}`))).toBe(true);
			expect(date).toMatch(/^2026-\d\d-\d\d$/);
		},
	);

	test('every node has a row; the trigger those servers that are known to have a list', () => {
		const nodes = DESCRIPTIONS.filter(({ polling }) => !polling).map(({ displayName }) => displayName);
		expect(FIRST_TRIES.map(({ node }) => node).sort()).toEqual(nodes.sort());
		for (const server of DOCUMENTED_LISTS) expect(DIALECTS[server].missing).not.toContain('list');
	});
});
