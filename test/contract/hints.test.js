'use strict';

const { ERROR_KINDS } = require('../../build/nodes/core/errors');
const { EXPLANATIONS } = require('../../scripts/errorExplanations');
const { AFTER_PAYING } = require('./hints/afterPaying');
const { BEFORE_PAYING } = require('./hints/beforePaying');
const { scene } = require('./hints/scene');

/** Every kind of error is provoked, and then its hint is done: docs/errors.md says nothing that does not help here. */
const TRIALS = { ...BEFORE_PAYING, ...AFTER_PAYING };

test('every kind of the error table has a trial', () => {
	expect(Object.keys(TRIALS)).toEqual(Object.keys(ERROR_KINDS));
});

describe('what its hint says helps', () => {
	afterEach(async () => await scene.contract.end());

	test.each(Object.entries(TRIALS))('%s', async (kind, tryIt) => {
		const { failed, hint, billed, mended, charges } = await tryIt();
		const usual = ERROR_KINDS[kind];
		expect(failed).toMatchObject({ kind, billed: billed ?? usual.billed });
		expect(EXPLANATIONS[kind].seen.filter((beginning) => failed.message.startsWith(beginning))).not.toEqual([]);
		if (hint) expect(failed.hint).toMatch(hint);
		else expect(failed.hint).toBe(usual.hint);
		expect(failed.description).toContain(failed.hint);
		expect(mended.length).toBeGreaterThan(0);
		expect(mended.map(({ json }) => json.error)).toEqual(mended.map(() => undefined));
		expect(scene.contract.simulator.ledger().charges).toBe(charges);
	});
});
