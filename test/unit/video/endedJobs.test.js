'use strict';

const fc = require('fast-check');

const { newestEnded, readToldJobs, startFrom, takeEndedJobs } = require('../../../build/nodes/core/video/endedJobs');

const HOUR = 3_600_000;
const NOW = Date.UTC(2026, 10, 21);
const ALL = { events: ['completed', 'failed'], models: [] };

const job = (id, details = {}) => ({
	id,
	status: 'completed',
	model: 'sora-2',
	createdAtMs: NOW - HOUR,
	completedAtMs: NOW - HOUR / 2,
	raw: {},
	...details,
});
const idsOf = ({ jobs }) => jobs.map(({ id }) => id);

test('what has ended since is told once, in the order in which it ended', () => {
	const first = takeEndedJobs(
		[job('b', { completedAtMs: NOW }), job('a'), job('c', { status: 'running' })],
		{ jobs: {} },
		ALL,
		NOW,
	);
	expect(idsOf(first)).toEqual(['a', 'b']);
	const second = takeEndedJobs([job('b'), job('a'), job('c')], JSON.parse(JSON.stringify(first.told)), ALL, NOW);
	expect(idsOf(second)).toEqual(['c']);
	expect(idsOf(takeEndedJobs([job('c')], second.told, ALL, NOW))).toEqual([]);
});

test('the beginning tells nothing of what there was', () => {
	const told = startFrom([job('a'), job('b', { status: 'queued' })], NOW);
	expect(idsOf(takeEndedJobs([job('a'), job('b')], told, ALL, NOW))).toEqual(['b']);
});

test.each([
	['completed', { events: ['completed'], models: [] }, ['good']],
	['failed, cancelled and expired', { events: ['failed'], models: [] }, ['bad', 'stopped', 'late']],
	['one model', { events: ['completed', 'failed'], models: ['sora-2-pro'] }, ['bad']],
])('the filter lets through: %s', (_name, filter, expected) => {
	const listed = [
		job('good', { completedAtMs: 1 }),
		job('bad', { status: 'failed', model: 'Sora-2-Pro', completedAtMs: 2 }),
		job('stopped', { status: 'cancelled', completedAtMs: 3 }),
		job('late', { status: 'expired', completedAtMs: 4 }),
	];
	const update = takeEndedJobs(listed, { jobs: {} }, filter, NOW);
	expect(idsOf(update)).toEqual(expected);
	// A filter that is changed later brings no old jobs.
	expect(idsOf(takeEndedJobs(listed, update.told, ALL, NOW))).toEqual([]);
});

test('a hundred at once, the rest the next time', () => {
	const listed = Array.from({ length: 230 }, (_, index) => job(`v${index}`, { completedAtMs: NOW + index }));
	/** @type {any} */
	let told = { jobs: {} };
	const sizes = [];
	const seen = new Set();
	for (let poll = 0; poll < 4; poll++) {
		const update = takeEndedJobs(listed, told, ALL, NOW);
		told = update.told;
		sizes.push(update.jobs.length);
		for (const { id } of update.jobs) seen.add(id);
	}
	expect(sizes).toEqual([100, 100, 30, 0]);
	expect(seen.size).toBe(230);
});

test('jobs older than 48 hours are not told, and what was told long ago is forgotten', () => {
	const old = job('old', { createdAtMs: NOW - 49 * HOUR });
	expect(idsOf(takeEndedJobs([old], { jobs: {} }, ALL, NOW))).toEqual([]);
	const { told } = takeEndedJobs([], { jobs: { ancient: NOW - 97 * HOUR, recent: NOW - 95 * HOUR } }, ALL, NOW);
	expect(told.jobs).toEqual({ recent: NOW - 95 * HOUR });
});

test('a job whose age nobody knows is remembered for as long as it is listed', () => {
	const ageless = job('x', { createdAtMs: undefined });
	let { told } = takeEndedJobs([ageless], { jobs: {} }, ALL, NOW);
	for (let day = 1; day < 9; day++) {
		const update = takeEndedJobs([ageless], told, ALL, NOW + day * 24 * HOUR);
		expect(idsOf(update)).toEqual([]);
		told = update.told;
	}
});

test('a look by hand gives the newest', () => {
	expect(
		newestEnded([job('a', { completedAtMs: 1 }), job('b', { completedAtMs: 2 })], ALL).map(({ id }) => id),
	).toEqual(['b']);
	expect(newestEnded([], ALL)).toEqual([]);
});

test('anything may stand in the static data', () => {
	fc.assert(fc.property(fc.anything(), (value) => void readToldJobs(value)));
	expect(readToldJobs({ jobs: { a: 1, b: 'x' } })).toEqual({ jobs: { a: 1 } });
});
