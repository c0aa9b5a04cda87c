'use strict';

const { readFlatted } = require('./flatted');
const { until } = require('./processes');

const OWNER = {
	email: 'owner@example.com',
	firstName: 'Paper',
	lastName: 'Boat',
	password: 'Paper-boat-1',
};
/** n8n binds a session to the browser that has logged in. */
const BROWSER_ID = 'end-to-end';
const REQUEST_TIMEOUT_MS = 60_000;
const WEBHOOK_TIMEOUT_MS = 15_000;
const EXECUTION_TIMEOUT_MS = 90_000;
const ENDED = new Set(['success', 'error', 'crashed', 'canceled']);

/** What a person does in n8n's editor, by the requests that the editor sends. The same for both majors. */
class Client {
	/** @param {string} url of the main process */
	constructor(url) {
		this.url = url;
		this.cookie = '';
	}

	/** Sends a request; gives the answer's data. Throws with n8n's own words when it is refused. */
	async request(method, path, body) {
		const response = await fetch(`${this.url}${path}`, {
			method,
			headers: {
				'browser-id': BROWSER_ID,
				cookie: this.cookie,
				...(body === undefined ? {} : { 'content-type': 'application/json' }),
			},
			body: body === undefined ? undefined : JSON.stringify(body),
			signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
		});
		const [session] = response.headers.getSetCookie();
		if (session) this.cookie = session.split(';')[0];
		const text = await response.text();
		if (!response.ok) throw new Error(`${method} ${path} was answered with ${response.status}: ${text.slice(0, 1000)}`);
		const answer = text === '' ? {} : JSON.parse(text);
		return answer.data ?? answer;
	}

	/** Makes the owner of a new server and logs in. */
	async setUpOwner() {
		await this.request('POST', '/rest/owner/setup', OWNER);
	}

	async logIn() {
		await this.request('POST', '/rest/login', { emailOrLdapLoginId: OWNER.email, password: OWNER.password });
	}

	/** All types of nodes, or of credentials, as the editor loads them. */
	async types(kind) {
		return await this.request('GET', `/types/${kind}.json`);
	}

	/** Saves a credential; gives `{id, name}` as nodes refer to it. */
	async createCredential(type, name, data) {
		const { id } = await this.request('POST', '/rest/credentials', { name, type, data });
		return { id, name };
	}

	/** What the editor shows after saving a credential: `{status: 'OK' | 'Error', message}`. */
	async testCredential(type, { id, name }, data) {
		return await this.request('POST', '/rest/credentials/test', { credentials: { id, name, type, data } });
	}

	/** Saves a workflow; gives it with its id. */
	async createWorkflow(workflow) {
		return await this.request('POST', '/rest/workflows', { settings: {}, active: false, ...workflow });
	}

	/** Saves a changed workflow. */
	async updateWorkflow({ id, name, nodes, connections, settings, versionId }) {
		return await this.request('PATCH', `/rest/workflows/${id}`, { name, nodes, connections, settings, versionId });
	}

	async activate({ id, versionId }) {
		return await this.request('POST', `/rest/workflows/${id}/activate`, { versionId });
	}

	async deactivate({ id }) {
		return await this.request('POST', `/rest/workflows/${id}/deactivate`, {});
	}

	/** Presses "Execute workflow"; gives the execution's id. */
	async runManually({ id }, trigger) {
		const workflowData = await this.request('GET', `/rest/workflows/${id}`);
		const run = { workflowData, triggerToStartFrom: { name: trigger } };
		return (await this.request('POST', `/rest/workflows/${id}/run`, run)).executionId;
	}

	/**
	 * Calls a production webhook. 2.41 takes a moment to register it after the activation; a call that meets no webhook
	 * starts nothing.
	 */
	async callWebhook(path, body) {
		return await until(
			async () => {
				const response = await fetch(`${this.url}/webhook/${path}`, {
					method: 'POST',
					headers: { 'content-type': 'application/json' },
					body: JSON.stringify(body),
					signal: AbortSignal.timeout(EXECUTION_TIMEOUT_MS),
				});
				const bytes = Buffer.from(await response.arrayBuffer());
				if (response.status === 404 && bytes.includes('not registered')) return undefined;
				return { status: response.status, headers: response.headers, bytes };
			},
			{ timeoutMs: WEBHOOK_TIMEOUT_MS, what: `the webhook ${path}` },
		);
	}

