import type { INodeProperties } from 'n8n-workflow';

import { jobToJson } from '../../adapter/output';
import { optionsCollection, showFor, simplifyOption } from '../../adapter/properties';
import type { Item, Plan } from '../../adapter/operation';
import { jobIdProperty, readJobId } from './deliveryParameters';

export const properties: INodeProperties[] = showFor('video', 'get', [
	jobIdProperty,
	optionsCollection([simplifyOption]),
]);

/** The state of a job as it is now. */
export async function plan(item: Item): Promise<Plan> {
	const jobId = readJobId(item);
	const simplify = item.parameters.optionBoolean('simplify', true);
	return {
		async execute() {
			const { job, requestId } = await item.tools.api.get(jobId);
			const json = { ...jobToJson(job, jobId), ...(requestId ? { requestId } : {}) };
			return [{ json: simplify ? json : { ...json, response: job.raw as typeof json } }];
		},
	};
}
