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

/** docs/mutants.md with its table made anew. */
const withMutantTable = (document) => fillTables(document, { mutants: mutantTable });

module.exports = { MUTANTS_DOCUMENT, withMutantTable };
