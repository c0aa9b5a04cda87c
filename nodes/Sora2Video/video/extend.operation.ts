import type { INodeProperties } from 'n8n-workflow';

import { showFor } from '../../adapter/properties';
import type { Item, Plan } from '../../adapter/operation';
import { readSeconds } from '../../core/video/request';
import { derivedProperties, planDerived, sourceProperties } from './derivedPlan';

const secondsProperty: INodeProperties = {
	displayName: 'Seconds',
	name: 'seconds',
	type: 'string',
	default: '4',
	required: true,
	placeholder: 'e.g. 8',
	description: 'How much longer the video becomes. OpenAI documented up to 20 seconds at a time and 120 in all.',
};

export const properties: INodeProperties[] = showFor(
	'video',
	'extend',
	derivedProperties(
		sourceProperties,
		{ placeholder: 'e.g. The boat reaches the harbour', description: 'What happens next' },
		[secondsProperty],
	),
);

/** A video, from a job or a file, and what comes after it (wire facts 1.3, `POST /videos/extensions`). */
export async function plan(item: Item): Promise<Plan> {
	const added = readSeconds(item.parameters.text('seconds'));
	return await planDerived(item, {
		capability: 'extend',
		verb: { plain: 'extend', past: 'extended' },
		path: () => '/videos/extensions',
		fields: { seconds: added },
		namesSource: true,
		seconds: ({ seconds }) => ({
			paid: added,
			total: Number(seconds) > 0 ? String(Number(seconds) + Number(added)) : '',
		}),
	});
}
