'use strict';

const { parseArgs } = require('node:util');

const { DEFAULT_KEY, startSimulator } = require('./index');
const { PERSONALITIES } = require('./personalities');

const NAMES = Object.entries(PERSONALITIES).map(([name, { forms }]) =>
	forms ? `${name} (${forms.join(', ')})` : name,
);

const USAGE = `The provider simulator: videos and images over real HTTP, without money.

  npm run simulator -- [--port 4010] [--personality openai [--form …]] [--seconds-per-job 20 | 10-30] [--key ${DEFAULT_KEY}] [--quiet]

Personalities and their forms: ${NAMES.join(', ')}.

Point a Sora API credential at it: Server "Other" (or that of the
personality), Base URL http://127.0.0.1:4010/v1 (it prints which).
Script it and read its ledger below /admin (see test/support/simulator/admin.js).`;

/** `20` or `10-30`, in seconds. */
function readSeconds(text) {
	const [from, to] = text.split('-').map(Number);
	if (![from, to ?? 0].every((value) => Number.isFinite(value) && value >= 0)) throw new Error(`Not a time: ${text}`);
	return to === undefined ? from : /** @type {[number, number]} */ ([from, to]);
}

async function main() {
	const { values } = parseArgs({
		options: {
			personality: { type: 'string', default: 'openai' },
			form: { type: 'string' },
			port: { type: 'string', default: '4010' },
			'seconds-per-job': { type: 'string', default: '20' },
			key: { type: 'string', default: DEFAULT_KEY },
			quiet: { type: 'boolean', default: false },
			help: { type: 'boolean', default: false },
		},
	});
	if (values.help) {
		console.log(USAGE);
		return;
	}
	const simulator = await startSimulator({
		personality: values.personality,
		form: values.form,
		port: Number(values.port),
		secondsPerJob: readSeconds(values['seconds-per-job']),
		apiKey: values.key,
		log: values.quiet ? undefined : (line) => console.log(line),
	});
	console.log(`Simulator: ${simulator.baseUrl}  key: ${simulator.apiKey}  (Ctrl-C ends it)`);
	for (const signal of ['SIGINT', 'SIGTERM']) {
		process.once(signal, () => void simulator.close().then(() => process.exit(0)));
	}
}

main().catch((error) => {
	console.error(error.message);
	process.exitCode = 1;
});
