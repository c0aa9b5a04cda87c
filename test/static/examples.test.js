'use strict';

const { readdirSync, readFileSync } = require('node:fs');
const path = require('node:path');

const { NodeHelpers } = require('n8n-workflow');

const { ROOT } = require('../../scripts/steps');
const manifest = require('../../package.json');

const FOLDER = path.join(ROOT, 'examples');
const EXAMPLES = readdirSync(FOLDER).map((file) => [file, JSON.parse(readFileSync(path.join(FOLDER, file), 'utf8'))]);

/** Our nodes by their type. */
const OURS = Object.fromEntries(
	manifest.n8n.nodes.map((file) => {
		const [NodeClass] = Object.values(require(path.join(ROOT, file)));
		const { description } = new NodeClass();
		return [`${manifest.name}.${description.name}`, description];
	}),
);

/** n8n gives every polling trigger this parameter. */
const ADDED_BY_N8N = ['pollTimes'];

describe.each(EXAMPLES)('%s', (_file, workflow) => {
	const { nodes, connections } = workflow;
	const names = nodes.map(({ name }) => name);

	test('can be imported: names and ids are there once, connections lead to nodes', () => {
		expect(new Set(names).size).toBe(names.length);
		expect(new Set(nodes.map(({ id }) => id)).size).toBe(names.length);
		const targets = Object.values(connections).flatMap((outputs) => Object.values(outputs).flat(2));
		expect(names).toEqual(expect.arrayContaining([...Object.keys(connections), ...targets.map(({ node }) => node)]));
	});

	test('says in notes what it does', () => {
		const notes = nodes.filter(({ type }) => type === 'n8n-nodes-base.stickyNote');
		expect(notes.map(({ parameters }) => parameters.content).join()).toMatch(/Sora API\*\* credential/);
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
