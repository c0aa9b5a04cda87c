'use strict';

/**
 * Writes what is published into dist: one file with all of the code, as readable as the compiler's, and for each node and
 * credential a file of its own in the place where n8n looks for it. `--debug` adds the way back to the sources.
 * Why one file: docs/decisions/0011-one-file-is-published.md
 */

const { mkdirSync, writeFileSync } = require('node:fs');
const path = require('node:path');

const { buildSync } = require('esbuild');

const { n8n, peerDependencies } = require('../package.json');
const { ROOT } = require('./steps');

const BUNDLE = 'dist/bundle.js';

/** The class in a file, by n8n's rule: what stands before the first dot. */
const classIn = (file) => path.basename(file).split('.')[0];

function bundle({ isForDebugging = false } = {}) {
	const files = [...n8n.nodes, ...n8n.credentials];
	const sourceOf = (file) => file.replace(/^dist/, '.').replace(/\.js$/, '');
	buildSync({
		stdin: {
			contents: files.map((file) => `export { ${classIn(file)} } from '${sourceOf(file)}';`).join('\n'),
			resolveDir: ROOT,
		},
		absWorkingDir: ROOT,
		bundle: true,
		external: Object.keys(peerDependencies),
		format: 'cjs',
		// The oldest Node of package.json's engines.
		target: 'node20.15',
		charset: 'utf8',
		outfile: BUNDLE,
		logLevel: 'warning',
		// The engines load installed copies: only an absolute root leads from them to the sources.
		...(isForDebugging && { sourcemap: 'inline', sourceRoot: path.join(ROOT, 'dist') }),
	});
	for (const file of files) {
		const place = path.join(ROOT, file);
		mkdirSync(path.dirname(place), { recursive: true });
		const target = path.posix.relative(path.posix.dirname(file), BUNDLE);
		writeFileSync(place, `'use strict';\n\nexports.${classIn(file)} = require('${target}').${classIn(file)};\n`);
	}
}

bundle({ isForDebugging: process.argv.includes('--debug') });
