'use strict';

const { ParameterReader } = require('../../build/nodes/adapter/parameters');
const { readSubmitLimits } = require('../../build/nodes/adapter/purchaseParameters');

const itemWith = (options) => ({ parameters: new ParameterReader({ getNodeParameter: () => options }, 0) });
const timeoutOf = (options, usualSeconds) => readSubmitLimits(itemWith(options), usualSeconds).timeoutMs;

test('a Request Timeout of 0 is the usual one of the way that the server is asked', () => {
	for (const options of [{}, { timeout: 0 }, { timeout: '' }]) {
		expect(timeoutOf(options)).toBe(60_000);
		expect(timeoutOf(options, 360)).toBe(360_000);
	}
	expect(timeoutOf({ timeout: 90 }, 360)).toBe(90_000);
	expect(() => timeoutOf({ timeout: 0.5 })).toThrow(/Request Timeout \(Seconds\) is 0\.5, below the least/);
	expect(() => timeoutOf({ timeout: -1 })).toThrow(/Request Timeout \(Seconds\) is -1/);
});
