'use strict';

const { ParameterReader } = require('../../../build/nodes/adapter/parameters');
const { toFailedJson, toGenerationError } = require('../../../build/nodes/adapter/nodeErrors');
const { openConnection } = require('../../../build/nodes/adapter/connection');
const { Ledger } = require('../../../build/nodes/core/ledger');

/**
 * Plans and executes one item of an operation over a contract, as the item loop does it: parameters in, items out. The
 * engine tests do the same with n8n itself.
 * @param {any} contract see `startContract`
 * @param {{plan: Function, properties: any[]}} operation of a node
 * @param {object} wish
 * @param {Record<string, any>} [wish.parameters] those that are left out have the defaults of the description
 * @param {Record<string, {bytes: Buffer, fileName: string, mimeType: string}>} [wish.binary] fields of the input item
 * @param {InstanceType<Ledger>} [wish.ledger] of several tries of the node
 * @returns {Promise<{items: any[], hints: string[], plans: any[]}>} failed ones as `json.error`, as under Continue On Fail
 */
async function runOperation(contract, operation, { parameters = {}, binary = {}, ledger } = {}) {
	const values = { ...defaultsOf(operation), ...parameters };
	const execution = { ...contract.context, ...executionOf(values, binary) };
	execution.helpers = { ...contract.context.helpers, ...binaryHelpers(binary) };
	const { server } = await openConnection(execution);
	const book = ledger ?? new Ledger([], { runIndex: 0, itemCount: 1, executionId: '1', server: server.links.baseUrl });
	const hints = new Set();
	const run = { execution, server, ports: contract.ports, hints, jobs: new Map() };
	const toolsFor = (itemIndex, unit = 0) => contract.toolsOf(book, itemIndex, unit);
	const item = {
		index: 0,
		parameters: new ParameterReader(execution, 0),
		run: { ...run, toolsFor },
		tools: toolsFor(0),
	};
	const settle = async (work) => {
		try {
			return await work();
		} catch (error) {
			return [toGenerationError(error)];
		}
	};
	let plans = [];
	const unusable = await settle(async () => {
		plans = [await operation.plan(item)].flat();
		return [];
	});
	const outputs = [...unusable];
	for (const plan of plans) outputs.push(...(await settle(async () => await plan.execute())));
	const items = outputs.map((output) => (output instanceof Error ? { json: toFailedJson(output) } : output));
	return { items, hints: [...hints], plans };
}

function defaultsOf({ properties }) {
	return Object.fromEntries(properties.map(({ name, default: value }) => [name, value]));
}

/** The part of n8n's execution context that parameters and input files are read from. */
function executionOf(values, binary) {
	return {
		getNodeParameter(name, _index, fallback, { extractValue = false } = {}) {
			const value = values[name] ?? fallback;
			return extractValue && value?.value !== undefined ? value.value : value;
		},
		getInputData: () => [{ json: {}, binary }],
		getNode: () => ({ name: 'Node', type: 'test' }),
	};
}

/** n8n's helpers for the files of the input item. */
function binaryHelpers(binary) {
	return {
		assertBinaryData(_index, field) {
			const file = typeof field === 'string' ? binary[field] : field;
			if (!file) throw new Error(`This operation expects the node's input data to contain a binary file '${field}'`);
			return file;
		},
		getBinaryDataBuffer: async (_index, file) => file.bytes,
	};
}

module.exports = { runOperation };