	/**
	 * Fills in one of n8n's forms and presses its button.
	 * @param {string} url of the form
	 * @param {Array<string | File>} values of its fields, in their order
	 */
	async submitForm(url, values) {
		const form = new FormData();
		for (const [index, value] of values.entries()) form.append(`field-${index}`, value);
		await until(
			async () => {
				const response = await fetch(url, {
					method: 'POST',
					body: form,
					signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
				});
				const text = await response.text();
				// As a webhook: 2.41 takes a moment to register it after the activation.
				if (response.status === 404) return undefined;
				if (!response.ok) throw new Error(`The form was answered with ${response.status}: ${text.slice(0, 1000)}`);
				return true;
			},
			{ timeoutMs: WEBHOOK_TIMEOUT_MS, what: `the form ${url}` },
		);
	}

	/** The only execution of a workflow that has just been started by somebody else, when it has ended. */
	async waitForOnly({ id }) {
		const [execution] = await until(
			async () => {
				const all = await this.executions(id);
				return all.length > 0 && all;
			},
			{ timeoutMs: WEBHOOK_TIMEOUT_MS, what: 'an execution' },
		);
		return await this.waitForExecution(execution.id);
	}

	/** Calls a webhook that answers at once; gives the id of the execution that it started. */
	async startByWebhook({ id }, path, body) {
		const before = new Set((await this.executions(id)).map((execution) => execution.id));
		const { status, bytes } = await this.callWebhook(path, body);
		if (status !== 200) throw new Error(`The webhook ${path} was answered with ${status}: ${bytes}`);
		return await until(async () => (await this.executions(id)).find((execution) => !before.has(execution.id))?.id, {
			timeoutMs: WEBHOOK_TIMEOUT_MS,
			what: 'the execution of the webhook',
		});
	}

	/** The executions of a workflow, without their data; newest first. */
	async executions(workflowId) {
		const filter = encodeURIComponent(JSON.stringify({ workflowId }));
		return (await this.request('GET', `/rest/executions?filter=${filter}&limit=20`)).results;
	}

	/** An execution with its data. */
	async execution(id) {
		const execution = await this.request('GET', `/rest/executions/${id}?includeData=true`);
		return new Execution(execution, readFlatted(execution.data));
	}

	/** An execution when it has ended, however it ended. */
	async waitForExecution(id, timeoutMs = EXECUTION_TIMEOUT_MS) {
		let status = 'unknown';
		await until(
			async () => {
				({ status } = await this.request('GET', `/rest/executions/${id}`));
				return ENDED.has(status);
			},
			{ timeoutMs, what: () => `execution ${id}, which is ${status}` },
		);
		return await this.execution(id);
	}

	/**
	 * Presses "Retry"; gives the new execution when it has ended.
	 * @param {string} id
	 * @param {'original' | 'current'} workflow which workflow it is retried with
	 */
	async retry(id, workflow) {
		const started = await this.request('POST', `/rest/executions/${id}/retry`, {
			loadWorkflow: workflow === 'current',
		});
		return await this.waitForExecution(started.id);
	}

	async stop(id) {
		return await this.request('POST', `/rest/executions/${id}/stop`, {});
	}

	/** The bytes behind an item's binary field: in the item itself, or stored. */
	async binary({ id, data, mimeType, fileName }) {
		if (!id) return Buffer.from(data, 'base64');
		const query = new URLSearchParams({ id, action: 'download', mimeType, fileName });
		const response = await fetch(`${this.url}/rest/binary-data?${query}`, {
			headers: { 'browser-id': BROWSER_ID, cookie: this.cookie },
			signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
		});
		if (!response.ok) throw new Error(`${id} was answered with ${response.status}: ${await response.text()}`);
		return Buffer.from(await response.arrayBuffer());
	}
}

/** An execution as it was stored. */
class Execution {
	constructor({ id, status, mode }, data) {
		this.id = id;
		this.status = status;
		this.mode = mode;
		this.data = data;
	}

	/** The error that ended it: `{message, description}`. */
	get error() {
		return this.data.resultData?.error;
	}

	/** How often a node ran. */
	runs(node) {
		return this.data.resultData.runData[node] ?? [];
	}

	/** What came out of a node's last run. */
	items(node, output = 0) {
		return this.runs(node).at(-1)?.data?.main?.[output] ?? [];
	}
}

module.exports = { Client, OWNER };
