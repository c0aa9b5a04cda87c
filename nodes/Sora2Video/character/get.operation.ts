import type { IDataObject, INodeProperties } from 'n8n-workflow';

import type { Item, Plan } from '../../adapter/operation';
import { characterToJson } from '../../adapter/output';
import { optionsCollection, showFor, simplifyOption } from '../../adapter/properties';
import { getCharacter } from '../../core/video/characters';

export const properties: INodeProperties[] = showFor('character', 'get', [
	{
		displayName: 'Character ID',
		name: 'characterId',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. char_68d7512d07848190',
		description: 'The ID that creating the character gave',
	},
	optionsCollection([simplifyOption]),
]);

/** A character as the server has it now. */
export async function plan(item: Item): Promise<Plan> {
	const { parameters, tools } = item;
	tools.api.assertOffers('characters', 'show characters');
	const characterId = parameters.requiredText('characterId', 'Character ID');
	const simplify = parameters.optionBoolean('simplify', true);
	return {
		async execute() {
			const character = await getCharacter(characterId, tools.ports, tools.api.dialect);
			const json = characterToJson(character);
			return [{ json: simplify ? json : { ...json, response: character.raw as IDataObject } }];
		},
	};
}
