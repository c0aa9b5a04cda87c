'use strict';

const { STYLES } = require('./chatVideoModels');
const { readInput, readInputUrl } = require('./inputPictures');

/**
 * How sora2api and the shared chat endpoints read a request for a video: wire facts 3, 3.2 and 4.1.
 */

const DATA_IMAGE = /^data:(image\/[^;,]*);base64,(.*)$/su;
const REMIX_ID = /s_[a-f0-9]{32}/u;
const GENERATION_ID = /gen_[A-Za-z0-9]+/u;
const SHOT = /\[(\d+(?:\.\d+)?)s\]/gu;
const STYLE = /\{([a-z]+)\}/u;
const BASE64 = /^[A-Za-z0-9+/]+=*$/u;

/** FastAPI's 422. */
const invalid = (loc, type, msg, input) => ({
	refusal: { status: 422, body: { detail: [{ type, loc: ['body', ...loc], msg, input }] } },
});

/**
 * The parts of the last message, the only one that is read; of several texts, pictures or videos the last one counts.
 * @param {any} fields
 * @returns {{refusal: {status: number, body: object}} | {text: string, pictures: string[], videos: string[]}}
 */
function readParts({ messages }) {
	if (messages === undefined) return invalid(['messages'], 'missing', 'Field required', null);
	if (!Array.isArray(messages)) return invalid(['messages'], 'list_type', 'Input should be a valid list', messages);
	if (messages.length === 0) return { text: '', pictures: [], videos: [] };
	const index = messages.length - 1;
	const content = messages[index]?.content;
	if (typeof content === 'string') return { text: content, pictures: [], videos: [] };
	const where = ['messages', index, 'content'];
	if (!Array.isArray(content)) return invalid(where, 'list_type', 'Input should be a valid list', content);
	const read = { text: '', pictures: /** @type {string[]} */ ([]), videos: /** @type {string[]} */ ([]) };
	for (const part of content) {
		if (part?.type === 'text' && typeof part.text === 'string') read.text = part.text;
		if (part?.type === 'image_url' && typeof part.image_url?.url === 'string') read.pictures.push(part.image_url.url);
		if (part?.type === 'video_url' && typeof part.video_url?.url === 'string') read.videos.push(part.video_url.url);
	}
	return read;
}

/** A picture out of a data URI or bare base64, or where links count behind one; undefined: it is none. */
async function readPictureText(text, withLinks) {
	if (withLinks && /^https?:/u.test(text)) {
		const fetched = await readInputUrl(text, { name: 'image', position: 1 });
		return 'picture' in fetched ? fetched.picture : undefined;
	}
	const [, mimeType, base64] = DATA_IMAGE.exec(text) ?? [];
	if (base64 === undefined && !BASE64.test(text)) return undefined;
	const bytes = Buffer.from(base64 ?? text, 'base64');
	const read = await readInput({ bytes, mimeType: mimeType ?? 'image/png', name: 'image', position: 1 });
	return 'picture' in read ? read.picture : undefined;
}

/**
 * What is asked for.
 * @typedef {object} ChatVideoOrder
 * @property {string} model
 * @property {'video' | 'extension' | 'character' | 'prompt'} kind
 * @property {string} text as it came
 * @property {string} prompt without the style, the remix id and its address
 * @property {string} [size] `WxH`
 * @property {number} [seconds]
 * @property {number} usd
 * @property {'sora2api' | 'shared'} server
 * @property {string} [length] of an enhanced prompt
 * @property {string} [style]
 * @property {string} [remixOf] `s_…`
 * @property {string} [generationId] `gen_…`
 * @property {Array<{seconds: number, text: string}>} shots
 * @property {string} [instructions] before the first shot
 * @property {import('./inputPictures').InputPicture} [picture]
 * @property {number} ignoredPictures links, which sora2api overlooks, and all pictures but the last
 * @property {string} [video] a data URI, base64 or an address
 *
 * @param {any} fields of the request
 * @param {any} rules the model's, from chatVideoModels.js
 * @returns {Promise<{refusal: {status: number, body: object}} | {order: ChatVideoOrder, problem?: string}>}
 *   `problem`: the server notices it only when it works
 */
async function readChatVideo(fields, rules) {
	const parts = readParts(fields);
	if ('refusal' in parts) return parts;
	const { text } = parts;
	const style = STYLE.exec(text)?.[1];
	const hasStyle = style !== undefined && STYLES.includes(style);
	const withoutStyle = hasStyle ? text.replace(STYLE, '') : text;
	const remixOf = REMIX_ID.exec(fields.remix_target_id ?? '')?.[0] ?? REMIX_ID.exec(withoutStyle)?.[0];
	const withoutRemix = withoutStyle.replace(/https?:\/\/\S*s_[a-f0-9]{32}\S*|s_[a-f0-9]{32}/gu, '');
	const isShared = rules.server === 'shared';
	const seen = isShared ? parts.pictures : parts.pictures.filter((url) => url.startsWith('data:image'));
	const taken = [...seen, ...listOf(fields.image)];
	const order = {
		...{ model: fields.model, kind: rules.kind, size: rules.size, seconds: rules.seconds, usd: rules.usd },
		...{ server: rules.server, length: rules.length },
		...{ text, prompt: withoutRemix.replace(GENERATION_ID, '').trim() },
		...{ style: hasStyle ? style : undefined, remixOf, generationId: GENERATION_ID.exec(text)?.[0] },
		...readShots(withoutRemix),
		picture: taken.length > 0 ? await readPictureText(taken.at(-1), isShared) : undefined,
		ignoredPictures: parts.pictures.length + listOf(fields.image).length - Math.min(1, taken.length),
		video: [...parts.videos, ...listOf(fields.video)].at(-1),
	};
	const problem = problemOf(order, taken.length > 0);
	return { order, problem };
}

const listOf = (value) => (typeof value === 'string' && value !== '' ? [value] : []);

/** `[5.0s]cat jumps [5.0s]cat lands`; what stands before the first bracket are instructions. */
function readShots(text) {
	const marks = [...text.matchAll(SHOT)];
	if (marks.length === 0) return { shots: [] };
	const shots = marks.map((mark, index) => ({
		seconds: Number(mark[1]),
		text: text.slice(mark.index + mark[0].length, marks[index + 1]?.index).trim(),
	}));
	return { shots, instructions: text.slice(0, marks[0].index).trim() };
}

/** The texts are not documented beside that of the character. */
function problemOf({ kind, prompt, picture, generationId, video, remixOf }, hasPicture) {
	if (hasPicture && !picture) return 'Invalid image data';
	if (kind === 'extension') {
		return generationId && prompt ? undefined : 'Extension needs a generation id (gen_xxx) and a prompt.';
	}
	if (kind === 'character') return video || generationId ? undefined : 'avatar-create needs a video or a gen_xxx.';
	return prompt || picture || video || remixOf ? undefined : 'Prompt cannot be empty';
}

/** A video that comes inline must be one: `ftyp` after the first box's length (ISO/IEC 14496-12). */
function isVideoText(text) {
	if (/^https?:/u.test(text)) return true;
	const base64 = /^data:(?:video|application)\/[^;,]*;base64,(.*)$/su.exec(text)?.[1] ?? text;
	return BASE64.test(base64) && Buffer.from(base64, 'base64').toString('latin1', 4, 8) === 'ftyp';
}

module.exports = { isVideoText, readChatVideo, readParts };
