'use strict';

const { readFileSync, readdirSync } = require('node:fs');
const path = require('node:path');
const ts = require('typescript');

const { EXPLANATIONS } = require('../../scripts/errorExplanations');

const NODES = path.resolve(__dirname, '../../nodes');

/** Its messages name the parameter that is wrong: there are as many as parameters. */
const OF_ANY_BEGINNING = ['invalidInput'];

/** The beginning of a text up to its first gap; undefined where only running the code would tell. */
function beginningOf(argument) {
	if (ts.isStringLiteralLike(argument)) return { text: argument.text, isWhole: true };
	return ts.isTemplateExpression(argument) ? { text: argument.head.text, isWhole: false } : undefined;
}

/** Every `new GenerationError('kind', 'message'…)` in the sources. */
function messagesInSources() {
	const files = readdirSync(NODES, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
	return files.flatMap((file) => {
		const source = ts.createSourceFile(
			file,
			readFileSync(path.join(NODES, file), 'utf8'),
			ts.ScriptTarget.Latest,
			true,
		);
		/** @type {Array<{file: string, kind: string, text: string, isWhole: boolean}>} */
		const found = [];
		const visit = (node) => {
			if (ts.isNewExpression(node) && node.expression.getText() === 'GenerationError') {
				const [kind, message] = node.arguments ?? [];
				const beginning = message && beginningOf(message);
				if (kind && ts.isStringLiteral(kind) && beginning) found.push({ file, kind: kind.text, ...beginning });
			}
			ts.forEachChild(node, visit);
		};
		visit(source);
		return found;
	});
}

const messages = messagesInSources().filter(({ kind }) => !OF_ANY_BEGINNING.includes(kind));

test('there are messages to look at', () => expect(messages.length).toBeGreaterThan(25));

test.each(messages)('$kind: "$text" ($file) is found in docs/errors.md', ({ kind, text, isWhole }) => {
	const known = EXPLANATIONS[kind].seen.filter((beginning) => beginning !== '');
	// A gap at the start leaves nothing to look for.
	const isThere = (beginning) => text.startsWith(beginning) || (!isWhole && beginning.startsWith(text));
	expect(known.some(isThere) ? 'found' : known).toBe('found');
});
