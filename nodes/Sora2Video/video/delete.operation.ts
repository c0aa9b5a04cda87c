import type { INodeProperties } from 'n8n-workflow';

import { showFor } from '../../adapter/properties';
import type { Item, Plan } from '../../adapter/operation';
import { jobIdProperty, readJobId } from './deliveryParameters';

export const properties: INodeProperties[] = showFor('video', 'delete', [jobIdProperty]);

/** Deletes a finished job and its file at the server. */
export async function plan(item: Item): Promise<Plan> {
	const jobId = readJobId(item);
	return {
		async execute() {
			await item.tools.api.delete(jobId);
			return [{ json: { deleted: true } }];
		},
	};
}
