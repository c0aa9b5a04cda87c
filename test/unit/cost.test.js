'use strict';

const fc = require('fast-check');

const { findVideoModel } = require('../../build/nodes/core/catalogue');
const {
	enforceSpendingCap,
	formatRoughUsd,
	formatUsd,
	multiplyPrice,
	priceOfVideo,
	sumUsd,
} = require('../../build/nodes/core/cost');
const { GenerationError } = require('../../build/nodes/core/errors');

function price(model, size, seconds, own) {
	return priceOfVideo(findVideoModel(model), { model, size, seconds }, own);
}

function errorOf(action) {
	try {
		action();
	} catch (error) {
		return error;
	}
	return undefined;
}

describe('priceOfVideo', () => {
	// As the server that the row's facts are from publishes it, to the cent.
	test.each([
		['sora-2', '720x1280', 4, 0.4],
		['sora-2', '1280x720', 8, 0.8],
		['sora-2', '1280x720', 12, 1.2],
		['sora-2-pro', '720x1280', 4, 1.2],
		['sora-2-pro', '1280x720', 12, 3.6],
		['sora-2-pro', '1024x1792', 8, 4],
		['sora-2-pro', '1792x1024', 12, 6],
		['sora-2-pro', '1080x1920', 4, 2.8],
		['sora-2-pro', '1920x1080', 12, 8.4],
	])('%s at %s for %i seconds costs $%d', (model, size, seconds, usd) => {
		expect(price(model, size, seconds)).toEqual({ usd });
	});

	test("the user's own price comes before the catalogue's", () => {
		expect(price('sora-2', '1280x720', 4, 0.07)).toEqual({ usd: 0.28 });
		expect(price('sora-2', '1280x720', 4, 0)).toEqual({ usd: 0 });
	});

	test("the user's own price serves models that the catalogue does not know", () => {
		expect(price('house-model', '640x480', 5, 0.05)).toEqual({ usd: 0.25 });
	});

	test('a model with one price for every video has it at any size and length, unless the user says otherwise', () => {
		expect(price('muse-video', '1280x720', 5)).toEqual({ usd: 0.3 });
		expect(price('muse-video', '720x720', 10)).toEqual({ usd: 0.3 });
		expect(price('muse-video', '1280x720', 10, 0.05)).toEqual({ usd: 0.5 });
	});

	test('a model that is not in the catalogue has no price, and it is named', () => {
		expect(price('house-model', '640x480', 5).unknown).toContain('house-model');
	});

	test('a size without a published price has none, and it is named', () => {
		expect(price('sora-2', '1920x1080', 4).unknown).toMatch(/sora-2.*1920x1080/);
	});
});

describe('sums', () => {
	test('ten videos of ten cents are one dollar', () => {
		expect(sumUsd(new Array(10).fill({ usd: 0.1 }))).toBe(1);
		expect(sumUsd([{ usd: 0.1 }, { usd: 0.2 }])).toBe(0.3);
	});

	test('unknown prices add nothing', () => {
		expect(sumUsd([{ usd: 0.4 }, { unknown: 'why' }])).toBe(0.4);
		expect(sumUsd([])).toBe(0);
	});

	test('a price is multiplied, an unknown one stays unknown', () => {
		expect(multiplyPrice({ usd: 0.1 }, 3)).toEqual({ usd: 0.3 });
		expect(multiplyPrice({ unknown: 'why' }, 3)).toEqual({ unknown: 'why' });
	});
});

describe('formatUsd', () => {
	test.each([
		[0, '$0.00'],
		[1.2, '$1.20'],
		[8.4, '$8.40'],
		[0.1 + 0.2, '$0.30'],
		[0.005, '$0.005'],
		[12, '$12.00'],
		[0.0000001, '$0.00'],
	])('%d is shown as %s', (usd, expected) => {
		expect(formatUsd(usd)).toBe(expected);
	});
});

describe('enforceSpendingCap', () => {
	test.each([0, -1])('%d means that there is no cap', (cap) => {
		expect(errorOf(() => enforceSpendingCap([{ usd: 1_000 }, { unknown: 'why' }], cap))).toBeUndefined();
	});

	test('a sum that equals the cap is bought', () => {
		expect(errorOf(() => enforceSpendingCap([{ usd: 0.1 }, { usd: 0.2 }], 0.3))).toBeUndefined();
	});

	test('a sum above the cap stops the run and names the number of items and both sums', () => {
		const error = errorOf(() => enforceSpendingCap([{ usd: 0.4 }, { usd: 0.4 }, { usd: 0.4 }], 1));
		expect(error).toBeInstanceOf(GenerationError);
		expect(error).toMatchObject({ kind: 'spendingCapExceeded', billed: 'no' });
		expect(error.message).toMatch(/3 items.*\$1\.20.*\$1\.00/);
	});

	test('each item may be below the cap and the sum above it', () => {
		expect(errorOf(() => enforceSpendingCap(new Array(100).fill({ usd: 0.4 }), 39.99))).toMatchObject({
			kind: 'spendingCapExceeded',
		});
		expect(errorOf(() => enforceSpendingCap(new Array(100).fill({ usd: 0.4 }), 40))).toBeUndefined();
	});

	test('a price that nobody knows stops the run too, and the error says how to give one', () => {
		const error = errorOf(() => enforceSpendingCap([{ usd: 0.4 }, { unknown: 'no price is known for x' }], 100));
		expect(error).toMatchObject({ kind: 'spendingCapExceeded', billed: 'no' });
		expect(error.message).toContain('no price is known for x');
		expect(error.hint).toContain('Price per Second (USD)');
	});

	test('lets a run through exactly when the sum in millionths of a dollar is within the cap', () => {
		const millionths = fc.integer({ min: 0, max: 5_000_000 });
		fc.assert(
			fc.property(
				fc.array(millionths, { minLength: 1, maxLength: 30 }),
				fc.integer({ min: 1, max: 60_000_000 }),
				(list, cap) => {
					const prices = list.map((value) => ({ usd: value / 1e6 }));
					const isStopped = errorOf(() => enforceSpendingCap(prices, cap / 1e6)) !== undefined;
					expect(isStopped).toBe(list.reduce((sum, value) => sum + value, 0) > cap);
				},
			),
		);
	});
});

test.each([
	[1.6, '$1.60'],
	[12.3456, '$12.35'],
	[0.1, '$0.10'],
	[0.02, '$0.02'],
	[0.008463, '$0.0085'],
	[0, '$0.00'],
])('an estimate of %d is told as %s', (usd, text) => expect(formatRoughUsd(usd)).toBe(text));
