'use strict';

const path = require('node:path');
const { NodeHelpers } = require('n8n-workflow');

const manifest = require('../../package.json');

/** Which options and notices n8n's own rules show for the values of a node's parameters. */

const ROOT = path.resolve(__dirname, '../..');
const NODES = Object.fromEntries(
	manifest.n8n.nodes.map((file) => {
		const { description } = new (Object.values(require(path.join(ROOT, file)))[0])();
		return [description.name, description];
	}),
);

/** The names of the options and notices that are there to be seen. */
function shown(name, values) {
	const { properties } = NODES[name];
	const node = { typeVersion: 1 };
	const visible = properties.filter((property) =>
		NodeHelpers.displayParameter(values, property, node, NODES[name], values),
	);
	const collection = visible.find((property) => property.name === 'options');
	const options = collection.options.filter((option) =>
		NodeHelpers.displayParameter(values.options ?? {}, option, node, NODES[name], values),
	);
	const notices = visible.filter(({ type }) => type === 'notice').map((notice) => notice.displayName);
	return { options: options.map((option) => option.name), notices };
}

const videoModel = (value) => ({ __rl: true, mode: 'list', value });
const generate = { resource: 'video', operation: 'generate', api: 'auto', model: videoModel('my-model') };
const WAITING = ['maxWait', 'onTimeout', 'pollInterval', 'retryFailedJobs'];

test('over chat there is no job to wait for', () => {
	const { options } = shown('sora2Video', generate);
	expect(options).toEqual(expect.arrayContaining([...WAITING, 'download', 'fileName']));
	const chat = shown('sora2Video', { ...generate, api: 'chat' }).options;
	expect(chat.filter((name) => WAITING.includes(name))).toEqual([]);
	expect(chat).toEqual(expect.arrayContaining(['download', 'fileName', 'timeout']));
});

test.each(['remix', 'edit', 'extend'])('%s without waiting has no file to name', (operation) => {
	const wish = { resource: 'video', operation };
	const ofFiles = ['binaryPropertyOutput', 'download', 'fileName'];
	const { options } = shown('sora2Video', { ...wish, waitForCompletion: true });
	expect(options).toEqual(expect.arrayContaining([...ofFiles, ...WAITING]));
	const started = shown('sora2Video', { ...wish, waitForCompletion: false }).options;
	expect(started.filter((name) => [...ofFiles, ...WAITING].includes(name))).toEqual([]);
	expect(started).toContain('simplify');
});

test.each(['generate', 'edit'])('GPT Image, %s: only compressed formats have a compression', (operation) => {
	const optionsWith = (options) => shown('gptImage', { operation, options }).options;
	for (const outputFormat of ['jpeg', 'webp']) expect(optionsWith({ outputFormat })).toContain('outputCompression');
	for (const options of [{}, { outputFormat: 'png' }]) expect(optionsWith(options)).not.toContain('outputCompression');
});

const buying = [
	...['generate', 'create', 'remix', 'edit', 'extend'].map((operation) => ({
		name: 'sora2Video',
		values: { resource: 'video', operation },
	})),
	...['generate', 'edit'].flatMap((operation) =>
		['soraImage', 'gptImage'].map((name) => ({ name, values: { operation } })),
	),
];

test.each(buying)('$name, $values.operation: what may pay twice is said above the options', ({ name, values }) => {
	const noticesWith = (retryUncertain) => shown(name, { ...values, options: { retryUncertain } }).notices.join();
	for (const repeats of [1, 2]) expect(noticesWith(repeats)).toMatch(/may be paid for more than once/);
	expect(noticesWith(0)).not.toMatch(/more than once/);
});

test.each([
	['sora2Video', { ...generate, model: videoModel('sora-2') }],
	['sora2Video', { resource: 'video', operation: 'estimateCost', model: videoModel('sora-2') }],
	['gptImage', { operation: 'generate', model: videoModel('gpt-image-1') }],
	['gptImage', { operation: 'estimateCost', model: videoModel('gpt-image-1') }],
])('%s %j tells when a server ended the model', (name, values) => {
	expect(shown(name, values).notices.join()).toMatch(/OpenAI ended this model on/);
	expect(shown(name, { ...values, model: videoModel('my-model') }).notices).toEqual([]);
});
