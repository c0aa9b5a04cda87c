'use strict';

/**
 * Runs workflows in the real n8n-core, in a process of its own: n8n-core reads its settings when it is loaded and keeps
 * a handle open for ever. Talks to its parent over IPC, see index.js.
 *
 * Environment: ENGINE_FOLDER (whose node_modules hold n8n-core), PACKAGE_FOLDER (our package, built),
 * BINARY_MODE (`default` = in memory, or `filesystem`), USER_FOLDER (an empty folder for n8n's files).
 */

const { createHash } = require('node:crypto');
const { readFileSync, writeFileSync } = require('node:fs');
const { createRequire } = require('node:module');
const path = require('node:path');

const { Agent, Items, Loop, ManualTrigger, NoOperation, asTool } = require('./helperNodes');

const { ENGINE_FOLDER = '', PACKAGE_FOLDER = '', BINARY_MODE = 'default', USER_FOLDER = '' } = process.env;
const isFilesystem = BINARY_MODE === 'filesystem';
Object.assign(process.env, {
	N8N_USER_FOLDER: USER_FOLDER,
	N8N_DEFAULT_BINARY_DATA_MODE: BINARY_MODE,
	N8N_ENCRYPTION_KEY: 'engine-tests',
	N8N_LOG_FORMAT: 'json',
	...(isFilesystem ? { N8N_AVAILABLE_BINARY_DATA_MODES: 'filesystem' } : {}),
});
process.env.N8N_LOG_LEVEL ??= 'info';

const fromEngine = createRequire(path.join(path.resolve(ENGINE_FOLDER), 'any.js'));
fromEngine('reflect-metadata');
const core = fromEngine('n8n-core');
const workflowPackage = fromEngine('n8n-workflow');
const fromCore = createRequire(fromEngine.resolve('n8n-core'));
const { Container } = fromCore('@n8n/di');
const fromPackage = createRequire(path.join(path.resolve(PACKAGE_FOLDER), 'any.js'));

const manifest = JSON.parse(readFileSync(path.join(PACKAGE_FOLDER, 'package.json'), 'utf8'));
const nodeTypeInstances = {
	'n8n-nodes-base.manualTrigger': new ManualTrigger(),
	'n8n-nodes-base.noOp': new NoOperation(),
	'n8n-nodes-base.stickyNote': new NoOperation(),
	'test.agent': new Agent(),
	'test.items': new Items(),
	'test.loop': new Loop(),
};
for (const file of manifest.n8n.nodes) {
	const [NodeClass] = Object.values(fromPackage(path.resolve(PACKAGE_FOLDER, file)));
	const instance = new NodeClass();
	nodeTypeInstances[`${manifest.name}.${instance.description.name}`] = instance;
	nodeTypeInstances[`${manifest.name}.${instance.description.name}Tool`] = asTool(instance);
}
const credentialTypes = {};
for (const file of manifest.n8n.credentials) {
	const [CredentialClass] = Object.values(fromPackage(path.resolve(PACKAGE_FOLDER, file)));
	const instance = new CredentialClass();
	credentialTypes[instance.name] = instance;
}
const nodeTypes = {
	getByName: (type) => nodeTypeInstances[type],
	getByNameAndVersion: (type, version) =>
		workflowPackage.NodeHelpers.getVersionedNodeType(nodeTypeInstances[type], version),
	getKnownTypes: () => ({}),
};

/** What n8n's own helper does with credentials that are stored in the clear. */
class Credentials extends workflowPackage.ICredentialsHelper {
	constructor(stored) {
		super();
		this.stored = stored;
	}

	getParentTypes() {
		return [];
	}

	isCredentialUsableByNode() {
		return true;
	}

	async authenticate(credentials, typeName, requestOptions) {
		return await credentialTypes[typeName].authenticate(credentials, requestOptions);
	}

	async preAuthentication() {
		return undefined;
	}

