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
const { DOCUMENTED_LISTS, FIRST_TRIES } = require('./firstTries');
const { credentialFields, operationsOf, optionsOf, parametersOf, triggerParameters } = require('./parameterTables');
const { formatUsd: usd } = require('../build/nodes/core/cost');
const { ROOT } = require('./steps');

const README = path.join(ROOT, 'README.md');
const MODELS = path.join(ROOT, 'docs', 'models.md');
const OPTIONS = path.join(ROOT, 'docs', 'options.md');

/** What the credential's list calls a server. */
const nameOf = (server) => require('../build/nodes/core/dialects').DIALECTS[server].displayName;

const dates = (retired) =>
	retired
		.map(({ server, date, unconfirmed }) => `${nameOf(server)} ${date}${unconfirmed ? ' (unconfirmed)' : ''}`)
		.join(', ');

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

/** What to begin with: server and model of each node, and which servers the trigger can watch. */
function firstTries() {
	const { VIDEO_MODELS } = require('../build/nodes/core/catalogueData');
	const rows = FIRST_TRIES.map(({ node, server, model, date, source }) => {
		const seconds = VIDEO_MODELS.find(({ id }) => id === model)?.seconds;
		const lengths = seconds ? ` (${seconds.join(', ')} seconds)` : '';
		return [node, nameOf(server), `\`${model}\`${lengths}`, `${date}, [${source.name}](${source.url})`];
	});
	const withList = DOCUMENTED_LISTS.map(nameOf).join(', ');
	const watched = ['Sora 2 Video Trigger', 'one with a list of jobs', 'any', `a list is documented for ${withList}`];
	return table(['Node', 'Server', 'Model', 'Documented'], [...rows, watched]);
}

const TABLES = {
	'credential-fields': credentialFields,
	'first-tries': firstTries,
	'gpt-image-operations': () => operationsOf('GptImage'),
	'gpt-image-prices': imagePrices,
	servers,
	'sora-image-operations': () => operationsOf('SoraImage'),
	'trigger-parameters': triggerParameters,
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

/** Every parameter and option of every node, as a document. */
function optionsDocument() {
	const parts = [
		'# Parameters and options',
		'Made from the descriptions of the nodes by `node scripts/tables.js`. *Resource* and *Operation* choose which of them the editor shows; the operations stand in the [README](../README.md).',
		...[
			['Sora 2 Video', 'Sora2Video'],
			['Sora Image', 'SoraImage'],
			['GPT Image', 'GptImage'],
		].flatMap(([name, folder]) => [
			`## ${name}`,
			parametersOf(folder),
			'What stands under *Options*:',
			optionsOf(folder),
		]),
		'## Sora 2 Video Trigger',
		triggerParameters(),
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
