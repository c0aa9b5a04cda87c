'use strict';

/** Every text of the built package that a person reads in n8n: in the editor, in its search, in the hint of an error. */

const { readdirSync, readFileSync } = require('node:fs');
const path = require('node:path');

const { ROOT } = require('../steps');

const TEXT_KEYS = ['action', 'cachedResultName', 'description', 'displayName', 'hint', 'placeholder'];

/**
 * The texts of a description, of whatever depth.
 * @param {unknown} part a description or a part of one
 * @returns {string[]} as they stand there, in their order
 */
function collectTexts(part) {
	if (Array.isArray(part)) return part.flatMap(collectTexts);
	if (typeof part !== 'object' || part === null) return [];
	return Object.entries(part).flatMap(([key, value]) => {
		if (typeof value !== 'string') return collectTexts(value);
		// The `name` of an option is shown; that of a parameter is an identifier, and has a `displayName` beside it.
		const isShown = TEXT_KEYS.includes(key) || (key === 'name' && 'value' in part);
		return isShown ? [value] : [];
	});
}

/** The texts of the nodes, their search words, the credential and the hints of errors; each once. */
function uiTexts() {
	const { n8n } = require('../../package.json');
	const { ERROR_KINDS } = require('../../build/nodes/core/errors');
	const classes = [...n8n.nodes, ...n8n.credentials].map((file) => Object.values(require(path.join(ROOT, file)))[0]);
	const searchWords = n8n.nodes.flatMap((file) => require(path.join(ROOT, file.replace(/\.js$/, '.json'))).alias ?? []);
	const texts = classes.flatMap((Class) => {
		const instance = new Class();
		return collectTexts(instance.description ?? instance);
	});
	return [...new Set([...texts, ...searchWords, ...collectTexts(ERROR_KINDS)])];
}

/** The notes on the canvas of the examples, which whoever imports one reads in n8n. */
function noteTexts() {
	const folder = path.join(ROOT, 'examples');
	const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
	const nodes = files.flatMap((file) => JSON.parse(readFileSync(path.join(folder, file), 'utf8')).nodes);
	return nodes.flatMap(({ type, parameters }) => (type === 'n8n-nodes-base.stickyNote' ? [parameters.content] : []));
}

/** Where n8n sends a person for more: the links of the codex files and of the credential. */
function documentationLinks() {
	const { n8n } = require('../../package.json');
	const codexFiles = n8n.nodes.map((file) => require(path.join(ROOT, file.replace(/\.js$/, '.json'))));
	const ofNodes = codexFiles.flatMap(({ resources }) =>
		Object.values(resources)
			.flat()
			.map(({ url }) => url),
	);
	const ofCredentials = n8n.credentials.map((file) => {
		const [Class] = Object.values(require(path.join(ROOT, file)));
		return new Class().documentationUrl;
	});
	return [...new Set([...ofNodes, ...ofCredentials])];
}

module.exports = { collectTexts, documentationLinks, noteTexts, uiTexts };
