const { rmSync } = require('node:fs');
const { dest, parallel, series, src } = require('gulp');

/** Empties what is built, so that a renamed file does not ship twice. */
function clean(done) {
	for (const folder of ['build', 'dist']) rmSync(folder, { recursive: true, force: true });
	done();
}

const icons = () => src('icons/*.svg', { encoding: false }).pipe(dest('dist/icons'));

/** n8n reads categories and search words from `*.node.json` beside the node. */
const codexFiles = () => src('nodes/**/*.node.json').pipe(dest('dist/nodes'));

exports.clean = clean;
exports.assets = parallel(icons, codexFiles);
exports.default = series(clean, exports.assets);
