'use strict';

const { OpenAI, toFile } = require('openai');
const sharp = require('sharp');

const { operations: imageOperations } = require('../../build/nodes/GptImage/description');
const { operations: videoOperations } = require('../../build/nodes/Sora2Video/description');
const { operations: chatOperations } = require('../../build/nodes/SoraImage/description');
const { startContract } = require('../support/contract');
const { runOperation } = require('../support/contract/items');
const { makePicture } = require('../support/simulator/images');
const { makeMovie } = require('../support/simulator/movie');

/**
 * The same wishes to the official client and to our nodes: both must send the same to the same address. What differs is
 * written down with each wish, and nothing else may.
 */

const byId = (value) => ({ __rl: true, mode: 'id', value });

const FORM = {
	differs: { encoding: ['multipart', 'json'] },
	because: 'the client sends everything that might hold a file as a form; the nodes send JSON where there is no file',
};
const PAGE = {
	differs: { limit: ['2', '100'], order: [undefined, 'desc'] },
	because: 'the nodes filter and count themselves, and read the newest first in whole pages',
};

const PROMPT = 'A paper boat ⛵ auf dem Fluß "in quotes"';
const VIDEO = /** @type {const} */ ({ model: 'sora-2-pro', prompt: PROMPT, size: '1024x1792', seconds: '8' });
const VIDEO_PARAMETERS = { model: byId('sora-2-pro'), prompt: PROMPT, size: '1024x1792', seconds: '8' };
const IMAGE = /** @type {const} */ ({
	...{ model: 'gpt-image-2.5-flare', prompt: PROMPT, n: 2, size: '1536x1024', quality: 'high' },
	...{ background: 'opaque', output_format: 'webp', output_compression: 80, moderation: 'low', user: 'customer-17' },
});
const IMAGE_PARAMETERS = {
	...{ model: byId(IMAGE.model), prompt: PROMPT, n: 2, size: '1536x1024', quality: 'high' },
	options: {
		background: 'opaque',
		outputFormat: 'webp',
		outputCompression: 80,
		moderation: 'low',
		user: 'customer-17',
	},
};
const EDIT = /** @type {const} */ ({
	model: 'gpt-image-1.5',
	prompt: PROMPT,
	size: '1024x1024',
	input_fidelity: 'low',
});
const EDIT_PARAMETERS = { model: byId(EDIT.model), prompt: PROMPT, size: '1024x1024' };

/**
 * @typedef {object} Wish
 * @property {string} name
 * @property {(client: OpenAI, given: Given) => Promise<unknown>} client
 * @property {{plan: Function, properties: any[]}} operation of a node
 * @property {(given: Given) => Record<string, any>} parameters
 * @property {string[]} [files] those of the input item, by field
 * @property {Array<{differs: Record<string, [client: unknown, node: unknown]>, because: string}>} [differences]
 *
 * @typedef {object} Given
 * @property {string} jobId a finished job
 * @property {string} characterId
 * @property {Record<string, any>} uploads the client's, by field
 */

