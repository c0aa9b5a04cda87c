'use strict';

const { describeServers } = require('../support/n8n');
const { until } = require('../support/n8n/processes');
const {
	VIDEO_NODE,
	noOpNode,
	promptItemsNode,
	videoNode,
	webhookNode,
	workflowOf,
} = require('../support/n8n/workflows');

const REFUSED = 'boat 3';
const BOATS = Array.from({ length: 10 }, (_, index) => `boat ${index}`);
/** Those of the other execution. */
const KITES = ['kite 0', 'kite 1'];
const PAID_TIMEOUT_MS = 30_000;

/** Each of them while another execution of the same workflow runs: neither may take the other's jobs. */
describeServers('retry', { modes: ['regular', 'queue'] }, (bench) => {
	/** Saves and activates a workflow around our node; `start` sends it prompts and gives the execution's id. */
	async function activate(name, { parameters, settings } = {}) {
		const node = videoNode(bench.credential, {
			parameters: { ...parameters, options: { concurrency: 10, ...parameters?.options } },
			settings,
		});
		const nodes = [webhookNode(name, 'onReceived'), promptItemsNode(), node, noOpNode('Delivered'), noOpNode('Failed')];
		const workflow = await bench.client.createWorkflow(workflowOf(name, nodes, { [VIDEO_NODE]: 'Failed' }));
		await bench.client.activate(workflow);
		return {
			workflow,
			start: async (prompts) => await bench.client.startByWebhook(workflow, name, { prompts }),
		};
	}

	/** Gives the last node of a saved workflow another name. */
	async function rename(workflowId, from, to) {
		const text = JSON.stringify(await bench.client.request('GET', `/rest/workflows/${workflowId}`));
		await bench.client.updateWorkflow(JSON.parse(text.replaceAll(`"${from}"`, `"${to}"`)));
	}

	const isKite = ({ prompt }) => prompt.startsWith('kite');

	/** How often each prompt was paid for, without those of the other execution. */
	function charges() {
		const counts = {};
		for (const { prompt, usd } of bench.simulator.ledger().jobs.filter((job) => !isKite(job))) {
			if (usd > 0) counts[prompt] = (counts[prompt] ?? 0) + 1;
		}
		return counts;
	}

	/**
	 * Does something while another execution of the same workflow waits for what it has bought. That one must be undisturbed:
	 * it waits until the other thing is done, then it delivers, and it has paid once for each.
	 */
	async function besideAnother(start, body) {
		const flight = { prompt: 'kite', never: true };
		bench.simulator.script(flight);
		const kites = () => bench.simulator.ledger().jobs.filter(isKite);
		const otherId = await start(KITES);
		await until(() => kites().length >= KITES.length, { timeoutMs: PAID_TIMEOUT_MS, what: 'the other execution' });
		await body();
		expect((await bench.client.execution(otherId)).status).toBe('running');
		flight.never = false;
		const other = await bench.client.waitForExecution(otherId);
		expect(other.status).toBe('success');
		// Prompts may go on after the words that were sent.
		const prompts = kites()
			.map(({ prompt }) => prompt)
			.sort();
		expect(prompts).toEqual(KITES.map((words) => expect.stringContaining(words)));
		await expectFiles(other.items('Delivered'), prompts);
		expect(other.items('Failed')).toEqual([]);
	}

	/** How often, by the logs of all processes, a job of an earlier try was taken up. */
	const countTakenUp = () => bench.server.log().split('was paid for by an earlier try').length - 1;

	/** A download that no further try of the same run can help: it leads to an address that is never asked. */
	const REFUSED_DOWNLOAD = { match: { path: '/content' }, redirect: 'http://10.0.0.1/video.mp4' };

	const onceEach = (prompts) => Object.fromEntries(prompts.map((prompt) => [prompt, 1]));

	/** Every item has the prompt that it was made for, and the very bytes of the job that is named in it. */
	async function expectFiles(items, prompts) {
		expect(items.map(({ json }) => json.prompt)).toEqual(prompts);
		expect(new Set(items.map(({ json }) => json.jobId)).size).toBe(prompts.length);
		const { jobs } = bench.simulator.ledger();
		for (const { json, binary } of items) {
			expect(jobs.find(({ id }) => id === json.jobId)?.prompt).toBe(json.prompt);
			const file = await bench.client.binary(binary.data);
			expect(file.equals(await bench.originalFile(json.jobId))).toBe(true);
		}
	}

	/** A refusal that comes when all submissions are under way. */
	function refuseOnce(prompt) {
		bench.simulator.fault({
			match: { method: 'POST', path: '/v1/videos$', body: prompt },
			status: 400,
			body: { error: { message: 'This request was blocked.', code: 'invalid_request_error' } },
			delayMs: 500,
		});
	}

	test.each(['original', 'current'])(
		'one of ten items is refused: a retry with the %s workflow takes up the nine that were paid',
		async (which) => {
			const { workflow, start } = await activate(`ten-${which}`);
			await besideAnother(start, async () => {
				refuseOnce(REFUSED);
				const failed = await bench.client.waitForExecution(await start(BOATS));
				expect(failed.status).toBe('error');
				expect(failed.error.message).toMatch(/jobs of other items were paid: video_/);
				const paidBefore = bench.simulator.ledger().jobs.map(({ id }) => id);
				expect(charges()).toEqual(onceEach(BOATS.filter((prompt) => prompt !== REFUSED)));

				const delivered = which === 'current' ? 'Delivered by the current workflow' : 'Delivered';
				if (which === 'current') await rename(workflow.id, 'Delivered', delivered);
				const retried = await bench.client.retry(failed.id, which);
				expect([retried.status, retried.mode]).toEqual(['success', 'retry']);
				await expectFiles(retried.items(delivered), BOATS);
				expect(retried.items('Failed')).toEqual([]);
				for (const { json } of retried.items(delivered)) {
					const wasPaidBefore = json.prompt !== REFUSED;
					expect([json.prompt, json.resumed, paidBefore.includes(json.jobId)]).toEqual([
						json.prompt,
						wasPaidBefore,
						wasPaidBefore,
					]);
				}
			});
			expect(charges()).toEqual(onceEach(BOATS));
		},
	);

	test('Retry On Fail with a prompt that is another one each time: one charge, one file', async () => {
		const { start } = await activate('retry-on-fail', {
			parameters: { prompt: '={{ $json.prompt }} at {{ $now.toMillis() }}' },
			settings: { retryOnFail: true, maxTries: 3, waitBetweenTries: 200 },
		});
		await besideAnother(start, async () => {
			bench.simulator.fault({ ...REFUSED_DOWNLOAD, times: 2 });
			const takenUpBefore = countTakenUp();
			const execution = await bench.client.waitForExecution(await start(['boat']));
			const prompts = Object.keys(charges());
			expect(prompts).toEqual([expect.stringMatching(/^boat at \d+$/)]);
			expect(execution.status).toBe('success');
			expect(bench.simulator.state.requests.filter(({ path }) => path.includes('/content'))).toHaveLength(3);
			expect(countTakenUp() - takenUpBefore).toBe(2);
			await expectFiles(execution.items('Delivered'), prompts);
			expect(charges()).toEqual(onceEach(prompts));
		});
	});

	test('Continue (using error output): the refused item leaves by the error branch, the others are delivered', async () => {
		const { start } = await activate('error-output', { settings: { onError: 'continueErrorOutput' } });
		const others = BOATS.filter((prompt) => prompt !== REFUSED);
		await besideAnother(start, async () => {
			refuseOnce(REFUSED);
			const execution = await bench.client.waitForExecution(await start(BOATS));
			expect(execution.status).toBe('success');
			await expectFiles(execution.items('Delivered'), others);
			const failed = execution.items('Failed').map(({ json }) => json.error);
			expect(failed).toEqual([expect.objectContaining({ billed: 'no', message: expect.any(String) })]);
			expect(failed[0].jobId).toBeUndefined();
		});
		expect(charges()).toEqual(onceEach(others));
	});

	test('Continue (using error output) with Retry On Fail: the first item fails, nothing is bought again', async () => {
		const { start } = await activate('error-output-retried', {
			settings: { onError: 'continueErrorOutput', retryOnFail: true, maxTries: 3, waitBetweenTries: 200 },
		});
		const prompts = BOATS.slice(0, 3);
		await besideAnother(start, async () => {
			bench.simulator.script({ prompt: BOATS[0], seconds: 3 });
			// The other downloads are over when the slow first one fails.
			bench.simulator.fault({ ...REFUSED_DOWNLOAD, skip: 2 });
			const takenUpBefore = countTakenUp();
			const execution = await bench.client.waitForExecution(await start(prompts));
			expect(execution.status).toBe('success');
			await expectFiles(execution.items('Delivered'), prompts);
			expect(execution.items('Failed')).toEqual([]);
			expect(countTakenUp()).toBeGreaterThan(takenUpBefore);
		});
		expect(charges()).toEqual(onceEach(prompts));
	});
});
