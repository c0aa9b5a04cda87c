'use strict';

/** `npm run screenshots`: takes the README's pictures from n8n's editor, with this package, and writes docs/images. */

const { writeFileSync } = require('node:fs');
const path = require('node:path');

const { ROOT, build, installDevelopment } = require('./steps');
const { installHost, packForHosts } = require('./n8nHosts');

/** High enough that a node's parameters need no scrolling. */
const WINDOW = { width: 1440, height: 1000 };
const IMAGE_PROMPT = 'A handmade ceramic mug with a blue glaze on a windowsill, morning light';
const PROMPT = 'A paper boat on a rainy street at dawn, slow push-in, soft light';

async function main() {
	installDevelopment();
	const host = installHost(2);
	build();
	packForHosts();
	// Only now is there something to load them with.
	const { startBench } = require('../test/support/n8n');
	const { Editor, missingBrowser } = require('../test/support/n8n/editor');
	const missing = missingBrowser();
	if (missing) throw new Error(missing);

	const bench = await startBench({ suite: 'screenshots', host, mode: 'regular' });
	const editor = await Editor.open(bench.server.url, WINDOW);
	try {
		await editor.signIn();
		await takeNodes(editor, bench);
		await takeCredential(editor);
		await takePlayedVideo(editor);
	} finally {
		await editor.close();
		await bench.end();
	}
}

/** Each node as it is when it was put into a workflow. */
async function takeNodes(editor, { client, credential }) {
	const { makeNode, manualNode, workflowOf } = require('../test/support/n8n/workflows');
	const credentials = { soraApi: credential };
	const nodes = [
		['gpt-image', 'GPT Image', 'gptImage', { prompt: IMAGE_PROMPT }],
		['sora-2-video', 'Sora 2 Video', 'sora2Video', { prompt: PROMPT }],
		['sora-image', 'Sora Image', 'soraImage', { prompt: IMAGE_PROMPT }],
	].map(([file, name, type, parameters]) => ({
		file,
		node: makeNode(name, `n8n-nodes-sora.${type}`, parameters, { credentials }),
	}));
	const trigger = makeNode('Sora 2 Video Trigger', 'n8n-nodes-sora.sora2VideoTrigger', {}, { credentials });
	for (const { file, node } of [...nodes, { file: 'sora-2-video-trigger', node: trigger }]) {
		const row = node === trigger ? [node] : [manualNode(), node];
		const workflow = await client.createWorkflow(workflowOf(node.name, row));
		await editor.newPage();
		await editor.openWorkflow(workflow);
		await editor.openNode(node.name);
		await takePart(editor, 'ndv', file);
	}
}

async function takeCredential(editor) {
	await editor.newPage();
	await editor.newCredential();
	await takePart(editor, 'editCredential-modal', 'credential');
}

async function takePlayedVideo(editor) {
	await editor.newPage();
	await editor.newWorkflow();
	await editor.addNode('text to video', 'Sora 2 Video', 'Generate video');
	await editor.type('prompt', PROMPT);
	await editor.choose('size', '1280x720 (Landscape)');
	await editor.executeNode();
	await editor.viewFile();
	await editor.playVideo();
	await takePart(editor, 'ndv', 'played-video');
}

/** A picture of a part of the editor, in few colours: the README loads all of them. */
async function takePart(editor, part, file) {
	const sharp = require('sharp');
	await editor.settle();
	const picture = await editor.part(part).first().screenshot();
	const small = await sharp(picture).png({ palette: true, compressionLevel: 9 }).toBuffer();
	const target = path.join(ROOT, 'docs', 'images', `${file}.png`);
	writeFileSync(target, small);
	console.log(`${path.relative(ROOT, target)}: ${Math.round(small.length / 1024)} KB`);
}

main().then(
	() => process.exit(0),
	(error) => {
		console.error(error.message);
		process.exit(1);
	},
);
