'use strict';

const { startProvider } = require('../provider');
const { spread } = require('../report');
const { bindToCore, usableCores } = require('./cores');
const { startContenders } = require('./engine');

/**
 * Arguments for Node that keep a process as it is while it works: without them one that has nothing to do for some seconds
 * throws away compiled code and shrinks its heap, and what it does next costs twice as much CPU time.
 */
const ALWAYS_AT_WORK = ['--no-memory-reducer', '--no-flush-bytecode'];

/**
 * The CPU time of two sides that work at the same moment, each with an engine and a provider of its own on a core of its own;
 * then with their cores changed. On a virtual machine a core may be half as fast as the other for minutes, since it is shared
 * with others: a run is two turns that follow each other, and the root of the product of their ratios does not know which
 * core was the slow one. Where the system cannot bind a process to a core, both sides only work at the same moment.
 * @template Result
 * @param {(starting: Promise<{close(): Promise<void>}>) => () => Promise<void>} closeAtTheEnd
 * @param {object} plan
 * @param {object[]} plan.engines for each side what `startContenders` takes
 * @param {(provider: any) => Promise<unknown>} plan.prepare tells a provider how things will go
 * @param {Array<(engine: any, provider: any, isWarmUp: boolean) => Promise<Result>>} plan.work
 * @param {number} plan.warmUps
 * @param {number} plan.runs
 * @returns {Promise<Array<[Result, Result]>>} the results of both sides for each turn: one more than the runs
 */
async function measurePair(closeAtTheEnd, { engines, prepare, work, warmUps, runs }) {
	const closers = [];
	const open = async (starting) => {
		closers.push(closeAtTheEnd(starting));
		return await starting;
	};
	const sides = await Promise.all(
		engines.map(async (options, side) => {
			const provider = await open(startProvider());
			await prepare(provider);
			const engine = await startContenders(closeAtTheEnd, { ...options, nodeArguments: ALWAYS_AT_WORK });
			closers.push(engine.close);
			return { provider, engine, work: work[side] };
		}),
	);
	const cores = usableCores();
	const turns = [];
	for (let turn = -warmUps; turn <= runs; turn++) {
		for (const [index, { engine, provider }] of sides.entries()) {
			const core = cores[Math.abs(index + turn) % Math.min(2, cores.length)];
			for (const { pid } of [engine, provider]) bindToCore(pid, core);
		}
		const isWarmUp = turn < 0;
		const results = await Promise.all(sides.map((side) => side.work(side.engine, side.provider, isWarmUp)));
		if (isWarmUp) continue;
		turns.push(/** @type {[Result, Result]} */ (results));
		console.log(`  turn ${turns.length} of ${runs + 1}`);
	}
	await Promise.all(closers.map(async (close) => await close()));
	return turns;
}

/**
 * What one side takes in relation to the other, for each run.
 * @param {Array<[number, number]>} turns what each side took in each turn
 */
function ratioOf(turns) {
	const ratios = turns.map(([one, other]) => one / other);
	return spread(ratios.slice(1).map((ratio, index) => Math.sqrt(ratio * ratios[index])));
}

module.exports = { measurePair, ratioOf };