	async runPreAuthentication() {
		return undefined;
	}

	async getCredentials(nodeCredentials, type) {
		return new core.Credentials({ id: nodeCredentials.id, name: nodeCredentials.name }, type, '');
	}

	async getDecrypted(_additionalData, nodeCredentials, type) {
		const { properties } = credentialTypes[type];
		const data = this.stored[nodeCredentials.id] ?? {};
		return workflowPackage.NodeHelpers.getNodeParameters(properties, data, true, false, null, null);
	}

	async updateCredentials() {}

	async updateCredentialsOauthTokenData() {}

	getCredentialsProperties(type) {
		return credentialTypes[type].properties;
	}
}

let executions = 0;
const running = new Map();

/** Executions as n8n stores them, for those that are retried; the newest, so that thousands of runs leave nothing behind. */
const finished = new Map();
const KEPT_EXECUTIONS = 5;

async function execute({ requestId, workflow: json, credentials, mode = 'trigger', saveFilesTo, retryOf }) {
	const uiMessages = [];
	const { workflow, additionalData } = prepare({ requestId, json, credentials, mode, uiMessages });
	const failed = retryOf === undefined ? undefined : asRetried(finished.get(retryOf), workflow);
	const engine = failed
		? new core.WorkflowExecute(additionalData, 'retry', failed)
		: new core.WorkflowExecute(additionalData, mode);
	// 1.x: run(workflow); 2.x: run({ workflow })
	const takesObject = /^\s*run\s*\(\s*\{/.test(core.WorkflowExecute.prototype.run.toString());
	const promise = failed
		? engine.processRunExecutionData(workflow)
		: takesObject
			? engine.run({ workflow })
			: engine.run(workflow);
	running.set(requestId, promise);
	const startedMs = Date.now();
	const run = await promise;
	running.delete(requestId);
	finished.set(requestId, JSON.stringify(run.data));
	if (finished.size > KEPT_EXECUTIONS) finished.delete(finished.keys().next().value);
	const described = await describeRun(run, saveFilesTo);
	return { ...described, execution: requestId, uiMessages, elapsedMs: Date.now() - startedMs };
}

/** What n8n's own "Retry execution" does with a stored execution before it runs it again with a workflow. */
function asRetried(stored, workflow) {
	const data = JSON.parse(stored);
	const { lastNodeExecuted, runData } = data.resultData;
	delete data.resultData.error;
	if (runData[lastNodeExecuted]?.at(-1)?.error !== undefined) runData[lastNodeExecuted].pop();
	// The stored stack holds its nodes as they were; n8n puts those of the workflow in their place.
	for (const entry of data.executionData.nodeExecutionStack) entry.node = workflow.getNode(entry.node.name);
	return data;
}

function prepare({ requestId, json, credentials, mode, uiMessages }) {
	const executionId = String(++executions);
	const workflow = new workflowPackage.Workflow({
		id: json.id ?? 'workflow1',
		name: json.name,
		nodes: json.nodes,
		connections: json.connections,
		active: false,
		nodeTypes,
		settings: { executionOrder: 'v1', ...json.settings },
	});
	const additionalData = {
		credentialsHelper: new Credentials(credentials ?? {}),
		hooks: new core.ExecutionLifecycleHooks(mode, executionId, json),
		executionId,
		currentNodeParameters: undefined,
		variables: {},
		restApiUrl: 'http://localhost/rest',
		instanceBaseUrl: 'http://localhost/',
		webhookBaseUrl: 'http://localhost/webhook',
		webhookWaitingBaseUrl: 'http://localhost/webhook-waiting',
		webhookTestBaseUrl: 'http://localhost/webhook-test',
		formWaitingBaseUrl: 'http://localhost/form-waiting',
		setExecutionStatus() {},
		sendDataToUI(type, data) {
			if (type === 'sendConsoleMessage') {
				uiMessages.push(data.messages.join(' '));
				send({ kind: 'uiMessage', requestId, message: data.messages.join(' ') });
			}
		},
		logAiEvent() {},
		executeWorkflow: refuse,
		getRunExecutionData: async () => undefined,
		startRunnerTask: refuse,
	};
	return { workflow, additionalData };
}

async function refuse() {
	throw new Error('Not offered by this engine');
}

/** What a test wants to see of a run, as plain JSON. */
async function describeRun(run, saveFilesTo) {
	const nodes = {};
	for (const [name, tasks] of Object.entries(run.data.resultData.runData)) {
		nodes[name] = [];
		for (const task of tasks) {
			const outputs = [];
			for (const branch of task.data?.main ?? []) {
				outputs.push(await Promise.all((branch ?? []).map(async (item) => await describeItem(item, saveFilesTo))));
			}
			nodes[name].push({ outputs, error: describeError(task.error), hints: task.hints ?? [] });
		}
	}
	return {
		status: run.status,
		error: describeError(run.data.resultData.error),
		nodes,
		contextData: run.data.executionData?.contextData,
	};
}

async function describeItem({ json, binary, pairedItem }, saveFilesTo) {
	const files = {};
	// In the combined binary mode of 2.x files stand in the json.
	for (const [field, data] of Object.entries({ ...binary, ...json?._files })) {
		const bytes = await Container.get(core.BinaryDataService).getAsBuffer(data);
		if (saveFilesTo) writeFileSync(path.join(saveFilesTo, data.fileName), bytes);
		files[field] = {
			fileName: data.fileName,
			mimeType: data.mimeType,
			fileExtension: data.fileExtension,
			id: data.id,
			bytes: bytes.length,
			sha256: createHash('sha256').update(bytes).digest('hex'),
			isInBinary: binary?.[field] !== undefined,
		};
	}
	return { json, pairedItem, files };
}

function describeError(error) {
	if (!error) return undefined;
	const { name, message, description, httpCode, context } = error;
	return { name, message, description, httpCode, itemIndex: context?.itemIndex };
}

function send(message) {
	process.send?.(message);
}

async function handle(message) {
	const { requestId } = message;
	try {
		switch (message.kind) {
			case 'execute':
				return send({ kind: 'result', requestId, result: await execute(message) });
			case 'cancel':
				running.get(message.target)?.cancel();
				return send({ kind: 'result', requestId, result: true });
			case 'facts':
				return send({ kind: 'result', requestId, result: facts() });
			case 'memory':
				// Twice: what the first collection finalizes is freed by the second.
				globalThis.gc?.();
				globalThis.gc?.();
				return send({ kind: 'result', requestId, result: process.memoryUsage() });
			default:
				throw new Error(`Unknown message: ${message.kind}`);
		}
	} catch (error) {
		send({ kind: 'result', requestId, error: error?.stack ?? String(error) });
	}
}

/** Where the parts come from: a test asserts that nothing is borrowed from elsewhere. */
function facts() {
	const coreVersion = JSON.parse(readFileSync(findManifest(fromEngine.resolve('n8n-core')), 'utf8')).version;
	return {
		coreVersion,
		workflowOfEngine: fromEngine.resolve('n8n-workflow'),
		workflowOfPackage: fromPackage.resolve('n8n-workflow'),
		nodeTypes: Object.keys(nodeTypeInstances),
	};
}

function findManifest(file) {
	let folder = path.dirname(file);
	while (path.basename(folder) !== 'n8n-core') folder = path.dirname(folder);
	return path.join(folder, 'package.json');
}

// The parent decides what Ctrl-C means: it stops the execution and then ends this process.
process.on('SIGINT', () => {});

void (async () => {
	await Container.get(core.BinaryDataService).init();
	process.on('message', (message) => void handle(message));
	process.on('disconnect', () => process.exit(0));
	send({ kind: 'ready' });
})();
