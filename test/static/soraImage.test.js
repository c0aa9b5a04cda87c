'use strict';

const { SoraImage } = require('../../build/nodes/SoraImage/SoraImage.node.js');
const { STYLES, USUAL_SCENE } = require('../../build/nodes/core/image/soraImage');

const { description } = new SoraImage();

const shownFor = (operation) =>
	description.properties.filter(({ displayOptions }) => displayOptions?.show?.operation?.includes(operation));
const optionsOf = (operation) => shownFor(operation).find(({ name }) => name === 'options').options;
const defaultsOf = (properties) =>
	Object.fromEntries(
		properties
			.filter(({ name, type }) => name !== 'options' && type !== 'notice')
			.map(({ name, default: value }) => [name, value?.value ?? value]),
	);

test('parameter names and defaults are the contract that workflows are built on', () => {
	const request = { model: 'sora_image', prompt: '', ratio: '2:3', style: 'none' };
	expect(defaultsOf(shownFor('generate'))).toEqual(request);
	expect(defaultsOf(shownFor('edit'))).toEqual({
		...request,
		...{ imageSource: 'binary', binaryPropertyName: 'data', imageUrls: '' },
	});
	expect(defaultsOf(shownFor('estimateCost'))).toEqual({ model: 'sora_image' });
	for (const operation of ['generate', 'edit']) {
		expect(defaultsOf(optionsOf(operation))).toEqual({
			binaryPropertyOutput: 'data',
			concurrency: 3,
			download: true,
			extraBody: '{}',
			fileName: '',
			maxCost: 0,
			maxRetries: 2,
			price: 0,
			requestsPerMinute: 10,
			resumePaidJobs: true,
			retryUncertain: 0,
			scene: {},
			simplify: true,
			timeout: 360,
			variations: [],
		});
	}
});

test('the lists offer what the core knows', () => {
	const valuesOf = (name) =>
		shownFor('generate')
			.find((property) => property.name === name)
			.options.map(({ value }) => value);
	expect(valuesOf('ratio')).toEqual(['1:1', '2:3', '3:2', 'none']);
	expect(valuesOf('style')).toEqual(['none', ...Object.keys(STYLES)]);
	const [{ values }] = optionsOf('generate').find(({ name }) => name === 'scene').options;
	expect(defaultsOf(values)).toEqual(USUAL_SCENE);
});

test('what costs money says so', () => {
	const { options } = description.properties.find(({ name }) => name === 'operation');
	const costly = options.filter(({ description: text }) => /costs money/.test(text)).map(({ value }) => value);
	expect(costly).toEqual(['edit', 'generate']);
});
