'use strict';

const { readFileSync } = require('node:fs');
const path = require('node:path');

const manifest = require('../../package.json');

/** What a person sees of the nodes and the credential in the editor: descriptions, examples, links. */

const ROOT = path.resolve(__dirname, '../..');
const classOf = (file) => Object.values(require(path.join(ROOT, file)))[0];
const { LISTED_SECONDS } = require('../../build/nodes/core/video/request');

const NODES = manifest.n8n.nodes.map((file) => [file, new (classOf(file))().description]);
const CREDENTIALS = manifest.n8n.credentials.map((file) => [file, new (classOf(file))()]);

/** Every parameter with the way to it, those of collections as well. */
function flatten(properties, place = []) {
	return properties.flatMap((property) => {
		const here = [...place, property.displayName];
		const inner = (property.options ?? []).flatMap((option) =>
			option.values ? option.values : option.type ? [option] : [],
		);
		return [{ ...property, place: here.join(' > ') }, ...flatten(inner, here)];
	});
}

describe.each([...NODES, ...CREDENTIALS])('%s', (_file, { properties, documentationUrl }) => {
	const parameters = flatten(properties);

	test('every parameter says what it is for', () => {
		const silent = parameters.filter(({ type, description, hint }) => type !== 'notice' && !description && !hint);
		expect(silent.map(({ place }) => place)).toEqual([]);
	});

	test('every field that is typed into shows an example', () => {
		const typed = parameters.filter(({ type }) => type === 'string' || type === 'json');
		const without = typed.filter(({ placeholder }) => !/^e\.g\. ./.test(placeholder ?? ''));
		expect(without.map(({ place }) => place)).toEqual([]);
	});

	test('every operation, resource and server of a list is described', () => {
		const lists = parameters.filter(({ name }) => ['operation', 'resource', 'server'].includes(name));
		const silent = lists.flatMap(({ options }) => options.filter(({ description }) => !description));
		expect(silent).toEqual([]);
	});

	test('a link to the documentation leads to a place in the README', () => {
		if (documentationUrl !== undefined) expect(anchors()).toContain(anchorOf(documentationUrl));
	});
});

/** Anchors as GitHub makes them of headings. */
function anchors() {
	const headings = readFileSync(path.join(ROOT, 'README.md'), 'utf8').match(/^#+ .+$/gm) ?? [];
	return headings.map((heading) =>
		heading
			.replace(/^#+ /, '')
			.toLowerCase()
			.replace(/[^\p{L}\p{N}\s_-]/gu, '')
			.replaceAll(' ', '-'),
	);
}

function anchorOf(url) {
	expect(url).toMatch(`${manifest.homepage}#`);
	return new URL(url).hash.slice(1);
}

describe.each(manifest.n8n.nodes.map((file) => [file.replace(/\.js$/, '.json')]))('%s', (file) => {
	const codex = JSON.parse(readFileSync(path.join(ROOT, file), 'utf8'));

	test('its links lead to places in the README', () => {
		const links = Object.values(codex.resources).flat();
		expect(links.length).toBeGreaterThan(1);
		for (const { url } of links) expect(anchors()).toContain(anchorOf(url));
	});

	test('it is found by what people look for', () => {
		const makes = codex.node.includes('Video')
			? ['video', 'ai video', 'text to video', 'veo']
			: ['ai image', 'text to image'];
		for (const words of makes) expect(codex.alias.join(', ')).toContain(words);
		expect(new Set(codex.alias).size).toBe(codex.alias.length);
	});
});

test("n8n's nodes panel makes actions of operations and events alone", () => {
	for (const [file, { properties }] of NODES) {
		// Of a node in the category AI: whatever the first property of this name offers.
		const mode = properties.find(({ name }) => name.toLowerCase() === 'mode');
		expect([file, mode?.options]).toEqual([file, undefined]);
	}
});

test('the lengths that an error calls listed are those of the list', () => {
	const lists = NODES.flatMap(([, { properties }]) => properties.filter(({ name }) => name === 'seconds'));
	const video = lists.filter(({ options }) => options?.some(({ value }) => value === 'custom'));
	expect(video.length).toBeGreaterThan(0);
	for (const { options } of video) {
		const lengths = options.map(({ value }) => Number(value)).filter((value) => !Number.isNaN(value));
		expect(lengths).toEqual(LISTED_SECONDS);
	}
});
