'use strict';

/**
 * The tables of the documents that are made from the code: prices from the catalogue, parameters from the descriptions,
 * the retry policy, the fault matrix and the errors.
 * `node scripts/tables.js` writes them between their markers; a test compares them.
 */

const { readFileSync, writeFileSync } = require('node:fs');
const path = require('node:path');

const { fillTables, table } = require('./markdown');
const { ERRORS, errorsDocument } = require('./errorsDocument');
const { FAULTS, withFaultTables } = require('./faultTables');
const { formatUsd: usd } = require('../build/nodes/core/cost');
const { ROOT } = require('./steps');

const README = path.join(ROOT, 'README.md');
const MODELS = path.join(ROOT, 'docs', 'models.md');
const OPTIONS = path.join(ROOT, 'docs', 'options.md');

const dates = (retired) =>
	retired.map(({ server, date, unconfirmed }) => `${server} ${date}${unconfirmed ? ' (unconfirmed)' : ''}`).join(', ');

function videoPrices() {
	const { VIDEO_MODELS } = require('../build/nodes/core/catalogueData');
	// A snapshot costs what its model costs; docs/models.md has both.
	const rows = VIDEO_MODELS.filter(({ snapshotOf }) => snapshotOf === undefined).flatMap((model) => {
		const name = `\`${model.id}\``;
		const each = (priceOf) => model.seconds.map((seconds) => `${seconds} s: ${usd(priceOf(seconds))}`).join(', ');
		if (model.pricePerVideoUsd !== undefined) {
			return [[name, 'see the server', 'per video', each(() => model.pricePerVideoUsd), dates(model.retired)]];
		}
		const byPrice = new Map();
		for (const [size, price] of Object.entries(model.pricePerSecondUsd)) {
			byPrice.set(price, [...(byPrice.get(price) ?? []), size]);
		}
		return [...byPrice].map(([price, sizes]) => [
			name,
			sizes.join(', '),
			usd(price),
			each((seconds) => price * seconds),
			dates(model.retired),
		]);
	});
	return table(['Model', 'Sizes', 'Per second', 'A video of', 'Ended at'], rows);
}

