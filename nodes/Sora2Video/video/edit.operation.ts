import type { INodeProperties } from 'n8n-workflow';

import { showFor } from '../../adapter/properties';
import type { Item, Plan } from '../../adapter/operation';
import { derivedProperties, planDerived, sourceProperties } from './derivedPlan';

export const properties: INodeProperties[] = showFor(
	'video',
	'edit',
	derivedProperties(sourceProperties, {
		placeholder: 'e.g. Make the boat red and leave everything else',
		description: 'What to change. Everything else stays as it is.',
	}),
);

/** A video, from a job or a file, with one thing changed (wire facts 1.3, `POST /videos/edits`). */
export async function plan(item: Item): Promise<Plan> {
	return await planDerived(item, {
		capability: 'edit',
		verb: { plain: 'edit', past: 'edited' },
		path: () => '/videos/edits',
		fields: {},
		namesSource: true,
		seconds: ({ seconds }) => ({ paid: seconds, total: seconds }),
	});
}
