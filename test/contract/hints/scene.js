'use strict';

const { operations: VIDEO } = require('../../../build/nodes/Sora2Video/description');
const { startContract } = require('../../support/contract');
const { runOperation } = require('../../support/contract/items');

/** What the trials of hints share: the server that they run at, and single items of operations. */
const scene = {
	/** @type {Awaited<ReturnType<typeof startContract>>} */
	contract: /** @type {any} */ (undefined),
};

/**
 * A kind of error, provoked, and its hint done.
 * @typedef {object} Trial
 * @property {any} failed `json.error` of the item
 * @property {RegExp} [hint] where the error knows better than the table
 * @property {'no' | 'maybe' | 'yes'} [billed] likewise
 * @property {any[]} mended items that came out once the hint was done
 * @property {number} charges what all of it cost
 */

const start = async (options = {}) => (scene.contract = await startContract(options));

/** One item of an operation of the video node. */
async function video(operation, parameters = {}, { over = scene.contract, ...more } = {}) {
	const wish = { parameters: { prompt: 'A paper boat', ...parameters }, ...more };
	return (await runOperation(over, VIDEO[`video.${operation}`], wish)).items[0];
}

/** One item of Generate Image of a node. */
async function image(operations, parameters = {}) {
	const wish = { parameters: { prompt: 'A cat', ...parameters } };
	return (await runOperation(scene.contract, operations.generate, wish)).items[0];
}

const generate = async (parameters = {}, more = {}) => await video('generate', parameters, more);
const fetchJob = async ({ jobId }, more = {}) => await video('wait', { jobId }, more);
const download = async ({ jobId }, more = {}) => await video('download', { jobId }, more);
const byId = (value) => ({ __rl: true, mode: 'id', value });
const fault = (more) => scene.contract.simulator.fault(more);

const CREATE = { method: 'POST' };
const CONTENT = { path: '/content' };

module.exports = { CONTENT, CREATE, byId, download, fault, fetchJob, generate, image, scene, start, video };
