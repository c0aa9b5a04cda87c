'use strict';

const { readFileSync } = require('node:fs');
const path = require('node:path');

const { ROOT } = require('../../scripts/steps');
const { MAJORS, useBench } = require('../support/engine/majors');
const { CREDENTIAL_ID } = require('../support/engine/workflows');

/** An example as a user imports it, with the credential that a user chooses in its nodes. */
function readExample(name) {
	const workflow = JSON.parse(readFileSync(path.join(ROOT, 'examples', `${name}.json`), 'utf8'));
	for (const { credentials } of workflow.nodes) if (credentials) credentials.soraApi.id = CREDENTIAL_ID;
	return workflow;
}

describe.each(MAJORS)('examples in the engine of n8n %s', (_major, folder) => {
	const bench = useBench(folder, { binaryMode: 'filesystem' });

	/** Runs an example; everything that it buys must come out. */
	async function run(name, change = (workflow) => workflow) {
		const workflow = change(readExample(name));
		expect(workflow.nodes.some(({ type }) => type === 'n8n-nodes-base.stickyNote')).toBe(true);
		const allowed = { allowedDownloadHosts: bench.simulator.otherOrigin.host };
		const { status, error, nodes } = await bench.runWorkflow(workflow, allowed);
		expect(error).toBeUndefined();
		expect(status).toBe('success');
		return nodes;
	}

	test('edit-photo: one photo, two edits of it', async () => {
		const nodes = await run('edit-photo');
		const [photo] = nodes['Make Photo'][0].outputs[0];
		expect(photo.files.photo.mimeType).toBe('image/jpeg');
		const edited = nodes['Edit Photo'][0].outputs[0];
		expect(edited.map(({ json, files }) => [json.index, json.width, files.data.mimeType])).toEqual([
			[0, 1024, 'image/png'],
			[1, 1024, 'image/png'],
		]);
		expect(edited.every(({ pairedItem }) => pairedItem.item === 0)).toBe(true);
		const [, request] = bench.simulator.state.requests;
		expect(request.files[0].size).toBe(photo.files.photo.bytes);
		expect(bench.simulator.ledger()).toMatchObject({ charges: 2, imageRequests: 2, jobsCreated: 0 });
	});

	test('image-to-video: the video has the pixels of the picture', async () => {
		bench.simulator.state.secondsPerJob = 0;
		const nodes = await run('image-to-video');
		expect(nodes['First Frame'][0].outputs[0][0].json).toMatchObject({ width: 1280, height: 720 });
		const [video] = nodes.Video[0].outputs[0];
		expect(video.json).toMatchObject({ width: 1280, height: 720, durationSeconds: 4, status: 'completed' });
		expect(video.files.data.mimeType).toBe('video/mp4');
		const create = bench.simulator.state.requests.find(({ path: place }) => place === '/v1/videos');
		expect(create.fields.size).toBe('1280x720');
		expect(create.files).toMatchObject([{ field: 'input_reference', mimeType: 'image/png' }]);
		expect(bench.simulator.ledger()).toMatchObject({ charges: 2, imageRequests: 1, jobsCreated: 1 });
	});

	/** The example with the rows of a table where its form and its file are read. */
	function withRows(workflow, rows) {
		const replaced = {
			'Product Table': { type: 'n8n-nodes-base.manualTrigger', typeVersion: 1, parameters: {} },
			Rows: { type: 'test.items', typeVersion: 1, parameters: { items: rows, files: [] } },
		};
		return { ...workflow, nodes: workflow.nodes.map((node) => ({ ...node, ...replaced[node.name] })) };
	}

	test('product-photos: a picture of each product in each of its surroundings; what fails goes its own way', async () => {
		bench.simulator.scriptImages({ prompt: 'linen.*watercolor', text: 'Not this one.' });
		const rows = [
			{ name: 'ceramic-mug', description: 'A ceramic mug', style: 'photorealistic' },
			{ name: 'desk-lamp', description: 'A brass desk lamp', style: 'watercolor' },
		];
		const nodes = await run('product-photos', (workflow) => withRows(workflow, rows));
		const [pictures, failed] = nodes['Sora Image'][0].outputs;
		expect(pictures.map(({ files }) => files.data.fileName)).toEqual([
			...['ceramic-mug-0.png', 'ceramic-mug-1.png', 'ceramic-mug-2.png'],
			...['desk-lamp-0.png', 'desk-lamp-1.png'],
		]);
		expect(pictures.map(({ pairedItem }) => pairedItem.item)).toEqual([0, 0, 0, 1, 1]);
		expect(failed.map(({ json }) => json.error.kind)).toEqual(['noResult']);
		expect(bench.simulator.ledger()).toMatchObject({ charges: 6, chargedUsd: 0.06 });
	});
});
