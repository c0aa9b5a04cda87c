'use strict';

const { existsSync } = require('node:fs');
const path = require('node:path');

const { SoraApi } = require('../../build/credentials/SoraApi.credentials.js');
const { DIALECTS } = require('../../build/nodes/core/dialects');
const manifest = require('../../package.json');

const ROOT = path.resolve(__dirname, '../..');

/** The operations of a node, those of a node without resources by their own name. */
const operationsOf = (folder) => require(path.join(folder, 'description')).operations;

/** The action nodes of the package: folder of the built node and an instance of it. */
const NODES = manifest.n8n.nodes
	.map((file) => path.join(ROOT, file.replace(/^dist/, 'build')))
	.filter((file) => existsSync(path.join(path.dirname(file), 'description.js')))
	.map((file) => {
		const [NodeClass] = Object.values(require(file));
		return { folder: path.dirname(file), node: new NodeClass() };
	});
const EACH_NODE = NODES.map(({ folder, node }) => [node.description.displayName, { folder, node }]);

const IMAGE_OPTIONS = {
	...{ binaryPropertyOutput: 'data', concurrency: 3, download: true, extraBody: '{}', fileName: '', maxCost: 0 },
	...{ maxRetries: 2, price: 0, requestsPerMinute: 0, resumePaidJobs: true, retryUncertain: 0, simplify: true },
	timeout: 360,
};
const GPT_PARAMETERS = { model: 'gpt-image-1', prompt: '', size: 'auto', customSize: '', quality: 'auto', n: 1 };
const GPT_OPTIONS = {
	...IMAGE_OPTIONS,
	...{ background: 'auto', outputCompression: 100, outputFormat: 'png', responseFormat: 'url', user: '' },
};

/** Names and defaults that workflows are built on: parameters of an operation, and all of its options. */
const CONTRACTS = [
	[
		...['sora2Video', 'video.generate'],
		{
			...{ model: 'sora-2', prompt: '', size: '720x1280', seconds: '4' },
			...{ api: 'auto', mode: 'text', videoStyle: 'none', shots: {}, remixTarget: '', generationId: '' },
			reference: 'none',
			binaryPropertyName: 'data',
		},
		{
			...{ binaryPropertyOutput: 'data', concurrency: 5, download: true, extraBody: '{}', fileName: '', maxCost: 0 },
			...{ maxRetries: 2, maxWait: 20, onTimeout: 'error', pollInterval: 0, price: 0, requestsPerMinute: 0 },
			...{ resumePaidJobs: true, retryFailedJobs: 0, retryUncertain: 0, simplify: true, timeout: 0 },
			...{ characterNames: '', generationId: '', remixTarget: '', shots: {}, videoStyle: 'none' },
		},
	],
	['gptImage', 'generate', GPT_PARAMETERS, { ...GPT_OPTIONS, moderation: 'auto' }],
	[
		...['gptImage', 'edit'],
		{ ...GPT_PARAMETERS, binaryPropertyName: 'data', imageUrls: '' },
		{ ...GPT_OPTIONS, inputFidelity: 'high', maskBinaryPropertyName: '' },
	],
];

test.each(CONTRACTS)('%s %s: parameter names and defaults are a contract', (name, operation, parameters, options) => {
	const { folder } = NODES.find(({ node }) => node.description.name === name) ?? {};
	const { properties } = operationsOf(folder)[operation];
	const defaults = (list) =>
		Object.fromEntries(list.map(({ name: key, default: value }) => [key, value?.value ?? value]));
	expect(defaults(properties)).toMatchObject(parameters);
	expect(defaults(properties.find(({ name: key }) => key === 'options').options)).toEqual(options);
});

/** Every entry of the lists of operations, by the name of the operation. */
function listedOperations({ description }) {
	return Object.fromEntries(
		description.properties
			.filter(({ name }) => name === 'operation')
			.flatMap(({ options, displayOptions }) =>
				options.map((option) => [[...(displayOptions?.show.resource ?? []), option.value].join('.'), option]),
			),
	);
}

