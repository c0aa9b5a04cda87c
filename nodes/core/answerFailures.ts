import { cancelled, describeAnswer, describeConnection, isSuccess, withoutAnswer } from './answers';
import type { Dialect } from './dialects';
import { asGenerationError, GenerationError } from './errors';
import type { HttpResponse, HttpResult, NoResponse } from './ports';
import { maySendAgain } from './retry';
import { errorFromAnswer } from './serverErrors';
import { atLeastMaybe, isAmbiguous } from './submitting';

/** What went wrong with requests that are answered with the paid thing itself, and not with a job. */

/** Whether a request was answered as if it had worked. */
export function isAnswer(result: HttpResult): result is HttpResponse {
	return result.outcome === 'response' && isSuccess(result.status);
}

/**
 * The error for a request that was not answered, or with a status that is no success. Says whether it may have been
 * billed.
 * @param made what was asked for: picture, video, prompt, character
 */
export async function failureOf(result: HttpResult, made: string, hints: Dialect['hints']): Promise<GenerationError> {
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
		{ observed: describeConnection(result) },
	);
}

/** The error for an answer that could not be read to its end, or during which the execution was stopped. */
export function unread(thrown: unknown, requestId?: string): GenerationError {
	const error = asGenerationError(thrown, 'resultUncertain', { requestId });
	error.requestId ??= requestId;
	return atLeastMaybe(error);
}
