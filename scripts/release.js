'use strict';

/** Whether a tag may be published: `node scripts/release.js v1.2.3`. Exit code 1 with what to do when it may not. */

const { readFileSync } = require('node:fs');
const path = require('node:path');

const { ROOT } = require('./steps');

/**
 * What is wrong with a tag; nothing when it may be published.
 * @param {string} tag as in git
 * @param {string} version of package.json
 * @param {string} changes the text of CHANGELOG.md
 * @returns {string | undefined}
 */
function whatIsWrong(tag, version, changes) {
	if (tag !== `v${version}`) {
		return `The tag is ${tag}, the version of package.json is ${version}: tag v${version}, or change the version first`;
	}
	const [heading] = /^## .*$/m.exec(changes) ?? ['no heading'];
	if (!heading.startsWith(`## ${version} (`)) {
		return `CHANGELOG.md begins with "${heading}": name it "## ${version} (YYYY-MM-DD)" and commit before tagging`;
	}
	return undefined;
}

module.exports = { whatIsWrong };

if (require.main === module) {
	const { version } = require('../package.json');
	const wrong = whatIsWrong(process.argv[2] ?? '', version, readFileSync(path.join(ROOT, 'CHANGELOG.md'), 'utf8'));
	if (wrong) console.error(wrong);
	process.exitCode = wrong ? 1 : 0;
}
