'use strict';

/**
 * `npm run screenshots`: takes the pictures of the documents from n8n's editor, with this package: the README's into
 * docs/images, those of the examples into examples/images.
 *   -- readme | examples   only these
 */

const { build, installDevelopment } = require('./steps');
const { installHost, packForHosts } = require('./n8nHosts');

/** High enough that a node's parameters need no scrolling. */
const WINDOW = { width: 1440, height: 1000 };
/** Wide enough that the notes of a long workflow can be read. */
const WIDE_WINDOW = { width: 1900, height: 1000 };
const IMAGE_PROMPT = 'A handmade ceramic mug with a blue glaze on a windowsill, morning light';
const PROMPT = 'A paper boat on a rainy street at dawn, slow push-in, soft light';

/** Of a video of four seconds. */
const PICTURED_SECOND = 2;

/** What is taken, in a window of which size. */
const PARTS = {
	readme: { window: WINDOW, take: takeReadme },
	examples: {
		window: WIDE_WINDOW,
		take: async (editor, bench) => await require('./examplePictures').takeExamples(editor, bench),
	},
};

async function main() {
	const [only] = process.argv.slice(2);
	if (only !== undefined && !Object.hasOwn(PARTS, only))
		throw new Error(`Say one of ${Object.keys(PARTS)}, or nothing`);
	const parts = only === undefined ? Object.values(PARTS) : [PARTS[only]];
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
	try {
		for (const { window, take } of parts) {
			const editor = await Editor.open(bench.server.url, window);
			try {
				await editor.signIn();
				await take(editor, bench);
			} finally {
				await editor.close();
			}
		}
	} finally {
		await bench.end();
	}
}

async function takeReadme(editor, bench) {
	await takeNodes(editor, bench);
	await takeCredential(editor);
	await takePlayedVideo(editor);
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
	await editor.settle();
	await editor.playVideo();
	// In the middle, with the controls and the time of a video that is being watched.
	await editor.pauseVideo(PICTURED_SECOND);
	await savePart(editor, 'ndv', 'played-video');
}

/** A picture of a part of the editor when it is at rest. */
async function takePart(editor, part, file) {
	await editor.settle();
	await savePart(editor, part, file);
}

async function savePart(editor, part, file) {
	const { savePicture } = require('./pictures');
	await savePicture(await editor.part(part).first().screenshot(), ['docs', 'images', file]);
}

main().then(
	() => process.exit(0),
	(error) => {
		console.error(error.message);
		process.exit(1);
	},
);
