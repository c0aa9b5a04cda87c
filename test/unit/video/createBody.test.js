'use strict';

const { DIALECTS } = require('../../../build/nodes/core/dialects');
const { createBody } = require('../../../build/nodes/core/video/createBody');

const REQUEST = { model: 'any', prompt: 'A boat ⛵', size: '1280x720', seconds: '8' };
const FILE = { bytes: Uint8Array.from([1, 2, 3]), fileName: 'first.png', mimeType: 'image/png' };
const base64 = (bytes) => Buffer.from(bytes).toString('base64');
const bodyFor = (server, extra = {}, file = undefined) =>
	createBody(REQUEST, DIALECTS[server].create, extra, file, base64);

test.each([
	['openai', 'json', { seconds: '8' }],
	['azure', 'json', { seconds: '8' }],
	['newApi', 'json', { seconds: '8' }],
	['vllmOmni', 'multipart', { seconds: '8' }],
	['sglang', 'json', { seconds: 8 }],
	['dynamo', 'json', { seconds: 8 }],
	['localai', 'json', { seconds: 8 }],
	['openrouter', 'json', { duration: 8 }],
])('%s: a text is asked for as %s with %j', (server, encoding, length) => {
	const { model, prompt, size } = REQUEST;
	expect(bodyFor(server)).toEqual({ encoding, fields: { model, prompt, size, ...length }, files: [] });
});

test('a file makes the request multipart where the server takes files', () => {
	expect(bodyFor('openai', {}, FILE)).toMatchObject({
		encoding: 'multipart',
		files: [{ field: 'input_reference', ...FILE }],
	});
});

test.each([
	['dynamo', { input_reference: 'data:image/png;base64,AQID' }],
	['localai', { start_image: 'AQID' }],
	[
		'openrouter',
		{
			frame_images: [
				{ type: 'image_url', image_url: { url: 'data:image/png;base64,AQID' }, frame_type: 'first_frame' },
			],
		},
	],
])('%s takes the image inside of the JSON', (server, fields) => {
	expect(bodyFor(server, {}, FILE)).toMatchObject({ encoding: 'json', fields, files: [] });
});

test('further fields go along; what the request sets wins', () => {
	expect(bodyFor('openai', { seed: 7, size: '1x1' }).fields).toMatchObject({ seed: 7, size: '1280x720' });
});
