'use strict';

/**
 * What the benchmarks of batches have in common: how long N things take whose making takes T each, in relation to T, with
 * each contender, in an engine of its own, against the same provider. Those that work on one item after the other take
 * minutes, in which they do next to nothing: they are measured once, beside the others.
 */

const { table } = require('../../../scripts/markdown');
const { plot } = require('../plot');
const { showSpread, spread, textTable } = require('../report');
const { openProvider } = require('../provider');
const { FOREIGN_NODES, LIGHT_NODES, credentialsOf } = require('./contenders');
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
 * @property {number} [sideBySide] all batches up to this size run at the same time, each in an engine of its own
 * @property {boolean} [nearlyAlwaysWaits] see ../parts.js
 * @property {boolean} [warmsSlowOnes] slow ones are warmed up, too; not those whose own pauses outlast the loading of code
 * @property {{count: number, ratio: number}} [goal]
 * @property {string} explanation for the document
 */

/** @param {Batch} batch */
function batchPart({
	name,
	title,
	about,
	things,
	contenders,
	seconds,
	scripts,
	counts,
	sideBySide = 0,
	warmsSlowOnes = false,
	nearlyAlwaysWaits = false,
	goal,
	explanation,
}) {
	const optionNames = { seconds: `${name}Seconds`, counts: `${name}Counts`, runs: `${name}Runs` };
	const options = {
		[optionNames.seconds]: { type: 'number', default: seconds.usual, quick: seconds.quick, about: 'what each takes' },
		[optionNames.counts]: { type: 'string', default: counts.usual, quick: counts.quick, about: `how many ${things}` },
		[optionNames.runs]: { type: 'number', default: 5, quick: 1, about: 'how often; slow nodes once' },
	};

	async function run(settings, { closeAtTheEnd, everyoneIsReady }) {
		const [provider, otherProvider] = await Promise.all([openProvider(closeAtTheEnd), openProvider(closeAtTheEnd)]);
		const [eachSeconds, list, runs] = Object.values(optionNames).map((option) => settings[option]);
		const numbers = String(list).split(',').map(Number);
		const kinds = Object.keys(contenders).filter((kind) => !settings.quick || contenders[kind].most === undefined);
		const [slow, fast] = [true, false].map((isSlow) => kinds.filter((kind) => 'most' in contenders[kind] === isSlow));
		const groups = Object.fromEntries(
			kinds.map((kind) => {
				const usable = numbers.filter((count) => count <= (contenders[kind].most ?? Infinity));
				return [kind, groupsOf(usable, slow.includes(kind) ? ONCE_ABOVE : sideBySide)];
			}),
		);
		/** @type {Record<string, any[]>} */
		const engines = {};
		await Promise.all(
			kinds.map(async (kind) => {
				const foreignNodes = slow.includes(kind) ? FOREIGN_NODES : LIGHT_NODES;
				const lanes = Math.max(...groups[kind].map(({ length }) => length));
				const starting = Array.from({ length: lanes }, () => startContenders(closeAtTheEnd, { foreignNodes }));
				engines[kind] = await Promise.all(starting);
			}),
		);
		const measure = async (kind, count, lane) => {
			const asked = slow.includes(kind) ? otherProvider : provider;
			const wish = { count, baseUrl: asked.baseUrl, pauseSeconds: 1 };
			const request = { workflow: contenders[kind].workflow(wish), credentials: credentialsOf(asked) };
			return (await engines[kind][lane].measure(request, count)).wallMs / SECOND_MS / eachSeconds;
		};
		// All code is loaded and compiled first, the provider's too.
		const tell = async (asked, itemSeconds) => {
			for (const script of scripts(itemSeconds)) await asked.script(...script);
		};
		const measureSlow = async () => {
			if (warmsSlowOnes) {
				await tell(otherProvider, 0);
				await Promise.all(slow.flatMap((kind) => [...engines[kind].keys()].map((lane) => measure(kind, 1, lane))));
			}
			await tell(otherProvider, eachSeconds);
			return await Promise.all(slow.map(async (kind) => await takeTurns([kind], groups[kind], 1, measure)));
		};
		const slowOnes = measureSlow();
		await tell(provider, 0);
		const warmUp = Math.min(ONCE_ABOVE, Math.max(...numbers));
		for (const kind of fast) for (const lane of engines[kind].keys()) await measure(kind, warmUp, lane);
		await everyoneIsReady();
		await tell(provider, eachSeconds);
		const fastOnes = takeTurns(fast, groups[fast[0]], runs, measure);
		const measured = Object.assign({}, ...(await Promise.all([fastOnes, slowOnes])).flat());
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
		method: 2,
		nearlyAlwaysWaits,
		title,
		about,
		options,
		run,
		summarize: (report) =>
			`${textTable(head(report), rows(report))}\n\n${describeGoal(report, (isMet) => `${verdict(isMet)}.`)}`,
		figures: ({ kinds }) =>
			kinds.flatMap(({ title: kindTitle, rows: measured }) =>
				measured.map(({ count, ratio }) => ({
					name: `${kindTitle}, N = ${count}`,
					kind: 'wall',
					value: ratio.median,
				})),
			),
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

/** Counts that run at the same time; larger batches have work to do, and run alone. */
function groupsOf(counts, sideBySide) {
	const small = counts.filter((count) => count <= sideBySide);
	const large = counts.filter((count) => count > sideBySide).map((count) => [count]);
	return small.length > 0 ? [small, ...large] : large;
}

/**
 * The ratios of each kind for each count, `runs` times. Small batches nearly always wait, and so all kinds run at the same
 * time: what else happens on the machine meets all of them. With large ones they take turns.
 */
async function takeTurns(kinds, groups, runs, measure) {
	/** @type {Record<string, Map<number, number[]>>} */
	const rows = Object.fromEntries(kinds.map((kind) => [kind, new Map(groups.flat().map((count) => [count, []]))]));
	for (let run = 1; run <= runs; run++) {
		const measureOne = async (kind, count, lane) => {
			const ratio = await measure(kind, count, lane);
			rows[kind]?.get(count)?.push(ratio);
			console.log(`  run ${run} of ${runs}: ${kind}, ${count}: ${ratio.toFixed(2)}`);
		};
		for (const counts of groups) {
			const isLarge = counts.some((count) => count > ONCE_ABOVE);
			if (isLarge && run < runs) continue;
			const turns = isLarge ? kinds.map((kind) => [kind]) : [kinds];
			for (const turn of turns) {
				await Promise.all(
					turn.flatMap((kind) => counts.map(async (count, lane) => await measureOne(kind, count, lane))),
				);
			}
		}
	}
	return Object.fromEntries(
		kinds.map((kind) => [kind, [...rows[kind]].map(([count, ratios]) => ({ count, ratio: spread(ratios) }))]),
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
