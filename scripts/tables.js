'use strict';

/**
 * The tables of the documents that are made from the code: prices from the catalogue, parameters from the descriptions,
 * the retry policy and the fault matrix.
 * `node scripts/tables.js` writes them between their markers; a test compares them.
 */

const { readFileSync, writeFileSync } = require('node:fs');
const path = require('node:path');

const { fillTables, table } = require('./markdown');
const { RECOVERY, withRecoveryTables } = require('./recoveryTables');
const { formatUsd: usd } = require('../dist/nodes/core/cost');
const { ROOT } = require('./steps');

const README = path.join(ROOT, 'README.md');
const MODELS = path.join(ROOT, 'docs', 'models.md');

const dates = (retired) =>
	retired.map(({ server, date, unconfirmed }) => `${server} ${date}${unconfirmed ? ' (unconfirmed)' : ''}`).join(', ');

function videoPrices() {
	const { VIDEO_MODELS } = require('../dist/nodes/core/catalogueData');
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

/** Every operation of a node: its name, what it does, and its parameters. */
function operationsOf(folder) {
	const { operations, properties } = require(`../dist/nodes/${folder}/description`);
	const lists = properties.filter(({ name }) => name === 'operation');
	const rows = lists.flatMap(({ options, displayOptions }) =>
		options.map(({ name, value, description }) => {
			const [resource] = displayOptions?.show?.resource ?? [];
			const own = operations[[resource, value].filter(Boolean).join('.')].properties;
			const shown = own
				.filter((property) => property.name !== 'options' && property.type !== 'notice')
				.map(({ displayName }) => displayName);
			const options =
				own.find((property) => property.name === 'options')?.options.map(({ displayName }) => displayName) ?? [];
			return [`**${name}**`, description, [...new Set(shown)].join(', '), options.join(', ')];
		}),
	);
	return table(['Operation', 'What it does', 'Parameters', 'Options'], rows);
}

/** USD for each image of the Images API, by quality and size. */
function imagePrices() {
	const { IMAGE_MODELS } = require('../dist/nodes/core/catalogueImages');
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

const TABLES = {
	'gpt-image-operations': () => operationsOf('GptImage'),
	'gpt-image-prices': imagePrices,
	'sora-image-operations': () => operationsOf('SoraImage'),
	'video-operations': () => operationsOf('Sora2Video'),
	'video-prices': videoPrices,
};

/** Every model of the catalogue with its source, as a document. */
function modelsDocument() {
	const { VIDEO_MODELS } = require('../dist/nodes/core/catalogueData');
	const { IMAGE_MODELS } = require('../dist/nodes/core/catalogueImages');
	const { CHAT_VIDEO_MODELS } = require('../dist/nodes/core/catalogueChatVideos');
	const facts = (sources) => sources.map(({ fact, from, checked }) => `${fact} (${from}, ${checked})`).join('; ');
	const perImage = ({ pricePerImageUsd = {} }) =>
		Object.entries(pricePerImageUsd)
			.flatMap(([quality, sizes]) => Object.entries(sizes).map(([size, price]) => `${quality} ${size} $${price}`))
			.join(', ')
			.replaceAll('any any ', '');
	return (
		[
			'# Models of the catalogue',
			'Made from `nodes/core/catalogue*.ts` by `node scripts/tables.js`. Models that are not here work as well: they are never blocked.',
			'## Video, Videos API',
			table(
				['Model', 'Sizes', 'Seconds', 'Ended at', 'Sources'],
				VIDEO_MODELS.map((model) => [
					`\`${model.id}\``,
					model.sizes.join(', ') || 'not all known',
					model.seconds.join(', '),
					dates(model.retired),
					facts(model.sources),
				]),
			),
			'## Images',
			table(
				['Model', 'API', 'Sizes', 'USD per image', 'Ended at', 'Sources'],
				IMAGE_MODELS.map((model) => [
					`\`${model.id}\``,
					model.endpoint,
					model.sizes.join(', '),
					perImage(model),
					dates(model.retired),
					facts(model.sources),
				]),
			),
			'## Video, characters and prompts over chat completions',
			table(
				['Model', 'Makes', 'Orientation', 'Seconds', 'Sources'],
				CHAT_VIDEO_MODELS.map((model) => [
					`\`${model.id}\``,
					model.makes,
					model.orientation ?? '',
					model.seconds ?? '',
					facts([model.source]),
				]),
			),
			'',
		]
			.join('\n\n')
			.trimEnd() + '\n'
	);
}

/** The README with all of its tables made anew. */
const withTables = (readme) => fillTables(readme, TABLES);

module.exports = { MODELS, README, modelsDocument, withTables };

if (require.main === module) {
	writeFileSync(README, withTables(readFileSync(README, 'utf8')));
	writeFileSync(MODELS, modelsDocument());
	writeFileSync(RECOVERY, withRecoveryTables(readFileSync(RECOVERY, 'utf8')));
}
