'use strict';

const { readFileSync, readdirSync } = require('node:fs');
const path = require('node:path');

const { VIDEO_MODELS } = require('../../build/nodes/core/catalogueData');
const { DIALECTS } = require('../../build/nodes/core/dialects');
const { SERVERS } = require('../support/engine/servers');
const { PERSONALITIES } = require('../support/simulator/personalities');

/** What CONTRIBUTING asks for beside the code, when a model, a server or an operation is added. */

const TESTS = path.resolve(__dirname, '..');
const BUILT = path.resolve(TESTS, '../build/nodes');
const read = (...parts) => readFileSync(path.join(TESTS, ...parts), 'utf8');
const readAll = (folder) =>
	readdirSync(path.join(TESTS, folder))
		.filter((file) => file.endsWith('.js'))
		.map((file) => read(folder, file))
		.join();

test('every server is played by the simulator, and no other', () => {
	expect(Object.keys(PERSONALITIES).sort()).toEqual(Object.keys(DIALECTS).sort());
});

test.each(Object.keys(DIALECTS))('at %s a test buys a video in the engine, and its answers are tried', (server) => {
	expect(SERVERS.map(([name]) => name)).toContain(server);
	expect(readAll('contract/personalities')).toMatch(new RegExp(`['"]${server}['"]`));
});

const models = VIDEO_MODELS.filter(({ snapshotOf }) => snapshotOf === undefined).map(({ id }) => id);

test.each(models)('what %s makes and costs has a row in the tests', (id) => {
	for (const file of ['catalogue.test.js', 'cost.test.js'])
		expect([file, read('unit', file)]).toContainEqual(expect.stringContaining(`'${id}'`));
});

const operations = ['GptImage', 'Sora2Video', 'SoraImage'].flatMap((node) =>
	Object.keys(require(path.join(BUILT, node, 'description')).operations).map((name) => [node, name.split('.').at(-1)]),
);

test.each(operations)('%s: %s is executed in the engine by a test', (_node, operation) => {
	expect(readAll('engine')).toMatch(new RegExp(`['"]${operation}['"]`));
});
