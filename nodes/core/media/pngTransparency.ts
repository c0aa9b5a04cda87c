import { bytesToLatin1 } from './fileType';

/** Colour types of a PNG that hold an alpha channel (PNG specification 11.2.2). */
const WITH_ALPHA = new Set([4, 6]);
const SIGNATURE_BYTES = 8;
const COLOUR_TYPE_AT = 25;
/** Length, type and checksum of a chunk. */
const CHUNK_FRAME_BYTES = 12;

/**
 * Whether a PNG can hold transparent pixels: by an alpha channel, or by a `tRNS` chunk before its pixels (PNG specification
 * 11.3.2.1). Says nothing of whether any pixel is transparent. A file that was cut off counts as one that can.
 */
export function canBeTransparent(png: Uint8Array): boolean {
	const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
	if (png.length <= COLOUR_TYPE_AT || WITH_ALPHA.has(view.getUint8(COLOUR_TYPE_AT))) return true;
	for (let at = SIGNATURE_BYTES; at + CHUNK_FRAME_BYTES <= png.length; ) {
		const type = bytesToLatin1(png, at + 4, at + 8);
		if (type === 'tRNS') return true;
		if (type === 'IDAT') return false;
		at += view.getUint32(at) + CHUNK_FRAME_BYTES;
	}
	return true;
}