/** The operations of a node in the order of the editor, each with the properties that belong to it. */
function readOperations(folder) {
	const { operations, properties } = require(`../build/nodes/${folder}/description`);
	return properties
		.filter(({ name }) => name === 'operation')
		.flatMap(({ options, displayOptions }) => {
			const [resource] = displayOptions?.show?.resource ?? [];
			return options.map(({ name, value, description }) => {
				const own = operations[[resource, value].filter(Boolean).join('.')].properties;
				return { name, description, properties: own.filter(({ type }) => type !== 'notice') };
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

/** Every entry of the options of a node, what it does, and which operations have it. */
function optionsOf(folder) {
	/** @type {Map<string, {description: string, default: string, operations: string[]}>} */
	const byName = new Map();
	for (const { name, properties } of readOperations(folder)) {
		for (const option of properties.find((property) => property.name === 'options')?.options ?? []) {
			const known = byName.get(option.displayName);
			const row = known ?? {
				description: plain(option.description ?? option.hint),
				default: defaultOf(option),
				operations: [],
			};
			row.operations.push(name);
			byName.set(option.displayName, row);
		}
	}
	const rows = [...byName]
		.sort(([one], [other]) => one.localeCompare(other, 'en'))
		.map(([name, row]) => [`**${name}**`, row.description, row.default, row.operations.join(', ')]);
	return table(['Option', 'What it does', 'Default', 'Operations'], rows);
}

/** The editor shows HTML; a table cell takes neither that nor a bar. */
function plain(text = '') {
	return text.replace(/<[^>]+>/g, '').replaceAll('|', '\\|');
}

function defaultOf({ type, default: usual, options }) {
	if (type === 'boolean') return usual ? 'on' : 'off';
	if (type === 'options') return options.find(({ value }) => value === usual)?.name ?? '';
	return typeof usual === 'object' || usual === '' ? '' : `\`${usual}\``;
}

/** USD for each image of the Images API, by quality and size. */
function imagePrices() {
	const { IMAGE_MODELS } = require('../build/nodes/core/catalogueImages');
	const priced = IMAGE_MODELS.filter(({ endpoint, pricePerImageUsd }) => endpoint === 'images' && pricePerImageUsd);
	const rows = priced.flatMap(({ id, pricePerImageUsd, retired }) =>
		Object.entries(pricePerImageUsd).map(([quality, sizes]) => [
			`\`${id}\``,
			quality,
			Object.entries(sizes)
				.map(([size, price]) => `${size}: ${usd(price)}`)
				.join(', '),
			dates(retired),
		]),
	);
	return table(['Model', 'Quality', 'Per image', 'Ended at'], rows);
}

/** The kinds of servers that the credential offers, in the order of its list. */
function servers() {
	const { DIALECTS } = require('../build/nodes/core/dialects');
	const rows = Object.entries(DIALECTS)
		.sort(([, a], [, b]) => a.displayName.localeCompare(b.displayName, 'en'))
		.map(([name, { displayName, summary, defaultBaseUrl }]) => [
			displayName,
			`\`${name}\``,
			summary,
			defaultBaseUrl === '' ? 'your own' : `\`${defaultBaseUrl}\``,
		]);
	return table(['Server', 'Value', 'What it is', 'Usual Base URL'], rows);
}

const TABLES = {
	'gpt-image-operations': () => operationsOf('GptImage'),
	'gpt-image-prices': imagePrices,
	servers,
	'sora-image-operations': () => operationsOf('SoraImage'),
	'video-operations': () => operationsOf('Sora2Video'),
	'video-prices': videoPrices,
};

/** A table of models whose last column gives the numbers of notes; the notes stand below it, each fact once. */
function sourcedTable(head, models, cellsOf) {
	const notes = [];
	const numberOf = ({ fact, from, checked }) => {
		const note = `${fact} (${from}, ${checked})`;
		if (!notes.includes(note)) notes.push(note);
		return notes.indexOf(note) + 1;
	};
	const rows = models.map((model) => {
		const numbers = (model.sources ?? [model.source]).map(numberOf);
		return [`\`${model.id}\``, ...cellsOf(model), numbers.join(', ')];
	});
	const list = notes.map((note, index) => `${index + 1}. ${note}`).join('\n');
	return `${table([...head, 'Notes'], rows)}\n\n${list}`;
}

/** Every model of the catalogue with its sources, as a document. */
function modelsDocument() {
	const { VIDEO_MODELS } = require('../build/nodes/core/catalogueData');
	const { IMAGE_MODELS } = require('../build/nodes/core/catalogueImages');
	const { CHAT_VIDEO_MODELS } = require('../build/nodes/core/catalogueChatVideos');
	const perImage = ({ pricePerImageUsd = {} }) =>
		Object.entries(pricePerImageUsd)
			.flatMap(([quality, sizes]) => Object.entries(sizes).map(([size, price]) => `${quality} ${size} $${price}`))
			.join(', ')
			.replaceAll('any any ', '');
	const parts = [
		'# Models of the catalogue',
		'Made from `nodes/core/catalogue*.ts` by `node scripts/tables.js`. Models that are not here work as well: they are never blocked.',
		'A note says where a fact is from and when it was checked. "Seeds" are the documents that the project began with; "wire facts" are its own notes on what servers send and accept, compiled on 2026-11-21 from their documents and code.',
		'## Video, Videos API',
		sourcedTable(['Model', 'Sizes', 'Seconds', 'Ended at'], VIDEO_MODELS, ({ sizes, seconds, retired }) => [
			sizes.join(', ') || 'not all known',
			seconds.join(', '),
			dates(retired),
		]),
		'## Images',
		sourcedTable(['Model', 'API', 'Sizes', 'USD per image', 'Ended at'], IMAGE_MODELS, (model) => [
			model.endpoint,
			model.sizes.join(', '),
			perImage(model),
			dates(model.retired),
		]),
		'## Video, characters and prompts over chat completions',
		sourcedTable(['Model', 'Makes', 'Orientation', 'Seconds'], CHAT_VIDEO_MODELS, (model) => [
			model.makes,
			model.orientation ?? '',
			model.seconds ?? '',
		]),
	];
	return `${parts.join('\n\n')}\n`;
}

/** Every option of every node, as a document. */
function optionsDocument() {
	const parts = [
		'# Options',
		'Made from the descriptions of the nodes by `node scripts/tables.js`: what stands under *Options* in the editor.',
		...[
			['Sora 2 Video', 'Sora2Video'],
			['Sora Image', 'SoraImage'],
			['GPT Image', 'GptImage'],
		].flatMap(([name, folder]) => [`## ${name}`, optionsOf(folder)]),
	];
	return `${parts.join('\n\n')}\n`;
}

/** The README with all of its tables made anew. */
const withTables = (readme) => fillTables(readme, TABLES);

module.exports = { MODELS, OPTIONS, README, modelsDocument, optionsDocument, withTables };

if (require.main === module) {
	writeFileSync(README, withTables(readFileSync(README, 'utf8')));
	writeFileSync(MODELS, modelsDocument());
	writeFileSync(OPTIONS, optionsDocument());
	writeFileSync(ERRORS, errorsDocument());
	writeFileSync(FAULTS, withFaultTables(readFileSync(FAULTS, 'utf8')));
}