/** @type {Wish[]} */
const WISHES = [
	{
		name: 'create a video',
		client: async ({ videos }) => await videos.create(VIDEO),
		operation: videoOperations['video.create'],
		parameters: () => VIDEO_PARAMETERS,
		differences: [FORM],
	},
	{
		name: 'create a video from a picture',
		client: async ({ videos }, { uploads }) => await videos.create({ ...VIDEO, input_reference: uploads.frame }),
		operation: videoOperations['video.create'],
		parameters: () => ({ ...VIDEO_PARAMETERS, reference: 'binary', binaryPropertyName: 'frame' }),
		files: ['frame'],
	},
	{
		name: 'look at a job',
		client: async ({ videos }, { jobId }) => await videos.retrieve(jobId),
		operation: videoOperations['video.get'],
		parameters: ({ jobId }) => ({ jobId }),
	},
	{
		name: 'download a video',
		client: async ({ videos }, { jobId }) => await videos.downloadContent(jobId),
		operation: videoOperations['video.download'],
		parameters: ({ jobId }) => ({ jobId }),
	},
	{
		name: 'download a thumbnail',
		client: async ({ videos }, { jobId }) => await videos.downloadContent(jobId, { variant: 'thumbnail' }),
		operation: videoOperations['video.download'],
		parameters: ({ jobId }) => ({ jobId, variant: 'thumbnail' }),
	},
	{
		name: 'list jobs',
		client: async ({ videos }) => await videos.list({ limit: 2 }),
		operation: videoOperations['video.getAll'],
		parameters: () => ({ limit: 2 }),
		differences: [PAGE],
	},
	{
		name: 'remix a video',
		client: async ({ videos }, { jobId }) => await videos.remix(jobId, { prompt: PROMPT }),
		operation: videoOperations['video.remix'],
		parameters: ({ jobId }) => ({ jobId, prompt: PROMPT, waitForCompletion: false }),
	},
	{
		name: 'edit a job',
		client: async ({ videos }, { jobId }) => await videos.edit({ prompt: PROMPT, video: { id: jobId } }),
		operation: videoOperations['video.edit'],
		parameters: ({ jobId }) => ({ jobId, prompt: PROMPT, waitForCompletion: false }),
		differences: [FORM],
	},
	{
		name: 'edit a video file',
		client: async ({ videos }, { uploads }) => await videos.edit({ prompt: PROMPT, video: uploads.movie }),
		operation: videoOperations['video.edit'],
		parameters: () => ({
			...{ videoSource: 'binary', binaryPropertyName: 'movie' },
			...{ prompt: PROMPT, waitForCompletion: false },
		}),
		files: ['movie'],
	},
	{
		name: 'extend a job',
		client: async ({ videos }, { jobId }) =>
			await videos.extend({ prompt: PROMPT, video: { id: jobId }, seconds: '12' }),
		operation: videoOperations['video.extend'],
		parameters: ({ jobId }) => ({ jobId, prompt: PROMPT, seconds: '12', waitForCompletion: false }),
		differences: [FORM],
	},
	{
		name: 'delete a job',
		client: async ({ videos }, { jobId }) => await videos.delete(jobId),
		operation: videoOperations['video.delete'],
		parameters: ({ jobId }) => ({ jobId }),
	},
	{
		name: 'make a character',
		client: async ({ videos }, { uploads }) =>
			await videos.createCharacter({ video: uploads.movie, name: 'Captain Paper' }),
		operation: videoOperations['character.create'],
		parameters: () => ({ binaryPropertyName: 'movie', characterName: 'Captain Paper' }),
		files: ['movie'],
	},
	{
		name: 'look at a character',
		client: async ({ videos }, { characterId }) => await videos.getCharacter(characterId),
		operation: videoOperations['character.get'],
		parameters: ({ characterId }) => ({ characterId }),
	},
	{
		name: 'make pictures',
		client: async ({ images }) => await images.generate(IMAGE),
		operation: imageOperations.generate,
		parameters: () => IMAGE_PARAMETERS,
	},
	{
		name: 'edit a picture under a mask',
		client: async ({ images }, { uploads: { first, mask } }) => await images.edit({ ...EDIT, image: first, mask }),
		operation: imageOperations.edit,
		parameters: () => ({
			...{ ...EDIT_PARAMETERS, binaryPropertyName: 'first' },
			options: { inputFidelity: 'low', maskBinaryPropertyName: 'mask' },
		}),
		files: ['first', 'mask'],
	},
	{
		name: 'edit several pictures',
		client: async ({ images }, { uploads: { first, second } }) =>
			await images.edit({ ...EDIT, n: 2, image: [first, second] }),
		operation: imageOperations.edit,
		parameters: () => ({
			...{ ...EDIT_PARAMETERS, n: 2, binaryPropertyName: 'first, second' },
			options: { inputFidelity: 'low' },
		}),
		files: ['first', 'second'],
	},
	{
		name: 'ask for a picture over chat',
		client: async ({ chat }) =>
			await chat.completions.create({
				...{ model: 'sora_image', stream: true },
				messages: [{ role: 'user', content: `${PROMPT}【2:3】` }],
			}),
		operation: chatOperations.generate,
		parameters: () => ({ prompt: PROMPT }),
	},
];

