'use strict';

const { NodeHelpers } = require('n8n-workflow');

const { createN8nContext } = require('./n8nContext');

/**
 * Runs a node over a simulator as n8n would run it, from its parameters to its items, without an engine: expressions and
 * connections are not looked at, times are real.
 * @param {new () => any} NodeClass
 * @param {{baseUrl: string, apiKey: string, otherOrigin: {host: string}}} simulator
 * @param {object} [wish]
 * @param {Array<Record<string, any>>} [wish.items] the parameters of each item; those that are missing have their defaults
 * @param {Array<Record<string, {fileName: string, mimeType: string, bytes: Buffer}>>} [wish.files] of each item, by field
 * @param {object} [wish.credential] further fields of the credential
 * @param {boolean} [wish.continueOnFail]
 * @param {Record<string, unknown>} [wish.nodeContext] what an earlier try of the node has left behind
 */
async function runNode(NodeClass, simulator, wish = {}) {
	const { items = [{}], files = [], credential = {}, continueOnFail = false, nodeContext = {} } = wish;
	const node = new NodeClass();
	const { description } = node;
	const parametersOf = items.map((given) =>
		NodeHelpers.getNodeParameters(description.properties, given, true, false, /** @type {any} */ (null), description),
	);
	const { context, stored } = createN8nContext({
		...{ server: 'custom', baseUrl: simulator.baseUrl, apiKey: simulator.apiKey },
		// It has a loopback address, which only the user's own list opens.
		...{ allowedDownloadHosts: simulator.otherOrigin.host, ...credential },
	});
	/** @type {string[]} */
	const hints = [];
	const read = (name, index, fallback) => parametersOf[index]?.[name] ?? fallback;
	const execution = {
		...context,
		helpers: {
			...context.helpers,
			assertBinaryData: (index, field) => {
				const file = typeof field === 'string' ? files[index]?.[field] : field;
				if (!file) throw new Error('This operation expects the file');
				return file;
			},
			getBinaryDataBuffer: async (_index, file) => file.bytes,
		},
		getInputData: () => items.map((_, index) => ({ json: {}, binary: files[index] })),
		getNodeParameter: (name, index, fallback, { extractValue = false } = {}) => {
			const value = read(name, index, fallback);
			return extractValue ? (value?.value ?? value) : value;
		},
		getNode: () => ({ name: description.displayName, type: `n8n-nodes-sora.${description.name}`, typeVersion: 1 }),
		getMode: () => 'trigger',
		getExecutionId: () => '1',
		getContext: () => nodeContext,
		getWorkflowDataProxy: () => ({ $runIndex: 0 }),
		getExecutionCancelSignal: () => undefined,
		continueOnFail: () => continueOnFail,
		addExecutionHints: (...added) => hints.push(...added.map(({ message }) => message)),
		sendMessageToUI: () => undefined,
		logger: { debug: () => undefined, info: () => undefined, warn: () => undefined },
	};
	const [outputs] = await node.execute.call(execution);
	return { outputs, hints, stored };
}

module.exports = { runNode };
