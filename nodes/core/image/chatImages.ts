import { withoutBase64 } from '../base64';
import type { ChatAnswer } from '../chat/chatAnswer';
import { mediaLinksIn } from '../chat/mediaLinks';
import { readChat } from '../chat/readChat';
import { isObject, readTime } from '../json';
import type { Ports } from '../ports';
import { readServerWords } from '../serverErrors';
import { pictureFrom, type Picture, type ReadImageAnswer } from './answer';
import { readImagesJson } from './readImagesAnswer';

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
		const { answer, brokenOff, isWhole } = await readChat(response, firstMs, ports);
		return {
			pictures: picturesOf(answer, isWhole, sent),
			text: withoutBase64(answer.text).trim() || undefined,
			failure: answer.error && readServerWords(answer.error),
			brokenOff,
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
