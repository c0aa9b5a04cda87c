'use strict';

const { readFileSync } = require('node:fs');
const path = require('node:path');

/** The packed package as it is installed beside the engine: n8n runs it from there, with that engine's n8n-workflow. */
const PACKAGE_FOLDER = path.join(process.env.ENGINE_FOLDER ?? '', 'node_modules', 'n8n-nodes-sora');

/** The module of a node or credential of the package, by its class: of the package's list of `nodes` or `credentials`. */
function requireInstalled(kind, className) {
	const { n8n } = JSON.parse(readFileSync(path.join(PACKAGE_FOLDER, 'package.json'), 'utf8'));
	const file = n8n[kind].find((entry) => path.basename(entry).split('.')[0] === className);
	return require(path.resolve(PACKAGE_FOLDER, file));
}

module.exports = { requireInstalled };
