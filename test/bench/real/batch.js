'use strict';

/**
 * What the benchmarks of batches have in common: how long N things take whose making takes T each, in relation to T, with
 * each contender. They take turns, each in an engine of its own, against the same provider. Those that work on one item
 * after the other take minutes, in which they do next to nothing: they are measured once, beside the others.
 */

const { table } = require('../../../scripts/markdown');
const { plot } = require('../plot');
const { showSpread, spread, textTable } = require('../report');
const { credentialsOf } = require('./contenders');
const { startContenders } = require('./engine');
const { realPart, verdict } = require('./part');

const SECOND_MS = 1000;
/** Larger batches are measured once. */
const ONCE_ABOVE = 20;

/**
 * @typedef {object} Contender
 * @property {string} title
 * @property {(wish: {count: number, baseUrl: string, pauseSeconds: number}) => object} workflow
 * @property {number} [most] the largest count that it is measured with, and then once: it would take too long
 *
 * @typedef {object} Batch
 * @property {string} name of the part
 * @property {string} title
 * @property {string} about
 * @property {string} things what is made
 * @property {Record<string, Contender>} contenders ours is `own`
 * @property {{usual: number, quick: number}} seconds what each takes
 * @property {(seconds: number) => Array<[string, object]>} scripts what the provider is told, see ../provider.js
 * @property {{usual: string, quick: string}} counts comma list
 * @property {{count: number, ratio: number}} [goal]
 * @property {string} explanation for the document
 */

/** @param {Batch} batch */
function batchPart({ name, title, about, things, contenders, seconds, scripts, counts, goal, explanation }) {
	const optionNames = { seconds: `${name}Seconds`, counts: `${name}Counts`, runs: `${name}Runs` };
	const options = {
		[optionNames.seconds]: { type: 'number', default: seconds.usual, quick: seconds.quick, about: 'what each takes' },
		[optionNames.counts]: { type: 'string', default: counts.usual, quick: counts.quick, about: `how many ${things}` },
		[optionNames.runs]: { type: 'number', default: 5, quick: 1, about: 'how often; slow nodes once' },
	};

	async function run(settings, { provider, closeAtTheEnd }) {
		const [eachSeconds, list, runs] = Object.values(optionNames).map((option) => settings[option]);
		const numbers = String(list).split(',').map(Number);
		const kinds = Object.keys(contenders).filter((kind) => !settings.quick || contenders[kind].most === undefined);
		/** @type {Record<string, (count: number) => Promise<number>>} */
		const measure = {};
		for (const kind of kinds) {
			const engine = await startContenders(closeAtTheEnd);
			measure[kind] = async (count) => {
				const wish = { count, baseUrl: provider.baseUrl, pauseSeconds: 1 };
				const request = { workflow: contenders[kind].workflow(wish), credentials: credentialsOf(provider) };
				return (await engine.measure(request, count)).wallMs / SECOND_MS / eachSeconds;
			};
		}
		const [slow, fast] = [true, false].map((isSlow) => kinds.filter((kind) => 'most' in contenders[kind] === isSlow));
		// All code is loaded and compiled first, the provider's too. What takes minutes need not be warm.
		for (const script of scripts(0)) await provider.script(...script);
		for (const kind of fast) await measure[kind](Math.min(ONCE_ABOVE, Math.max(...numbers)));
		for (const script of scripts(eachSeconds)) await provider.script(...script);
		const slowOnes = slow.map(async (kind) => {
			const usable = numbers.filter((count) => count <= (contenders[kind].most ?? 0));
			return await takeTurns([kind], usable, 1, measure);
		});
		const measured = Object.assign({}, ...(await Promise.all([takeTurns(fast, numbers, runs, measure), ...slowOnes])));
		const kindsMeasured = kinds.map((kind) => ({ kind, title: contenders[kind].title, rows: measured[kind] }));
		const reached = kindsMeasured[0].rows.find(({ count }) => count === goal?.count)?.ratio.median;
		const goalMet = goal && reached !== undefined ? reached <= goal.ratio : null;
		return { seconds: eachSeconds, runs, counts: numbers, kinds: kindsMeasured, goal: goal ?? null, goalMet };
	}

	const head = ({ counts: numbers }) => ['wall time ÷ time of one', ...numbers.map((count) => `N = ${count}`)];
	const rows = ({ kinds, counts: numbers }) =>
		kinds.map(({ title: kindTitle, rows: measured }) => [
			kindTitle,
			...numbers.map((number) => {
				const row = measured.find(({ count }) => count === number);
				return row ? showSpread(row.ratio) : '–';
			}),
		]);
	const describeGoal = ({ goal: aim, goalMet }, say) =>
		goalMet === null ? '' : `Goal for N = ${aim.count}: at most ${aim.ratio}. ${say(goalMet)}`;

	return realPart({
		title,
		about,
		options,
		run,
		summarize: (report) =>
			`${textTable(head(report), rows(report))}\n\n${describeGoal(report, (isMet) => `${verdict(isMet)}.`)}`,
		sections(report) {
			const { seconds: each, runs, n8n } = report;
			const file = `${name}.svg`;
			return {
				markdown: `${things.charAt(0).toUpperCase()}${things.slice(1)} that take ${each} s each, all in one execution of n8n ${n8n}, in real time; median and range of ${runs}, more than ${ONCE_ABOVE} once. ${explanation}

![Time for many ${things}](images/${file})

${table(head(report), rows(report))}

${describeGoal(report, (isMet) => (isMet ? 'Met.' : 'Missed.'))}`,
				plots: { [file]: plotOf(report, things) },
			};
		},
	});
}

