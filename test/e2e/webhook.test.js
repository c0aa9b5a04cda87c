'use strict';

const { describeServers } = require('../support/n8n');
const { makeNode, videoNode, webhookNode, workflowOf } = require('../support/n8n/workflows');

const respondNode = makeNode(
	'Respond to Webhook',
	'n8n-nodes-base.respondToWebhook',
	{ respondWith: 'binary', responseDataSource: 'automatically', options: {} },
	{ typeVersion: 1.1 },
);

describeServers('webhook', { modes: ['regular', 'queue'] }, (bench) => {
	test('a production webhook answers with the file that the server made', async () => {
		const { client, credential, simulator } = bench;
		const parameters = { prompt: '={{ $json.body.prompt }}' };
		const workflow = await client.createWorkflow(
			workflowOf('Webhook to video', [
				webhookNode('video', 'responseNode'),
				videoNode(credential, { parameters }),
				respondNode,
			]),
		);
		await client.activate(workflow);
		const { status, headers, bytes } = await client.callWebhook('video', { prompt: 'A paper boat in the rain' });
		expect([status, headers.get('content-type')]).toEqual([200, 'video/mp4']);

		const { jobs } = simulator.ledger();
		expect(jobs.map(({ prompt }) => prompt)).toEqual(['A paper boat in the rain']);
		expect(bytes.equals(await bench.originalFile(jobs[0].id))).toBe(true);

		// What n8n's list of executions can be searched for, where its licence offers that.
		const [{ id }] = await client.executions(workflow.id);
		await client.waitForExecution(id);
		const { customData } = await client.request('GET', `/rest/executions/${id}`);
		expect(customData).toEqual({ videoJobs: jobs[0].id });
	});
});
