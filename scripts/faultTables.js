'use strict';

/** The tables of docs/faults.md: the retry policy from the code, the fault matrix from the contract tests' data. */

const path = require('node:path');

const { fillTables, table } = require('./markdown');
const { ROOT } = require('./steps');

const FAULTS = path.join(ROOT, 'docs', 'faults.md');
const NEVER = '—';

const AGAIN = {
	ifNotBought: 'no connection; 429; 503 with `Retry-After`',
	ifHarmless: '408, 425, 429, 500, 502, 503, 504, resets, time-outs',
	unlessFinal: 'everything else: any status, resets, time-outs, what cannot be read',
};
const NOT_AGAIN = { ifNotBought: 'everything that the server may have taken', ifHarmless: 'other refusals' };

function retryPolicy() {
	const { RETRY_POLICY } = require('../build/nodes/core/retry');
	const rows = Object.values(RETRY_POLICY).map(
		({ purpose, again, finalStatuses, finalInARow, maxRetries, limitedBy }) => [
			purpose,
			AGAIN[again],
			NOT_AGAIN[again] ?? `${finalStatuses.join(', ')}${finalInARow > 1 ? `, ${finalInARow} times in a row` : ''}`,
			maxRetries === undefined ? `*${limitedBy}*` : `${maxRetries} times`,
		],
	);
	return table(['Request', 'Sent again after', 'Not sent again after', 'At most'], rows);
}

/** `file` for a delivered file, else the kind of the error; then what is paid when that is not the usual. */
function describeOutcome({ kind, charge, names }) {
	if (kind === 'delivered') return 'file';
	const asPaid = {
		nothing: 'free',
		id: charge > 0 ? 'paid, ID' : 'free, ID',
		uncertain: 'maybe',
		candidate: 'maybe, ID',
	};
	return `${kind} (${asPaid[names]})`;
}

function describeCell(cell) {
	if (cell === NEVER) return NEVER;
	const told = [cell.passing, cell.lasting].filter(Boolean).map(describeOutcome);
	return [...new Set(told)].join(' / ');
}

function faultMatrix() {
	const { ROWS } = require('../test/contract/faultMatrix/faults');
	const { COLUMNS } = require('../test/contract/faultMatrix/matrix');
	return table(
		['Fault', ...Object.keys(COLUMNS)],
		ROWS.map(({ name }) => [name, ...Object.values(COLUMNS).map(({ cells }) => describeCell(cells[name]))]),
	);
}

const TABLES = { 'retry-policy': retryPolicy, 'fault-matrix': faultMatrix };

/** docs/faults.md with its tables made anew. */
const withFaultTables = (document) => fillTables(document, TABLES);

module.exports = { FAULTS, withFaultTables };
