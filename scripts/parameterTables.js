'use strict';

/** Tables of what a user fills in: operations, parameters and options of the nodes, fields of the credential. */

const { table } = require('./markdown');

/** The operations of a node in the order of the editor, each with the parameters that it shows. */
function readOperations(folder) {
	const { operations, properties } = require(`../build/nodes/${folder}/description`);
	return properties
		.filter(({ name }) => name === 'operation')
		.flatMap(({ options, displayOptions }) => {
			const [resource] = displayOptions?.show?.resource ?? [];
			return options.map(({ name, value, description }) => {
				const own = operations[[resource, value].filter(Boolean).join('.')].properties;
				return { name, description, properties: own.filter(({ type }) => !['hidden', 'notice'].includes(type)) };
			});
		});
}

/** Every operation of a node, what it does, and what it asks for. */
function operationsOf(folder) {
	const rows = readOperations(folder).map(({ name, description, properties }) => {
		const asked = properties.filter((property) => property.name !== 'options');
		return [`**${name}**`, description, [...new Set(asked.map(({ displayName }) => displayName))].join(', ')];
	});
	return table(['Operation', 'What it does', 'Parameters'], rows);
}

/** Every parameter that stands outside of *Options*, what it is for, and which operations have it. */
function parametersOf(folder) {
	return byOperation('Parameter', folder, (properties) => properties.filter(({ name }) => name !== 'options'));
}

/** Every entry of the options of a node, what it does, and which operations have it. */
function optionsOf(folder) {
	return byOperation(
		'Option',
		folder,
		(properties) => properties.find(({ name }) => name === 'options')?.options ?? [],
	);
}

/** What operations say of a parameter in the same words is one row. */
function byOperation(head, folder, pick) {
	/** @type {Map<string, {cells: string[], operations: string[]}>} */
	const rows = new Map();
	for (const { name, properties } of readOperations(folder)) {
		for (const property of pick(properties)) {
			const cells = cellsOf(property);
			const row = rows.get(cells.join()) ?? { cells, operations: [] };
			row.operations.push(name);
			rows.set(cells.join(), row);
		}
	}
	const sorted = [...rows.values()].sort((one, other) => one.cells[0].localeCompare(other.cells[0], 'en'));
	return table(
		[head, 'What it does', 'Default', 'Operations'],
		sorted.map(({ cells, operations }) => [...cells, operations.join(', ')]),
	);
}

/** The parameters of the trigger, which has no operations. */
function triggerParameters() {
	const { Sora2VideoTrigger } = require('../build/nodes/Sora2VideoTrigger/Sora2VideoTrigger.node');
	return fieldTable('Parameter', new Sora2VideoTrigger().description.properties);
}

/** The fields of the credential; *Base URL* is one field for the user, whose hint each server changes. */
function credentialFields() {
	const { SoraApi } = require('../build/credentials/SoraApi.credentials');
	return fieldTable('Field', new SoraApi().properties);
}

function fieldTable(head, properties) {
	const shown = properties.filter(
		({ name, type }, index) => type !== 'notice' && properties.findIndex((other) => other.name === name) === index,
	);
	return table([head, 'What it is for', 'Default'], shown.map(cellsOf));
}

/** Name, description and default. */
function cellsOf(property) {
	return [`**${property.displayName}**`, plain(property.description ?? property.hint), defaultOf(property)];
}

/** The editor shows HTML; a table cell takes neither that nor a bar. */
function plain(text = '') {
	return text.replace(/<[^>]+>/g, '').replaceAll('|', '\\|');
}

function defaultOf({ type, default: usual, options }) {
	if (type === 'boolean') return usual ? 'on' : 'off';
	const nameOf = (wanted) => options.find(({ value }) => value === wanted)?.name ?? '';
	if (type === 'options') return nameOf(usual);
	if (type === 'multiOptions') return usual.map(nameOf).join(', ');
	if (type === 'resourceLocator') return `\`${usual.value}\``;
	return typeof usual === 'object' || usual === '' ? '' : `\`${usual}\``;
}

module.exports = { credentialFields, operationsOf, optionsOf, parametersOf, triggerParameters };
