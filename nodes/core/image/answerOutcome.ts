import { failureOf, isAnswer, unread } from '../answerFailures';
import { settle } from '../concurrency';
import type { Dialect } from '../dialects';
import { GenerationError } from '../errors';
import type { HttpResult } from '../ports';
import { isModeration, readServerWords, requestIdOf } from '../serverErrors';
import type { ImageAnswer, ReadImageAnswer } from './answer';
import type { Made } from './delivery';

/** What was paid for, or why there is nothing. */
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
