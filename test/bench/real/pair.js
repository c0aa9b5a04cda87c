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
 *   what each of two sides does, with its own engine and its own provider
 */

/**
 * Two sides that are compared, each with an engine and a provider of its own.
 *
 * `together` compares CPU time: both engines work at the same moment on the same core, and the system gives them slices of
 * some milliseconds in turn. A core of a virtual machine is shared with others, and its speed changes from one moment to the
 * next, by a factor of two and more: so it changes for both. The providers work on another core.
 * `apart` gives each side a core for itself, to warm up and to see how long an engine does not listen.
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
	let turn = 0;
	const core = (number) => (cores.length === 0 ? [] : [/** @type {number} */ (cores[(turn + number) % cores.length])]);
	/**
	 * @template Result
	 * @param {Work<Result>} work
	 */
	const run = async (work) => {
		// In the next turn with the cores changed: one may be the slower one for minutes.
		turn++;
		const results = await Promise.all(sides.map(({ engine, provider }, side) => work[side](engine, provider)));
		return /** @type {[Result, Result]} */ (results);
	};
	return {
		/**
		 * @template Result
		 * @param {Work<Result>} work
		 */
		async together(work) {
			for (const { engine, provider } of sides) {
				bindToCores(engine.pid, core(0));
				bindToCores(provider.pid, core(1));
			}
			return await run(work);
		},
		/**
		 * @template Result
		 * @param {Work<Result>} work
		 */
		async apart(work) {
			for (const [side, members] of sides.entries()) {
				for (const { pid } of Object.values(members)) bindToCores(pid, core(side));
			}
			return await run(work);
		},
		async close() {
			await Promise.all(closers.map(async (close) => await close()));
		},
	};
}

module.exports = { startPair };