test('expressions hold no two closing braces but their own: n8n would end them there', () => {
	const subtitles = NODES.map(({ node }) => node.description.subtitle);
	for (const expression of subtitles) {
		expect(expression).toMatch(/^=\{\{ .* \}\}$/);
		expect(expression.slice(0, -2)).not.toContain('}}');
	}
});

describe.each(EACH_NODE)('%s', (_name, { folder, node: instance }) => {
	const { description } = instance;
	const operations = operationsOf(folder);

	test('below the node stands what a person calls the operation, as n8n itself evaluates it', () => {
		const { Workflow } = require('n8n-workflow');
		const type = `n8n-nodes-sora.${description.name}`;
		const nodeTypes = { getByName: () => instance, getByNameAndVersion: () => instance, getKnownTypes: () => ({}) };
		for (const [name, { name: shownName }] of Object.entries(listedOperations(instance))) {
			const [operation, resource] = name.split('.').reverse();
			const parameters = { ...(resource ? { resource } : {}), operation };
			const node = { id: '1', name: 'Node', type, typeVersion: 1, position: [0, 0], parameters };
			const workflow = new Workflow({ id: 'w', nodes: [node], connections: {}, active: false, nodeTypes });
			const placed = workflow.getNode('Node');
			expect(workflow.expression.getSimpleParameterValue(placed, description.subtitle, 'internal', {})).toBe(shownName);
		}
	});

	test('every operation has a row in the list and the other way round', () => {
		expect(Object.keys(listedOperations(instance)).sort()).toEqual(Object.keys(operations).sort());
	});

	test('every operation that buys offers a spending cap and says that it costs money', () => {
		const listed = listedOperations(instance);
		const buying = Object.keys(operations).filter((name) => /costs money/.test(listed[name]?.description));
		expect(buying.length).toBeGreaterThan(0);
		for (const [name, { properties }] of Object.entries(operations)) {
			const options = properties.find((property) => property.name === 'options')?.options ?? [];
			const money = ['maxCost', 'maxRetries', 'retryUncertain', 'resumePaidJobs'];
			const offered = money.filter((option) => options.some((entry) => entry.name === option));
			expect([name, offered.includes('maxCost') ? offered : []]).toEqual([name, buying.includes(name) ? money : []]);
		}
	});

	test('lists of options are in the order of the alphabet', () => {
		for (const { properties } of Object.values(operations)) {
			const names = (properties.find(({ name }) => name === 'options')?.options ?? []).map(
				({ displayName }) => displayName,
			);
			expect(names).toEqual([...names].sort((a, b) => a.localeCompare(b, 'en')));
		}
	});

	test('no field that depends on another is required while empty: n8n would refuse workflows with expressions', () => {
		const dependent = description.properties.filter(({ displayOptions }) =>
			Object.keys(displayOptions?.show ?? {}).some((name) => name !== 'resource' && name !== 'operation'),
		);
		expect(dependent.length).toBeGreaterThan(0);
		expect(dependent.filter(({ required, default: value }) => required && value === '')).toEqual([]);
	});
});

test('every server has a Base URL field of the same name, empty by default, with its usual address beside it', () => {
	const fields = new SoraApi().properties.filter(({ name }) => name === 'baseUrl');
	expect(fields.map(({ displayOptions }) => displayOptions.show.server[0]).sort()).toEqual(
		Object.keys(DIALECTS).sort(),
	);
	for (const field of fields) {
		const usual = DIALECTS[field.displayOptions.show.server[0]].defaultBaseUrl;
		expect(field.default).toBe('');
		expect(field.required).toBe(usual === '');
		if (usual !== '') expect([field.placeholder, field.hint]).toEqual([`e.g. ${usual}`, `Leave empty for ${usual}`]);
	}
});

test('secrets are password fields', () => {
	const { properties } = new SoraApi();
	expect(properties.find(({ name }) => name === 'apiKey').typeOptions.password).toBe(true);
	const headers = properties.find(({ name }) => name === 'headers').options[0].values;
	expect(headers.find(({ name }) => name === 'value').typeOptions.password).toBe(true);
});
