import { describeAnswer } from '../answers';
import { readWhileAlive, type BodyEnd } from '../aliveBody';
import type { HttpResponse, Ports } from '../ports';
import { ChatReader, type ChatAnswer } from './chatAnswer';

/** Servers tell of their progress every half minute (wire facts 3.1); silence of six times that is the end. */
const IDLE_MS = 180_000;
/** Ten pictures of 4K as base64 are smaller. */
const MAX_BYTES = 256 * 1024 * 1024;

/** An answer as far as it came. */
export interface ChatReading {
	answer: ChatAnswer;
	/** Why it is not the whole of one; undefined when it is, or when the server itself says what went wrong. */
	brokenOff?: string;
	/** It came to its end in order, and the server said that it was finished. */
	isWhole: boolean;
}

/**
 * Reads an answer of `/chat/completions` in whatever shape it comes, for as long as the server gives signs of life.
 * @param firstMs how long the first bytes may take
 * Throws GenerationError `cancelled`.
 */
export async function readChat(
	response: HttpResponse,
	firstMs: number,
	ports: Pick<Ports, 'sleep' | 'now'>,
): Promise<ChatReading> {
	const reader = new ChatReader();
	const limits = { firstMs, idleMs: IDLE_MS, maxBytes: MAX_BYTES };
	let hasBegun = false;
	const end = await readWhileAlive(response.body, limits, ports, (bytes) => {
		hasBegun = true;
		reader.push(bytes);
	});
	const answer = reader.end();
	const silentMs = hasBegun ? limits.idleMs : limits.firstMs;
	return {
		answer,
		brokenOff: whyBroken(end, answer, response, silentMs),
		isWhole: end === 'ended' && answer.isFinished,
	};
}

/** Why an answer is not the whole of one; undefined when it is, or when the server itself says what went wrong. */
function whyBroken(end: BodyEnd, answer: ChatAnswer, response: HttpResponse, silentMs: number): string | undefined {
	if (end === 'silent') return `the server was silent for ${silentMs / 1000} seconds`;
	if (end === 'tooLarge') return `it is larger than ${MAX_BYTES / 1024 / 1024} MiB`;
	if (end === 'broken') return 'the connection broke off';
	if (!answer.isReadable) return describeAnswer(response, answer.text, 'an answer of the API');
	const isComplete = answer.isFinished || answer.error !== undefined;
	return isComplete ? undefined : 'the stream ended before the server said that it was finished';
}
