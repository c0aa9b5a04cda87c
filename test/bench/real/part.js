'use strict';

const { n8nVersion, nodeVersion, whatIsMissing } = require('./engine');

/**
 * A benchmark against the real n8n as a part (see ../parts.js), left out, with the reason, where this machine has no such n8n.
 * @param {object} part as a part
 * @param {string} part.title
 * @param {() => string | undefined} [part.missing] what else the machine may lack
 * @param {string} [part.notQuick] why it is left out of a quick run
 */
function realPart({ title, missing = () => undefined, notQuick, run, summarize, figures, sections, ...rest }) {
	return {
		...rest,
		async run(settings, tools) {
			const leftOut = whatIsMissing() ?? missing() ?? (settings.quick ? notQuick : undefined);
			if (leftOut) return { leftOut };
			return { n8n: n8nVersion(), engineNode: nodeVersion(), ...(await run(settings, tools)) };
		},
		summarize: (report) => (report.leftOut ? `Left out: ${report.leftOut}` : summarize(report)),
		figures: (report) => (report.leftOut ? [] : figures(report)),
		sections: (report) =>
			report.leftOut ? { title, markdown: `Left out: ${report.leftOut}.` } : { title, ...sections(report) },
	};
}

/**
 * Measures each kind in turn, `runs` times, so that what else happens on the machine meets all of them; each time in a process
 * of its own. Those of the next round start while the ones of this round are measured.
 * @template Result
 * @param {string[]} kinds
 * @param {number} runs
 * @param {(kind: string) => Promise<{close(): Promise<void>}>} start
 * @param {(kind: string, engine: any) => Promise<Result>} measure
 * @returns {Promise<Record<string, Result[]>>} the results of each kind
 */
async function takeFreshTurns(kinds, runs, start, measure) {
	/** @type {Record<string, Result[]>} */
	const results = Object.fromEntries(kinds.map((kind) => [kind, []]));
	const startRound = () => {
		const starting = Promise.all(kinds.map(start));
		// Whoever waits for it hears of a failure; nobody does once a measurement has failed.
		starting.catch(() => {});
		return starting;
	};
	let next = startRound();
	for (let run = 1; run <= runs; run++) {
		const engines = await next;
		if (run < runs) next = startRound();
		for (const [index, kind] of kinds.entries()) {
			results[kind].push(await measure(kind, engines[index]));
			await engines[index].close();
			console.log(`  run ${run} of ${runs}: ${kind}`);
		}
	}
	return results;
}

/** `met` or `MISSED`, for a terminal. */
const verdict = (isMet) => (isMet ? 'met' : 'MISSED');

module.exports = { realPart, takeFreshTurns, verdict };
