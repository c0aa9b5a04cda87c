import { cancelled, describeAnswer, isSuccess, withoutAnswer } from '../answers';
import { settle } from '../concurrency';
import { asGenerationError, GenerationError } from '../errors';
import { fingerprintOf } from '../fingerprint';
import type { LedgerEntry } from '../ledger';
import type { HttpRequest, HttpResponse, HttpResult, NoResponse, Ports } from '../ports';
import { LONGEST_PAUSE_MS, maySendAgain } from '../retry';
import { errorFromAnswer, isModeration, readServerWords, requestIdOf } from '../serverErrors';
import { atLeastMaybe, isAmbiguous, pauseBeforeRepeat } from '../submitting';
import { withoutBase64, type ImageAnswer, type Picture, type ReadImageAnswer } from './answer';
import {
	readKept,
	readKeptFailure,
	toKept,
	type ImageDelivery,
	type ImageOrder,
	type ImageTools,
	type PictureWish,
} from './delivery';
import { linkOf, storePictures } from './storePictures';

/** A request that was answered with pictures. */
interface Bought {
	answer: ImageAnswer;
	requestId?: string;
	submittedAtMs: number;
}

/**
 * Buys pictures and stores every one of them. The server works while the request waits, and bills it whether or not its
 * answer arrives: so it is sent again only where that cannot cost twice, or as often as `retryUncertain` allows. What an
 * earlier try of the node has bought is given out again, and fetched again where that failed.
 * Throws GenerationError when there is no picture at all: `imageUncertain` when nobody knows whether it was billed,
 * `noImage` or `moderation` for an answer that was billed and holds none. One dead link is an error of its picture only.
 */
export async function purchaseImages(
	order: ImageOrder,
	read: ReadImageAnswer,
	wish: PictureWish,
	tools: ImageTools,
): Promise<ImageDelivery> {
	const { ports, book } = tools;
	const request = fingerprintOf(order.path, order.body);
	const earlier = book.earlier(request);
	const kept = readKept(earlier?.delivery);
	if (kept) {
		ports.onEvent({
			level: 'info',
			message: 'These pictures were paid for by an earlier try: taking them up',
			details: { requestId: kept.requestId, pictures: kept.pictures.length },
		});
		return await finish(kept, [], order, wish, tools);
	}
	const { answer, requestId, submittedAtMs } = await buy(order, request, read, tools, earlier);
	book.bought({ request, requestId, submittedAtMs, uncertainTries: 0 });
	const { pictures, text, usage, createdAtMs, expiresAtMs, made, raw } = answer;
	const delivery: ImageDelivery = {
		...{ text, usage, createdAtMs, expiresAtMs, made },
		pictures: await Promise.all(
			pictures.map(async ({ url, revisedPrompt }, index) => ({
				index,
				revisedPrompt,
				...(url === undefined ? {} : { url: await linkOf(url, tools) }),
			})),
		),
		raw: withoutBase64(raw),
		requestId,
		submittedAtMs,
		resumed: false,
	};
	// The links must not be lost whatever happens while they are fetched.
	book.delivered(toKept(delivery));
	return await finish(delivery, pictures, order, wish, tools);
}

async function finish(
	delivery: ImageDelivery,
	held: readonly Picture[],
	order: ImageOrder,
	wish: PictureWish,
	tools: ImageTools,
): Promise<ImageDelivery> {
	const stored = await settle(storePictures(delivery, held, { ...wish, model: order.facts.model }, tools));
	if ('error' in stored) {
		const error = asGenerationError(stored.error, 'unexpected');
		error.billed = 'yes';
		error.requestId ??= delivery.requestId;
		throw error;
	}
	const finished = { ...delivery, pictures: stored.result };
	tools.book.delivered(toKept(finished));
	return finished;
}

async function buy(
	order: ImageOrder,
	request: string,
	read: ReadImageAnswer,
	tools: ImageTools,
	earlier: LedgerEntry | undefined,
): Promise<Bought> {
	const { ports, gate, book } = tools;
	const { limits, path, body } = order;
	let uncertainTries = earlier?.uncertainTries ?? 0;
	if (earlier && uncertainTries > limits.retryUncertain) throw notSentAgain(earlier);
	const send: HttpRequest = { kind: 'image', method: 'POST', url: path, body, timeoutMs: limits.timeoutMs };
	for (let tries = 0; ; tries++) {
		await gate.enter();
		const submittedAtMs = ports.now();
		const result = await ports.http(send);
		const outcome = await readOutcome(result, read, tools);
		if ('answer' in outcome) {
			tellDoubts(outcome, uncertainTries, ports);
			return { ...outcome, submittedAtMs };
		}
		const { error } = outcome;
		if (error.billed !== 'no') {
			uncertainTries++;
			const { requestId, kind, message, serverMessage } = error;
			book.bought({ request, requestId, submittedAtMs, uncertainTries });
			if (error.billed === 'yes') book.delivered({ failure: { kind, message, serverMessage } });
		}
		if (error.kind === 'cancelled') throw tellUncertainAtCancel(error, order, submittedAtMs, ports);
		const pauseMs = pauseBeforeRepeat(result, tries, ports);
		const mayRepeat =
			error.billed === 'no'
				? error.kind !== 'insufficientBalance' && maySendAgain('image', result) && tries < limits.maxRetries
				: error.kind !== 'moderation' && uncertainTries <= limits.retryUncertain;
		if (!mayRepeat || pauseMs > LONGEST_PAUSE_MS) throw uncertainTries > 0 ? atLeastMaybe(error) : error;
		await ports.sleep(pauseMs);
	}
}

