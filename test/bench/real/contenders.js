'use strict';

const path = require('node:path');

const { CREDENTIAL_ID, makeNode } = require('../../support/engine/workflows');

/**
 * The three ways to make pictures and videos in n8n that are measured side by side, as workflows for the engine: our node,
 * n8n's own OpenAI node, and the HTTP Request node with what people build around it. Each takes the same items, sends the
 * same requests to the same server and ends with the same files.
 */

const OPENAI_CREDENTIAL_ID = 'credential2';
const OPENAI_CREDENTIAL = { openAiApi: { id: OPENAI_CREDENTIAL_ID, name: 'OpenAI' } };

/** Nodes of n8n's for `startEngine`, by their files, with the credential that they use. */
const baseNodes = (...names) => ({
	'n8n-nodes-base': {
		nodes: names.map((name) => `dist/nodes/${name}.node.js`),
		credentials: ['dist/credentials/OpenAiApi.credentials.js'],
	},
});

const REQUEST_NODE = baseNodes('HttpRequest/HttpRequest');

/** No node of n8n's, but the least that any node can do. */
const BARE_NODE = { [path.join(__dirname, '..', 'bare')]: { nodes: ['BareDownload.js'], credentials: [] } };

/** n8n's own nodes that the workflows hold, but for the OpenAI node, which takes long to load. */
const LIGHT_NODES = baseNodes(
	'HttpRequest/HttpRequest',
	'Wait/Wait',
	'If/If',
	'Files/ConvertToFile/ConvertToFile',
	'SplitInBatches/SplitInBatches',
);

/** All of them. */
const FOREIGN_NODES = {
	...LIGHT_NODES,
	'@n8n/n8n-nodes-langchain': { nodes: ['dist/nodes/vendors/OpenAi/OpenAi.node.js'], credentials: [] },
};

/** Every item has a prompt of its own, made by an expression, as in anybody's workflow. */
const PROMPT = 'Paper boat {{ $itemIndex }}';
/** What becomes of it in the first item. */
const FIRST_PROMPT = 'Paper boat 0';
const IMAGE_MODEL = 'gpt-image-1';
const VIDEO_MODEL = 'sora-2';

/** Nodes in a row behind a trigger and the items; `connections` adds what is not a row. */
function workflowOf(count, nodes, connections = {}) {
	const row = [
		makeNode('Start', 'n8n-nodes-base.manualTrigger', {}),
		makeNode('Items', 'test.items', { items: [{}], count, files: [] }),
		...nodes,
	];
	const inRow = row.slice(0, -1).map(({ name }, index) => [name, { main: [[to(row[index + 1].name)]] }]);
	return {
		name: 'benchmark',
		settings: {},
		nodes: row,
		connections: { ...Object.fromEntries(inRow), ...connections },
	};
}

function to(node) {
	return { node, type: 'main', index: 0 };
}

function ownNode(type, parameters) {
	return {
		...makeNode('Result', `n8n-nodes-sora.${type}`, parameters),
		credentials: { soraApi: { id: CREDENTIAL_ID, name: 'Sora' } },
	};
}

function openAiNode(parameters) {
	return {
		...makeNode('Result', '@n8n/n8n-nodes-langchain.openAi', parameters),
		typeVersion: 2.1,
		credentials: OPENAI_CREDENTIAL,
	};
}

/** An HTTP Request node that uses the OpenAI credential, as its *Predefined Credential Type*. */
function requestNode(name, url, parameters = {}) {
	return {
		...makeNode(name, 'n8n-nodes-base.httpRequest', {
			url,
			authentication: 'predefinedCredentialType',
			nodeCredentialType: 'openAiApi',
			...parameters,
		}),
		typeVersion: 4.2,
		credentials: OPENAI_CREDENTIAL,
	};
}

function jsonBody(fields) {
	return { method: 'POST', sendBody: true, specifyBody: 'json', jsonBody: `=${JSON.stringify(fields)}` };
}

const AS_FILE = { options: { response: { response: { responseFormat: 'file' } } } };

