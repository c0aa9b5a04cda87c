'use strict';

/**
 * `npm run bench -- waiting`: how late the end of a job is noticed, and with how many looks, by the node's own rules and by
 * fixed intervals. The rules are a pure function, so that thousands of jobs pass in a moment.
 */

const { DIALECTS } = require('../../../build/nodes/core/dialects');
const { table } = require('../../../scripts/markdown');
const { randomFrom } = require('../../support/simulator/movie');
const { plot } = require('../plot');
const { textTable } = require('../report');
const { DISTRIBUTIONS, drawSeconds } = require('./jobTimes');
const { waitForAll } = require('./simulate');

const FIXED_SECONDS = [5, 10, 15, 30];
const FLOOR_SECONDS = 5;
/** What the usual time is of what it should be. */
const PRIORS = [0.67, 1, 1.5];
const GOAL = {
	informed: { delayPercent: 3.1, polls: 21 },
	uninformed: { delayPercent: 6, polls: 30 },
};
/** In whole percent, evenly with the time. */
const LINEAR_PROGRESS = (part) => Math.floor(part * 100);
/** Evenly too, but only after a third of the time has gone by in the queue. */
const LATE_PROGRESS = (part) => Math.max(0, Math.floor(((part - 1 / 3) / (2 / 3)) * 100));

const options = {
	waitingJobs: { type: 'number', default: 5000, about: 'how many jobs of each kind' },
	waitingSeed: { type: 'string', default: 'waiting', about: 'of their times and of the jitter' },
};

const percentOf = (prior) => `${prior > 1 ? '+' : '−'}${Math.round(Math.abs(prior - 1) * 100)} %`;

/** The ways of waiting that are compared; `wishFor` gives what such a wait knows, by the median of the distribution. */
function contenders() {
	const informed = (prior, more = {}) => ({
		wishFor: (median) => ({ minPollSeconds: FLOOR_SECONDS, typicalSeconds: median * prior, ...more }),
	});
	const uninformed = (more = {}) => ({ wishFor: () => ({ minPollSeconds: FLOOR_SECONDS, ...more }) });
	return [
		...PRIORS.map((prior) => ({
			name: prior === 1 ? 'usual time right' : `usual time ${percentOf(prior)}`,
			kind: 'informed',
			...informed(prior),
		})),
		{ name: 'usual time unknown', kind: 'uninformed', ...uninformed() },
		{ name: 'usual time right, progress', kind: 'progress', ...informed(1, { progress: LINEAR_PROGRESS }) },
		{ name: 'usual time right, late progress', kind: 'progress', ...informed(1, { progress: LATE_PROGRESS }) },
		{ name: 'usual time unknown, progress', kind: 'progress', ...uninformed({ progress: LINEAR_PROGRESS }) },
		...FIXED_SECONDS.map((seconds) => ({
			name: `every ${seconds} s`,
			kind: 'fixed',
			wishFor: () => ({ minPollSeconds: FLOOR_SECONDS, fixedSeconds: seconds }),
		})),
	];
}

/** The same with the shortest pause of every dialect: its name, the pause and the servers that have it. */
function floors() {
	/** @type {Map<number, string[]>} */
	const servers = new Map();
	for (const [name, { minPollSeconds }] of Object.entries(DIALECTS)) {
		servers.set(minPollSeconds, [...(servers.get(minPollSeconds) ?? []), name]);
	}
	return [...servers].sort(([a], [b]) => a - b).map(([minPollSeconds, names]) => ({ minPollSeconds, names }));
}

async function run({ waitingJobs, waitingSeed }) {
	const measure = (wishFor) =>
		Object.fromEntries(
			Object.entries(DISTRIBUTIONS).map(([name, distribution]) => {
				// Everybody waits for the same jobs.
				const durations = drawSeconds(distribution, waitingJobs, randomFrom(`${waitingSeed} ${name}`));
				const wish = wishFor(distribution.medianSeconds);
				return [name, waitForAll(durations, wish, randomFrom(`${waitingSeed} jitter ${name}`))];
			}),
		);
	const waits = contenders().map(({ name, kind, wishFor }) => ({ name, kind, by: measure(wishFor) }));
	const atFloors = floors().map(({ minPollSeconds, names }) => ({
		minPollSeconds,
		servers: names,
		informed: measure((median) => ({ minPollSeconds, typicalSeconds: median })),
		uninformed: measure(() => ({ minPollSeconds })),
	}));
	return { jobs: waitingJobs, floorSeconds: FLOOR_SECONDS, goal: GOAL, ...judge(waits), waits, atFloors };
}

