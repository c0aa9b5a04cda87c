'use strict';

/** Every fault at every stage of a purchase: what comes of it, what it costs, and how what was paid is named. */

const { ROWS } = require('./faultMatrix/faults');
const { COLUMNS, NONE } = require('./faultMatrix/matrix');
const { movie, outcomeOf, PASSING_TIMES, startUnder } = require('./faultMatrix/purchaseUnder');

beforeAll(movie);

test.each(Object.entries(COLUMNS))('the column "%s" says something of every fault', (_name, { cells }) => {
	expect(Object.keys(cells).sort()).toEqual(ROWS.map(({ name }) => name).sort());
});

describe.each(Object.entries(COLUMNS))('%s', (_column, column) => {
	const cells = ROWS.flatMap((row) => {
		const cell = column.cells[row.name];
		return cell === NONE ? [] : Object.entries(cell).map(([strength, outcome]) => ({ row, strength, outcome }));
	}).filter(({ outcome }) => outcome !== undefined);

	test.each(cells.map((entry) => [`${entry.row.name}, ${entry.strength}`, entry]))('%s', async (_name, entry) => {
		const times = entry.strength === 'passing' ? PASSING_TIMES[column.stage] : -1;
		const contract = await startUnder(entry.row, column, times);
		expect(await outcomeOf(contract)).toEqual(entry.outcome);
		if (column.lists === 'nothing') expect(contract.requests('GET', '/v1/videos(\\?|$)')).toEqual([]);
		await contract.end();
	});
});
