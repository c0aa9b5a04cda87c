import { findModel, retirementOf } from '../core/catalogue';
import { settle } from '../core/concurrency';
import { GenerationError } from '../core/errors';
import { isForSomethingElse, listModels } from './modelList';
import { ParameterReader } from './parameters';
import type { Run } from './run';

/** So many are named; the editor's list has them all. */
const NAMED_MODELS = 12;

/**
 * An error for a model that the server does not offer, with what the catalogue knows of its end and what the server lists
 * now of the kind that was wanted. Any other error comes back as it is.
 */
export async function adviseOnModel(
	error: GenerationError,
	run: Run,
	itemIndex: number,
	makes: 'image' | 'video' | undefined,
): Promise<GenerationError> {
	if (error.kind !== 'modelUnavailable') return error;
	const id = new ParameterReader(run.execution, itemIndex).locator('model');
	const model = findModel(id);
	const retirement = model && retirementOf(model, run.server.name);
	const ended = retirement ? `: it was retired on ${retirement.date}` : '';
	run.listedModels ??= listModels(run.execution, run.server);
	const outcome = await settle(run.listedModels);
	const all = 'result' in outcome ? outcome.result : [];
	const listed = makes ? all.filter((candidate) => !isForSomethingElse(candidate, makes)) : all;
	const more = listed.length > NAMED_MODELS ? ` and ${listed.length - NAMED_MODELS} more` : '';
	const { billed, serverMessage, status, requestId } = error;
	return new GenerationError('modelUnavailable', `The server does not offer the model ${id}${ended}`, {
		hint:
			listed.length === 0
				? error.hint
				: `Models that this server lists now: ${listed.slice(0, NAMED_MODELS).join(', ')}${more}. Choose one with Model > From List.`,
		billed,
		serverMessage,
		status,
		requestId,
	});
}
