'use strict';

const { readFileSync, readdirSync } = require('node:fs');
const path = require('node:path');

const { ROOT } = require('../../../scripts/steps');

const EXAMPLES = path.join(ROOT, 'examples');

/** The example workflows, with a credential's own id in every node that has one. */
function readExamples(credential) {
	const files = readdirSync(EXAMPLES).filter((file) => file.endsWith('.json'));
	return files.map((file) => {
		const workflow = JSON.parse(readFileSync(path.join(EXAMPLES, file), 'utf8'));
		for (const { credentials } of workflow.nodes) if (credentials?.soraApi) credentials.soraApi = credential;
		return workflow;
	});
}

module.exports = { readExamples };
