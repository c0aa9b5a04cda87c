import { familyOfName } from '../media/fileType';

/** Which of the links of a text are looked for. */
export interface LinkWish {
	makes: 'image' | 'video';
	/** False for a text that broke off: an address at its very end may be half an address. */
	isWhole: boolean;
	/** Addresses that went out with the request: a server that repeats them has not made them. */
	sent?: readonly string[];
}

/** How surely a link is a result; only the best ones of a text are. */
enum Rank {
	/** A picture or a film that stands in the text itself. */
	Shown,
	/** A link to a file. */
	Linked,
	/** In a quotation, where servers tell how far they are, but without any word about progress. */
	Quoted,
	/** What an upstream shows while it works (wire facts 4.1). */
	Preview,
}

interface Found {
	url: string;
	rank: Rank;
}

/** One line, and what it says of its links. */
interface Line {
	text: string;
	isLast: boolean;
	isQuote: boolean;
	tellsSuccess: boolean;
	tellsProgress: boolean;
}

const SUCCESS_WORDS = /✅|成功|success/i;
const PROGRESS_WORDS = /数据预览|原始数据|进度|\bprogress\b/i;
const PREVIEW_HOST = /^https?:\/\/videos\.openai\.com\//i;

/** A model's text without its data URLs is far shorter; results stand at its end. */
const MAX_TEXT_LENGTH = 1_000_000;

/**
 * The lengths are bounded, and what opens a link twice ends the first try, so that no text makes the search slow.
 */
const ADDRESS = String.raw`(?:[^\s()<>]|\([^\s()<>]{0,200}\)){1,8000}`;
const TARGET = String.raw`\(\s*(?:<([^<>\n]{1,8000})>|(${ADDRESS}))(?:\s+["'(][^\n]{0,200}?["')])?\s*\)`;
const LINK = new RegExp(
	[
		String.raw`<(video|source|img)\b[^<>]{0,2000}?\ssrc\s*=\s*(?:'([^']{1,8000})'|"([^"]{1,8000})")`,
		String.raw`!\[[^[\]]{0,500}\]${TARGET}`,
		String.raw`\[[^[\]]{0,500}\]${TARGET}`,
		// Without brackets and quotes, and without the letters of scripts that put no space behind an address.
		String.raw`(https?:\/\/[\w\-.~:/?#@!$&*+,;=%]{1,8000}|data:#[iv]\d{1,9}#)`,
	].join('|'),
	'gi',
);

/**
 * The addresses in a model's text that are results: pictures and films that it shows, files that it links to. Not those
 * of previews, of sources, of the progress, nor the second address of the same file (wire facts 4.1, 4.2 and "Design
 * consequences" 20). Links, paths at the server's own origin (`/tmp/a.png`) and data URLs, in the order of the text.
 * Never throws.
 */
export function mediaLinksIn(text: string, wish: LinkWish): string[] {
	const { plain, dataUrls } = takeOutDataUrls(text.replaceAll('\\/', '/'));
	const candidates = linesOf(plain.slice(-MAX_TEXT_LENGTH)).flatMap((line) => linksOf(line, wish));
	const best = Math.min(...candidates.map(({ rank }) => rank));
	const seen = new Set((wish.sent ?? []).map(sameFile));
	const results: string[] = [];
	for (const { url: found, rank } of candidates) {
		const url = putBack(found, dataUrls);
		if (rank !== best || seen.has(sameFile(url))) continue;
		seen.add(sameFile(url));
		results.push(url);
	}
	return results;
}

function linesOf(text: string): Line[] {
	const lines = withoutRequest(text).split(/\r\n|\r|\n/);
	return lines.map((line, index) => ({
		text: line,
		isLast: index === lines.length - 1,
		isQuote: /^\s*>/.test(line),
		tellsSuccess: SUCCESS_WORDS.test(line),
		tellsProgress: PROGRESS_WORDS.test(line),
	}));
}

