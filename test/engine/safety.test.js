'use strict';

const { makeMovie } = require('../support/simulator/movie');
const { MAJORS, useBench, waitUntil } = require('../support/engine/majors');

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

describe.each(MAJORS)('money and secrets in the engine of n8n %s', (_major, folder) => {
	const bench = useBench(folder, { binaryMode: 'filesystem' });
	beforeEach(() => {
		bench.simulator.state.secondsPerJob = 0.05;
	});
	afterEach(() => expect(bench.engine.log()).not.toContain(bench.simulator.apiKey));

	test('a stop in the middle of a long pause ends it, sends nothing more, and logs the open job', async () => {
		bench.simulator.state.secondsPerJob = 600;
		const execution = bench.start({ parameters: { options: { pollInterval: 600 } } });
		await waitUntil(() => bench.engine.log().includes('Video job submitted'));
		const ended = execution.result.catch(() => undefined);
		await execution.cancel();
		// The pause is ten minutes long: only a stop that ends it lets this come in time.
		await waitUntil(() => bench.engine.log().includes('goes on at the server after the stop'));
		await ended;
		const [{ id }] = bench.simulator.ledger().jobs;
		expect(bench.engine.log()).toContain(`Video job ${id} goes on at the server after the stop`);

		const sent = bench.simulator.state.requests.length;
		await sleep(400);
		expect(bench.simulator.state.requests).toHaveLength(sent);

		// The job itself goes on, and its id brings the file without another charge.
		bench.simulator.jobs.find(id).durationMs = 0;
		const { items } = await bench.run({ parameters: { operation: 'wait', jobId: id } });
		expect(items[0].files.data.mimeType).toBe('video/mp4');
		expect(bench.simulator.ledger()).toMatchObject({ jobsCreated: 1, charges: 1 });
	});

	test('a stop while a job is being submitted is told with its prompt, and sends nothing more', async () => {
		bench.simulator.fault({ match: { method: 'POST' }, hang: 'after' });
		const execution = bench.start({ parameters: { prompt: 'A boat that nobody heard of' } });
		await waitUntil(() => bench.simulator.state.requests.length === 1);
		await execution.cancel();
		await execution.result.catch(() => undefined);
		await waitUntil(() => bench.engine.log().includes('Submission uncertain at cancel'));
		expect(bench.engine.log()).toContain('A boat that nobody heard of');
		await sleep(400);
		expect(bench.simulator.state.requests).toHaveLength(1);
	});

	test('a hundred items side by side, stopped in the middle: every open job is logged, no warning of listeners', async () => {
		bench.simulator.state.secondsPerJob = 600;
		const execution = bench.start({
			items: Array.from({ length: 100 }, () => ({})),
			parameters: { options: { pollInterval: 0.05, concurrency: 100 } },
		});
		await waitUntil(() => bench.simulator.ledger().jobsCreated === 100);
		await waitUntil(() => bench.simulator.state.requests.length > 300);
		await execution.cancel();
		await execution.result.catch(() => undefined);
		const { jobs } = bench.simulator.ledger();
		await waitUntil(() =>
			jobs.every(({ id }) => bench.engine.log().includes(`${id} goes on at the server after the stop`)),
		);
		expect(bench.engine.log()).not.toMatch(/MaxListenersExceeded|memory leak/);
	});

	test('a job that is not finished in time: the error names it, its id brings the file, one charge', async () => {
		bench.simulator.state.secondsPerJob = 600;
		const { error } = await bench.run({ parameters: { options: { maxWait: 0.003 } } });
		const [{ id }] = bench.simulator.ledger().jobs;
		expect(error.message).toMatch(/^The job was not finished after/);
		expect(error.description).toMatch(/Money spent: yes\./);
		expect(error.description).toContain(`Job ID: ${id}.`);
		expect(error.description).toMatch(/Request ID: req_\w+\./);
		expect(error.description).toMatch(/Use Wait for Video Job/);
		bench.simulator.jobs.find(id).durationMs = 0;
		const { items } = await bench.run({ parameters: { operation: 'wait', jobId: id } });
		expect(items[0].json).toMatchObject({ jobId: id, resumed: true });
		expect(bench.simulator.ledger()).toMatchObject({ jobsCreated: 1, charges: 1 });
	});

	test('a server that goes away while a job runs: the error names the job', async () => {
		bench.simulator.fault({ match: { method: 'GET' }, times: -1, reset: 'before' });
		const { error } = await bench.run({ parameters: { options: { maxWait: 0.004 } } });
		const [{ id }] = bench.simulator.ledger().jobs;
		expect(error.description).toContain(`Job ID: ${id}.`);
		expect(error.description).toMatch(/Money spent: yes\./);
	});

	test('neither key nor own headers go along with a redirect to another origin', async () => {
		const { otherOrigin } = bench.simulator;
		otherOrigin.setContent(await makeMovie({ width: 720, height: 1280, seconds: 4, seed: 'elsewhere' }), 'video/mp4');
		bench.simulator.fault({ match: { path: '/content' }, redirect: 'other' });
		const { items } = await bench.run({
			credential: {
				allowedDownloadHosts: otherOrigin.host,
				headers: { header: [{ name: 'X-Tenant', value: 'tenant-secret' }] },
			},
		});
		expect(items[0].files.data.mimeType).toBe('video/mp4');
		expect(otherOrigin.requests).toHaveLength(1);
		const seen = JSON.stringify(otherOrigin.requests);
		expect(seen).not.toContain(bench.simulator.apiKey);
		expect(seen).not.toContain('tenant-secret');
		const [create] = bench.simulator.state.requests;
		expect(create.headers['x-tenant']).toBe('tenant-secret');
	});

	test('a key that the server echoes appears nowhere; ordinary header values rewrite nothing', async () => {
		const headers = { header: [{ name: 'custom-llm-provider', value: 'openai' }] };
		bench.simulator.fault({
			match: { method: 'POST' },
			status: 400,
			body: { error: { message: `Bad key ${bench.simulator.apiKey} for openai` } },
		});
		const { error } = await bench.run({ credential: { headers, apiKey: `Bearer ${bench.simulator.apiKey}` } });
		expect(error.description).toContain('Bad key *** for openai');
		expect(JSON.stringify(error)).not.toContain(bench.simulator.apiKey);
	});

	test('nor in an item, when a job’s own failure holds it', async () => {
		bench.simulator.script({ seconds: 0, fail: { message: `Upstream refused ${bench.simulator.apiKey}` } });
		const { items } = await bench.run({ parameters: { operation: 'create' } });
		const { jobId } = items[0].json;
		const got = await bench.run({ parameters: { operation: 'get', jobId, options: { simplify: false } } });
		expect(got.items[0].json).toMatchObject({ jobId, failure: { message: 'Upstream refused ***' } });
		expect(JSON.stringify(got.items)).not.toContain(bench.simulator.apiKey);
	});

	test('a server’s angle brackets stay text in the editor', async () => {
		bench.simulator.fault({ match: { method: 'POST' }, status: 400, body: { error: { message: '<b>bold</b>' } } });
		const { error } = await bench.run({});
		expect(error.description).toContain('&lt;b&gt;bold&lt;/b&gt;');
	});

	test('a key for one company is not sent to another', async () => {
		const { error } = await bench.run({ credential: { server: 'apiyi', baseUrl: 'https://api.openai.com/v1' } });
		expect(error.message).toMatch(/^The credential is for APIYI, but its Base URL belongs to OpenAI. Nothing was sent/);
	});

	test('a local server without a key gets no auth header at all', async () => {
		bench.simulator.state.apiKey = '';
		const { items } = await bench.run({ credential: { server: 'vllmOmni', apiKey: '' } });
		bench.simulator.state.apiKey = bench.simulator.apiKey;
		expect(items[0].json.status).toBe('completed');
		expect(bench.simulator.state.requests.some(({ headers }) => 'authorization' in headers)).toBe(false);
		// vLLM-Omni takes multipart only, also for text alone.
		expect(bench.simulator.state.requests[0].encoding).toBe('multipart');
	});

	test('Azure gets its key in its own header', async () => {
		await bench.run({ credential: { server: 'azure' } });
		const [{ headers }] = bench.simulator.state.requests;
		expect(headers['api-key']).toBe(bench.simulator.apiKey);
		expect(headers.authorization).toBeUndefined();
	});
});
