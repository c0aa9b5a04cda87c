'use strict';

const { n8nVersion, nodeVersion, whatIsMissing } = require('./engine');
const { startProvider } = require('../provider');

/**
 * A benchmark against the real n8n as a part (see ../parts.js): with a provider that is told how its jobs will go, and left
 * out, with the reason, where this machine has no such n8n.
 * @param {object} part as a part, but `run(settings, {provider, closeAtTheEnd})`
 * @param {string} part.title
 * @param {() => string | undefined} [part.missing] what else the machine may lack
 * @param {string} [part.notQuick] why it is left out of a quick run
 */
function realPart({ title, missing = () => undefined, notQuick, run, summarize, figures, sections, ...rest }) {
	return {
		...rest,
		async run(settings, { closeAtTheEnd }) {
			const leftOut = whatIsMissing() ?? missing() ?? (settings.quick ? notQuick : undefined);
			if (leftOut) return { leftOut };
			const starting = startProvider();
			closeAtTheEnd(starting);
			const provider = await starting;
			return { n8n: n8nVersion(), engineNode: nodeVersion(), ...(await run(settings, { provider, closeAtTheEnd })) };
		},
		summarize: (report) => (report.leftOut ? `Left out: ${report.leftOut}` : summarize(report)),
		figures: (report) => (report.leftOut ? [] : figures(report)),
		sections: (report) =>
			report.leftOut ? { title, markdown: `Left out: ${report.leftOut}.` } : { title, ...sections(report) },
	};
}

/**
 * Measures each kind in turn, `runs` times: what else happens on the machine meets all of them.
 * @template Result
 * @param {string[]} kinds
 * @param {number} runs
 * @param {(kind: string) => Promise<Result>} measure
 * @returns {Promise<Record<string, Result[]>>} the results of each kind
 */
async function takeTurns(kinds, runs, measure) {
	/** @type {Record<string, Result[]>} */
	const results = Object.fromEntries(kinds.map((kind) => [kind, []]));
	for (let run = 1; run <= runs; run++) {
		for (const kind of kinds) {
			results[kind].push(await measure(kind));
			console.log(`  run ${run} of ${runs}: ${kind}`);
		}
	}
	return results;
}

/**
 * As `takeTurns`, each measurement in a process of its own. Those of a round start together, which spares half of their time,
 * and rest while one of them is measured.
 * @template Result
 * @param {string[]} kinds
 * @param {number} runs
 * @param {(kind: string) => Promise<{close(): Promise<void>}>} start
 * @param {(kind: string, engine: any) => Promise<Result>} measure
 * @returns {Promise<Record<string, Result[]>>} the results of each kind
 */
async function takeFreshTurns(kinds, runs, start, measure) {
	/** @type {Record<string, any>} */
	let engines = {};
	let round = 0;
	const startRound = async () => {
		round++;
		const started = await Promise.all(kinds.map(start));
		engines = Object.fromEntries(kinds.map((kind, index) => [kind, started[index]]));
	};
	return await takeTurns(kinds, runs, async (kind) => {
		if (kind === kinds[0] && round < runs) await startRound();
		try {
			return await measure(kind, engines[kind]);
		} finally {
			await engines[kind].close();
		}
	});
}

/** `met` or `MISSED`, for a terminal. */
const verdict = (isMet) => (isMet ? 'met' : 'MISSED');

module.exports = { realPart, takeFreshTurns, verdict };
