'use strict';

const { Sora2Video } = require('../../dist/nodes/Sora2Video/Sora2Video.node.js');
const { operations } = require('../../dist/nodes/Sora2Video/description');
const { SoraApi } = require('../../dist/credentials/SoraApi.credentials.js');
const { DIALECTS } = require('../../dist/nodes/core/dialects');

const { description } = new Sora2Video();

/** Parameters that are shown for an operation, by name. */
function shownFor(operation) {
	return description.properties.filter(({ displayOptions }) => displayOptions?.show?.operation?.includes(operation));
}

function optionsOf(operation) {
	return shownFor(operation).find(({ name }) => name === 'options')?.options ?? [];
}

test('parameter names and defaults are the contract that workflows are built on', () => {
	const contract = {
		model: 'sora-2',
		prompt: '',
		size: '720x1280',
		seconds: '4',
		reference: 'none',
		binaryPropertyName: 'data',
	};
	const shown = Object.fromEntries(
		shownFor('generate').map(({ name, default: value }) => [name, value?.value ?? value]),
	);
	expect(shown).toMatchObject(contract);
	expect(Object.fromEntries(optionsOf('generate').map(({ name, default: value }) => [name, value]))).toEqual({
		binaryPropertyOutput: 'data',
		concurrency: 5,
		download: true,
		extraBody: '{}',
		fileName: '',
		maxCost: 0,
		maxRetries: 2,
		maxWait: 20,
		onTimeout: 'error',
		pollInterval: 0,
		price: 0,
		requestsPerMinute: 0,
		resumePaidJobs: true,
		retryFailedJobs: 0,
		retryUncertain: 0,
		simplify: true,
		timeout: 60,
	});
});

test('expressions hold no two closing braces but their own: n8n would end them there', () => {
	const { request } = new SoraApi().test;
	for (const expression of [description.subtitle, request.baseURL, request.url]) {
		expect(expression).toMatch(/^=\{\{ .* \}\}$/);
		expect(expression.slice(0, -2)).not.toContain('}}');
	}
	expect(description.subtitle).toContain('"video.generate":"Generate Video"');
});

test('below the node stands what a person calls the operation, as n8n itself evaluates it', () => {
	const { Workflow } = require('n8n-workflow');
	const type = 'n8n-nodes-sora.sora2Video';
	const parameters = { resource: 'video', operation: 'getAll' };
	const node = { id: '1', name: 'Video', type, typeVersion: 1, position: [0, 0], parameters };
	const nodeTypes = {
		getByName: () => new Sora2Video(),
		getByNameAndVersion: () => new Sora2Video(),
		getKnownTypes: () => ({}),
	};
	const workflow = new Workflow({ id: 'w', nodes: [node], connections: {}, active: false, nodeTypes });
	const shown = workflow.expression.getSimpleParameterValue(
		workflow.getNode('Video'),
		description.subtitle,
		'internal',
		{},
	);
	expect(shown).toBe('Get Many');
});

/** Every entry of the lists of operations, by `resource.operation`. */
function listedOperations() {
	return Object.fromEntries(
		description.properties
			.filter(({ name }) => name === 'operation')
			.flatMap(({ options, displayOptions: { show } }) =>
				options.map((option) => [`${show.resource[0]}.${option.value}`, option]),
			),
	);
}

test('every operation has a row in the list and the other way round', () => {
	expect(Object.keys(listedOperations()).sort()).toEqual(Object.keys(operations).sort());
});

test('every operation that buys offers a spending cap and says that it costs money', () => {
	for (const operation of ['generate', 'create', 'remix', 'edit', 'extend']) {
		const options = operations[`video.${operation}`].properties.find(({ name }) => name === 'options').options;
		expect(options.map(({ name }) => name)).toEqual(
			expect.arrayContaining(['maxCost', 'maxRetries', 'retryUncertain', 'resumePaidJobs']),
		);
		expect(listedOperations()[`video.${operation}`].description).toMatch(/costs money/);
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
	expect(dependent.length).toBeGreaterThan(5);
	expect(dependent.filter(({ required, default: value }) => required && value === '')).toEqual([]);
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
		if (usual !== '') expect([field.placeholder, field.hint]).toEqual([usual, `Leave empty for ${usual}`]);
	}
});

test('secrets are password fields', () => {
	const { properties } = new SoraApi();
	expect(properties.find(({ name }) => name === 'apiKey').typeOptions.password).toBe(true);
	const headers = properties.find(({ name }) => name === 'headers').options[0].values;
	expect(headers.find(({ name }) => name === 'value').typeOptions.password).toBe(true);
});
