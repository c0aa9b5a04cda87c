'use strict';

/**
 * `npm run bench -- memory`: how much memory the file of one video adds when our node fetches it, when a node does it with
 * nothing but n8n's helpers, and when n8n's own nodes do. In the real engine, with n8n's files on the disk.
 *
 * Each measurement has a process of its own, which first fetches a small file in the same way, so that all code is loaded.
 */

const { table } = require('../../../scripts/markdown');
const { plot } = require('../plot');
const { openProvider } = require('../provider');
const { showSpread, spread, textTable } = require('../report');
const {
	BARE_NODE,
	FIRST_PROMPT,
	FOREIGN_NODES,
	REQUEST_NODE,
	credentialsOf,
	downloads,
	videos,
} = require('./contenders');
const { bindToCores, usableCores } = require('./cores');
const { BUSY_HEAP, n8nVersion, startContenders, whatIsMissing } = require('./engine');
const { realPart, takeFreshTurns, verdict } = require('./part');

const MEGABYTE = 1e6;
const MEBIBYTE = 1024 * 1024;
/** A fetch with our node adds at most this much more memory than the bare helper does: one or the other. */
const GOAL = { ratio: 1.1, megabytes: 16 };

const options = {
	mebibytes: { type: 'string', default: '10,100,500', quick: '100', about: 'sizes of the file' },
	memoryRuns: { type: 'number', default: 5, quick: 1, about: 'how often each kind is measured; the OpenAI node once' },
	memoryMajors: { type: 'string', default: '2', about: 'versions of n8n: 1, 2 or 1,2' },
};

const KINDS = {
	own: { title: 'Sora 2 Video', workflow: downloads.own, foreignNodes: {} },
	bare: { title: 'bare helper', workflow: downloads.bare, foreignNodes: BARE_NODE },
	request: { title: 'HTTP Request', workflow: downloads.request, foreignNodes: REQUEST_NODE },
	/**
	 * It cannot fetch a video that is there already: it makes one, and waits ten seconds for it. Its process gives back what
	 * it took to load the code of the node, 70 MB: as free memory that would hide all that a file adds.
	 */
	openAi: { title: 'OpenAI', workflow: videos.openAi, foreignNodes: FOREIGN_NODES, makesIt: true },
};

async function run({ mebibytes, memoryRuns, memoryMajors, quick }, { closeAtTheEnd }) {
	const provider = await openProvider(closeAtTheEnd);
	const cores = usableCores();
	const measuring = cores.slice(0, 1);
	// On one core with its reader: else the pieces in which a file arrives, each in a buffer of 64 KiB, differ from run to run.
	bindToCores(provider.pid, measuring);
	// What starts does it on another: the next processes do while the ones before are measured.
	bindToCores(process.pid, cores.slice(1));
	const sizes = String(mebibytes).split(',').map(Number);
	const measureMajor = async (major) => {
		const leftOut = whatIsMissing(major);
		if (leftOut) return { leftOut };
		const start = async (kind) => await startKind({ kind, major, provider, cores: measuring, closeAtTheEnd });
		const measureSizes = async (kinds, runs) => {
			const results = [];
			for (const size of sizes) {
				const measure = async (kind, engine) => await measureOnce({ kind, engine, size, provider });
				results.push(await takeFreshTurns(kinds, runs, start, measure));
			}
			return results;
		};
		const fast = measureSizes(['own', 'bare', 'request'], memoryRuns);
		// It nearly always waits.
		const slow = quick ? [] : measureSizes(['openAi'], 1);
		const [fastOnes, slowOnes] = await Promise.all([fast, slow]);
		const rows = sizes.map((size, index) => ({
			mebibytes: size,
			...judge({ ...fastOnes[index], ...slowOnes[index] }),
		}));
		return { version: n8nVersion(major), rows };
	};
	const versions = [];
	try {
		const majors = String(memoryMajors).split(',').map(Number);
		for (const major of majors) versions.push(await measureMajor(/** @type {1 | 2} */ (major)));
	} finally {
		bindToCores(process.pid, cores);
	}
	const goalMet = versions.every(({ rows = [] }) => rows.every((row) => row.goalMet));
	return { sizes, runs: memoryRuns, goal: GOAL, versions, goalMet };
}

/** A process for one measurement, which has fetched something small before: all code is loaded. */
async function startKind({ kind, major, provider, cores, closeAtTheEnd }) {
	const { makesIt, foreignNodes } = KINDS[kind];
	const engine = await startContenders(closeAtTheEnd, { major, foreignNodes, nodeArguments: BUSY_HEAP });
	bindToCores(engine.pid, cores);
	await fetchFile({ kind, engine, provider }, 0);
	if (makesIt) await engine.giveBackMemory();
	return engine;
}

async function fetchFile({ kind, engine, provider }, paddingBytes) {
	const { workflow, makesIt } = KINDS[kind];
	const jobId = makesIt ? await provider.prepareJob(paddingBytes, FIRST_PROMPT) : await provider.makeJob(paddingBytes);
	const wish = { jobId, count: 1, baseUrl: provider.baseUrl, apiKey: provider.apiKey };
	return await engine.measure({ workflow: workflow(wish), credentials: credentialsOf(provider) }, 1);
}

