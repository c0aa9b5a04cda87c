import { cancelled, describeAnswer, isSuccess, withoutAnswer } from '../answers';
import { settle } from '../concurrency';
import type { Dialect } from '../dialects';
import { asGenerationError, GenerationError } from '../errors';
import type { HttpResponse, HttpResult, NoResponse } from '../ports';
import { maySendAgain } from '../retry';
import { errorFromAnswer, isModeration, readServerWords, requestIdOf } from '../serverErrors';
import { atLeastMaybe, isAmbiguous } from '../submitting';
import type { ImageAnswer, ReadImageAnswer } from './answer';
import type { Made } from './delivery';

export type AnswerOutcome = { answer: ImageAnswer; requestId?: string } | { error: GenerationError };

/** What the answer to a request for pictures or a video amounts to; every failure says whether it may have been billed. */
export async function readOutcome(
	result: HttpResult,
	read: ReadImageAnswer,
	made: Made,
	hints: Dialect['hints'],
): Promise<AnswerOutcome> {
	if (!isAnswer(result)) return { error: await failureOf(result, made, hints) };
	const requestId = requestIdOf(result.headers);
	const outcome = await settle(read(result));
	if ('error' in outcome) return { error: unread(outcome.error, requestId) };
	const answer = outcome.result;
	if (answer.pictures.length > 0) return { answer, requestId };
	const words = answer.failure ?? readServerWords(answer.text ?? '');
	const details = { requestId: requestId ?? words.requestId, serverMessage: words.message };
	if (answer.brokenOff !== undefined) {
		return {
			error: new GenerationError(
				'resultUncertain',
				`The answer holds no ${made} (${answer.brokenOff}): it may have been billed`,
				details,
			),
		};
	}
	if (!isModeration(words)) {
		const message = `The server answered without a ${made}`;
		return { error: new GenerationError('noResult', message, { ...details, status: result.status }) };
	}
	const categories = words.categories?.length ? ` (${words.categories.join(', ')})` : '';
	return {
		error: new GenerationError(
			'moderation',
			`The server answered without a ${made}: it blocked the content${categories}`,
			{
				...details,
				status: result.status,
				billed: 'yes',
			},
		),
	};
}

/** Whether a request was answered as if it had worked. */
export function isAnswer(result: HttpResult): result is HttpResponse {
	return result.outcome === 'response' && isSuccess(result.status);
}

/**
 * The error for a request that was not answered, or with a status that is no success. Says whether it may have been
 * billed.
 * @param made what was asked for
 */
export async function failureOf(
	result: HttpResult,
	made: Made | 'prompt' | 'character',
	hints: Dialect['hints'],
): Promise<GenerationError> {
	return result.outcome === 'noResponse' ? withoutResult(result, made) : await refusal(result, made, hints);
}

/** A refusal is free where it is plain; a server that fails in the middle of its work may have billed it. */
async function refusal(response: HttpResponse, made: string, hints: Dialect['hints']): Promise<GenerationError> {
	const { text } = await response.body.text();
	const error = errorFromAnswer(response, text, hints);
	if (!isAmbiguous(response) || maySendAgain('image', response)) return error;
	const { serverMessage, requestId, status } = error;
	return new GenerationError(
		'resultUncertain',
		`No ${made} came, and it may have been billed: the server answered with ${describeAnswer(response, text, 'an answer of the API')}`,
		{ serverMessage, requestId, status },
	);
}

function withoutResult(result: NoResponse, made: string): GenerationError {
	if (result.certainlyNotSent) return withoutAnswer(result);
	if (result.code === 'CANCELLED') {
		return cancelled(`The execution was stopped while a ${made} was being made: it may have been billed`, 'maybe');
	}
	return new GenerationError(
		'resultUncertain',
		`No ${made} came, and it may have been billed: the connection ended without an answer`,
		{ serverMessage: result.message },
	);
}

/** The error for an answer that could not be read to its end, or during which the execution was stopped. */
export function unread(thrown: unknown, requestId?: string): GenerationError {
	const error = asGenerationError(thrown, 'resultUncertain', { requestId });
	error.requestId ??= requestId;
	return atLeastMaybe(error);
}
