'use strict';

/** Workflows of the end-to-end tests. */

const VIDEO_NODE = 'Sora 2 Video';

function makeNode(name, type, parameters, extra = {}) {
	return { id: name, name, type, typeVersion: 1, position: [0, 0], parameters, ...extra };
}

/** A node of ours. */
function videoNode(credential, { name = VIDEO_NODE, parameters = {}, settings = {} } = {}) {
	const { options, ...wished } = parameters;
	return makeNode(
		name,
		'n8n-nodes-sora.sora2Video',
		{
			resource: 'video',
			operation: 'generate',
			model: { __rl: true, mode: 'id', value: 'sora-2' },
			prompt: '={{ $json.prompt }}',
			...wished,
			// Jobs of these tests take seconds; so must the looks at them.
			options: { pollInterval: 0.25, ...options },
		},
		{ credentials: { soraApi: credential }, ...settings },
	);
}

/** A webhook; `answer` is n8n's response mode. */
function webhookNode(path, answer) {
	return makeNode(
		'Webhook',
		'n8n-nodes-base.webhook',
		{ httpMethod: 'POST', path, responseMode: answer, options: {} },
		{ typeVersion: 2, webhookId: path },
	);
}

/** The list `prompts` of a webhook's body as items, each with a `prompt`. */
function promptItemsNode() {
	return makeNode('Prompts', 'n8n-nodes-base.splitOut', {
		fieldToSplitOut: 'body.prompts',
		options: { destinationFieldName: 'prompt' },
	});
}

/**
 * A workflow of nodes in a row.
 * @param {string} name
 * @param {any[]} nodes
 * @param {Record<string, string>} [errorBranches] by the name of a node: where its second output leads
 */
function workflowOf(name, nodes, errorBranches = {}) {
	const to = (node) => [{ node, type: 'main', index: 0 }];
	const branches = Object.values(errorBranches);
	const row = nodes.filter((node) => !branches.includes(node.name));
	const connections = Object.fromEntries(
		row.slice(0, -1).map((node, index) => {
			const branch = errorBranches[node.name];
			return [node.name, { main: [to(row[index + 1].name), ...(branch ? [to(branch)] : [])] }];
		}),
	);
	const placed = nodes.map((node, index) => ({ ...node, position: [index * 220, 0] }));
	return { name, nodes: placed, connections, settings: { executionOrder: 'v1' } };
}

function noOpNode(name) {
	return makeNode(name, 'n8n-nodes-base.noOp', {});
}

function manualNode() {
	return makeNode('Manual Trigger', 'n8n-nodes-base.manualTrigger', {});
}

module.exports = { VIDEO_NODE, makeNode, manualNode, noOpNode, promptItemsNode, videoNode, webhookNode, workflowOf };
