'use strict';

const { MAJORS, useBench } = require('../support/engine/majors');

const prompts = (count) => Array.from({ length: count }, (_, index) => ({ prompt: `boat ${index}` }));
const parameters = { prompt: '={{ $json.prompt }}' };

describe.each(MAJORS)('job IDs in the custom data of an execution of n8n %s', (_major, folder) => {
	const bench = useBench(folder);
	const idsOf = (customData) => Object.values(customData).flatMap((value) => value.split(', '));
	const boughtIds = () => bench.simulator.ledger().jobs.map(({ id }) => id);

	test.each([1, 12])('%i jobs of one run are there, within what n8n keeps of a value', async (count) => {
		const { customData, error } = await bench.run({ items: prompts(count), parameters });
		expect(error).toBeUndefined();
		expect(idsOf(customData).sort()).toEqual(boughtIds().sort());
		expect(Object.keys(customData)[0]).toBe('videoJobs');
		for (const value of Object.values(customData)) expect(value.length).toBeLessThanOrEqual(255);
		expect(bench.engine.log()).not.toMatch(/Custom data value over/);
	});

	test('a job whose wait failed is there, and a retry that takes it up does not note it twice', async () => {
		bench.simulator.fault({ match: { path: '/content' }, status: 410, body: {} });
		const failed = await bench.run({ items: prompts(1), parameters });
		expect(failed.error.message).toMatch(/no longer keeps the file/);
		expect(idsOf(failed.customData)).toEqual(boughtIds());
		const { customData } = await bench.retry(failed, { items: prompts(1), parameters });
		expect(idsOf(customData)).toEqual(boughtIds());
	});

	test('more jobs than fit leave half of the entries to the workflow, and all are delivered', async () => {
		const { customData, items } = await bench.run({
			items: prompts(40),
			parameters: { ...parameters, operation: 'create' },
		});
		expect(items).toHaveLength(40);
		expect(Object.keys(customData)).toEqual(['videoJobs', 'videoJobs2', 'videoJobs3', 'videoJobs4', 'videoJobs5']);
		expect(boughtIds()).toEqual(expect.arrayContaining(idsOf(customData)));
	});
});
