import type { INodeProperties } from 'n8n-workflow';

import { showFor } from '../../adapter/properties';
import type { Item, Plan } from '../../adapter/operation';
import { jobPath } from '../../core/video/videosApi';
import { jobIdProperty } from './deliveryParameters';
import { derivedProperties, planDerived } from './derivedPlan';

export const properties: INodeProperties[] = showFor(
	'video',
	'remix',
	derivedProperties([jobIdProperty], {
		placeholder: 'e.g. The same scene at night, in the rain',
		description: 'What should be different',
	}),
);

/** A finished job and a prompt make a new job: the same video, changed. */
export async function plan(item: Item): Promise<Plan> {
	return await planDerived(item, {
		capability: 'remix',
		verb: { plain: 'remix', past: 'remixed' },
		path: ({ jobId = '' }) => jobPath(jobId, '/remix'),
		fields: {},
		namesSource: false,
		seconds: ({ seconds }) => ({ paid: seconds, total: seconds }),
	});
}
