/** What a file is, told from its first bytes, not from what a server says of it. */
export interface FileType {
	family: 'video' | 'image' | 'text';
	mimeType: string;
	extension: string;
}

/** How many bytes `sniffFileType` wants to see: comments may stand before the beginning of an SVG. */
export const SNIFF_BYTES = 1024;

const SIGNATURES: ReadonlyArray<{ at: number; text: string; type: FileType }> = [
	{ at: 0, text: '\x89PNG\r\n\x1a\n', type: { family: 'image', mimeType: 'image/png', extension: 'png' } },
	{ at: 0, text: '\xff\xd8\xff', type: { family: 'image', mimeType: 'image/jpeg', extension: 'jpg' } },
	{ at: 8, text: 'WEBP', type: { family: 'image', mimeType: 'image/webp', extension: 'webp' } },
	{ at: 0, text: 'GIF8', type: { family: 'image', mimeType: 'image/gif', extension: 'gif' } },
	{ at: 4, text: 'ftypqt', type: { family: 'video', mimeType: 'video/quicktime', extension: 'mov' } },
	{ at: 4, text: 'ftypavif', type: { family: 'image', mimeType: 'image/avif', extension: 'avif' } },
	{ at: 4, text: 'ftyphei', type: { family: 'image', mimeType: 'image/heic', extension: 'heic' } },
	{ at: 4, text: 'ftyp', type: { family: 'video', mimeType: 'video/mp4', extension: 'mp4' } },
	{ at: 0, text: '\x1a\x45\xdf\xa3', type: { family: 'video', mimeType: 'video/webm', extension: 'webm' } },
];

/** An SVG's root, behind its declaration, comments and document type. */
const SVG_START = /^(?:<\?xml[^>]*>|<!--(?:(?!-->)[\s\S])*-->|<!doctype svg[^>]*>|\s)*<svg[\s/>]/i;

/** Latin-1 text of bytes: one character for each byte. */
export function bytesToLatin1(bytes: Uint8Array, from = 0, to = bytes.length): string {
	let text = '';
	for (let index = from; index < Math.min(to, bytes.length); index++) text += String.fromCharCode(bytes[index]!);
	return text;
}

/**
 * The type of a file from its first bytes (`SNIFF_BYTES` are enough): MP4, QuickTime, WebM, PNG, JPEG, WebP, GIF,
 * AVIF, HEIC, SVG; JSON, HTML and XML as text. Undefined for anything else.
 */
export function sniffFileType(bytes: Uint8Array): FileType | undefined {
	const start = bytesToLatin1(bytes, 0, SNIFF_BYTES);
	const known = SIGNATURES.find(({ at, text }) => start.startsWith(text, at));
	if (known) return known.type;
	const text = start.replace(/^\xef\xbb\xbf/, '').trimStart();
	if (SVG_START.test(text)) return { family: 'image', mimeType: 'image/svg+xml', extension: 'svg' };
	if (text.startsWith('{') || text.startsWith('[')) return textType('application/json', 'json');
	if (/^<(!doctype html|html)/i.test(text)) return textType('text/html', 'html');
	if (text.startsWith('<?xml')) return textType('application/xml', 'xml');
	return undefined;
}

function textType(mimeType: string, extension: string): FileType {
	return { family: 'text', mimeType, extension };
}

const VIDEO_NAME = /\.(mp4|m4v|mov|webm|mkv)$/i;
const IMAGE_NAME = /\.(png|jpe?g|webp|gif|avif|heic|svg)$/i;

/** What a file is by the extension of its name; undefined for other extensions and none. */
export function familyOfName(fileName: string): 'video' | 'image' | undefined {
	if (VIDEO_NAME.test(fileName)) return 'video';
	return IMAGE_NAME.test(fileName) ? 'image' : undefined;
}

/** Whether a file name ends in the extension of a picture or film: `clip v1.25` does not. */
export function hasMediaExtension(fileName: string): boolean {
	return familyOfName(fileName) !== undefined;
}
