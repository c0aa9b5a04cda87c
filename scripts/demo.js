'use strict';

/**
 * Runs examples/text-to-video.json in the real n8n engine with the built nodes, against the simulator or, when
 * SORA_API_KEY or SORA_BASE_URL is set, against a real server.
 */

const { mkdirSync, readFileSync } = require('node:fs');
const path = require('node:path');
const { parseArgs } = require('node:util');

const { ROOT } = require('./steps');

const NODE_NAME = 'Sora 2 Video';
const SECONDS_PER_JOB = 12;
const OUTPUT_FOLDER = path.join(ROOT, 'output');

const USAGE = `Makes one video with examples/text-to-video.json.

  npm start -- [--prompt "…"] [--model sora-2] [--seconds 4] [--size 720x1280]

Without settings it talks to the built-in simulator. For a real server (this spends money):

  SORA_SERVER=laozhang SORA_API_KEY=sk-… npm start -- --prompt "A paper boat" --model muse-video --seconds 5
  SORA_SERVER=custom SORA_BASE_URL=https://my.server/v1 SORA_API_KEY=… npm start -- --model my-model`;

function readArguments() {
	const { values } = parseArgs({
		options: {
			prompt: { type: 'string' },
			model: { type: 'string' },
			seconds: { type: 'string' },
			size: { type: 'string' },
			help: { type: 'boolean', default: false },
		},
	});
	return values;
}

/** The example with the user's wishes in it. */
function readWorkflow({ prompt, model, seconds, size }) {
	const workflow = JSON.parse(readFileSync(path.join(ROOT, 'examples', 'text-to-video.json'), 'utf8'));
	const { parameters, credentials } = workflow.nodes.find(({ name }) => name === NODE_NAME);
	if (prompt !== undefined) parameters.prompt = prompt;
	if (model !== undefined) parameters.model = { __rl: true, mode: 'id', value: model };
	if (seconds !== undefined) parameters.seconds = seconds;
	if (size !== undefined) parameters.size = size;
	return { workflow, parameters, credentialId: credentials.soraApi.id };
}

/** The server that the environment names, or none. */
function readServer() {
	const { SORA_SERVER, SORA_BASE_URL, SORA_API_KEY } = process.env;
	if (!SORA_BASE_URL && !SORA_API_KEY) return undefined;
	return {
		server: SORA_SERVER || (SORA_BASE_URL ? 'custom' : 'apiyi'),
		...(SORA_BASE_URL ? { baseUrl: SORA_BASE_URL } : {}),
		apiKey: SORA_API_KEY ?? '',
	};
}

/** Descriptions of errors are HTML, for n8n's editor. */
function fromHtml(text) {
	return text.replaceAll('&gt;', '>').replaceAll('&lt;', '<').replaceAll('&amp;', '&');
}

async function main() {
	const wishes = readArguments();
	if (wishes.help) return console.log(USAGE);
	const { startEngine } = require('../test/support/engine');
	const { startSimulator } = require('../test/support/simulator');

	const { workflow, parameters, credentialId } = readWorkflow(wishes);
	const realServer = readServer();
	const simulator = realServer ? undefined : await startSimulator({ secondsPerJob: SECONDS_PER_JOB });
	const credential = realServer ?? { server: 'custom', baseUrl: simulator?.baseUrl, apiKey: simulator?.apiKey };
	// The simulator is not slow enough to be asked politely.
	if (simulator) parameters.options = { ...parameters.options, pollInterval: 1 };
	mkdirSync(OUTPUT_FOLDER, { recursive: true });

	const started = Date.now();
	const say = (message) =>
		console.log(`${String(Math.round((Date.now() - started) / 1000)).padStart(4)} s  ${message}`);
	say(
		simulator
			? `The simulator plays the server at ${simulator.baseUrl}; nothing costs money`
			: `Server: ${credential.server}`,
	);
	say(`Prompt: ${parameters.prompt}`);

	const engine = await startEngine({
		engineFolder: ROOT,
		packageFolder: ROOT,
		binaryMode: 'filesystem',
		onUiMessage: say,
	});
	const execution = engine.start({
		workflow,
		credentials: { [credentialId]: credential },
		mode: 'manual',
		saveFilesTo: OUTPUT_FOLDER,
	});
	const end = async (code) => {
		await engine.close();
		await simulator?.close();
		process.exit(code);
	};
	for (const signal of ['SIGINT', 'SIGTERM']) {
		process.once(signal, () => {
			say('Stopping. A job that was submitted goes on at the server; its ID stands above');
			void execution.cancel().then(() => end(130));
		});
	}

	const result = await execution.result;
	if (result.status !== 'success') {
		say(`${result.error?.message ?? result.status}\n        ${fromHtml(result.error?.description ?? '')}`);
		return await end(1);
	}
	const [{ json, files }] = result.nodes[NODE_NAME][0].outputs[0];
	const [file] = Object.values(files);
	const price = json.costUsd === undefined ? 'unknown' : `$${json.costUsd.toFixed(2)}`;
	say(
		`Done: ${json.width}x${json.height}, ${json.durationSeconds} s, sound: ${json.hasAudio ? 'yes' : 'no'}, price: ${simulator ? `${price} (simulated)` : price}`,
	);
	say(`Your video: ${path.relative(process.cwd(), path.join(OUTPUT_FOLDER, file.fileName))}`);
	if (simulator) console.log(`\n${USAGE.slice(USAGE.indexOf('Without settings'))}`);
	return await end(0);
}

module.exports = { main };
