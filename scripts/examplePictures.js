'use strict';

const { takeWorkflow } = require('../test/support/n8n/canvas');
const { examplesIn, readExample } = require('../test/support/n8n/examples');
const { savePicture } = require('./pictures');

/** Workflows have hardly more colours than n8n's icons. */
const COLOURS = 128;

/** Each example as n8n shows it when it was imported: a picture for examples/README.md. */
async function takeExamples(editor, { client, credential }) {
	const chatModel = await client.createCredential('openAiApi', 'OpenAI', { apiKey: 'any' });
	for (const name of examplesIn()) {
		const example = readExample(name, credential);
		for (const { credentials } of example.nodes) if (credentials?.openAiApi) credentials.openAiApi = chatModel;
		await editor.newPage();
		await editor.openWorkflow(await client.createWorkflow(example));
		const { picture, clippedNotes } = await takeWorkflow(editor);
		for (const note of clippedNotes) console.warn(`${name}: the text does not fit into the note "${note}"`);
		await savePicture(picture, ['examples', 'images', name], { colours: COLOURS });
	}
}

module.exports = { takeExamples };
