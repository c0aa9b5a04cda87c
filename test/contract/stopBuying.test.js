'use strict';

const { openRun } = require('../../build/nodes/adapter/run');
const { GenerationError } = require('../../build/nodes/core/errors');
const { startContract } = require('../support/contract');

test('after a refusal of the account nobody queues for the rate limit any more', async () => {
	const contract = await startContract({});
	try {
		const run = await openRun({
			...contract.context,
			getExecutionCancelSignal: () => undefined,
			getNode: () => ({ type: 'stopBuying', name: 'Node' }),
			getWorkflow: () => ({ name: 'Workflow' }),
			getContext: () => ({}),
			getWorkflowDataProxy: () => ({ $runIndex: 0 }),
			getInputData: () => [{}],
			getExecutionId: () => '1',
			getMode: () => 'trigger',
		});
		run.requestsPerMinute = 1;
		const { gate } = run.toolsFor(0);
		await gate.enter();
		run.stopBuying = new GenerationError('authentication', 'The server refused the API key', { billed: 'maybe' });
		await expect(gate.enter()).rejects.toMatchObject({ kind: 'authentication', billed: 'no' });
		run.release();
	} finally {
		await contract.simulator.close();
	}
});