/** Without the request, which some servers repeat as JSON between fences (wire facts 4.1, 4.2). */
function withoutRequest(text: string): string {
	const isRequest = /^[^`]*\bprompt\b[^`]*```/;
	const [before = '', ...blocks] = text.split(/```json/i);
	return [before, ...blocks.map((block) => (isRequest.test(block) ? block.replace(/^[^`]*/, '') : block))].join('```');
}

function linksOf(line: Line, wish: LinkWish): Found[] {
	return [...line.text.matchAll(LINK)].flatMap((match): Found[] => {
		const [whole, tag, single, double, shownAngled, shown, linkedAngled, linked, bare] = match;
		const mayBeHalf = !wish.isWhole && line.isLast && match.index + whole.length === line.text.length;
		if (tag !== undefined)
			return show(withoutEntities((single ?? double)!), tag.toLowerCase() === 'img' ? 'image' : 'video');
		const image = shownAngled ?? shown;
		if (image !== undefined) return show(image, 'image');
		if (bare !== undefined && mayBeHalf) return [];
		return link((linkedAngled ?? linked ?? bare!.replace(/[.,;:!?*_~]+$/, '')).trim(), bare === undefined);
	});

	function show(address: string, usually: LinkWish['makes']): Found[] {
		const url = address.trim();
		const isFetchable = /^(https?:\/\/|\/|data:#)/i.test(url);
		if (!isFetchable || (familyOf(url) ?? usually) !== wish.makes) return [];
		if (!line.isQuote || line.tellsSuccess) return [{ url, rank: PREVIEW_HOST.test(url) ? Rank.Preview : Rank.Shown }];
		return line.tellsProgress ? [] : [{ url, rank: Rank.Quoted }];
	}

	function link(url: string, hasWords: boolean): Found[] {
		if (!/^(https?:\/\/|data:#)/i.test(url)) return [];
		if (line.isQuote ? !line.tellsSuccess : line.tellsProgress) return [];
		// Behind the words "here it is" an address needs no extension.
		const family = familyOf(url) ?? (hasWords && line.tellsSuccess ? wish.makes : undefined);
		if (family !== wish.makes) return [];
		const isShown = url.startsWith('data:#');
		return [{ url, rank: PREVIEW_HOST.test(url) ? Rank.Preview : isShown ? Rank.Shown : Rank.Linked }];
	}
}

/** What a file is by its name; data URLs say it themselves. */
function familyOf(url: string): 'image' | 'video' | undefined {
	if (url.startsWith('data:#')) return url.startsWith('data:#v') ? 'video' : 'image';
	return familyOfName(url.split(/[?#]/)[0]!);
}

/** In attributes of HTML an ampersand may be written out. */
function withoutEntities(text: string): string {
	return text.replace(/&amp;/g, '&');
}

/** The same file behind its two addresses: to look at, and to download. */
function sameFile(url: string): string {
	return url.trim().replace('/cdn/download/', '/cdn/');
}

/** `i` and `v` tell pictures from films. */
const PLACEHOLDER = /data:#[iv](\d{1,9})#/g;
const DATA_URL_HEAD = /data:(?:(?:image|video)\/[\w.+-]{1,50}(?:;[\w=.-]{1,100}){0,5},|#)/gi;
const BASE64_CHARACTER = /[\w+/=%-]/;
const PLAIN_CHARACTER = /[^\s"'`()<>]/;

/**
 * Puts a number in the place of every data URL: patterns do not run over megabytes. What only looks like such a number
 * is parted by a space.
 */
function takeOutDataUrls(text: string): { plain: string; dataUrls: string[] } {
	const dataUrls: string[] = [];
	const parts: string[] = [];
	let at = 0;
	for (const head of text.matchAll(DATA_URL_HEAD)) {
		// Inside of one that was taken out already.
		if (head.index < at) continue;
		parts.push(text.slice(at, head.index));
		at = head.index + head[0].length;
		if (head[0].endsWith('#')) {
			parts.push('data: ');
			continue;
		}
		const startOfContent = at;
		const isPart = head[0].toLowerCase().endsWith(';base64,') ? BASE64_CHARACTER : PLAIN_CHARACTER;
		while (at < text.length && isPart.test(text[at]!)) at++;
		if (at === startOfContent) continue;
		parts.push(`data:#${/^data:video/i.test(head[0]) ? 'v' : 'i'}${dataUrls.length}#`);
		dataUrls.push(text.slice(head.index, at));
	}
	return { plain: parts.join('') + text.slice(at), dataUrls };
}

function putBack(url: string, dataUrls: string[]): string {
	return url.replace(PLACEHOLDER, (_, index: string) => dataUrls[Number(index)] ?? '');
}