/** Megabytes of RSS that one file added. */
async function measureOnce({ kind, engine, size, provider }) {
	const { added } = await fetchFile({ kind, engine, provider }, size * MEBIBYTE);
	const stored = engine.storedBytes();
	if (stored < size * MEBIBYTE) throw new Error(`Only ${stored} bytes were stored`);
	return added.rss / MEGABYTE;
}

function judge(results) {
	const kinds = Object.fromEntries(Object.entries(results).map(([kind, values]) => [kind, spread(values)]));
	const { ratio, differenceMegabytes } = compare(kinds);
	return { kinds, goalMet: ratio <= GOAL.ratio || differenceMegabytes <= GOAL.megabytes };
}

/**
 * By the highest of all runs: whether the pieces of a small file are copied once more on their way, by the HTTP client of n8n,
 * is chance, and what it takes at most is what matters.
 */
function compare({ own, bare }) {
	return { ratio: own.highest / bare.highest, differenceMegabytes: own.highest - bare.highest };
}

const head = () => ['file, MiB', ...Object.values(KINDS).map(({ title }) => title), 'ours ÷ bare', 'ours − bare'];

function rowsOf({ rows }) {
	return rows.map(({ mebibytes, kinds }) => {
		const { ratio, differenceMegabytes } = compare(kinds);
		return [
			String(mebibytes),
			...Object.keys(KINDS).map((kind) => (kinds[kind] ? showSpread(kinds[kind], 1) : '–')),
			ratio.toFixed(2),
			differenceMegabytes.toFixed(1),
		];
	});
}

const nameOf = ({ version, leftOut }) => (leftOut ? `Left out: ${leftOut}` : `n8n ${version}`);

function summarize(report) {
	const { versions, goal, goalMet } = report;
	const tables = versions.map((version) =>
		[nameOf(version), ...(version.rows ? [textTable(head(), rowsOf(version))] : [])].join('\n'),
	);
	const aim = `Goal: at most ${goal.ratio} times the bare helper, or ${goal.megabytes} MB more: ${verdict(goalMet)}`;
	return `RSS that a file adds, in MB\n\n${tables.join('\n\n')}\n\n${aim}`;
}

function figures({ versions }) {
	return versions.flatMap(({ version, rows = [] }) =>
		rows.map(({ mebibytes, kinds }) => ({
			name: `n8n ${version}, ${mebibytes} MiB, ours ÷ bare`,
			kind: 'bytes',
			value: compare(kinds).ratio,
		})),
	);
}

const PLOT = 'memory.svg';

function sections(report) {
	const { runs, goal, goalMet, versions } = report;
	const tables = versions.map((version) =>
		[nameOf(version), ...(version.rows ? [table(head(), rowsOf(version))] : [])].join('\n\n'),
	);
	return {
		markdown: `RSS, in MB, that the file of one video adds to a fresh process, with n8n's files on the disk; median and range of ${runs}. The bare helper is a node that does
nothing but call n8n's \`httpRequest\` and \`prepareBinaryData\`. The OpenAI node also makes the video, and is measured once. Before the file each
process, which has loaded its own node only, fetches a small one; that of the OpenAI node then gives back the 70 MB that loading took, which
would hide what is added. The heaps are as large as those of a server that has been at work, so that Node collects what was sent when 64 MB
of it have come together: that is what large files show here, whatever their size, as long as they are not held as a whole. Server and
process share one core where the system can bind them to it. The comparison is of the highest figures: n8n's HTTP
client copies pieces that arrive together once more, so that a small file takes twice or three times its size, as chance will have it.

![Memory that a file adds](images/${PLOT})

${tables.join('\n\n')}

Goal: at most ${goal.ratio} times the bare helper, or ${goal.megabytes} MB more. ${goalMet ? 'Met.' : 'Missed.'}`,
		plots: { [PLOT]: plotOf(versions.find(({ rows }) => rows)) },
	};
}

const TICKS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000];

function plotOf({ rows }) {
	const series = Object.entries(KINDS).map(([kind, { title: name }]) => ({
		name,
		points: rows
			.filter(({ kinds }) => kinds[kind])
			.map(({ mebibytes, kinds }) => ({ x: mebibytes, y: Math.max(1, kinds[kind].median) })),
		isLine: true,
	}));
	const points = series.flatMap((one) => one.points);
	return plot({
		title: 'Memory that the file of a video adds, by its size',
		x: { label: 'file, MiB', ticks: ticksAround(points.map(({ x }) => x)), isLog: true },
		y: { label: 'added RSS, MB', ticks: ticksAround(points.map(({ y }) => y)), isLog: true },
		panels: [{ series: series.filter((one) => one.points.length > 0) }],
	});
}

/** Ticks from one below or at the smallest value to one above or at the largest, at least two. */
function ticksAround(values) {
	const first = TICKS.findLastIndex((tick) => tick <= Math.min(...values));
	const last = TICKS.findIndex((tick) => tick >= Math.max(...values));
	return TICKS.slice(first, Math.max(last, first + 1) + 1);
}

module.exports = realPart({
	method: 5,
	title: 'Memory: one large file',
	about: "how much memory a file adds, with our node, with the bare helper and with n8n's own nodes",
	options,
	run,
	summarize,
	figures,
	sections,
});
