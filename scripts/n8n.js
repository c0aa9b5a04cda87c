'use strict';

/**
 * `npm run n8n`: the real n8n with this package installed, beside the simulator, with a credential for it and the example
 * workflows. Ctrl-C ends all of it.
 */

const path = require('node:path');
const { parseArgs } = require('node:util');

const { build, installDevelopment } = require('./steps');
const { CACHE, TARBALL, installHost, packForHosts } = require('./n8nHosts');

const USAGE = `Starts the real n8n with this package, the simulator, a credential and the example workflows.

  npm run n8n -- [--version 1 | 2] [--port 5678] [--seconds-per-job 15]

Everything is gone again after Ctrl-C. The n8n servers are kept in .cache.`;

function readArguments() {
	const { values } = parseArgs({
		options: {
			version: { type: 'string', default: '2' },
			port: { type: 'string', default: '5678' },
			'seconds-per-job': { type: 'string', default: '15' },
			help: { type: 'boolean', default: false },
		},
	});
	const { version, port, 'seconds-per-job': secondsPerJob, help } = values;
	if (version !== '1' && version !== '2') throw new Error('--version is 1 or 2');
	return {
		major: /** @type {1 | 2} */ (Number(version)),
		port: Number(port),
		secondsPerJob: Number(secondsPerJob),
		help,
	};
}

async function main() {
	const { major, port, secondsPerJob, help } = readArguments();
	if (help) return console.log(USAGE);
	installDevelopment();
	const host = installHost(major);
	build();
	packForHosts();
	// Only now is there something to load them with.
	const { Client, OWNER } = require('../test/support/n8n/client');
	const { readExamples } = require('../test/support/n8n/examples');
	const { startServer } = require('../test/support/n8n/server');
	const { startSimulator } = require('../test/support/simulator');
	const { makePicture } = require('../test/support/simulator/images');

	const simulator = await startSimulator({ secondsPerJob });
	const sora2api = await startSimulator({ personality: 'sora2api', secondsPerJob });
	console.log(`Starting n8n ${major}.x …`);
	const server = await startServer({
		host,
		port,
		tarball: TARBALL,
		logFolder: path.join(CACHE, 'logs', `n8n${major}`),
	});
	const stopped = new Promise((resolve) => {
		for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, resolve);
	});

	const client = new Client(server.url);
	await client.setUpOwner();
	const photo = await makePicture({ width: 900, height: 700, format: 'jpeg', seed: 'A photo' });
	const photoUrl = simulator.otherOrigin.put('/photo.jpg', photo, 'image/jpeg');
	const credentials = {
		sora2api: await createCredential(client, 'Sora API (sora2api)', 'sora2api', sora2api),
		// The newest is what n8n chooses in a new node, and this one has every operation.
		videosApi: await createCredential(client, 'Sora API', 'custom', simulator),
	};
	const names = [];
	for (const example of readExamples(credentials, photoUrl)) names.push((await client.createWorkflow(example)).name);
	console.log(
		[
			'',
			`n8n:        ${server.url}/home/workflows`,
			`Log in:     ${OWNER.email}  ${OWNER.password}`,
			`Workflows:  ${names.join(', ')}`,
			`Simulator:  ${simulator.baseUrl}  key: ${simulator.apiKey}  (nothing costs money, and all it makes are test pictures)`,
			`            A credential of your own for it needs ${simulator.otherOrigin.host} in Allowed Download Hosts; there are its pictures`,
			`sora2api:   ${sora2api.baseUrl}  key: ${sora2api.apiKey}`,
			`Log:        ${path.relative(process.cwd(), server.logFiles[0])}`,
			'',
			'Ctrl-C ends all of it, and nothing is kept: download the workflows that you want to keep.',
		].join('\n'),
	);
	await Promise.race([stopped, server.members[0].ended()]);
	console.log('\nStopping …');
	await server.stop();
	await Promise.all([simulator.close(), sora2api.close()]);
}

/** A credential for a simulated server, which may link to its storage: that has an address of this machine. */
async function createCredential(client, name, server, { baseUrl, apiKey, otherOrigin }) {
	const secrets = { server, baseUrl, apiKey, allowedDownloadHosts: otherOrigin.host };
	return await client.createCredential('soraApi', name, secrets);
}

main().then(
	() => process.exit(0),
	(error) => {
		console.error(error.message);
		process.exit(1);
	},
);