/** @type {Awaited<ReturnType<typeof startContract>>} */
let contract;
/** @type {OpenAI} */
let client;
beforeEach(async () => {
	contract = await startContract({ secondsPerJob: 0, allowOtherOrigin: true });
	const { apiKey, baseUrl: baseURL } = contract.simulator;
	client = new OpenAI({ apiKey, baseURL, maxRetries: 0 });
});
afterEach(async () => await contract.end());

async function makeFiles() {
	const png = async (width, height, seed) => await makePicture({ width, height, format: 'png', seed });
	const movie = await makeMovie({ width: 320, height: 240, seconds: 4, seed: 'own' });
	const image = (bytes, fileName) => ({ bytes, fileName, mimeType: 'image/png' });
	return {
		frame: image(await png(1024, 1792, 'frame'), 'Größe 一.png'),
		first: image(await png(64, 64, 'first'), 'first.png'),
		second: image(await png(64, 64, 'second'), 'second.png'),
		mask: image(
			await sharp(await png(64, 64, 'mask'))
				.ensureAlpha(0)
				.png()
				.toBuffer(),
			'mask.png',
		),
		movie: { bytes: movie, fileName: 'own.mp4', mimeType: 'video/mp4' },
	};
}

/** What both are given: a finished job and a character of their own, and the files. */
async function give(files) {
	const uploads = {};
	for (const [field, { bytes, fileName, mimeType }] of Object.entries(files)) {
		uploads[field] = await toFile(bytes, fileName, { type: mimeType });
	}
	const { id: jobId } = await client.videos.create({ prompt: 'Given' });
	const { id } = await client.videos.createCharacter({ video: uploads.movie, name: 'Given' });
	return { jobId, characterId: String(id), uploads };
}

/**
 * What a request says, name by name: its route, its query, its fields as `video[id]`, its files by field. Values of JSON
 * keep their types; a form has only text.
 */
function said({ method, path, encoding, fields, files }, { jobId, characterId }) {
	const url = new URL(path, 'http://server.example');
	const route = url.pathname.replace(jobId, '{job}').replace(characterId, '{character}');
	const entries = Object.entries(fields).flatMap(([name, value]) => flatten(name, value));
	const values = entries.map(([name, value]) => [name, value === jobId ? '{job}' : value]);
	const parts = files.map((file) => [file.field, file.fileName, file.mimeType, file.content.toString('base64')]);
	return {
		route: `${method} ${route}`,
		encoding,
		...Object.fromEntries(url.searchParams),
		...Object.fromEntries(values),
		files: parts.map((part) => part.join(' ')),
	};
}

function flatten(name, value) {
	if (typeof value !== 'object' || value === null) return [[name, value]];
	return Object.entries(value).flatMap(([key, inner]) => flatten(`${name}[${key}]`, inner));
}

/** Every name under which two requests say something else. */
function differencesOf(theirs, ours) {
	const names = [...new Set([...Object.keys(theirs), ...Object.keys(ours)])];
	const pairs = names.map((name) => [name, [theirs[name], ours[name]]]);
	return Object.fromEntries(pairs.filter(([, [one, other]]) => JSON.stringify(one) !== JSON.stringify(other)));
}

/** What was sent last, after any look at the job that an operation begins with. */
const lastRequest = () => contract.simulator.state.requests.at(-1);

test.each(WISHES)('$name', async ({ client: ask, operation, parameters, files: names = [], differences = [] }) => {
	const files = await makeFiles();
	const theirs = await give(files);
	await ask(client, theirs);
	const theirRequest = said(lastRequest(), theirs);

	const ours = await give(files);
	const binary = Object.fromEntries(names.map((name) => [name, files[name]]));
	const { items } = await runOperation(contract, operation, { parameters: parameters(ours), binary });
	expect(items.map(({ json }) => json.error).filter(Boolean)).toEqual([]);
	const ourRequest = said(lastRequest(), ours);

	expect(ourRequest.route).toMatch(/^(GET|POST|DELETE) \/v1\//);
	const documented = Object.assign({}, ...differences.map(({ differs }) => differs));
	expect(differencesOf(theirRequest, ourRequest)).toEqual(documented);
});
