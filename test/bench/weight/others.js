'use strict';

/**
 * Packages of others whose nodes make pictures and videos: fetched from the registry by the ordinary client, without their
 * install scripts, and kept in .cache.
 */

const { execFile } = require('node:child_process');
const { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } = require('node:fs');
const path = require('node:path');
const { promisify } = require('node:util');

const { ENGINES, NPM, ROOT } = require('../../../scripts/steps');
const { MAJOR } = require('../real/engine');

/** Those that the registry gave when this was written. They have no dependencies either. */
const OTHERS = [
	{ name: '@heygenofficial/n8n-nodes-heygen-official', version: '0.1.9' },
	{ name: '@picsart/n8n-nodes-picsart-creative-apis', version: '5.4.8' },
	{ name: 'n8n-nodes-templated', version: '0.4.5' },
];
const FOLDER = path.join(ROOT, '.cache', 'bench');
const MODULES = path.join(FOLDER, 'node_modules');
const REGISTRY_LIMIT_MS = 30_000;

/** The sizes in what `npm pack --json` says of a tarball. */
function sizesOf({ size, unpackedSize, entryCount, version }) {
	return { version, packedBytes: size, unpackedBytes: unpackedSize, files: entryCount };
}

/**
 * The packages, unpacked beside the n8n-workflow of the engine.
 * @returns {Promise<Array<{name: string, sizes: object, folder: string} | {name: string, missing: string}>>} `missing` is
 * npm's word for why there is none
 */
async function fetchOthers() {
	mkdirSync(MODULES, { recursive: true });
	// The checkout may have been moved since.
	rmSync(path.join(MODULES, 'n8n-workflow'), { force: true });
	symlinkSync(path.join(ENGINES[MAJOR], 'node_modules', 'n8n-workflow'), path.join(MODULES, 'n8n-workflow'));
	const fetched = [];
	for (const other of OTHERS) fetched.push(await fetchOther(other));
	return fetched;
}

async function fetchOther({ name, version }) {
	const folder = path.join(MODULES, name);
	const sizesFile = path.join(FOLDER, `${name.replaceAll('/', '+')}@${version}.json`);
	if (existsSync(sizesFile)) return { name, folder, sizes: JSON.parse(readFileSync(sizesFile, 'utf8')) };
	try {
		const args = ['pack', `${name}@${version}`, '--json', '--ignore-scripts', '--loglevel=error', '--fetch-retries=0'];
		const { stdout } = await promisify(execFile)(NPM, args, { cwd: FOLDER, timeout: REGISTRY_LIMIT_MS });
		const [packed] = JSON.parse(stdout);
		mkdirSync(folder, { recursive: true });
		const tarball = path.join(FOLDER, packed.filename);
		await promisify(execFile)('tar', ['-xzf', tarball, '-C', folder, '--strip-components=1']);
		rmSync(tarball);
		const sizes = sizesOf(packed);
		// Written last: it says that all of it is there.
		writeFileSync(sizesFile, JSON.stringify(sizes));
		return { name, folder, sizes };
	} catch (error) {
		const [, code = 'no answer'] = /npm error code (\S+)/.exec(String(error)) ?? [];
		return { name, missing: code };
	}
}

module.exports = { fetchOthers, sizesOf };
