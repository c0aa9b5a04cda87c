'use strict';

const { existsSync, readdirSync, readFileSync, statSync } = require('node:fs');
const path = require('node:path');

const { ROOT } = require('../../scripts/steps');

const FOLDER = path.join(ROOT, 'examples');
const INDEX = readFileSync(path.join(FOLDER, 'README.md'), 'utf8');
const NAMES = readdirSync(FOLDER)
	.filter((file) => file.endsWith('.json'))
	.map((file) => path.basename(file, '.json'))
	.sort();

const KILOBYTE = 1024;
const PICTURE_LIMIT = 60 * KILOBYTE;
/** Of all pictures of all documents: whoever clones the repository loads them. */
const SUM_LIMIT = 1536 * KILOBYTE;

const picturesIn = (...folder) => readdirSync(path.join(ROOT, ...folder)).map((file) => path.join(...folder, file));
const sizeOf = (file) => statSync(path.join(ROOT, file)).size;

test('every example is listed once, with a line and its picture', () => {
	const entries = INDEX.split(/^### /m)
		.slice(1)
		.map((entry) => {
			const [, title, file, line, picture] =
				/^\[(.+)\]\((.+)\.json\)\n\n(.+)\n\n!\[\1\]\(images\/(.+)\.png\)\n/.exec(entry) ?? [];
			return { title, file, line, picture };
		});
	expect(entries.map(({ file }) => file).sort()).toEqual(NAMES);
	for (const { file, picture, line } of entries) {
		expect(picture).toBe(file);
		expect(line).toMatch(/\.$/);
	}
});

test('every link leads somewhere', () => {
	const targets = [...INDEX.matchAll(/\]\(([^)#]+)\)/g)].map(([, target]) => target);
	expect(targets.length).toBeGreaterThan(NAMES.length);
	for (const target of targets) expect([target, existsSync(path.join(FOLDER, target))]).toEqual([target, true]);
});

test('the pictures are those of the examples, and small', () => {
	const pictures = picturesIn('examples', 'images');
	expect(pictures.map((file) => path.basename(file, '.png')).sort()).toEqual(NAMES);
	for (const file of pictures) expect([file, sizeOf(file) <= PICTURE_LIMIT]).toEqual([file, true]);
	const sum = [...pictures, ...picturesIn('docs', 'images')].reduce((bytes, file) => bytes + sizeOf(file), 0);
	expect(sum).toBeLessThanOrEqual(SUM_LIMIT);
});