/** Which goals are met, and which ways of waiting a fixed interval beats in both respects. */
function judge(waits) {
	const names = Object.keys(DISTRIBUTIONS);
	const fixed = waits.filter(({ kind }) => kind === 'fixed');
	const meets = (kind) =>
		waits
			.filter((wait) => wait.kind === kind)
			.every(({ by }) =>
				names.every((name) => by[name].delayPercent <= GOAL[kind].delayPercent && by[name].polls <= GOAL[kind].polls),
			);
	const isBeaten = (own, other) => other.delayPercent <= own.delayPercent && other.polls <= own.polls;
	const beaten = waits
		.filter(({ kind }) => kind !== 'fixed')
		.flatMap((own) =>
			names.flatMap((name) =>
				fixed
					.filter((other) => isBeaten(own.by[name], other.by[name]))
					.map((other) => ({ wait: own.name, distribution: name, by: other.name })),
			),
		);
	return {
		goalMet: { informed: meets('informed'), uninformed: meets('uninformed'), unbeaten: beaten.length === 0 },
		beaten,
	};
}

const show = ({ delayPercent, polls }) => `${delayPercent.toFixed(2)} %, ${polls.toFixed(1)}`;

function rowsOf({ waits }) {
	return waits.map(({ name, by }) => [name, ...Object.keys(DISTRIBUTIONS).map((key) => show(by[key]))]);
}

const titles = () => Object.values(DISTRIBUTIONS).map(({ title }) => title);

/** The report for a terminal. */
function summarize(report) {
	const { goalMet, beaten } = report;
	const lines = beaten.map(({ wait, distribution, by }) => `${by} is better in both than ${wait} (${distribution})`);
	return [
		'Mean delay in percent of the time that a job takes, and mean number of looks',
		'',
		textTable(['', ...titles()], rowsOf(report)),
		'',
		`Goals: usual time known ${goalMet.informed ? 'met' : 'MISSED'}, unknown ${goalMet.uninformed ? 'met' : 'MISSED'}, no fixed interval better in both ${goalMet.unbeaten ? 'met' : 'MISSED'}`,
		...lines,
	].join('\n');
}

/** The rules and the job times are the same each time: a goal that is missed is a change for the worse. */
function isBroken({ goalMet }) {
	return Object.values(goalMet).includes(false);
}

function sections(report) {
	const floorRows = report.atFloors.flatMap(({ minPollSeconds, servers, informed, uninformed }) => [
		[`${minPollSeconds} s`, servers.map((name) => `\`${name}\``).join(', '), 'right', ...cells(informed)],
		['', '', 'unknown', ...cells(uninformed)],
	]);
	const { informed, uninformed } = report.goal;
	return {
		title: 'Waiting: how late, with how many looks',
		markdown: `How long after its end a job is noticed, in percent of the time that it took, and the number of looks: means over
${report.jobs.toLocaleString('en-US')} jobs of each kind, in simulated time. The usual time comes from the catalogue; it is tried right, a third too short and
half too long. Shortest pause ${report.floorSeconds} s.

![Delay and looks](images/${PLOT})

${table(['Pauses', ...titles()], rowsOf(report))}

Goals, with that pause: at most ${informed.delayPercent} % with at most ${informed.polls} looks where the usual time is known, right or not; ${uninformed.delayPercent} % with ${uninformed.polls} looks where nothing is known; no
fixed interval that is better in both. ${describeGoals(report)}

With the shortest pause of each kind of server:

${table(['Shortest pause', 'Servers', 'Usual time', ...titles()], floorRows)}`,
		plots: { [PLOT]: plotOf(report) },
	};
}

const cells = (by) => Object.keys(DISTRIBUTIONS).map((key) => show(by[key]));

function describeGoals({ goalMet, beaten }) {
	if (!Object.values(goalMet).includes(false)) return 'All are met.';
	const missed = [
		goalMet.informed ? '' : 'the first',
		goalMet.uninformed ? '' : 'the second',
		...beaten.map(({ wait, distribution, by }) => `*${by}* beats *${wait}* (${DISTRIBUTIONS[distribution].title})`),
	];
	return `Missed: ${missed.filter(Boolean).join('; ')}.`;
}

const PLOT = 'waiting.svg';

/** Each way of waiting as a point: the nearer to the lower left corner, the better. */
function plotOf({ waits }) {
	const groups = {
		'every 5, 10, 15, 30 s': ({ kind }) => kind === 'fixed',
		'usual time right': ({ name }) => name === 'usual time right',
		'a third too short, half too long': ({ name, kind }) => kind === 'informed' && name !== 'usual time right',
		'usual time unknown': ({ kind }) => kind === 'uninformed',
		'usual time right, progress': ({ name }) => name === 'usual time right, progress',
	};
	return plot({
		title: 'Delay and number of looks, for the rules of the node and for fixed intervals',
		x: { label: 'looks (mean)', ticks: [4, 8, 16, 32, 64, 128], isLog: true },
		y: { label: 'delay, % of the job', ticks: [0.25, 0.5, 1, 2, 4, 8, 16], isLog: true },
		panels: Object.entries(DISTRIBUTIONS).map(([key, { title }]) => ({
			title,
			series: Object.entries(groups).map(([name, belongs]) => ({
				name,
				points: waits.filter(belongs).map(({ by }) => ({ x: by[key].polls, y: by[key].delayPercent })),
				isLine: name.startsWith('every'),
			})),
		})),
	});
}

module.exports = {
	about: 'how late the end of a job is noticed, and with how many looks',
	options,
	run,
	summarize,
	isBroken,
	sections,
};
