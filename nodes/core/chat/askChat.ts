import { failureOf, isAnswer, unread } from '../answerFailures';
import { describeAnswer } from '../answers';
import { settle } from '../concurrency';
import type { Dialect } from '../dialects';
import { GenerationError } from '../errors';
import type { HttpRequest, JsonObject } from '../ports';
import { readServerWords, requestIdOf } from '../serverErrors';
import { sendThroughGate, type SendTools, type SubmitLimits } from '../submitting';
import type { ChatAnswer } from './chatAnswer';
import { readChat } from './readChat';

/** An answer in words, and the id that the server gave to the request. */
export interface ChatReply {
	answer: ChatAnswer;
	requestId?: string;
}

/**
 * Asks `/chat/completions` something that is answered in words. Sent again only where it certainly did not arrive.
 * @param made what the words are
 * Throws GenerationError; what was received is in it, and whether it may have been billed.
 */
export async function askChat(
	fields: JsonObject,
	made: 'prompt' | 'character',
	limits: SubmitLimits,
	tools: SendTools & { api: { dialect: Dialect } },
): Promise<ChatReply> {
	const { ports, api } = tools;
	const body = { encoding: 'json', fields } as const;
	const request: HttpRequest = {
		kind: 'image',
		method: 'POST',
		url: '/chat/completions',
		body,
		timeoutMs: limits.timeoutMs,
	};
	const result = await sendThroughGate(request, limits.maxRetries, tools);
	if (!isAnswer(result)) throw await failureOf(result, made, api.dialect.hints);
	const requestId = requestIdOf(result.headers);
	const reading = await settle(readChat(result, limits.timeoutMs, ports));
	if ('error' in reading) throw unread(reading.error, requestId);
	const { answer, brokenOff } = reading.result;
	const received = answer.text.trim().slice(0, 300) || undefined;
	if (answer.error) {
		const words = readServerWords(answer.error);
		throw new GenerationError('noResult', 'The server answered with an error', {
			serverMessage: words.message,
			requestId: requestId ?? words.requestId,
		});
	}
	if (brokenOff !== undefined) {
		const message = `The answer is not whole: ${brokenOff}`;
		throw new GenerationError('resultUncertain', message, { serverMessage: received, requestId });
	}
	if (answer.text.trim() !== '') return { answer, requestId };
	const what = describeAnswer(result, '', 'an answer of the API');
	throw new GenerationError('noResult', `The server answered with ${what}`, { requestId });
}
