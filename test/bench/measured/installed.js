'use strict';

const { readFileSync } = require('node:fs');
const path = require('node:path');

/** The packed package as it is installed beside the engine: n8n runs it from there, with that engine's n8n-workflow. */
const PACKAGE_FOLDER = path.join(process.env.ENGINE_FOLDER ?? '', 'node_modules', 'n8n-nodes-sora');

/** The module behind the first entry of the package's list of `nodes` or `credentials`. */
function requireInstalled(kind) {
	const { n8n } = JSON.parse(readFileSync(path.join(PACKAGE_FOLDER, 'package.json'), 'utf8'));
	return require(path.resolve(PACKAGE_FOLDER, n8n[kind][0]));
}

module.exports = { requireInstalled };
