import { describeAnswer, isSuccess, withoutAnswer } from '../answers';
import type { Dialect } from '../dialects';
import { GenerationError } from '../errors';
import type { HttpRequest, JsonObject, Ports } from '../ports';
import { sendWithRetry } from '../retry';
import { errorFromAnswer, readServerWords, requestIdOf } from '../serverErrors';
import type { SubmitLimits } from '../submitting';
import type { ChatAnswer } from './chatAnswer';
import { readChat } from './readChat';

export interface ChatReply {
	answer: ChatAnswer;
	requestId?: string;
}

/**
 * Asks `/chat/completions` something that is answered in words. Sent again only where it certainly did not arrive.
 * Throws GenerationError; what was received is in it.
 */
export async function askChat(
	fields: JsonObject,
	limits: SubmitLimits,
	ports: Pick<Ports, 'http' | 'sleep' | 'now' | 'random'>,
	dialect: Dialect,
): Promise<ChatReply> {
	const body = { encoding: 'json', fields } as const;
	const request: HttpRequest = {
		kind: 'image',
		method: 'POST',
		url: '/chat/completions',
		body,
		timeoutMs: limits.timeoutMs,
	};
	const result = await sendWithRetry(ports, request, limits.maxRetries);
	if (result.outcome === 'noResponse') throw withoutAnswer(result);
	const requestId = requestIdOf(result.headers);
	if (!isSuccess(result.status)) {
		const { text } = await result.body.text();
		throw errorFromAnswer(result, text, dialect.hints);
	}
	const { answer, brokenOff } = await readChat(result, limits.timeoutMs, ports);
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
