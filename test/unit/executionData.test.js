'use strict';

const { noteJob } = require('../../build/nodes/adapter/executionData');

/** What n8n gives a node: its log, and what expressions see. */
function executionWith(getWorkflowDataProxy) {
	const logged = [];
	const execution = /** @type {any} */ ({ getWorkflowDataProxy, logger: { debug: (message) => logged.push(message) } });
	return { execution, logged };
}

/** Custom data as n8n keeps it: ten entries. */
function customData(entries = {}) {
	const kept = new Map(Object.entries(entries));
	return {
		kept,
		set: (key, value) => void ((kept.has(key) || kept.size < 10) && kept.set(key, value)),
		getAll: () => Object.fromEntries(kept),
	};
}

test.each([
	['no $execution', () => ({})],
	['no custom data in this kind of execution', () => ({ $execution: { customData: undefined } })],
	['custom data of another kind', () => ({ $execution: { customData: { set: 'x' } } })],
])('where n8n offers none, nothing happens: %s', (_name, proxy) => {
	const { execution, logged } = executionWith(proxy);
	expect(() => noteJob(execution, 'video_1')).not.toThrow();
	expect(logged).toEqual([]);
});

test('an n8n that refuses is told to the log, not to the purchase', () => {
	const refuse = () => {
		throw new Error('Invalid execution metadata');
	};
	const { execution, logged } = executionWith(() => ({
		$execution: { customData: { set: refuse, getAll: () => ({}) } },
	}));
	expect(() => noteJob(execution, 'video_1')).not.toThrow();
	expect(logged).toEqual([expect.stringContaining('Invalid execution metadata')]);
});

test('what the workflow itself has noted stays', () => {
	const data = customData({ customer: 'ACME', videoJobs: '' });
	const { execution } = executionWith(() => ({ $execution: { customData: data } }));
	for (const id of ['video_1', 'video_2', 'video_1']) noteJob(execution, id);
	expect(data.getAll()).toEqual({ customer: 'ACME', videoJobs: 'video_1, video_2' });
});

test('an ID that is longer than an entry is left out', () => {
	const data = customData();
	const { execution } = executionWith(() => ({ $execution: { customData: data } }));
	noteJob(execution, 'x'.repeat(256));
	noteJob(execution, 'x'.repeat(255));
	noteJob(execution, 'video_1');
	expect(data.getAll()).toEqual({ videoJobs: 'x'.repeat(255), videoJobs2: 'video_1' });
});
