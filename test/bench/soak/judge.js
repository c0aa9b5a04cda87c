'use strict';

/**
 * Compares what was charged with what came out.
 * @typedef {{prompt: string, json: any, files: Record<string, {bytes: number}>}} Outcome an item that came out, and its order
 */

const GOAL = { lost: 0, chargedTwice: 0, spoiledFiles: 0, uncertainShare: 0.01, rssSlopeKilobytesPerJob: 5 };

/**
 * @param {object} evidence
 * @param {Outcome[]} evidence.outcomes
 * @param {Array<{id: string, prompt: string, usd: number}>} evidence.jobs the provider's ledger
 * @param {string} evidence.log all that n8n logged
 * @param {Record<string, string[]>} evidence.faultsByPrompt what met the creates of a prompt
 */
function judge({ outcomes, jobs, log, faultsByPrompt }) {
	const charged = jobs.filter(({ usd }) => usd > 0);
	const delivered = outcomes.filter(isDelivered);
	const failed = outcomes.filter((outcome) => !isDelivered(outcome));
	const uncertain = failed.filter(({ json }) => json.error?.kind === 'submissionUncertain');
	const deliveredIds = new Set(delivered.map(({ json }) => json.jobId));
	const failedTexts = failed.map(({ json }) => JSON.stringify(json)).join('\n');

	const undelivered = charged.filter(({ id }) => !deliveredIds.has(id));
	const namedInErrors = undelivered.filter(({ id }) => failedTexts.includes(id));
	const namedInLog = undelivered.filter((job) => !namedInErrors.includes(job) && log.includes(job.id));
	const lost = undelivered.filter((job) => !namedInErrors.includes(job) && !namedInLog.includes(job));
	const uncertainPrompts = new Set(uncertain.map(({ prompt }) => prompt));
	const ordersOf = countBy(outcomes, ({ prompt }) => prompt);
	const chargesOf = countBy(charged, ({ prompt }) => prompt);
	const chargedTwice = Object.keys(chargesOf).filter((prompt) => chargesOf[prompt] > (ordersOf[prompt] ?? 0));
	return {
		jobs: outcomes.length,
		charged: charged.length,
		delivered: delivered.length,
		deliveredTwice: delivered.length - deliveredIds.size,
		failed: countBy(failed, ({ json }) => json.error?.kind ?? 'no error, no file'),
		chargedButNotDelivered: {
			namedInErrors: namedInErrors.length,
			namedInLog: namedInLog.length,
			/** Their item says that the submission is uncertain, but cannot name the job. */
			reportedWithoutName: lost.filter(({ prompt }) => uncertainPrompts.has(prompt)).length,
		},
		lost: lost.length,
		lostJobs: lost.map(({ id, prompt }) => ({ id, prompt, faults: faultsByPrompt[prompt] })),
		chargedTwice: chargedTwice.length,
		chargedTwiceOrders: chargedTwice.map((prompt) => ({
			prompt,
			orders: ordersOf[prompt] ?? 0,
			charges: chargesOf[prompt],
			faults: faultsByPrompt[prompt],
		})),
		uncertain: describeUncertain(uncertain, outcomes.length, { chargesOf, ordersOf, faultsByPrompt }),
	};
}

/** How many submissions stayed uncertain, and which faults made them so. */
function describeUncertain(uncertain, total, { chargesOf, ordersOf, faultsByPrompt }) {
	const isAlone = ({ prompt }) => ordersOf[prompt] === 1;
	const wasCharged = ({ prompt }) => (chargesOf[prompt] ?? 0) > 0;
	return {
		jobs: uncertain.length,
		share: uncertain.length / total,
		/** The server did take these: the list should have shown them. */
		charged: uncertain.filter((outcome) => isAlone(outcome) && wasCharged(outcome)).length,
		/** The server did not take these, and nothing in its answers says so. */
		notCharged: uncertain.filter((outcome) => isAlone(outcome) && !wasCharged(outcome)).length,
		/** Orders that others equal: nobody can tell whose a listed job is. */
		equalOrders: uncertain.filter((outcome) => !isAlone(outcome)).length,
		lastFaults: countBy(uncertain, ({ prompt }) => faultsByPrompt[prompt]?.at(-1) ?? 'none'),
		messages: countBy(uncertain, ({ json }) => json.error.hint.replace(/: .*/s, '').slice(0, 80)),
	};
}

function isDelivered({ json, files }) {
	return json.error === undefined && typeof json.jobId === 'string' && Object.keys(files).length === 1;
}

function countBy(entries, keyOf) {
	const counts = {};
	for (const entry of entries) {
		const key = keyOf(entry);
		counts[key] = (counts[key] ?? 0) + 1;
	}
	return counts;
}

/** The slope of the line that fits best (least squares), in units of y for each unit of x. */
function slopeOf(points) {
	const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
	const meanX = mean(points.map(({ x }) => x));
	const meanY = mean(points.map(({ y }) => y));
	const covariance = points.reduce((sum, { x, y }) => sum + (x - meanX) * (y - meanY), 0);
	return covariance / points.reduce((sum, { x }) => sum + (x - meanX) ** 2, 0);
}

module.exports = { GOAL, isDelivered, judge, slopeOf };
