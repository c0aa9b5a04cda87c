import { withoutBase64 } from '../base64';
import { settle } from '../concurrency';
import { asGenerationError, GenerationError } from '../errors';
import { fingerprintOf } from '../fingerprint';
import type { LedgerEntry } from '../ledger';
import type { HttpRequest, Ports } from '../ports';
import { LONGEST_PAUSE_MS, maySendAgain } from '../retry';
import { atLeastMaybe, pauseBeforeRepeat } from '../submitting';
import { linkExpiryMs, type ImageAnswer, type Picture, type ReadImageAnswer } from './answer';
import { readOutcome } from './answerOutcome';
import {
	readKept,
	readKeptFailure,
	toKept,
	type ImageDelivery,
	type ImageOrder,
	type ImageTools,
	type Made,
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
 * Throws GenerationError when there is no picture at all: `resultUncertain` when nobody knows whether it was billed,
 * `noResult` or `moderation` for an answer that was billed and holds none. One dead link is an error of its picture only.
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
			message: `This answer was paid for by an earlier try: taking up its ${order.facts.makes}s`,
			details: { requestId: kept.requestId, results: kept.pictures.length },
		});
		const requestHasChanged = earlier?.request !== request;
		return await finish({ ...kept, requestHasChanged }, [], order, wish, tools);
	}
	if (earlier?.jobId !== undefined) {
		ports.onEvent({
			level: 'warn',
			message: `Video job ${earlier.jobId} was paid for by an earlier try with another operation. Use Wait for Video Job with this ID`,
			details: { jobId: earlier.jobId },
		});
	}
	const { answer, requestId, submittedAtMs } = await buy(order, request, read, tools, earlier);
	book.bought({ request, requestId, submittedAtMs, uncertainTries: 0 });
	const { pictures, text, usage, createdAtMs, made, raw } = answer;
	const links = pictures.map(({ url }) => (url === undefined ? undefined : linkOf(url, tools)));
	const delivery: ImageDelivery = {
		...{ text, usage, createdAtMs, made },
		expiresAtMs: answer.expiresAtMs ?? links.map((link) => linkExpiryMs(link ?? '')).find((atMs) => atMs !== undefined),
		pictures: pictures.map(({ revisedPrompt }, index) => ({ index, url: links[index], revisedPrompt })),
		raw: withoutBase64(raw),
		requestId,
		submittedAtMs,
		resumed: false,
	};
	// The links must not be lost whatever happens while they are fetched.
	book.delivered(toKept(delivery), false);
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
	tools.book.delivered(
		toKept(finished),
		finished.pictures.every(({ error }) => error === undefined),
	);
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
	const isBlocked = readKeptFailure(earlier?.delivery)?.kind === 'moderation';
	if (earlier && (isBlocked || uncertainTries > limits.retryUncertain)) throw notSentAgain(earlier, order.facts.makes);
	const send: HttpRequest = { kind: 'image', method: 'POST', url: path, body, timeoutMs: limits.timeoutMs };
	/** What may have been billed before stays so, whatever ends the tries. */
	const doing = async (work: Promise<void>) => {
		const outcome = await settle(work);
		if (!('error' in outcome)) return;
		const { error } = outcome;
		throw error instanceof GenerationError && uncertainTries > 0 ? atLeastMaybe(error) : error;
	};
	for (let tries = 0; ; tries++) {
		await doing(gate.enter());
		const submittedAtMs = ports.now();
		const result = await ports.http(send);
		const outcome = await readOutcome(result, read, order.facts.makes, tools.api.dialect.hints);
		if ('answer' in outcome) {
			tellDoubts(outcome, uncertainTries, ports);
			return { ...outcome, submittedAtMs };
		}
		const { error } = outcome;
		if (error.billed !== 'no') {
			uncertainTries++;
			const { requestId, kind, message, serverMessage } = error;
			book.bought({ request, requestId, submittedAtMs, uncertainTries });
			if (error.billed === 'yes') book.delivered({ failure: { kind, message, serverMessage } }, false);
		}
		if (error.kind === 'cancelled') throw tellUncertainAtCancel(error, order, submittedAtMs, ports);
		const pauseMs = pauseBeforeRepeat(result, tries, ports);
		const mayRepeat =
			error.billed === 'no'
				? error.kind !== 'insufficientBalance' && maySendAgain('image', result) && tries < limits.maxRetries
				: error.kind !== 'moderation' && uncertainTries <= limits.retryUncertain;
		if (!mayRepeat || pauseMs > LONGEST_PAUSE_MS) throw uncertainTries > 0 ? atLeastMaybe(error) : error;
		await doing(ports.sleep(pauseMs));
	}
}

function notSentAgain({ delivery, requestId, submittedAtMs }: LedgerEntry, made: Made): GenerationError {
	const failure = readKeptFailure(delivery);
	const sentAt = new Date(submittedAtMs).toISOString();
	const hint = `The request was sent at ${sentAt} by an earlier try of this execution and was not sent again. A new execution sends it anew; so does Retry Uncertain Submissions in the options.`;
	if (!failure) {
		const message = `An earlier try sent this request, and nobody knows whether it was billed: no ${made} came`;
		return new GenerationError('resultUncertain', message, { requestId, hint });
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
			message: 'The answer broke off after what it holds: there may have been more',
			details: { requestId, reason: answer.brokenOff },
		});
	}
	if (uncertainTries === 0) return;
	ports.onEvent({
		level: 'warn',
		message: `An answer came after ${uncertainTries} tries without a result: it may have been paid for more than once`,
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
		message: `Stopped while a ${facts.makes} was being made: the request may have been billed`,
		details: { prompt: facts.prompt.slice(0, 80), submittedAt: new Date(submittedAtMs).toISOString() },
	});
	return error;
}
