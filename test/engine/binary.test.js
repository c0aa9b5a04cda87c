'use strict';

const { createHash } = require('node:crypto');

const { makePicture } = require('../support/simulator/images');
const { makeMovie } = require('../support/simulator/movie');
const { MAJORS, useBench } = require('../support/engine/majors');

const MODES = MAJORS.flatMap(([major, folder]) => ['default', 'filesystem'].map((mode) => [mode, major, folder]));

describe.each(MODES)('files in binary mode %s of n8n %s', (binaryMode, major, folder) => {
	const bench = useBench(folder, { binaryMode });

	test('what comes out is what the server has, byte for byte', async () => {
		const { items } = await bench.run({ parameters: { prompt: 'A boat', seconds: '8' } });
		const bytes = await makeMovie({ width: 720, height: 1280, seconds: 8, seed: 'A boat ' });
		const { data } = items[0].files;
		expect(data.sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
		expect(data).toMatchObject({ mimeType: 'video/mp4', fileExtension: 'mp4', bytes: bytes.length });
		expect(typeof data.id).toBe(binaryMode === 'filesystem' ? 'string' : 'undefined');
	});

	// Where files stand in an item is a setting of the workflow since 2.x.
	if (major === '2.x') {
		test.each(['separate', 'combined'])('the %s setting of a workflow works both ways', async (setting) => {
			const image = await makePicture({ width: 720, height: 1280, format: 'png', seed: 'x' });
			const file = {
				item: 0,
				field: 'photo',
				base64: image.toString('base64'),
				fileName: 'a.png',
				mimeType: 'image/png',
			};
			const { items, error } = await bench.run({
				files: [file],
				parameters: { reference: 'binary', binaryPropertyName: 'photo', options: { binaryPropertyOutput: 'clip' } },
				settings: { binaryMode: setting },
			});
			expect(error).toBeUndefined();
			expect(items[0].files.clip.mimeType).toBe('video/mp4');
			expect(items[0].files.clip.isInBinary).toBe(setting === 'separate' || binaryMode === 'default');
		});
	}
});
