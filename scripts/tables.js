'use strict';

/**
 * The tables of the README that are made from the code: prices from the catalogue, parameters from the descriptions.
 * `node scripts/tables.js` writes them between their markers; a test compares them.
 */

const { readFileSync, writeFileSync } = require('node:fs');
const path = require('node:path');

const { ROOT } = require('./steps');

const README = path.join(ROOT, 'README.md');

function table(head, rows) {
	const line = (cells) => `| ${cells.join(' | ')} |`;
	return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

const usd = (value) =>
	`$${String(value).includes('.') && String(value).split('.')[1].length > 2 ? value : value.toFixed(2)}`;
const dates = (retired) =>
	retired.map(({ server, date, unconfirmed }) => `${server} ${date}${unconfirmed ? ' (unconfirmed)' : ''}`).join(', ');

function videoPrices() {
	const { VIDEO_MODELS } = require('../dist/nodes/core/catalogueData');
	const rows = VIDEO_MODELS.flatMap((model) => {
		const byPrice = new Map();
		for (const [size, price] of Object.entries(model.pricePerSecondUsd)) {
			byPrice.set(price, [...(byPrice.get(price) ?? []), size]);
		}
		return [...byPrice].map(([price, sizes]) => [
			`\`${model.id}\``,
			sizes.join(', '),
			usd(price),
			...model.seconds.map((seconds) => usd(price * seconds)),
			dates(model.retired),
		]);
	});
	return table(['Model', 'Sizes', 'Per second', '4 s', '8 s', '12 s', 'Ended at'], rows);
}

function parameters() {
	const { operations } = require('../dist/nodes/Sora2Video/description');
	const { properties } = require('../dist/nodes/Sora2Video/description');
	const names = properties.find(({ name }) => name === 'operation').options;
	const rows = names.map(({ name, value, description }) => {
		const own = operations.video[value].properties;
		const shown = own
			.filter((property) => property.name !== 'options' && property.type !== 'notice')
			.map(({ displayName }) => displayName);
		const options =
			own.find((property) => property.name === 'options')?.options.map(({ displayName }) => displayName) ?? [];
		return [`**${name}**`, description, shown.join(', '), options.join(', ')];
	});
	return table(['Operation', 'What it does', 'Parameters', 'Options'], rows);
}

const TABLES = { 'video-prices': videoPrices, 'video-operations': parameters };

/** The README with all of its tables made anew. */
function withTables(readme) {
	return Object.entries(TABLES).reduce((text, [name, make]) => {
		const pattern = new RegExp(`(<!-- table ${name} -->\n)[\\s\\S]*?(\n<!-- end -->)`);
		if (!pattern.test(text)) throw new Error(`README.md has no place for the table ${name}`);
		return text.replace(pattern, (_all, start, end) => `${start}\n${make()}\n${end}`);
	}, readme);
}

module.exports = { README, withTables };

if (require.main === module) writeFileSync(README, withTables(readFileSync(README, 'utf8')));
