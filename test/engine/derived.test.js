'use strict';

const { makeMovie } = require('../support/simulator/movie');
const { MAJORS, useBench } = require('../support/engine/majors');

const MOVIE = { width: 1280, height: 720, seconds: 8, seed: 'own' };

describe.each(MAJORS)('edits, extensions and characters in the engine of n8n %s', (_major, folder) => {
	const bench = useBench(folder);

	const run = async (parameters, wish = {}) => await bench.run({ parameters, ...wish });
	const fileOf = async () => ({
		item: 0,
		field: 'data',
		base64: (await makeMovie(MOVIE)).toString('base64'),
		fileName: 'own.mp4',
		mimeType: 'video/mp4',
	});
	const lastPost = () => bench.simulator.state.requests.filter(({ method }) => method === 'POST').at(-1);

	test('edit changes a finished job: priced as its source, the request names it', async () => {
		const source = await run({ seconds: '8' });
		const { jobId } = source.items[0].json;
		const { items } = await run({ operation: 'edit', jobId, prompt: 'Make the boat red' });
		expect(items[0].json).toMatchObject({
			remixedFromJobId: jobId,
			prompt: 'Make the boat red',
			seconds: '8',
			costUsd: 0.8,
		});
		expect(items[0].files.data.mimeType).toBe('video/mp4');
		expect(lastPost()).toMatchObject({
			path: '/v1/videos/edits',
			encoding: 'json',
			fields: { prompt: 'Make the boat red', video: { id: jobId } },
		});
	});

	test('extend pays for what it adds, and expects the whole', async () => {
		const source = await run({});
		const { jobId } = source.items[0].json;
		const { items, task } = await run({ operation: 'extend', jobId, prompt: 'It reaches the harbour', seconds: '8 s' });
		expect(items[0].json).toMatchObject({ seconds: '12', durationSeconds: 12, costUsd: 0.8 });
		expect(lastPost()).toMatchObject({ path: '/v1/videos/extensions', fields: { seconds: '8', video: { id: jobId } } });
		expect(bench.simulator.ledger().chargedUsd).toBe(1.2);
		expect(task.hints.map(({ message }) => message)).toEqual(['1 video, about $0.80']);
	});

	test.each(['edit', 'extend'])('%s takes a file; its price is only known with Price per Second', async (operation) => {
		const parameters = { operation, videoSource: 'binary', seconds: '4', prompt: 'More', options: { maxCost: 5 } };
		const files = [await fileOf()];
		const unknown = await run(parameters, { files });
		expect(unknown.error.message).toMatch(/cannot be told/);
		expect(lastPost()).toBeUndefined();
		const { items } = await run({ ...parameters, options: { maxCost: 5, price: 0.1 } }, { files });
		expect(items[0].json.costUsd).toBe(operation === 'edit' ? 0.8 : 0.4);
		expect(lastPost().files).toMatchObject([{ field: 'video', fileName: 'own.mp4', mimeType: 'video/mp4' }]);
	});

	test('a job that still runs, and a file that is no video, stop before anything is bought', async () => {
		bench.simulator.script({ seconds: 600, times: 1 });
		const { items } = await run({ operation: 'create' });
		const running = await run({ operation: 'edit', jobId: items[0].json.jobId, prompt: 'x' });
		expect(running.error.message).toBe('Only a finished video can be edited; this job is queued');
		const file = { ...(await fileOf()), base64: Buffer.from('no movie').toString('base64') };
		const noVideo = await run(
			{ operation: 'extend', videoSource: 'binary', prompt: 'x', seconds: '4' },
			{ files: [file] },
		);
		expect(noVideo.error.message).toBe('The file "own.mp4" is not a video that could be recognised');
		expect(bench.simulator.ledger().jobsCreated).toBe(1);
	});

	test('a server that lacks them says so plainly, without a request', async () => {
		const credential = { server: 'newApi' };
		const edit = await run({ operation: 'edit', jobId: 'video_1', prompt: 'x' }, { credential });
		expect(edit.error.message).toBe('New API / One API Gateway cannot edit videos');
		const character = await run({ resource: 'character', operation: 'create', characterName: 'x' }, { credential });
		expect(character.error.message).toBe('New API / One API Gateway cannot make characters');
		expect(bench.simulator.state.requests).toEqual([]);
	});

	test('a character is made of a file and found again', async () => {
		const made = await run(
			{ resource: 'character', operation: 'create', characterName: 'Captain Paper ⛵' },
			{ files: [await fileOf()] },
		);
		expect(made.items[0].json).toMatchObject({
			name: 'Captain Paper ⛵',
			characterId: expect.stringMatching(/^char_/),
		});
		expect(lastPost()).toMatchObject({ fields: { name: 'Captain Paper ⛵' }, files: [{ field: 'video' }] });
		const { characterId } = made.items[0].json;
		const found = await run({ resource: 'character', operation: 'get', characterId });
		expect(found.items[0].json).toMatchObject({ characterId, name: 'Captain Paper ⛵' });
		const unknown = await run({ resource: 'character', operation: 'get', characterId: 'char_none' });
		expect(unknown.error.message).toBe('The server does not know what it was asked for');
		const elsewhere = await run({ resource: 'character', operation: 'get', characterId: '..' });
		expect(elsewhere.error.message).toBe('".." cannot be the ID of a character');
	});

	test('a character of a data URL; a name that is too long stops before', async () => {
		const videoUrl = `data:video/mp4;base64,${(await makeMovie(MOVIE)).toString('base64')}`;
		const parameters = { resource: 'character', operation: 'create', videoSource: 'url', videoUrl };
		const { items } = await run({ ...parameters, characterName: 'Boat' });
		expect(items[0].json.name).toBe('Boat');
		const { error } = await run({ ...parameters, characterName: 'x'.repeat(81) });
		expect(error.message).toBe('Character Name has 81 characters; 80 are allowed');
	});
});
