'use strict';

const { readFileSync } = require('node:fs');

const { README } = require('../../scripts/tables');
const { runOperation } = require('../support/contract/items');

/** What an item can say, with everything that a server and a file can tell, is what the README lists. */

const FILE = {
	reference: { id: 'filesystem:1' },
	fileName: 'a.mp4',
	mimeType: 'video/mp4',
	fileSizeBytes: 1,
	width: 1280,
	height: 720,
	durationSeconds: 4,
	hasAudio: true,
};
const TIMES = { createdAtMs: 1, completedAtMs: 2, expiresAtMs: 3 };

const JOB = {
	...{ id: 'video_1', status: 'completed', model: 'sora-2', size: '1280x720', seconds: '4', quality: 'standard' },
	...{ prompt: 'A boat', remixedFromJobId: 'video_0', resultUrl: 'https://example.com/a.mp4' },
	...{ failure: { message: 'None' }, raw: {} },
	...TIMES,
};
const mockVideo = {
	job: JOB,
	jobId: 'video_1',
	file: FILE,
	requestId: 'r',
	polls: 1,
	waitedSeconds: 1,
	resumed: false,
};

const { durationSeconds: _length, hasAudio: _sound, ...PICTURE } = FILE;
const mockPictures = {
	pictures: [{ index: 0, url: 'https://example.com/a.png', revisedPrompt: 'A boat', file: PICTURE }],
	text: 'Here it is',
	usage: { input_tokens: 10, output_tokens: 10 },
	made: { size: '1024x1024', quality: 'low', outputFormat: 'png' },
	requestId: 'r',
	submittedAtMs: 1,
	resumed: false,
	raw: {},
	...TIMES,
};

jest.mock('../../build/nodes/core/video/purchase', () => ({ purchaseVideo: async () => mockVideo }));
jest.mock('../../build/nodes/core/image/purchaseImages', () => ({ purchaseImages: async () => mockPictures }));

/** A run of an AI agent's tool: it gives what any other gives, and links. */
const CONTRACT = {
	context: {
		getCredentials: async () => ({ server: 'apiyi', apiKey: 'sk-1', baseUrl: '' }),
		isToolExecution: () => true,
		helpers: { createBinarySignedUrl: () => 'https://n8n.example.com/file' },
	},
	ports: {},
	toolsOf: () => ({ api: { dialect: {}, assertOffers: () => undefined } }),
};

/** The names between backticks that the README has in the point "Output" of a node's section. */
function listed(heading) {
	const [, section] = readFileSync(README, 'utf8').split(`\n## ${heading}\n`);
	const [, point = ''] = /\n- \*\*Output\*\*: ([\s\S]*?)\n- /.exec(section) ?? [];
	const lists = [...point.matchAll(/`([^`]+,[^`]+)`/g)].map(([, names]) => names.split(/,\s+/));
	return lists.flat();
}

test.each([
	['Sora 2 Video', 'Sora2Video/video/generate.operation', { model: 'sora-2', prompt: 'A boat' }],
	[
		'Sora Image',
		'SoraImage/generate.operation',
		{ prompt: 'A boat', style: 'anime', options: { variations: ['red'] } },
	],
	['GPT Image', 'GptImage/generate.operation', { prompt: 'A boat' }],
])('%s: the README lists every field of an item and no other', async (heading, file, parameters) => {
	const operation = require(`../../build/nodes/${file}`);
	const { items } = await runOperation(CONTRACT, operation, { parameters });
	const { error, fileUrl, ...fields } = items[0].json;
	expect(error).toBeUndefined();
	expect(fileUrl).toBe('https://n8n.example.com/file');
	expect(listed(heading).sort()).toEqual(Object.keys(fields).sort());
});
