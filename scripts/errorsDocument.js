'use strict';

/** docs/errors.md: the error table of the core, with explanations that a contract test has tried. */

const path = require('node:path');

const { table } = require('./markdown');
const { EXPLANATIONS } = require('./errorExplanations');
const { ROOT } = require('./steps');

const ERRORS = path.join(ROOT, 'docs', 'errors.md');

/** Next steps that only one server needs, by kind. */
function hintsOfServers(kind) {
	const { DIALECTS } = require('../build/nodes/core/dialects');
	return Object.values(DIALECTS).flatMap(({ displayName, hints, videoHints }) => [
		...(hints[kind] ? [`**At ${displayName}**: ${hints[kind]}`] : []),
		...(videoHints[kind] ? [`**At ${displayName}, for videos**: ${videoHints[kind]}`] : []),
	]);
}

/** How messages of a kind begin. */
function shownAs(kind) {
	return EXPLANATIONS[kind].seen.filter((text) => text !== '').map((text) => `${text} …`);
}

function section([kind, { billed, hint }]) {
	const { why, tried, billed: exactly } = EXPLANATIONS[kind];
	return [
		`## ${kind}`,
		[
			`- **Why**: ${why}`,
			`- **What to do**: ${hint}`,
			...hintsOfServers(kind).map((text) => `- ${text}`),
			`- **Billed**: ${billed}${exactly ? `; ${exactly}` : ''}`,
			`- **Tried**: ${tried}`,
		].join('\n'),
	].join('\n\n');
}

/** The whole document. */
function errorsDocument() {
	const { ERROR_KINDS } = require('../build/nodes/core/errors');
	const kinds = Object.entries(ERROR_KINDS);
	return `${[
		'# Errors',
		'Made from `nodes/core/errors.ts` and `scripts/errorExplanations.js` by `node scripts/tables.js`.',
		`Every error says what happened, the server's own words, what to do, whether money was spent, and the job's ID once there is one. With *Continue On Fail* (in n8n *Settings → On Error → Continue*) it stands in the item as \`json.error\`: \`message\`, \`description\`, \`kind\`, \`billed\`, \`hint\`, and where known \`jobId\`, \`requestId\` and \`url\`. An IF or Switch node can tell kinds apart by \`{{ $json.error.kind }}\`.`,
		'"Billed" is the usual answer for the kind; the error itself is more exact where more is known. Where the node knows better than the usual hint, the error says that instead.',
		table(
			['Message', 'Kind', 'Billed'],
			kinds.map(([kind, { billed }]) => [
				shownAs(kind).join('<br>') || 'the message of n8n',
				`[\`${kind}\`](#${kind.toLowerCase()})`,
				billed,
			]),
		),
		...kinds.map(section),
	].join('\n\n')}\n`;
}

module.exports = { ERRORS, errorsDocument };
