import { toDataUrl } from '../../adapter/binaryInput';
import { picturesToOutputs } from '../../adapter/imageOutput';
import type { Item, Plan } from '../../adapter/operation';
import { readChoice, readExtraBody, readFileWish, readSubmitLimits } from '../../adapter/purchaseParameters';
import { isObject } from '../../core/json';
import type { StoredFile } from '../../core/ports';
import { splitAtCommas } from '../../core/text';
import { purchaseImages } from '../../core/image/purchaseImages';
import {
	chatMessage,
	CHAT_MODES,
	composeChatVideo,
	type Attached,
	type ChatMode,
	type ChatVideoRequest,
	type ChatVideoWish,
	type Shot,
} from '../../core/video/chatRequest';
import { chatVideoReader, remixIdIn } from '../../core/video/chatVideos';
import { readSeconds } from '../../core/video/request';
import { readSize } from '../../core/size';
import { hintAtOtherLength } from './deliveryParameters';
import { priceAndTime, readReference } from './requestPlan';

/** How long a chat server may take for its first words. */
const TIMEOUT_SECONDS = 360;

/** Whether this item's video is made over chat completions: by the user's choice, else by the server's way. */
export function speaksChat({ parameters, run }: Item): boolean {
	const api = parameters.text('api');
	return api === 'chat' || (api !== 'videos' && run.server.dialect.videoApi === 'chat');
}

/**
 * A video over chat completions: one request whose answer goes on until the video is there. It has no job, so it is
 * bought as pictures are. Throws GenerationError `invalidInput`.
 */
export async function planChatVideo(item: Item): Promise<Plan> {
	const { parameters, run } = item;
	// sora2api overlooks links: it gets the file behind them (wire facts 3).
	const reference = await readReference(item);
	const attached = reference && (reference.facts.type?.family === 'video' ? 'video' : 'image');
	const wish = readWish(item, attached);
	const { model, text, seconds, orientation, hints } = composeChatVideo(wish, attached);
	for (const hint of hints) run.hints.add(hint);
	const extra = readExtraBody(item);
	const limits = readSubmitLimits(item, TIMEOUT_SECONDS);
	const fileWish = readFileWish(item);
	const length = seconds === undefined ? '' : String(seconds);
	const priced = { model, size: wish.size, seconds: length };
	const { purchase, costUsd } = priceAndTime(item, priced, { hasJobs: false });
	return {
		purchase,
		async execute() {
			const url = reference && toDataUrl(await reference.load(), reference.facts.type?.mimeType);
			const type = attached === 'video' ? 'video_url' : 'image_url';
			const message = chatMessage(text, url === undefined ? undefined : { type, url });
			const fields = { ...extra, model, messages: [message], stream: true };
			const delivery = await purchaseImages(
				{
					path: '/chat/completions',
					body: { encoding: 'json', fields },
					limits,
					facts: { prompt: text, model, makes: 'video' },
				},
				chatVideoReader(run.ports, limits.timeoutMs),
				fileWish,
				item.tools,
			);
			for (const { file } of delivery.pictures) hintAtOtherVideo(item, file, { orientation, seconds });
			return picturesToOutputs(item, delivery, ({ url: link }) => ({
				asked: {
					status: 'completed',
					progress: 100,
					model,
					seconds: length || undefined,
					prompt: parameters.text('prompt').trim() || text,
					remixId: remixIdIn(delivery.text),
					url: link,
				},
				cost: { costUsd },
			}));
		},
	};
}

function hintAtOtherVideo(
	item: Item,
	file: StoredFile | undefined,
	asked: Pick<ChatVideoRequest, 'orientation' | 'seconds'>,
): void {
	const { width, height, durationSeconds } = file ?? {};
	const made = width && height && width !== height ? (width > height ? 'landscape' : 'portrait') : undefined;
	if (made && asked.orientation && made !== asked.orientation) {
		item.run.hints.add(
			`The video of item ${item.index} is ${width}x${height}, although ${asked.orientation} was asked for.`,
		);
	}
	hintAtOtherLength(item, `item ${item.index}`, durationSeconds, asked.seconds);
}

function readWish(item: Item, attached: Attached): ChatVideoWish {
	const { parameters } = item;
	const inFull = parameters.text('api') === 'chat';
	const read = (name: string): unknown => (inFull ? parameters.raw(name) : parameters.object('options')[name]);
	const text = (name: string) => (typeof read(name) === 'string' ? (read(name) as string) : '');
	const wish = {
		model: parameters.locator('model'),
		prompt: parameters.text('prompt'),
		size: sizeOf(item),
		seconds: readSeconds(readChoice(item, 'seconds', 'customSeconds', 'Custom Seconds')),
		style: text('videoStyle'),
		remixTarget: text('remixTarget'),
		shots: readShots(read('shots')),
		characterNames: splitAtCommas(text('characterNames')),
		generationId: text('generationId'),
	};
	const chosen = CHAT_MODES.find((mode) => mode === text('mode'));
	return { ...wish, mode: (inFull ? chosen : undefined) ?? modeOf(wish, attached) };
}

/** What is filled in says the mode. */
function modeOf(wish: Omit<ChatVideoWish, 'mode'>, attached: Attached): ChatMode {
	if (wish.shots.length > 0) return 'storyboard';
	if (wish.remixTarget.trim() !== '') return 'remix';
	if (wish.generationId.trim() !== '') return 'extension';
	if (wish.characterNames.length > 0 || attached === 'video') return 'character';
	return attached === 'image' ? 'image' : 'text';
}

/** `matchReference` says nothing about the orientation that a chat server could use. */
function sizeOf(item: Item): string {
	const size = readChoice(item, 'size', 'customSize', 'Custom Size');
	return size === 'matchReference' ? '' : readSize(size);
}

/** `{shot: [{seconds, scene}]}`, or a list of them that an expression gave. */
function readShots(value: unknown): Shot[] {
	const listed: unknown = isObject(value) ? value.shot : value;
	return (Array.isArray(listed) ? listed : []).filter(isObject).map(({ seconds, scene }) => ({
		seconds: Number(seconds),
		scene: typeof scene === 'string' ? scene : '',
	}));
}
