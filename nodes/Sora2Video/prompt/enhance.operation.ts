import type { IDataObject, INodeProperties } from 'n8n-workflow';

import type { Item, Plan } from '../../adapter/operation';
import {
	answerTimeoutOption,
	concurrencyOption,
	optionsCollection,
	promptProperty,
	showFor,
	simplifyOption,
} from '../../adapter/properties';
import { readSubmitLimits } from '../../adapter/purchaseParameters';
import { askChat } from '../../core/chat/askChat';
import { GenerationError } from '../../core/errors';
import { chatMessage } from '../../core/video/chatRequest';

const streamOption: INodeProperties = {
	displayName: 'Stream',
	name: 'stream',
	type: 'boolean',
	default: true,
	description: 'Whether the answer comes piece by piece, which long answers survive better',
};

export const properties: INodeProperties[] = showFor('prompt', 'enhance', [
	{ ...promptProperty, placeholder: 'e.g. A cat on a windowsill', description: 'The idea in a few words' },
	{
		displayName: 'Detail Level',
		name: 'detailLevel',
		type: 'options',
		default: 'medium',
		description: 'How much is written',
		options: [
			{ name: 'Long', value: 'long', description: 'With camera, light and a timeline' },
			{ name: 'Medium', value: 'medium', description: 'The usual' },
			{ name: 'Short', value: 'short', description: 'A few sentences' },
		],
	},
	{
		displayName: 'Duration (Seconds)',
		name: 'duration',
		type: 'options',
		default: '10',
		description: 'Length of the video that the prompt is for',
		options: [
			{ name: '10', value: '10' },
			{ name: '15', value: '15' },
			{ name: '20', value: '20' },
		],
	},
	optionsCollection([answerTimeoutOption, concurrencyOption, streamOption, simplifyOption]),
]);

/** A few words in, a film prompt out (sora2api's `prompt-enhance-*` models, wire facts 3). */
export async function plan(item: Item): Promise<Plan> {
	const { parameters, tools } = item;
	tools.api.assertOffers('prompts', 'enhance prompts');
	const prompt = parameters.requiredText('prompt', 'Prompt');
	const model = `prompt-enhance-${parameters.text('detailLevel')}-${parameters.text('duration')}s`;
	const stream = parameters.optionBoolean('stream', true);
	const limits = readSubmitLimits(item, 180);
	const simplify = parameters.optionBoolean('simplify', true);
	return {
		async execute() {
			const fields = { model, messages: [chatMessage(prompt)], stream };
			const { answer, requestId } = await askChat(fields, 'prompt', limits, tools);
			const enhancedPrompt = answer.text.trim();
			// A failure comes as words, too (wire facts 3.1).
			if (/^Error: Prompt enhancement failed/i.test(enhancedPrompt)) {
				throw new GenerationError('noResult', 'The server could not enhance the prompt', {
					serverMessage: enhancedPrompt,
					requestId,
					billed: 'maybe',
				});
			}
			const json = { prompt, enhancedPrompt, model, ...(requestId ? { requestId } : {}) };
			return [{ json: simplify ? json : { ...json, response: answer.raw as IDataObject } }];
		},
	};
}
