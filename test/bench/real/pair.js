'use strict';

const { openProvider } = require('../provider');
const { bindToCores, usableCores } = require('./cores');
const { startContenders } = require('./engine');

/**
 * Arguments for Node that keep a process as it is while it works: without them one that has nothing to do for some seconds
 * throws away compiled code and shrinks its heap, and what it does next costs twice as much CPU time.
 */
const ALWAYS_AT_WORK = ['--no-memory-reducer', '--no-flush-bytecode'];

/**
 * @template Result
 * @typedef {[(engine: any, provider: any) => Promise<Result>, (engine: any, provider: any) => Promise<Result>]} Work
 *   what the two sides do, with an engine and a provider of their own
 */

/**
 * Two sides that are compared, each with an engine and a provider of its own.
 *
 * `together` compares CPU time: both engines work at the same moment on the same core, and the system gives them slices of
 * some milliseconds in turn. A core of a virtual machine is shared with others, and its speed changes from one moment to the
 * next, by a factor of two and more: so it changes for both. The providers work on another core.
 * `apart` gives each work a core for itself, to warm up and to see how long an engine does not listen.
 * In the next turn the sides change their work, since no process is like another, and the cores, since one may be slow for minutes.
 * Where the system cannot bind a process to a core, both sides only work at the same moment.
 * @param {(starting: Promise<{close(): Promise<void>}>) => () => Promise<void>} closeAtTheEnd
 * @param {object} plan
 * @param {[object, object]} plan.engines for each side what `startContenders` takes
 * @param {(provider: any) => Promise<unknown>} plan.prepare tells a provider how things will go
 */
async function startPair(closeAtTheEnd, { engines, prepare }) {
	const closers = [];
	const closeWithPair = (starting) => {
		const close = closeAtTheEnd(starting);
		closers.push(close);
		return close;
	};
	const sides = await Promise.all(
		engines.map(async (options) => {
			const provider = await openProvider(closeWithPair);
			await prepare(provider);
			const engine = await startContenders(closeWithPair, { ...options, nodeArguments: ALWAYS_AT_WORK });
			return { provider, engine };
		}),
	);
	const cores = usableCores().slice(0, 2);
	const core = (number) => (cores.length === 0 ? [] : [/** @type {number} */ (cores[number % cores.length])]);
	/**
	 * @template Result
	 * @param {Work<Result>} work
	 * @param {number} turn
	 */
	const run = async (work, turn) => {
		const workers = turn % 2 === 0 ? sides : sides.toReversed();
		const results = await Promise.all(workers.map(({ engine, provider }, index) => work[index](engine, provider)));
		return /** @type {[Result, Result]} */ (results);
	};
	return {
		/**
		 * @template Result
		 * @param {Work<Result>} work
		 * @param {number} turn
		 * @returns what each work gives, whichever side has done it
		 */
		async together(work, turn) {
			for (const { engine, provider } of sides) {
				bindToCores(engine.pid, core(turn));
				bindToCores(provider.pid, core(turn + 1));
			}
			return await run(work, turn);
		},
		/**
		 * @template Result
		 * @param {Work<Result>} work
		 * @param {number} turn
		 * @returns what each work gives, whichever side has done it
		 */
		async apart(work, turn) {
			for (const [side, members] of sides.entries()) {
				for (const { pid } of Object.values(members)) bindToCores(pid, core(turn + side));
			}
			return await run(work, turn);
		},
		async close() {
			await Promise.all(closers.map(async (close) => await close()));
		},
	};
}

module.exports = { startPair };