type Outcome = { answer: ImageAnswer; requestId?: string } | { error: GenerationError };

async function readOutcome(result: HttpResult, read: ReadImageAnswer, { api }: ImageTools): Promise<Outcome> {
	if (result.outcome === 'noResponse') return { error: withoutPicture(result) };
	const requestId = requestIdOf(result.headers);
	if (!isSuccess(result.status)) return { error: await refusal(result, api.dialect.hints) };
	const outcome = await settle(read(result));
	if ('error' in outcome) return { error: unread(outcome.error, requestId) };
	const answer = outcome.result;
	if (answer.pictures.length > 0) return { answer, requestId };
	const words = answer.failure ?? readServerWords(answer.text ?? '');
	const details = { requestId: requestId ?? words.requestId, serverMessage: words.message };
	if (answer.brokenOff !== undefined) {
		return {
			error: new GenerationError(
				'imageUncertain',
				`The answer holds no picture (${answer.brokenOff}): it may have been billed`,
				details,
			),
		};
	}
	if (!isModeration(words)) {
		const message = 'The server answered without a picture';
		return { error: new GenerationError('noImage', message, { ...details, status: result.status }) };
	}
	const categories = words.categories?.length ? ` (${words.categories.join(', ')})` : '';
	return {
		error: new GenerationError(
			'moderation',
			`The server answered without a picture: it blocked the content${categories}`,
			{
				...details,
				status: result.status,
				billed: 'yes',
			},
		),
	};
}

/** A refusal is free where it is plain; a server that fails in the middle of its work may have billed it. */
async function refusal(response: HttpResponse, hints: ImageTools['api']['dialect']['hints']): Promise<GenerationError> {
	const { text } = await response.body.text();
	const error = errorFromAnswer(response, text, hints);
	if (!isAmbiguous(response) || maySendAgain('image', response)) return error;
	const { serverMessage, requestId, status } = error;
	return new GenerationError(
		'imageUncertain',
		`No picture came, and it may have been billed: the server answered with ${describeAnswer(response, text, 'an image answer')}`,
		{ serverMessage, requestId, status },
	);
}

function withoutPicture(result: NoResponse): GenerationError {
	if (result.certainlyNotSent) return withoutAnswer(result);
	if (result.code === 'CANCELLED') {
		return cancelled('The execution was stopped while a picture was being made: it may have been billed', 'maybe');
	}
	return new GenerationError(
		'imageUncertain',
		'No picture came, and it may have been billed: the connection ended without an answer',
		{ serverMessage: result.message },
	);
}

/** The answer could not be read to its end, or the execution was stopped meanwhile. */
function unread(thrown: unknown, requestId?: string): GenerationError {
	const error = asGenerationError(thrown, 'imageUncertain', { requestId });
	error.requestId ??= requestId;
	return atLeastMaybe(error);
}

function notSentAgain({ delivery, requestId, submittedAtMs }: LedgerEntry): GenerationError {
	const failure = readKeptFailure(delivery);
	const sentAt = new Date(submittedAtMs).toISOString();
	const hint = `The request was sent at ${sentAt} by an earlier try of this execution and was not sent again. A new execution sends it anew; so does Retry Uncertain Submissions in the options.`;
	if (!failure) {
		const message = 'An earlier try sent this request, and nobody knows whether it was billed: no picture came';
		return new GenerationError('imageUncertain', message, { requestId, hint });
	}
	const { kind, message, serverMessage } = failure;
	return new GenerationError(kind, message, { requestId, serverMessage, hint, billed: 'yes' });
}

function tellDoubts(
	{ answer, requestId }: { answer: ImageAnswer; requestId?: string },
	uncertainTries: number,
	ports: Ports,
): void {
	if (answer.brokenOff !== undefined) {
		ports.onEvent({
			level: 'warn',
			message: 'The answer broke off after its pictures: there may have been more of them',
			details: { requestId, reason: answer.brokenOff },
		});
	}
	if (uncertainTries === 0) return;
	ports.onEvent({
		level: 'warn',
		message: `A picture came after ${uncertainTries} tries without one: it may have been paid for more than once`,
		details: { requestId, uncertainTries },
	});
}

/** n8n keeps nothing of a node that is stopped: the log is the only place that can tell. */
function tellUncertainAtCancel(
	error: GenerationError,
	{ facts }: ImageOrder,
	submittedAtMs: number,
	ports: Ports,
): GenerationError {
	ports.onEvent({
		level: 'warn',
		message: 'Stopped while a picture was being made: the request may have been billed',
		details: { prompt: facts.prompt.slice(0, 80), submittedAt: new Date(submittedAtMs).toISOString() },
	});
	return error;
}
