'use strict';

const { parseArgs } = require('node:util');

const { PARTS } = require('./parts');

/** A positional that is no benchmark: all of them in two minutes, with figures that only show that they work. */
const QUICK = 'quick';

const READERS = {
	string: (text) => text,
	/** One or more. */
	number: (text) => readWhole(text, 1, Infinity),
	count: (text) => readWhole(text, 0, Infinity),
	percent: (text) => readWhole(text, 0, 100),
};

function readWhole(text, least, most) {
	const value = Number(text);
	if (Number.isInteger(value) && value >= least && value <= most) return value;
	throw new Error(`Not a whole number from ${least} to ${most}: ${text}`);
}

/** What the command says of itself. */
function usage() {
	const lines = Object.entries(PARTS).flatMap(([name, { about, options, onlyByName }]) => [
		`\n${name}: ${about}${onlyByName ? ' (only when it is named)' : ''}`,
		...Object.entries(options).map(([option, { default: usual, about: what }]) => `  --${option} ${usual}  ${what}`),
	]);
	return `npm run bench -- [${QUICK}] [${Object.keys(PARTS).join('] [')}] [options]

All benchmarks, or those that are named. Their reports are written into output/. A run of all also writes
docs/performance.md with its plots.
  ${QUICK}         smaller in everything: at most two minutes for all of them
  --write-docs  writes the documents after a quick run and after single benchmarks, too
  --installed   measures the package as it is installed beside the engines, without building and packing it first
${lines.join('\n')}`;
}

/**
 * What the command line asks for: the benchmarks to run, each with its settings.
 * Throws an Error with the usage for what it does not know.
 */
function readArguments() {
	const known = Object.values(PARTS).flatMap(({ options }) => Object.keys(options));
	const flag = { type: /** @type {const} */ ('boolean'), default: false };
	const { values, positionals } = parseArgs({
		allowPositionals: true,
		options: {
			...Object.fromEntries(known.map((option) => [option, { type: /** @type {const} */ ('string') }])),
			installed: flag,
			'write-docs': flag,
			help: flag,
		},
	});
	const quick = positionals.includes(QUICK);
	const named = positionals.filter((name) => name !== QUICK);
	const unknown = named.find((name) => !Object.hasOwn(PARTS, name));
	if (unknown !== undefined) throw new Error(`There is no benchmark "${unknown}"\n\n${usage()}`);
	const all = Object.keys(PARTS).filter((name) => !PARTS[name].onlyByName);
	const chosen = (named.length > 0 ? named : all).map((name) => ({
		name,
		settings: { ...settingsOf(PARTS[name], values, quick), quick },
	}));
	const isWhole = named.length === 0 && !quick;
	return { chosen, installed: values.installed, writesDocuments: isWhole || values['write-docs'], help: values.help };
}

function settingsOf({ options }, values, isQuick) {
	const settings = Object.entries(options).map(([option, { type, default: usual, quick }]) => {
		const given = values[option];
		if (given !== undefined) return [option, READERS[type](given)];
		return [option, isQuick && quick !== undefined ? quick : usual];
	});
	return Object.fromEntries(settings);
}

module.exports = { readArguments, usage };
