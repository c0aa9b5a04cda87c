'use strict';

/** The table of docs/mutants.md, from the mutants' data. */

const path = require('node:path');

const { fillTables, table } = require('./markdown');
const { ROOT } = require('./steps');

const MUTANTS_DOCUMENT = path.join(ROOT, 'docs', 'mutants.md');

function mutantTable() {
	const { MUTANTS } = require('../test/mutants/mutants');
	const rows = MUTANTS.map(({ name, breaks, file, testFile, test }) => [
		name,
		breaks,
		`\`${path.basename(file)}\``,
		`\`${testFile.replace(/^test\//, '')}\`: ${test.replaceAll('|', '\\|')}`,
	]);
	return table(['Mutant', 'What a user would suffer', 'File', 'Test that sees it'], rows);
}

/** The line that says how the last whole run ended. */
const RESULT = /^Last run: .*$/m;

/**
 * docs/mutants.md with its table made anew.
 * @param {string} document
 * @param {{seen: number, day: string, seconds: number}} [result] of a run of all mutants; without it that line stays as it is
 */
function withMutantTable(document, result) {
	const filled = fillTables(document, { mutants: mutantTable });
	if (!result) return filled;
	const { seen, day, seconds } = result;
	return filled.replace(RESULT, `Last run: all ${seen} were seen, on ${day}, in ${seconds} seconds.`);
}

module.exports = { MUTANTS_DOCUMENT, withMutantTable };
