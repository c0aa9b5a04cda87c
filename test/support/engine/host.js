'use strict';

/**
 * Runs workflows in the real n8n-core, in a process of its own: n8n-core reads its settings when it is loaded and keeps
 * a handle open for ever. Talks to its parent over IPC, see index.js.
 *
 * Environment: ENGINE_FOLDER (whose node_modules hold n8n-core), PACKAGE_FOLDER (our package, built),
 * FOREIGN_NODES (see below), BINARY_MODE (`default` = in memory, or `filesystem`), USER_FOLDER (an empty folder for
 * n8n's files).
 */

const { createHash } = require('node:crypto');
const { readFileSync, writeFileSync } = require('node:fs');
const { createRequire } = require('node:module');
const path = require('node:path');

const { collectGarbage, giveBackMemory, startMeasuring } = require('./cost');
const { credentialsHelper } = require('./credentials');
const { Agent, Items, Loop, ManualTrigger, NoOperation } = require('./helperNodes');
const { loadPackage } = require('./packages');

const { ENGINE_FOLDER = '', PACKAGE_FOLDER = '', FOREIGN_NODES = '{}' } = process.env;
const { BINARY_MODE = 'default', USER_FOLDER = '' } = process.env;
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

/** Nodes of other packages, beside the engine or at an absolute path: `{package: {nodes, credentials}}`, see `loadPackage`. */
const foreign = Object.entries(JSON.parse(FOREIGN_NODES)).map(([name, files]) =>
	loadPackage(path.resolve(ENGINE_FOLDER, 'node_modules', name), files),
);
const packages = [...foreign, loadPackage(PACKAGE_FOLDER)];
const nodeTypeInstances = {
	'n8n-nodes-base.manualTrigger': new ManualTrigger(),
	'n8n-nodes-base.noOp': new NoOperation(),
	'n8n-nodes-base.stickyNote': new NoOperation(),
	'test.agent': new Agent(),
	'test.items': new Items(),
	'test.loop': new Loop(),
	...Object.assign({}, ...packages.map((loaded) => loaded.nodeTypes)),
};
const credentialTypes = Object.assign({}, ...packages.map((loaded) => loaded.credentialTypes));
const nodeTypes = {
	getByName: (type) => nodeTypeInstances[type],
	getByNameAndVersion: (type, version) =>
		workflowPackage.NodeHelpers.getVersionedNodeType(nodeTypeInstances[type], version),
	getKnownTypes: () => ({}),
};

const Credentials = credentialsHelper({ core, workflowPackage, credentialTypes });

let executions = 0;
const running = new Map();

/** Executions as n8n stores them, for those that are retried; the newest, so that thousands of runs leave nothing behind. */
const finished = new Map();
const KEPT_EXECUTIONS = 5;

async function execute({ requestId, workflow: json, credentials, mode = 'trigger', saveFilesTo, retryOf, measured }) {
	const uiMessages = [];
	const { workflow, additionalData } = prepare({ requestId, json, credentials, mode, uiMessages });
	const failed = retryOf === undefined ? undefined : asRetried(finished.get(retryOf), workflow);
	const engine = failed
		? new core.WorkflowExecute(additionalData, 'retry', failed)
		: new core.WorkflowExecute(additionalData, mode);
	// 1.x: run(workflow); 2.x: run({ workflow })
	const measuring = measured ? startMeasuring(measured) : undefined;
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
	// A measured run may be large: it is neither kept nor described.
	if (measuring) return { ...outcomeOf(run), cost: measuring.stop(), itemCounts: countItems(run) };
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
		...outcomeOf(run),
		nodes,
		contextData: run.data.executionData?.contextData,
		customData: run.data.resultData.metadata ?? {},
	};
}

function outcomeOf(run) {
	return { status: run.status, error: describeError(run.data.resultData.error) };
}

/** How many items came out of each node, over all of its runs, at its first output. */
function countItems(run) {
	const counts = Object.entries(run.data.resultData.runData).map(([name, tasks]) => [
		name,
		tasks.reduce((sum, task) => sum + (task.data?.main?.[0]?.length ?? 0), 0),
	]);
	return Object.fromEntries(counts);
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
				collectGarbage();
				return send({ kind: 'result', requestId, result: process.memoryUsage() });
			case 'giveBackMemory':
				giveBackMemory();
				return send({ kind: 'result', requestId, result: true });
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
