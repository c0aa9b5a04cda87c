'use strict';

/**
 * The benchmarks, in the order in which they run and in which the document shows them. Each is a module with
 * - `about`: one line for the help;
 * - `method`: a number that changes when reports can no longer be read or compared as those of before; 1 when it is left out;
 * - `options`: `{name: {type, default, quick?, about}}`; `quick` takes the place of the default in a quick run;
 * - `onlyByName`: whether it runs only when it is named, since it takes long;
 * - `nearlyAlwaysWaits`: those that follow each other and nearly always wait run at the same time;
 * - `run(settings, {closeAtTheEnd, everyoneIsReady})`: measures and gives a report as plain JSON; `settings` has each option and
 *   `quick`; one that nearly always waits waits for the others with `everyoneIsReady`, when everything is started or there is nothing to do
 *   any more that wants the machine for itself;
 * - `summarize(report)`: the report for a terminal;
 * - `isBroken(report)`: whether a promise was broken, not only a goal missed; fails the command;
 * - `figures(report)`: what should be the same in every run (see repeat.js);
 * - `sections(report)`: `{title, markdown, plots: {fileName: svgText}}` for docs/performance.md and docs/images.
 * `isBroken`, `figures` and `sections` may be left out. What speaks of a report knows nothing but the report: `sections` also shows
 * older ones again, from docs/performance.json.
 * @type {Record<string, any>}
 */
const PARTS = {
	batch: require('./batch'),
	waiting: require('./waiting'),
	weight: require('./weight'),
	videos: require('./real/videos'),
	queue: require('./real/queue'),
	images: require('./real/images'),
	overhead: require('./real/overhead'),
	scale: require('./real/scale'),
	memory: require('./real/memory'),
	soak: require('./soak'),
};

module.exports = { PARTS };
