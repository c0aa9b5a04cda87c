'use strict';

/**
 * `npm run test:mutants`: puts faults into copies of the built nodes, one at a time, and shows that for each a named test,
 * which passes without it, fails. Writes docs/mutants.md, with the result, when all were seen. Arguments are pieces of the names of mutants.
 */

const { readFileSync, writeFileSync } = require('node:fs');

const { build, installDevelopment, installEngines } = require('./steps');
const { MUTANTS_DOCUMENT, withMutantTable } = require('./mutantTable');

function main(wanted) {
	installDevelopment();
	build();
	installEngines();
	const { MUTANTS } = require('../test/mutants/mutants');
	const { Workspace } = require('../test/mutants/workspace');
	const isWanted = ({ name }) => wanted.length === 0 || wanted.some((piece) => name.includes(piece));
	const mutants = MUTANTS.filter(isWanted);
	if (mutants.length === 0) throw new Error(`No mutant has a name like ${wanted.join(', ')}`);

	const startedMs = Date.now();
	const workspace = new Workspace();
	process.on('exit', () => workspace.remove());
	for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(130));
	showGreen(workspace, mutants);
	const survivors = mutants.filter((mutant) => !isSeen(workspace, mutant));
	const seconds = Math.round((Date.now() - startedMs) / 1000);
	console.log(`${mutants.length - survivors.length} of ${mutants.length} mutants were seen, in ${seconds} s`);
	if (survivors.length > 0) process.exitCode = 1;
	else if (mutants.length === MUTANTS.length) {
		const result = { seen: mutants.length, day: new Date().toISOString().slice(0, 10), seconds };
		writeFileSync(MUTANTS_DOCUMENT, withMutantTable(readFileSync(MUTANTS_DOCUMENT, 'utf8'), result));
	}
}

/** A test that fails by itself proves nothing. */
function showGreen(workspace, mutants) {
	const { resultsOf } = require('../test/mutants/workspace');
	console.log('Without a mutant …');
	const results = workspace.runTests(mutants);
	const red = mutants.flatMap((mutant) => resultsOf(mutant, results)).filter(({ hasPassed }) => !hasPassed);
	if (red.length === 0) return;
	throw new Error(
		red.map(({ name, messages }) => `Fails without a mutant: ${name}\n${firstLines(messages)}`).join('\n'),
	);
}

function isSeen(workspace, mutant) {
	const { haveSeen, resultsOf } = require('../test/mutants/workspace');
	const results = workspace.withMutant(mutant, () => resultsOf(mutant, workspace.runTests([mutant])));
	const seen = haveSeen(results);
	console.log(`${seen ? 'seen    ' : 'SURVIVED'} ${mutant.name}`);
	if (seen) return true;
	for (const { name, hasPassed, messages } of results) {
		console.log(`  ${hasPassed ? 'passed' : 'failed for another reason'}: ${name}`);
		if (messages.length > 0) console.log(firstLines(messages));
	}
	return false;
}

/** What failed, without the places in the code. */
function firstLines(messages) {
	return messages
		.map((message) =>
			message
				.replace(/^\s+at [\s\S]*/m, '')
				.trimEnd()
				.replace(/^/gm, '    '),
		)
		.join('\n');
}

try {
	main(process.argv.slice(2));
} catch (error) {
	console.error(error.message);
	process.exitCode = 1;
}