/** Pictures: `count` items, one picture each, all at once where the node can. */
const images = {
	own: ({ count, concurrency = count }) =>
		workflowOf(count, [
			ownNode('gptImage', {
				operation: 'generate',
				model: { __rl: true, mode: 'id', value: IMAGE_MODEL },
				prompt: `=${PROMPT}`,
				options: { concurrency },
			}),
		]),
	openAi: ({ count }) =>
		workflowOf(count, [
			openAiNode({
				resource: 'image',
				operation: 'generate',
				model: IMAGE_MODEL,
				prompt: `=${PROMPT}`,
			}),
		]),
	/** The request alone: the picture stays as base64 in the item. */
	request: ({ count, baseUrl }) =>
		workflowOf(count, [
			requestNode('Result', `${baseUrl}/images/generations`, jsonBody({ model: IMAGE_MODEL, prompt: PROMPT })),
		]),
	/** So many requests at a time: what people build, since the node by itself sends all at once. */
	requestInLoop: ({ count, baseUrl, atOnce }) => {
		const body = jsonBody({ model: IMAGE_MODEL, prompt: PROMPT });
		const nodes = [
			{
				...makeNode('Loop', 'n8n-nodes-base.splitInBatches', { batchSize: atOnce, options: {} }),
				typeVersion: 3,
			},
			requestNode('Request', `${baseUrl}/images/generations`, body),
			makeNode('Result', 'n8n-nodes-base.noOp', {}),
		];
		const connections = { Loop: { main: [[to('Result')], [to('Request')]] }, Request: { main: [[to('Loop')]] } };
		return workflowOf(count, nodes, connections);
	},
	/** The request, and the node that makes a file of the base64. */
	requestAndFile: ({ count, baseUrl }) =>
		workflowOf(count, [
			requestNode('Request', `${baseUrl}/images/generations`, jsonBody({ model: IMAGE_MODEL, prompt: PROMPT })),
			{
				...makeNode('Result', 'n8n-nodes-base.convertToFile', {
					operation: 'toBinary',
					sourceProperty: 'data[0].b64_json',
					options: { fileName: 'image.png', mimeType: 'image/png' },
				}),
				typeVersion: 1.1,
			},
		]),
};

/** Videos: `count` items, one job each, all at once where the node can; a look every `pauseSeconds`. */
const videos = {
	own: ({ count, pauseSeconds, concurrency = count }) =>
		workflowOf(count, [
			ownNode('sora2Video', {
				resource: 'video',
				operation: 'generate',
				model: { __rl: true, mode: 'id', value: VIDEO_MODEL },
				prompt: `=${PROMPT}`,
				options: { concurrency, pollInterval: pauseSeconds },
			}),
		]),
	/** Its own pause between two looks is 10 s, and it works on one item after the other. */
	openAi: ({ count }) =>
		workflowOf(count, [
			openAiNode({
				resource: 'video',
				operation: 'generate',
				modelId: { __rl: true, mode: 'id', value: VIDEO_MODEL },
				prompt: `=${PROMPT}`,
				seconds: 4,
				size: '1280x720',
			}),
		]),
	requestLoop: ({ count, baseUrl, pauseSeconds }) => {
		const finished = {
			leftValue: '={{ $json.status }}',
			rightValue: 'completed',
			operator: { type: 'string', operation: 'equals' },
		};
		const nodes = [
			requestNode('Create', `${baseUrl}/videos`, jsonBody({ model: VIDEO_MODEL, prompt: PROMPT, seconds: '4' })),
			{ ...makeNode('Pause', 'n8n-nodes-base.wait', { amount: pauseSeconds, unit: 'seconds' }), typeVersion: 1.1 },
			requestNode('Status', `=${baseUrl}/videos/{{ $json.id }}`),
			{
				...makeNode('Is Finished', 'n8n-nodes-base.if', {
					conditions: {
						options: { caseSensitive: true, typeValidation: 'loose', version: 2 },
						combinator: 'and',
						conditions: [finished],
					},
				}),
				typeVersion: 2.2,
			},
			requestNode('Result', `=${baseUrl}/videos/{{ $json.id }}/content`, AS_FILE),
		];
		return workflowOf(count, nodes, { 'Is Finished': { main: [[to('Result')], [to('Pause')]] } });
	},
};

/** The file of one video that is finished. */
const downloads = {
	/** Nothing but n8n's own helpers. */
	bare: ({ jobId, baseUrl, apiKey }) =>
		workflowOf(1, [makeNode('Result', 'bare.bareDownload', { url: `${baseUrl}/videos/${jobId}/content`, apiKey })]),
	own: ({ jobId }) =>
		workflowOf(1, [ownNode('sora2Video', { resource: 'video', operation: 'download', jobId, variant: 'video' })]),
	request: ({ jobId, baseUrl }) =>
		workflowOf(1, [requestNode('Result', `${baseUrl}/videos/${jobId}/content`, AS_FILE)]),
};

/** The credentials of all contenders, for the simulator. */
function credentialsOf({ baseUrl, apiKey }) {
	return {
		[CREDENTIAL_ID]: { server: 'custom', baseUrl, apiKey },
		[OPENAI_CREDENTIAL_ID]: { apiKey, url: baseUrl, header: false },
	};
}

module.exports = {
	BARE_NODE,
	FIRST_PROMPT,
	FOREIGN_NODES,
	LIGHT_NODES,
	REQUEST_NODE,
	credentialsOf,
	downloads,
	images,
	videos,
};
