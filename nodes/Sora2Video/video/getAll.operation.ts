import type { INodeProperties } from 'n8n-workflow';

import { jobToJson } from '../../adapter/output';
import { optionsCollection, showFor, simplifyOption } from '../../adapter/properties';
import type { Item, Plan } from '../../adapter/operation';
import { GenerationError } from '../../core/errors';
import { splitAtCommas } from '../../core/text';
import type { Job } from '../../core/video/job';

export const properties: INodeProperties[] = showFor('video', 'getAll', [
	{
		displayName: 'Return All',
		name: 'returnAll',
		type: 'boolean',
		default: false,
		description: 'Whether to return all results or only up to a given limit',
	},
	{
		displayName: 'Limit',
		name: 'limit',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 50,
		description: 'Max number of results to return',
		displayOptions: { show: { returnAll: [false] } },
	},
	{
		displayName: 'Filters',
		name: 'filters',
		type: 'collection',
		placeholder: 'Add Filter',
		default: {},
		description: 'Which jobs to return; without a filter all of them',
		options: [
			{
				displayName: 'Status',
				name: 'status',
				type: 'multiOptions',
				default: [],
				description: 'Only jobs in one of these states',
				options: [
					{ name: 'Cancelled', value: 'cancelled' },
					{ name: 'Completed', value: 'completed' },
					{ name: 'Expired', value: 'expired' },
					{ name: 'Failed', value: 'failed' },
					{ name: 'Queued', value: 'queued' },
					{ name: 'Running', value: 'running' },
				],
			},
		],
	},
	optionsCollection([simplifyOption]),
]);

/** The jobs of the account, newest first. */
export async function plan(item: Item): Promise<Plan> {
	const { parameters, tools } = item;
	const limit = parameters.boolean('returnAll', false) ? Infinity : parameters.number('limit', 'Limit', 50);
	if (!(limit >= 1))
		throw new GenerationError('invalidInput', `Limit is ${limit}`, { hint: 'Set Limit to 1 or more.' });
	const wanted = readStatuses(parameters.object('filters').status);
	const simplify = parameters.optionBoolean('simplify', true);
	return {
		async execute() {
			const keep = (job: Job) => wanted.length === 0 || wanted.includes(job.status);
			const jobs = await tools.api.list(limit, keep);
			return jobs.map((job) => {
				const json = jobToJson(job, job.id ?? '');
				return { json: simplify ? json : { ...json, response: job.raw as typeof json } };
			});
		},
	};
}

/** An expression may give one status, or several with commas between. */
function readStatuses(value: unknown): string[] {
	if (typeof value === 'string') return splitAtCommas(value);
	return Array.isArray(value) ? value.map((entry) => String(entry).trim()).filter((entry) => entry !== '') : [];
}
