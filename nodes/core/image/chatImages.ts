import { describeAnswer } from '../answers';
import { readWhileAlive, type BodyEnd } from '../aliveBody';
import { withoutBase64 } from '../base64';
import { ChatReader, type ChatAnswer } from '../chat/chatAnswer';
import { mediaLinksIn } from '../chat/mediaLinks';
import { isObject, readTime } from '../json';
import type { HttpResponse, Ports } from '../ports';
import { readServerWords } from '../serverErrors';
import { pictureFrom, type Picture, type ReadImageAnswer } from './answer';
import { readImagesJson } from './readImagesAnswer';

/** Servers tell of their progress every half minute (wire facts 3.1); silence of six times that is the end. */
const IDLE_MS = 180_000;
/** Ten pictures of 4K as base64 are smaller. */
const MAX_BYTES = 256 * 1024 * 1024;

/**
 * Reads an answer of `/chat/completions` that should hold pictures, in whatever shape it comes, for as long as the server
 * gives signs of life.
 * @param firstMs how long the first bytes may take
 * @param sent addresses of pictures that went out with the request: they are no results
 */
export function chatImageReader(
	ports: Pick<Ports, 'sleep' | 'now'>,
	firstMs: number,
	sent: readonly string[],
): ReadImageAnswer {
	return async (response) => {
		const reader = new ChatReader();
		const limits = { firstMs, idleMs: IDLE_MS, maxBytes: MAX_BYTES };
		let hasBegun = false;
		const end = await readWhileAlive(response.body, limits, ports, (bytes) => {
			hasBegun = true;
			reader.push(bytes);
		});
		const answer = reader.end();
		const isWhole = end === 'ended' && answer.isFinished;
		const pictures = picturesOf(answer, isWhole, sent);
		const silentMs = hasBegun ? limits.idleMs : limits.firstMs;
		return {
			pictures,
			text: withoutBase64(answer.text).trim() || undefined,
			failure: answer.error && readServerWords(answer.error),
			brokenOff: whyBroken(end, answer, response, silentMs),
			usage: isObject(answer.raw.usage) ? answer.raw.usage : undefined,
			createdAtMs: readTime(answer.raw, ['created', 'created_at']),
			raw: answer.raw,
		};
	};
}

function picturesOf(
	{ text, links, images, isReadable }: ChatAnswer,
	isWhole: boolean,
	sent: readonly string[],
): Picture[] {
	if (!isReadable) return [];
	const shown = readImagesJson({ data: images }).pictures;
	const inText = mediaLinksIn(text, { makes: 'image', isWhole, sent });
	const beside = links.filter((link) => !sent.includes(link));
	return [...shown, ...[...new Set([...beside, ...inText])].map(pictureFrom)];
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
