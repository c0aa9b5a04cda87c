'use strict';

/** A workflow as a picture: what n8n's canvas shows of it. */

/** Around the workflow, in pixels. */
const MARGIN = 16;
const HIDE_WHAT_LIES_OVER_IT = `
	[data-test-id="canvas-controls"], [data-test-id^="execute-workflow-button"], [data-test-id="canvas-node-toolbar"],
	[data-test-id="node-creator-plus-button"], [data-test-id="add-sticky-button"], .vue-flow__panel
	{ display: none !important; }`;

/**
 * A picture of the whole workflow that is open, and the first words of its notes whose text does not fit into them.
 * @param {import('./editor').Editor} editor
 */
async function takeWorkflow(editor) {
	await editor.settle();
	await editor.part('zoom-to-fit').first().click();
	await editor.page.addStyleTag({ content: HIDE_WHAT_LIES_OVER_IT });
	await editor.settle();
	const clip = await editor.page.locator('.vue-flow__node').evaluateAll(placeOf, MARGIN);
	const clippedNotes = await editor.part('sticky').evaluateAll(clippedOf);
	return { picture: await editor.page.screenshot({ clip }), clippedNotes };
}

/** Where nodes are on the page. Runs in the browser. */
function placeOf(nodes, margin) {
	const parts = nodes.flatMap((node) => [node, ...node.querySelectorAll('*')]);
	const boxes = parts.map((part) => part.getBoundingClientRect()).filter(({ width }) => width > 0);
	const x = Math.min(...boxes.map(({ left }) => left)) - margin;
	const y = Math.min(...boxes.map(({ top }) => top)) - margin;
	const width = Math.max(...boxes.map(({ right }) => right)) + margin - x;
	return { x, y, width, height: Math.max(...boxes.map(({ bottom }) => bottom)) + margin - y };
}

/** Runs in the browser. */
function clippedOf(notes) {
	const isClipped = ({ scrollHeight, clientHeight }) => scrollHeight > clientHeight + 2;
	return notes
		.filter((note) => [note, ...note.querySelectorAll('*')].some(isClipped))
		.map((note) => note.textContent.trim().slice(0, 40));
}

module.exports = { takeWorkflow };
