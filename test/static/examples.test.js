'use strict';

const { readdirSync, readFileSync } = require('node:fs');
const path = require('node:path');

const { NodeHelpers } = require('n8n-workflow');

const { ROOT } = require('../../scripts/steps');
const manifest = require('../../package.json');

const FOLDER = path.join(ROOT, 'examples');
const EXAMPLES = readdirSync(FOLDER)
	.filter((file) => file.endsWith('.json'))
	.map((file) => [file, JSON.parse(readFileSync(path.join(FOLDER, file), 'utf8'))]);

const NOTE = 'n8n-nodes-base.stickyNote';

/** Our nodes by their type, and as the tools that n8n makes of them. */
const OURS = Object.fromEntries(
	manifest.n8n.nodes.flatMap((file) => {
		const [NodeClass] = Object.values(require(path.join(ROOT, file)));
		const { description } = new NodeClass();
		const type = `${manifest.name}.${description.name}`;
		return [
			[type, description],
			[`${type}Tool`, description],
		];
	}),
);

/** n8n gives every polling trigger the first parameter, and every tool the others. */
const ADDED_BY_N8N = ['pollTimes', 'descriptionType', 'toolDescription'];

/** On n8n's canvas, in pixels: a node with its name and subtitle below it; an agent is wider. */
const NODE = { width: 96, height: 150, agentWidth: 224 };

/** Where a node or a note lies on the canvas. */
function boxOf({ type, position: [left, top], parameters }) {
	if (type === NOTE) return { left, top, right: left + parameters.width, bottom: top + parameters.height };
	const width = type.endsWith('.agent') ? NODE.agentWidth : NODE.width;
	return { left, top, right: left + width, bottom: top + NODE.height };
}

const overlap = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

describe.each(EXAMPLES)('%s', (_file, workflow) => {
	const { nodes, connections, settings } = workflow;
	const names = nodes.map(({ name }) => name);
	const notes = nodes.filter(({ type }) => type === NOTE);

	test('can be imported: names and ids are there once, connections lead to nodes', () => {
		expect(new Set(names).size).toBe(names.length);
		expect(new Set(nodes.map(({ id }) => id)).size).toBe(names.length);
		const targets = Object.values(connections).flatMap((outputs) => Object.values(outputs).flat(2));
		expect(names).toEqual(expect.arrayContaining([...Object.keys(connections), ...targets.map(({ node }) => node)]));
	});

	test('says in notes what it does and what to change; none lies over anything', () => {
		expect([2, 3]).toContain(notes.length);
		expect(notes.map(({ parameters }) => parameters.content).join()).toMatch(/Sora API\*\* credential/);
		for (const note of notes) {
			const covered = nodes.filter((node) => node !== note && overlap(boxOf(note), boxOf(node)));
			expect(covered.map(({ name }) => name)).toEqual([]);
		}
	});

	test('notes speak of nodes by their names', () => {
		const spoken = notes.flatMap(({ parameters }) => [...parameters.content.matchAll(/\bin \*\*([^*]+)\*\*/g)]);
		const known = [...names, ...EXAMPLES.map(([, { name }]) => name)];
		for (const [, name] of spoken) if (/^[A-Z]/.test(name)) expect(known).toContain(name);
	});

	test('sets parameters that our nodes have', () => {
		const own = nodes.filter(({ type }) => type in OURS);
		expect(own.length).toBeGreaterThan(0);
		for (const node of own) {
			const description = OURS[node.type];
			const known = NodeHelpers.getNodeParameters(
				description.properties,
				node.parameters,
				false,
				false,
				node,
				description,
			);
			const { options = {}, ...others } = node.parameters;
			for (const name of Object.keys(others)) {
				expect([...ADDED_BY_N8N, ...description.properties.map((property) => property.name)]).toContain(name);
			}
			expect(Object.keys(known?.options ?? {})).toEqual(expect.arrayContaining(Object.keys(options)));
			expect(node.credentials.soraApi.name).toMatch(/^Sora API/);
		}
	});

	test('shows a model that is the default of its node as the node itself does, with where it has ended', () => {
		for (const { type, parameters } of nodes.filter((node) => node.type in OURS && node.parameters.model)) {
			const { mode, value, cachedResultName } = parameters.model;
			const presets = OURS[type].properties.filter(({ name }) => name === 'model').map((property) => property.default);
			const preset = presets.find((one) => one.value === value);
			if (mode === 'list' && preset) expect(cachedResultName).toBe(preset.cachedResultName);
		}
	});

	test('has the settings that the documents advise, and nothing of whoever made it', () => {
		expect(settings).toMatchObject({ executionOrder: 'v1', executionTimeout: -1 });
		const operations = nodes.filter(({ type }) => type in OURS).map(({ parameters }) => parameters.operation);
		const startsThenWaits = operations.includes('create') && operations.includes('wait');
		if (startsThenWaits) expect(settings.saveExecutionProgress).toBe(true);
		expect(Object.keys(workflow).sort()).toEqual(['connections', 'name', 'nodes', 'settings']);
	});
});

test('a photo is cut to the pixels of the video before it is its reference', () => {
	const { nodes } = Object.fromEntries(EXAMPLES)['any-photo-to-video.json'];
	const parametersOf = (type) => nodes.find((node) => node.type === type).parameters;
	const { operations } = parametersOf('n8n-nodes-base.editImage').operations;
	const video = parametersOf('n8n-nodes-sora.sora2Video');
	expect(operations.map(({ operation }) => operation)).toEqual(['resize', 'crop']);
	expect(operations[0].resizeOption).toBe('minimumArea');
	for (const { width, height } of operations) expect(`${width}x${height}`).toBe(video.size);
	expect(video.reference).toBe('binary');
});
