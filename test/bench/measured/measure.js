'use strict';

const SAMPLE_EVERY_MS = 20;

/**
 * Runs one download and gives what it added to the memory of this process, as the node's only item.
 * The item holds no file: the engine of the tests would read it back into memory.
 * @param {any} execution the node's context
 * @param {() => Promise<any[][]>} download gives the node's output, with the file in a field of its only item
 */
async function measure(execution, download) {
	const startedMs = performance.now();
	const before = process.memoryUsage();
	const highest = { ...before };
	let samples = 0;
	const sample = () => {
		samples++;
		for (const [kind, bytes] of Object.entries(process.memoryUsage())) highest[kind] = Math.max(highest[kind], bytes);
	};
	const timer = setInterval(sample, SAMPLE_EVERY_MS);
	try {
		const [[item]] = await download();
		sample();
		const elapsedMs = Math.round(performance.now() - startedMs);
		const [file] = Object.values(item.binary);
		const { fileSize } = await execution.helpers.getBinaryMetadata(file.id);
		const added = Object.fromEntries(Object.keys(before).map((kind) => [kind, highest[kind] - before[kind]]));
		return [[{ json: { added, storedBytes: fileSize, elapsedMs, samples }, pairedItem: { item: 0 } }]];
	} finally {
		clearInterval(timer);
	}
}

module.exports = { measure };
