'use strict';

/**
 * Indents what the compiler wrote with tabs, as the sources are: it only knows four spaces, which make up two percent of
 * the packed package. Lines within a template literal stay as they are.
 */

const { readdirSync, readFileSync, writeFileSync } = require('node:fs');
const path = require('node:path');

const ts = require('typescript');

const { ROOT } = require('./steps');

/** @param {string} text of a compiled file */
function indentWithTabs(text) {
	const file = ts.createSourceFile('compiled.js', text, ts.ScriptTarget.Latest);
	const literal = new Set();
	/** @param {import('typescript').Node} node */
	const visit = (node) => {
		if (ts.isTemplateLiteralToken(node)) {
			const [first, last] = [node.getStart(file), node.end].map((at) => file.getLineAndCharacterOfPosition(at).line);
			for (let line = first + 1; line <= last; line++) literal.add(line);
		}
		ts.forEachChild(node, visit);
	};
	visit(file);
	const lines = text.split('\n');
	return lines
		.map((line, index) =>
			literal.has(index) ? line : line.replace(/^(?: {4})+/, (spaces) => '\t'.repeat(spaces.length / 4)),
		)
		.join('\n');
}

module.exports = { indentWithTabs };

if (require.main === module) {
	const folder = path.join(ROOT, 'dist');
	const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.js'));
	for (const file of files.map((name) => path.join(folder, name))) {
		writeFileSync(file, indentWithTabs(readFileSync(file, 'utf8')));
	}
}
