'use strict';

/** Every fault at every stage of a purchase: what comes of it, what it costs, and how what was paid is named. */

const { mapSettled } = require('../../build/nodes/core/concurrency');
const { ROWS } = require('./faultMatrix/faults');
const { COLUMNS, NONE } = require('./faultMatrix/matrix');
const { FILE } = require('./faultMatrix/outcomes');
const { movie, outcomeOf, PASSING_TIMES, startUnder } = require('./faultMatrix/purchaseUnder');

/** Purchases side by side, each with a server of its own: most of their time is the network's. */
const SIDE_BY_SIDE = 6;

beforeAll(movie);

test.each(Object.entries(COLUMNS))('the column "%s" says something of every fault', (_name, { cells }) => {
	expect(Object.keys(cells).sort()).toEqual(ROWS.map(({ name }) => name).sort());
});

describe.each(Object.entries(COLUMNS))('%s', (_column, column) => {
	const cells = ROWS.flatMap((row) => {
		const cell = column.cells[row.name];
		return cell === NONE ? [] : Object.entries(cell).map(([strength, outcome]) => ({ row, strength, outcome }));
	}).filter(({ outcome }) => outcome !== undefined);
	/** @type {Array<{result: object} | {error: unknown}>} */
	let settled;

	beforeAll(async () => {
		settled = await mapSettled(cells, SIDE_BY_SIDE, async ({ row, strength }) => {
			const times = strength === 'passing' ? PASSING_TIMES[column.stage] : -1;
			const contract = await startUnder(row, column, [{ times }]);
			try {
				const outcome = await outcomeOf(contract);
				if (column.lists === 'nothing') expect(contract.requests('GET', '/v1/videos(\\?|$)')).toEqual([]);
				return outcome;
			} finally {
				await contract.end();
			}
		});
	}, 120_000);

	test.each(cells.map(({ row, strength, outcome }, index) => [`${row.name}, ${strength}`, index, outcome]))(
		'%s',
		(_name, index, outcome) => {
			expect(settled[index]).toEqual({ result: outcome });
		},
	);
});

describe('three of ten looks fail, and the file is delivered', () => {
	const column = COLUMNS.poll;
	const ways = ROWS.filter(({ name, fault, code }) => column.cells[name].passing === FILE && (fault || code));

	test.each(ways.map((row) => [row.name, row]))('%s', async (_name, row) => {
		const contract = await startUnder(row, column, [{ skip: 1 }, { skip: 2 }, { skip: 2 }]);
		try {
			expect(await outcomeOf(contract, 5_000)).toEqual(FILE);
			const left = [...contract.simulator.state.faults.faults, ...contract.network.plan.faults];
			expect(left.map(({ times }) => times)).toEqual(left.map(() => 0));
		} finally {
			await contract.end();
		}
	});
});
