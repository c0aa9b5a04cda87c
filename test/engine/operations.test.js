'use strict';

const { makePicture } = require('../support/simulator/images');
const { MAJORS, useBench } = require('../support/engine/majors');

describe.each(MAJORS)('every operation in the engine of n8n %s', (_major, folder) => {
	const bench = useBench(folder);

	const one = async (parameters) => {
		const { items, error } = await bench.run({ parameters });
		expect(error).toBeUndefined();
		expect(items).toHaveLength(1);
		return items[0];
	};
	const requests = (method) => bench.simulator.state.requests.filter((entry) => entry.method === method);

	test('generate gives the job, the file and what they say', async () => {
		const { json, files } = await one({ operation: 'generate', prompt: 'A train', seconds: '8', size: '1280x720' });
		expect(json).toMatchObject({
			status: 'completed',
			progress: 100,
			model: 'sora-2',
			size: '1280x720',
			seconds: '8',
			quality: 'standard',
			prompt: 'A train',
			width: 1280,
			height: 720,
			durationSeconds: 8,
			hasAudio: true,
			mimeType: 'video/mp4',
			costUsd: 0.8,
			resumed: false,
		});
		expect(json.jobId).toMatch(/^video_/);
		expect(json.requestId).toMatch(/^req_/);
		expect(json.fileSize).toBe(files.data.bytes);
		expect(json.createdAt).toMatch(/^\d{4}-\d\d-\d\dT/);
		expect(json.polls).toBeGreaterThan(0);
		expect(json).not.toHaveProperty('error');
		expect(json).not.toHaveProperty('response');
	});

	test('create, wait, get, getAll, download, remix and delete work on one another', async () => {
		const created = await one({ operation: 'create' });
		expect(created.json).toMatchObject({ status: 'queued', costUsd: 0.4 });
		const { jobId } = created.json;

		const waited = await one({ operation: 'wait', jobId: ` ${bench.simulator.baseUrl}/videos/${jobId} ` });
		expect(waited.json).toMatchObject({ jobId, status: 'completed', resumed: true });
		expect(waited.files.data.mimeType).toBe('video/mp4');

		const got = await one({ operation: 'get', jobId });
		expect(got.json).toMatchObject({ jobId, status: 'completed', prompt: 'A paper boat' });

		const downloaded = await one({
			operation: 'download',
			jobId,
			variant: 'video',
			options: { binaryPropertyOutput: 'movie' },
		});
		expect(downloaded.files.movie.sha256).toBe(waited.files.data.sha256);

		const remixed = await one({ operation: 'remix', jobId, prompt: 'At night', waitForCompletion: true });
		expect(remixed.json).toMatchObject({ remixedFromJobId: jobId, prompt: 'At night', costUsd: 0.4 });
		expect(remixed.files.data.sha256).not.toBe(waited.files.data.sha256);
		expect(requests('POST').at(-1)).toMatchObject({ encoding: 'json', fields: { prompt: 'At night' } });

		const listed = await bench.run({ parameters: { operation: 'getAll', returnAll: false, limit: 1 } });
		expect(listed.items.map(({ json }) => json.jobId)).toEqual([remixed.json.jobId]);

		const deleted = await one({ operation: 'delete', jobId });
		expect(deleted.json).toEqual({ deleted: true });
		expect(bench.simulator.ledger()).toMatchObject({ jobsCreated: 2, charges: 2 });
	});

	test('a remix that does not wait gives the job at once', async () => {
		const { json } = await one({ operation: 'generate' });
		const remixed = await one({ operation: 'remix', jobId: json.jobId, prompt: 'At night', waitForCompletion: false });
		expect(remixed.json.status).toBe('queued');
		expect(remixed.files).toEqual({});
	});

	test('getAll reads page after page and filters by state', async () => {
		bench.simulator.script({ prompt: 'job 1\\d\\d$', fail: { message: 'No capacity' } });
		for (let index = 0; index < 120; index++) {
			bench.simulator.jobs.create({ model: 'sora-2', size: '720x1280', seconds: '4', prompt: `job ${index}` });
		}
		await new Promise((resolve) => setTimeout(resolve, 80));
		const all = await bench.run({ parameters: { operation: 'getAll', returnAll: true } });
		expect(all.items).toHaveLength(120);
		expect(all.items[0].json.prompt).toBe('job 119');
		const failed = await bench.run({
			parameters: { operation: 'getAll', returnAll: true, filters: { status: ['failed'] } },
		});
		expect(failed.items).toHaveLength(20);
		expect(failed.items[0].json.failure).toMatchObject({ message: 'No capacity' });
	});

	test.each([
		['thumbnail', 'image/webp', 180],
		['spritesheet', 'image/jpeg', 720],
	])('download gives the %s', async (variant, mimeType, width) => {
		const { json } = await one({ operation: 'create' });
		await one({ operation: 'wait', jobId: json.jobId, options: { download: false } });
		const { json: facts, files } = await one({ operation: 'download', jobId: json.jobId, variant });
		expect(files.data.mimeType).toBe(mimeType);
		expect(facts).toMatchObject({ variant, width });
	});

	test('estimateCost tells the price and sends nothing', async () => {
		const pro = { __rl: true, mode: 'id', value: 'sora-2-pro' };
		const { json } = await one({ operation: 'estimateCost', model: pro, size: '1920x1080', seconds: '12' });
		expect(json).toEqual({ model: 'sora-2-pro', size: '1920x1080', seconds: '12', costUsd: 8.4, maxCostUsd: 8.4 });
		expect(bench.simulator.state.requests).toEqual([]);
	});

	test('extra fields reach the server; what is priced is what is sent', async () => {
		const { json } = await one({ options: { extraBody: '{"seconds": "12", "size": "1280x720", "seed": 7}' } });
		expect(requests('POST')[0].fields).toMatchObject({ seconds: '12', size: '1280x720', seed: 7 });
		expect(json.costUsd).toBe(1.2);
		const { error } = await bench.run({ parameters: { options: { extraBody: '{"model": "other"}' } } });
		expect(error.message).toBe('Extra Body Fields sets "model", which has a parameter of its own');
	});

	test('a remix is priced as what is sent', async () => {
		const { json } = await one({ operation: 'generate' });
		const { error } = await bench.run({
			parameters: {
				operation: 'remix',
				jobId: json.jobId,
				prompt: 'Longer',
				options: { extraBody: '{"seconds": "12"}', maxCost: 0.5 },
			},
		});
		expect(error.message).toMatch(/\$1\.20, above the Max Cost of \$0\.50/);
	});

	test.each(['.', '..', 'https://server.example/', 'Video job submitted: video_1'])(
		'the job ID %j is refused',
		async (jobId) => {
			const { error } = await bench.run({ parameters: { operation: 'delete', jobId } });
			expect(error.message).toBe(`"${jobId}" is not a job ID and does not end in one`);
			expect(bench.simulator.state.requests).toEqual([]);
		},
	);

	test('a failed job is said to have failed when its file is asked for', async () => {
		bench.simulator.script({ fail: { message: 'No capacity' }, seconds: 0 });
		const { json } = await one({ operation: 'create' });
		const { error } = await bench.run({ parameters: { operation: 'download', jobId: json.jobId, variant: 'video' } });
		expect(error.message).toBe('The job failed at the server');
		expect(requests('GET').some(({ path }) => path.includes('/content'))).toBe(false);
	});

	test('without Simplify the server’s own object is there too', async () => {
		const { json } = await one({ options: { simplify: false } });
		expect(json.response).toMatchObject({ object: 'video', status: 'completed', error: null });
		expect(json).not.toHaveProperty('error');
	});

	describe('reference images', () => {
		const withImage = async (size, parameters) => {
			const image = await makePicture({ ...size, format: 'png', seed: 'reference' });
			const file = {
				item: 0,
				field: 'photo',
				base64: image.toString('base64'),
				fileName: 'photo.png',
				mimeType: 'image/png',
			};
			const result = await bench.run({
				files: [file],
				parameters: { reference: 'binary', binaryPropertyName: 'photo', size: '1280x720', ...parameters },
			});
			return { ...result, image };
		};

		test('go as a file, byte for byte', async () => {
			const { items, image } = await withImage({ width: 1280, height: 720 }, {});
			expect(items[0].json.width).toBe(1280);
			const [{ files }] = requests('POST');
			expect(files[0]).toMatchObject({ field: 'input_reference', fileName: 'photo.png', mimeType: 'image/png' });
			expect(files[0].content.equals(image)).toBe(true);
		});

		test('of other pixels stop the item before any request, with both sizes and the way out', async () => {
			const { error } = await withImage({ width: 1024, height: 1024 }, {});
			expect(error.message).toBe('The reference image is 1024x1024, but Size is 1280x720: the two must be equal');
			expect(error.description).toMatch(/Edit Image/);
			// sora-2 makes no videos of these pixels: Match Reference would lead nowhere.
			expect(error.description).not.toMatch(/Match Reference/);
			expect(bench.simulator.state.requests).toEqual([]);
		});

		test('give the size with Match Reference', async () => {
			const { items } = await withImage({ width: 720, height: 1280 }, { size: 'matchReference' });
			expect(items[0].json).toMatchObject({ size: '720x1280', width: 720 });
		});

		test('from a link are fetched without the key and sent as a file', async () => {
			const image = await makePicture({ width: 1280, height: 720, format: 'webp', seed: 'link' });
			const { otherOrigin } = bench.simulator;
			const referenceUrl = otherOrigin.put('/first%20frame.webp', image, 'image/webp');
			const { items } = await bench.run({
				parameters: { reference: 'url', referenceUrl, size: '1280x720' },
				credential: { allowedDownloadHosts: otherOrigin.host },
			});
			expect(items[0].json.status).toBe('completed');
			expect(otherOrigin.requests[0].headers.authorization).toBeUndefined();
			expect(requests('POST')[0].files[0]).toMatchObject({ fileName: 'first frame.webp', mimeType: 'image/webp' });
		});

		test('from a data URL are sent as a file', async () => {
			const image = await makePicture({ width: 1280, height: 720, format: 'jpeg', seed: 'data' });
			const referenceUrl = `data:image/jpeg;base64,${image.toString('base64')}`;
			await one({ reference: 'url', referenceUrl, size: '1280x720' });
			expect(requests('POST')[0].files[0].content.equals(image)).toBe(true);
		});

		test('on the server’s own origin are fetched without the key, too', async () => {
			const { error } = await bench.run({
				parameters: { reference: 'url', referenceUrl: `${bench.simulator.baseUrl}/models` },
			});
			expect(error.message).toMatch(/could not be fetched: its server answered with status 401/);
			expect(requests('GET')[0].headers.authorization).toBeUndefined();
			expect(requests('POST')).toEqual([]);
		});

		test.each(['http://[bad', 'ftp://example.com/a.png'])(
			'from %s are refused without any request',
			async (referenceUrl) => {
				const { error } = await bench.run({ parameters: { reference: 'url', referenceUrl } });
				expect(error.message).toBe(`The reference "${referenceUrl}" is not a web address`);
				expect(error.description).toMatch(/Money spent: no\./);
			},
		);

		test('may be chosen by an expression', async () => {
			const { items } = await bench.run({ items: [{ kind: 'none' }], parameters: { reference: '={{ $json.kind }}' } });
			expect(items[0].json.status).toBe('completed');
		});

		test('that are missing are said to be', async () => {
			const { error } = await bench.run({ parameters: { reference: 'binary', binaryPropertyName: 'photo' } });
			expect(error.message).toBe('The item has no file in its field "photo"');
		});
	});

	test('a size that a known model does not make stops before any request', async () => {
		const { error } = await bench.run({ parameters: { size: '1920x1080' } });
		expect(error.message).toBe('sora-2 does not make videos of 1920x1080; it makes 720x1280 or 1280x720');
		expect(bench.simulator.state.requests).toEqual([]);
	});

	test('an unknown model gets what was asked for, with a hint', async () => {
		const model = { __rl: true, mode: 'id', value: 'open-video-1' };
		const { items, task } = await bench.run({
			parameters: { model, size: '1920x1080', seconds: 'custom', customSeconds: '5' },
		});
		expect(items[0].json).toMatchObject({ width: 1920, durationSeconds: 5 });
		expect(task.hints.map(({ message }) => message).join(' ')).toMatch(/open-video-1 is not in the catalogue/);
	});
});
