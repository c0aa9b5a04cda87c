'use strict';

const { operations: GPT_IMAGE } = require('../../build/nodes/GptImage/description');
const { DIALECTS, videoHintsOf } = require('../../build/nodes/core/dialects');
const { CREATE, byId, fault, generate, image, scene, start } = require('./hints/scene');

/** What only one kind of server needs as its next step: each is provoked there, and then done, as the general ones are. */

const REFUSED_KEY = { status: 401, body: { error: { message: 'Invalid token', code: 'invalid_api_key' } } };
const REFUSED_GROUP = { status: 403, body: { error: { message: 'No access to this group', code: 'access_denied' } } };
const GONE = { status: 404, body: { error: { message: 'Invalid URL (POST /v1/videos)' } } };
const MODEL_GONE = { status: 404, body: { error: { message: 'The model `sora-2` does not exist' } } };

/** The same with the credential of another server, or with a key in the right group: what the hint asks for. */
const atAnother = async (server) => await generate({}, { over: await scene.contract.again({ server }) });

const TRIALS = {
	apiyi: {
		async authentication() {
			await start({ server: 'apiyi' });
			fault({ match: CREATE, ...REFUSED_KEY });
			return { failed: (await generate()).json.error, mended: await generate() };
		},
		async permission() {
			await start({ server: 'apiyi' });
			fault({ match: { ...CREATE, body: 'fight' }, times: -1, ...REFUSED_GROUP });
			fault({ match: CREATE, ...REFUSED_GROUP });
			const { error: failed } = (await generate()).json;
			// The key in the right group is let in; with that key it was the prompt.
			expect((await generate({ prompt: 'A fight' })).json.error).toMatchObject({ hint: failed.hint });
			return { failed, mended: await generate() };
		},
	},
	openai: {
		async modelUnavailable() {
			await start({ server: 'openai' });
			fault({ match: CREATE, ...MODEL_GONE });
			return { failed: (await generate()).json.error, mended: await atAnother('custom') };
		},
		async notFound() {
			await start({ server: 'openai' });
			fault({ match: CREATE, ...GONE });
			return { failed: (await generate()).json.error, mended: await atAnother('custom') };
		},
	},
};

afterEach(async () => await scene.contract.end());

const hinted = Object.entries(DIALECTS).flatMap(([server, dialect]) =>
	Object.entries(videoHintsOf(dialect)).map(([kind, hint]) => ({ server, kind, hint })),
);

test.each(hinted)('$server, $kind', async ({ server, kind, hint }) => {
	const { failed, mended } = await TRIALS[server][kind]();
	expect(failed).toMatchObject({ kind, hint, billed: 'no' });
	expect(mended.json.error).toBeUndefined();
	expect(scene.contract.simulator.ledger().charges).toBe(1);
});

test('the end of the Videos API says nothing about pictures of the same server', async () => {
	const { simulator } = await start({ server: 'openai', allowOtherOrigin: true });
	fault({ match: { path: '^/site/' }, times: -1, status: 404, body: { error: { message: 'Invalid URL' } } });
	scene.contract = await scene.contract.again({ credential: { baseUrl: `${simulator.url}/site` } });
	const { error: misled } = (await image(GPT_IMAGE, { model: byId('gpt-image-2') })).json;
	expect(misled).toMatchObject({ kind: 'notFound', hint: expect.stringMatching(/^Check the Base URL/), billed: 'no' });
	scene.contract = await scene.contract.again({ credential: {} });
	expect((await image(GPT_IMAGE, { model: byId('gpt-image-2') })).json.error).toBeUndefined();
	expect(scene.contract.simulator.ledger().charges).toBe(1);
});
