import type { INodeProperties } from 'n8n-workflow';

import type { Retirement } from '../core/catalogueTypes';
import { DIALECTS } from '../core/dialects';

/** The Model parameter of every node, and what the catalogue knows of models that their servers have ended. */

type Row = { id: string; retired: readonly Retirement[] };

/**
 * The resource locator of a node's model.
 * @param makes for the description: `video`, `image`
 * @param preset the default, whose label says where it has ended
 * @param example of an ID
 */
export function modelProperty(
	searchListMethod: string,
	makes: string,
	preset: Row,
	example = preset.id,
): INodeProperties {
	return {
		displayName: 'Model',
		name: 'model',
		type: 'resourceLocator',
		default: { mode: 'list', value: preset.id, cachedResultName: labelOf(preset) },
		required: true,
		description: `The model that makes the ${makes}. From List shows what your server offers, with prices; By ID takes any model.`,
		modes: [
			{ displayName: 'From List', name: 'list', type: 'list', typeOptions: { searchListMethod, searchable: true } },
			{ displayName: 'By ID', name: 'id', type: 'string', placeholder: `e.g. ${example}` },
		],
	};
}

/** `sora-2 (ended at OpenAI)` */
function labelOf({ id, retired }: Row): string {
	const servers = retired.filter(({ unconfirmed }) => !unconfirmed).map(nameOf);
	return servers.length === 0 ? id : `${id} (ended at ${servers.join(', ')})`;
}

/** A notice for each group of models that ended at the same servers on the same days; shown while one of them is chosen. */
export function retirementNotices(models: readonly Row[]): INodeProperties[] {
	const idsByText = new Map<string, string[]>();
	for (const { id, retired } of models) {
		if (retired.length === 0) continue;
		const text = `${sentenceOf(retired)} Other servers may still serve it: Model > From List shows what yours offers.`;
		idsByText.set(text, [...(idsByText.get(text) ?? []), id]);
	}
	return [...idsByText].map(([displayName, model]) => ({
		displayName,
		name: 'retirementNotice',
		type: 'notice',
		default: '',
		displayOptions: { show: { model } },
	}));
}

/** `OpenAI ended this model on 2026-09-24, Azure OpenAI on 2026-09-15 (unconfirmed).` */
function sentenceOf(retired: readonly Retirement[]): string {
	const days = retired.map((retirement, index) => {
		const verb = index === 0 ? ' ended this model' : '';
		return `${nameOf(retirement)}${verb} on ${retirement.date}${retirement.unconfirmed ? ' (unconfirmed)' : ''}`;
	});
	return `${days.join(', ')}.`;
}

function nameOf({ server }: Retirement): string {
	return DIALECTS[server].displayName;
}
