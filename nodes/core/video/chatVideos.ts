import { withoutBase64 } from '../base64';
import { mediaLinksIn } from '../chat/mediaLinks';
import { readChat } from '../chat/readChat';
import { pictureFrom, type ReadImageAnswer } from '../image/answer';
import { readTime } from '../json';
import type { Ports } from '../ports';
import { readServerWords } from '../serverErrors';

/**
 * Reads an answer of `/chat/completions` that should hold a video (wire facts 3.1 and 4.2).
 * @param firstMs how long the first bytes may take
 */
export function chatVideoReader(ports: Pick<Ports, 'sleep' | 'now'>, firstMs: number): ReadImageAnswer {
	return async (response) => {
		const { answer, brokenOff, isWhole } = await readChat(response, firstMs, ports);
		const { text, links, isReadable, error, raw } = answer;
		const found = isReadable ? [...new Set([...links, ...mediaLinksIn(text, { makes: 'video', isWhole })])] : [];
		return {
			pictures: found.map(pictureFrom),
			text: withoutBase64(text.trim()) || undefined,
			failure: error && readServerWords(error),
			brokenOff,
			createdAtMs: readTime(raw, ['created', 'created_at']),
			raw,
		};
	};
}

/** The id under which a video can be remixed, where the answer names one (wire facts 3.2). */
export function remixIdIn(text: string | undefined): string | undefined {
	return /\bs_[a-f0-9]{32}\b/.exec(text ?? '')?.[0];
}
