'use strict';

const CREDENTIAL_ID = 'credential1';

/** What a test does not say of our nodes, by their name. */
const PRESETS = {
	sora2Video: {
		resource: 'video',
		operation: 'generate',
		model: { __rl: true, mode: 'id', value: 'sora-2' },
		prompt: 'A paper boat',
	},
	gptImage: { operation: 'generate', prompt: 'A paper boat' },
	soraImage: { operation: 'generate', prompt: 'A paper boat' },
};

/** A workflow: Manual Trigger → Items → one of our nodes, and, when asked for, its error branch. */
function videoWorkflow({ items = [{}], files = [], type = 'sora2Video', parameters = {}, node = {}, settings = {} }) {
	const name = 'Sora 2 Video';
	return {
		name: 'test',
		settings,
		nodes: [
			makeNode('Start', 'n8n-nodes-base.manualTrigger', {}),
			makeNode('Items', 'test.items', { items, files }),
			{
				...makeNode(name, `n8n-nodes-sora.${type}`, { ...PRESETS[type], ...parameters }),
				credentials: { soraApi: { id: CREDENTIAL_ID, name: 'Sora' } },
				...node,
			},
			makeNode('Succeeded', 'n8n-nodes-base.noOp', {}),
			makeNode('Failed', 'n8n-nodes-base.noOp', {}),
		],
		connections: {
			Start: { main: [[to('Items')]] },
			Items: { main: [[to(name)]] },
			[name]: { main: [[to('Succeeded')], [to('Failed')]] },
		},
	};
}

/** A workflow: Manual Trigger → an agent that calls one of our nodes as its tool, once. */
function toolWorkflow(wish) {
	const workflow = videoWorkflow(wish);
	const [start, , tool] = workflow.nodes;
	workflow.nodes = [start, { ...tool, type: `${tool.type}Tool` }, makeNode('Agent', 'test.agent', { calls: [{}] })];
	workflow.connections = {
		Start: { main: [[to('Agent')]] },
		[tool.name]: { ai_tool: [[{ ...to('Agent'), type: 'ai_tool' }]] },
	};
	return workflow;
}

function makeNode(name, type, parameters) {
	return { id: name, name, type, typeVersion: 1, position: [0, 0], parameters };
}

function to(node) {
	return { node, type: 'main', index: 0 };
}

/** The credential of a simulator. */
function credentialsFor(simulator, extra = {}) {
	return { [CREDENTIAL_ID]: { server: 'custom', baseUrl: simulator.baseUrl, apiKey: simulator.apiKey, ...extra } };
}

module.exports = { CREDENTIAL_ID, credentialsFor, toolWorkflow, videoWorkflow };
