import { failureOf, isAnswer } from '../answerFailures';
import { isSuccess, describeAnswer, withoutAnswer } from '../answers';
import { videoHintsOf, type Dialect } from '../dialects';
import { GenerationError } from '../errors';
import { firstText, parseJson, readTime } from '../json';
import { pathSegment } from '../links';
import type { HttpRequest, HttpResponse, Ports, RequestBody } from '../ports';
import { sendWithRetry } from '../retry';
import { errorFromAnswer, requestIdOf } from '../serverErrors';
import { sendThroughGate, type SendTools, type SubmitLimits } from '../submitting';

/** A person or thing of a video that other videos may show. */
export interface Character {
	id: string;
	name?: string;
	displayName?: string;
	avatarUrl?: string;
	createdAtMs?: number;
	requestId?: string;
	raw: unknown;
}

const PATH = '/videos/characters';
const READ_TIMEOUT_MS = 30_000;
const READ_RETRIES = 2;

/** What the calls for characters need of the world. */
export type CharacterPorts = Pick<Ports, 'http' | 'sleep' | 'now' | 'random'>;

/**
 * Makes a character of a video: `POST /videos/characters` (wire facts 1.3). Sent again only where it certainly did not
 * arrive: two characters of one video are one too many. Throws GenerationError.
 */
export async function createCharacter(
	body: RequestBody,
	limits: SubmitLimits,
	tools: SendTools & { api: { dialect: Dialect } },
): Promise<Character> {
	const request: HttpRequest = { kind: 'create', method: 'POST', url: PATH, body, timeoutMs: limits.timeoutMs };
	const result = await sendThroughGate(request, limits.maxRetries, tools);
	if (isAnswer(result)) return await readCharacter(result);
	const error = await failureOf(result, 'character', videoHintsOf(tools.api.dialect));
	if (error.kind !== 'resultUncertain') throw error;
	const { message, serverMessage, observed, status, requestId } = error;
	const hint = 'Look in the console of the server before running again.';
	throw new GenerationError('submissionUncertain', message, { hint, serverMessage, observed, status, requestId });
}

/** A character as the server has it now. Throws GenerationError. */
export async function getCharacter(characterId: string, ports: CharacterPorts, dialect: Dialect): Promise<Character> {
	const url = `${PATH}/${pathSegment(characterId, 'character')}`;
	const request: HttpRequest = { kind: 'read', method: 'GET', url, timeoutMs: READ_TIMEOUT_MS };
	const result = await sendWithRetry(ports, request, READ_RETRIES);
	if (result.outcome === 'noResponse') throw withoutAnswer(result);
	if (isSuccess(result.status)) return await readCharacter(result);
	const { text } = await result.body.text();
	throw errorFromAnswer(result, text, videoHintsOf(dialect));
}

async function readCharacter(result: HttpResponse): Promise<Character> {
	const { text } = await result.body.text();
	const raw = parseJson(text);
	const id = firstText(raw, ['id', 'character_id', 'data.id', 'data.character_id']);
	const requestId = requestIdOf(result.headers);
	if (id === undefined) {
		const what = describeAnswer(result, text, 'a character');
		throw new GenerationError('unreadableAnswer', `The server answered with ${what}`, { requestId });
	}
	return {
		id,
		name: firstText(raw, ['name', 'data.name']),
		createdAtMs: readTime(raw, ['created_at']),
		requestId,
		raw,
	};
}
