'use strict';

const { readFileSync, readdirSync } = require('node:fs');
const { tmpdir } = require('node:os');
const path = require('node:path');

const { describeServers } = require('../support/n8n');
const { startChatModel } = require('../support/n8n/chatModel');
const { useExamples } = require('../support/n8n/exampleRuns');
const { EXAMPLES } = require('../support/n8n/examples');
const { until } = require('../support/n8n/processes');

/** From the activation: the clock, the job, the upload. */
const UPLOAD_TIMEOUT_MS = 60_000;
const WAITING_TIMEOUT_MS = 30_000;

/** The examples that a clock, a form or a chat starts, or that wait for a person's answer. */
describeServers('examplesByOthers', {}, (bench, { major }) => {
	const {
		activate,
		credentialForPictures,
		endWithTest,
		expectPictures,
		expectSuccess,
		expectVideos,
		imported,
		neighbour,
	} = useExamples(bench);

	test('product-photos: a table is uploaded in the form, six pictures come out', async () => {
		const workflow = await imported('product-photos', { credential: await credentialForPictures() });
		await activate(workflow);
		const temporaryBefore = readdirSync(tmpdir());
		const products = readFileSync(path.join(EXAMPLES, 'products.csv'));
		const table = new File([products], 'products.csv', { type: 'text/csv' });
		await bench.client.submitForm(`${bench.server.url}/form/product-photos`, [table]);
		const execution = expectSuccess(await bench.client.waitForOnly(workflow));
		await expectPictures(execution.items('Pictures'), 6);
		expect(execution.items('Pictures').map(({ binary }) => binary.data.fileName)).toEqual([
			...['ceramic-mug-0.png', 'ceramic-mug-1.png', 'ceramic-mug-2.png'],
			...['desk-lamp-0.png', 'desk-lamp-1.png', 'desk-lamp-2.png'],
		]);
		expect(execution.items('What Failed')).toEqual([]);
		// n8n keeps what was uploaded; here that must go when the server goes.
		const added = readdirSync(tmpdir(), { withFileTypes: true }).filter(
			(entry) => entry.isFile() && !temporaryBefore.includes(entry.name),
		);
		const kept = added.filter(({ name }) => readFileSync(path.join(tmpdir(), name)).equals(products));
		expect(kept).toEqual([]);
	});

	describe('scheduled-clip', () => {
		/** Activates it with a clock that does not let a test wait long. */
		async function activated(storage) {
			const workflow = await imported('scheduled-clip', {
				change(nodes) {
					nodes['Every Morning'].parameters.rule.interval = [{ field: 'seconds', secondsInterval: 15 }];
					const upload = nodes['Upload Clip'];
					upload.parameters.url = upload.parameters.url.replace('https://example.com', storage.url);
					upload.waitBetweenTries = 100;
				},
			});
			await activate(workflow);
			return workflow;
		}

		async function untilUploaded(storage, count) {
			const options = { timeoutMs: UPLOAD_TIMEOUT_MS, what: `${count} uploads` };
			return await until(() => storage.received.length >= count && storage.received, options);
		}

		test('the clock starts it, and the storage has the file', async () => {
			const storage = await neighbour();
			const workflow = await activated(storage);
			const [{ method, path: place, type, body }] = await untilUploaded(storage, 1);
			expect([method, type]).toEqual(['PUT', 'video/mp4']);
			expect(place).toMatch(/^\/clips\/clip-\d{4}-\d\d-\d\d\.mp4$/);
			const [job] = bench.simulator.ledger().jobs;
			expect(body.equals(await bench.originalFile(job.id))).toBe(true);
			const { topics } = JSON.parse(workflow.nodes.find(({ name }) => name === 'Topics').parameters.jsonOutput);
			expect(topics).toContain(job.prompt);
			const executions = await bench.client.executions(workflow.id);
			expect(executions.map(({ mode }) => mode)).toContain('trigger');
		});

		test('a storage that was away: Retry uploads the clip and buys nothing', async () => {
			const answer = { status: 500 };
			const storage = await neighbour(answer);
			const workflow = await activated(storage);
			await untilUploaded(storage, 3);
			await bench.client.deactivate(workflow);
			const executions = await bench.client.executions(workflow.id);
			const failed = await Promise.all(executions.map(async ({ id }) => await bench.client.waitForExecution(id)));
			expect(failed.map(({ status }) => status)).toEqual(executions.map(() => 'error'));
			const { charges } = bench.simulator.ledger();
			expect(charges).toBe(executions.length);

			answer.status = 200;
			const oldest = failed.at(-1);
			expectSuccess(await bench.client.retry(oldest.id, 'original'));
			const [{ json }] = oldest.items('Make Clip');
			expect(storage.received.at(-1)?.body.equals(await bench.originalFile(json.jobId))).toBe(true);
			expect(bench.simulator.ledger()).toMatchObject({ charges });
		});
	});

	describe('batch-with-approval', () => {
		/** Executes it until it waits for the answer; gives the address of the form that was sent. */
		async function untilAsked(change = (_nodes) => undefined) {
			const chat = await neighbour();
			const workflow = await imported('batch-with-approval', {
				change(nodes) {
					const ask = nodes['Ask for Approval'];
					ask.disabled = false;
					ask.parameters.url = `${chat.url}/approvals`;
					change(nodes);
				},
			});
			const id = await bench.client.runManually(workflow, 'Manual Trigger');
			await until(async () => (await bench.client.request('GET', `/rest/executions/${id}`)).status === 'waiting', {
				timeoutMs: WAITING_TIMEOUT_MS,
				what: 'the question',
			});
			const { text } = JSON.parse(chat.received[0].body.toString());
			expect(bench.simulator.state.requests).toEqual([]);
			return { id, text, formUrl: /http\S+$/.exec(text)?.[0] ?? '' };
		}

		async function answer({ id, formUrl }, decision) {
			await bench.client.submitForm(formUrl, [decision]);
			return expectSuccess(await bench.client.waitForExecution(id));
		}

		test('who says yes buys the sum that was named', async () => {
			const asked = await untilAsked();
			expect(asked.text).toMatch(/^3 videos for \$1\.60: http/);
			const page = await (await fetch(asked.formUrl)).text();
			expect(page).toContain('3 videos for $1.60. Nothing has been bought yet.');
			const execution = await answer(asked, 'Buy');
			await expectVideos(execution.items('Videos'), 3, [4, 8, 4]);
			expect(bench.simulator.ledger()).toMatchObject({ charges: 3, chargedUsd: 1.6 });
		});

		test('who says no buys nothing', async () => {
			const execution = await answer(await untilAsked(), 'Do not buy');
			expect(execution.items('Not Approved')).toHaveLength(1);
			expect(bench.simulator.ledger()).toMatchObject({ jobsCreated: 0, charges: 0 });
		});

		test('what became dearer than was approved is not bought', async () => {
			const asked = await untilAsked((nodes) => (nodes['Generate Video'].parameters.seconds = '12'));
			const execution = await answer(asked, 'Buy');
			expect(execution.items('Failed').map(({ json }) => json.error.kind)).toEqual(
				Array.from({ length: 3 }, () => 'spendingCapExceeded'),
			);
			expect(bench.simulator.ledger()).toMatchObject({ jobsCreated: 0, charges: 0 });
		});
	});

	test('agent-tool: it names the price, and makes the video when it is told to', async () => {
		const chatModel = await startChatModel([
			{ said: 'Make me', tool: 'Estimate_Cost', arguments: { size: '1280x720', seconds: '4' } },
			{ said: 'Yes', tool: 'Make_Video', arguments: { prompt: 'A paper boat', size: '1280x720', seconds: '4' } },
		]);
		endWithTest(chatModel.close);
		const openAi = { apiKey: 'any', url: chatModel.baseUrl };
		const chatCredential = await bench.client.createCredential('openAiApi', 'OpenAI', openAi);
		const workflow = await imported('agent-tool', {
			change(nodes) {
				nodes['OpenAI Chat Model'].credentials.openAiApi = chatCredential;
				// The chat of the editor needs the editor; the public one is the same chat.
				nodes['When Chat Message Received'].parameters.public = true;
			},
		});
		await activate(workflow);
		const { webhookId } = workflow.nodes.find(({ name }) => name === 'When Chat Message Received');
		const say = async (chatInput) => {
			const message = { action: 'sendMessage', sessionId: 'one', chatInput };
			const { status, bytes } = await bench.client.callWebhook(`${webhookId}/chat`, message);
			expect([status, bytes.toString()]).toEqual([200, expect.stringContaining('The tool said')]);
			return JSON.parse(bytes.toString()).output;
		};
		expect(await say('Make me a video of a paper boat')).toContain('"costUsd":0.4');
		expect(bench.simulator.ledger()).toMatchObject({ jobsCreated: 0, charges: 0 });

		const answer = await say('Yes, go on');
		const { jobs, charges } = bench.simulator.ledger();
		expect([jobs.map(({ prompt }) => prompt), charges]).toEqual([['A paper boat'], 1]);
		expect(answer).toContain(jobs[0].id);
		// 1.x does not tell the node that an agent calls, and keeps binary data in memory: then the job ID is the way.
		const [link] = /http[^"\\]+\/binary-data\/signed[^"\\]+/.exec(answer) ?? [];
		expect(link === undefined).toBe(major === 1);
		if (link) {
			const file = Buffer.from(await (await fetch(link)).arrayBuffer());
			expect(file.equals(await bench.originalFile(jobs[0].id))).toBe(true);
		}
	});
});