/**
 * The ratios of each kind for each count, `runs` times. They nearly always wait, and so they run side by side: what else
 * happens on the machine meets all of them. Where there are so many items that they have work to do, they take turns.
 */
async function takeTurns(kinds, counts, runs, measure) {
	const rows = Object.fromEntries(
		kinds.map((kind) => [kind, counts.map((count) => ({ count, ratios: /** @type {number[]} */ ([]) }))]),
	);
	for (let run = 1; run <= runs; run++) {
		for (const [index, count] of counts.entries()) {
			if (run > 1 && count > ONCE_ABOVE) continue;
			const measureKind = async (kind) => {
				const ratio = await measure[kind](count);
				rows[kind][index].ratios.push(ratio);
				console.log(`  run ${run} of ${runs}: ${kind}, ${count}: ${ratio.toFixed(2)}`);
			};
			const groups = count > ONCE_ABOVE ? kinds.map((kind) => [kind]) : [kinds];
			for (const group of groups) await Promise.all(group.map(measureKind));
		}
	}
	return Object.fromEntries(
		kinds.map((kind) => [kind, rows[kind].map(({ count, ratios }) => ({ count, ratio: spread(ratios) }))]),
	);
}

function plotOf({ kinds }, things) {
	const series = kinds.map(({ title: name, rows }) => ({
		name,
		points: rows.map(({ count, ratio }) => ({ x: count, y: ratio.median })),
		isLine: true,
	}));
	const largest = (values, ticks) => ticks.slice(0, ticks.findIndex((tick) => tick >= Math.max(...values)) + 1);
	const points = series.flatMap((one) => one.points);
	return plot({
		title: `Wall time for many ${things} in relation to the time of one`,
		x: {
			label: things,
			ticks: largest(
				points.map(({ x }) => x),
				[1, 2, 5, 10, 20, 50, 100, 200],
			),
			isLog: true,
		},
		y: {
			label: 'wall time ÷ time of one',
			ticks: largest(
				points.map(({ y }) => y),
				[0.9, 1, 2, 5, 10, 20, 50, 100],
			),
			isLog: true,
		},
		panels: [{ series }],
	});
}

module.exports = { batchPart };
