import { bytesToLatin1, sniffFileType } from './fileType';

/** Pixels of an image as a person sees it, after any rotation that the file asks for. */
export interface ImageSize {
	width: number;
	height: number;
	/** True when the stored pixels are turned by 90° against this (JPEG with EXIF orientation 5 to 8). */
	rotated: boolean;
}

/** Pixel size of a PNG, JPEG, WebP, GIF or SVG from its bytes; undefined when they do not tell. Never throws. */
export function readImageSize(bytes: Uint8Array): ImageSize | undefined {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	try {
		return readPng(view, bytes) ?? readGif(view, bytes) ?? readWebp(view, bytes) ?? readSvg(bytes) ?? readJpeg(view);
	} catch {
		// The readers run past the end of a file that was cut off.
		return undefined;
	}
}

function upright(width: number, height: number): ImageSize | undefined {
	return width > 0 && height > 0 ? { width, height, rotated: false } : undefined;
}

/** PNG specification 11.2.2: IHDR is always the first chunk. */
function readPng(view: DataView, bytes: Uint8Array): ImageSize | undefined {
	if (bytesToLatin1(bytes, 12, 16) !== 'IHDR') return undefined;
	return upright(view.getUint32(16), view.getUint32(20));
}

/** GIF89a, section 18: logical screen descriptor. */
function readGif(view: DataView, bytes: Uint8Array): ImageSize | undefined {
	if (bytesToLatin1(bytes, 0, 4) !== 'GIF8') return undefined;
	return upright(view.getUint16(6, true), view.getUint16(8, true));
}

/** WebP container specification: lossy (VP8), lossless (VP8L) and extended (VP8X) headers. */
function readWebp(view: DataView, bytes: Uint8Array): ImageSize | undefined {
	if (bytesToLatin1(bytes, 8, 12) !== 'WEBP') return undefined;
	switch (bytesToLatin1(bytes, 12, 16)) {
		case 'VP8 ':
			return upright(view.getUint16(26, true) & 0x3fff, view.getUint16(28, true) & 0x3fff);
		case 'VP8L': {
			const bits = view.getUint32(21, true);
			return upright((bits & 0x3fff) + 1, ((bits >>> 14) & 0x3fff) + 1);
		}
		case 'VP8X': {
			const uint24 = (at: number) => view.getUint16(at, true) | (view.getUint8(at + 2) << 16);
			return upright(uint24(24) + 1, uint24(27) + 1);
		}
		default:
			return undefined;
	}
}

/** Where the root of an SVG must have begun and ended. */
const SVG_HEAD_BYTES = 8192;

/** SVG 1.1, 7.2 and 7.7: `width` and `height` in pixels, else the last two numbers of `viewBox`. */
function readSvg(bytes: Uint8Array): ImageSize | undefined {
	if (sniffFileType(bytes)?.extension !== 'svg') return undefined;
	const root = /<svg\s([^>]*)>/i.exec(bytesToLatin1(bytes, 0, SVG_HEAD_BYTES))?.[1] ?? '';
	const [width, height] = ['width', 'height'].map((name) => {
		const pixels = new RegExp(`(?:^|\\s)${name}\\s*=\\s*["']\\s*([\\d.]+)(?:px)?\\s*["']`, 'i').exec(root)?.[1];
		return Math.round(Number(pixels ?? 0));
	});
	const box = /(?:^|\s)viewBox\s*=\s*["']([^"']*)["']/i
		.exec(root)?.[1]
		?.trim()
		.split(/[\s,]+/);
	const [, , boxWidth = 0, boxHeight = 0] = (box ?? []).map((side) => Math.round(Number(side)));
	return upright(width ?? 0, height ?? 0) ?? upright(boxWidth, boxHeight);
}

const EXIF_ORIENTATION_TAG = 0x0112;

/** JPEG (ITU T.81 annex B): walks the markers to the frame header; SOF0 to SOF15 but for DHT, JPG and DAC. */
function readJpeg(view: DataView): ImageSize | undefined {
	if (view.getUint16(0) !== 0xffd8) return undefined;
	let orientation = 1;
	let at = 2;
	while (at < view.byteLength) {
		if (view.getUint8(at) !== 0xff) return undefined;
		const marker = view.getUint8(at + 1);
		// Fill bytes and markers without a length.
		if (marker === 0xff) at += 1;
		else if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)) at += 2;
		else {
			const isFrameHeader = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
			if (isFrameHeader) return orient(view.getUint16(at + 7), view.getUint16(at + 5), orientation);
			if (marker === 0xe1) orientation = tryExifOrientation(view, at + 4) ?? orientation;
			at += 2 + view.getUint16(at + 2);
		}
	}
	return undefined;
}

function orient(width: number, height: number, orientation: number): ImageSize | undefined {
	if (width <= 0 || height <= 0) return undefined;
	return orientation >= 5 && orientation <= 8
		? { width: height, height: width, rotated: true }
		: { width, height, rotated: false };
}

/** Damaged metadata do not hide the pixels of the frame header behind them. */
function tryExifOrientation(view: DataView, at: number): number | undefined {
	try {
		return readExifOrientation(view, at);
	} catch {
		return undefined;
	}
}

/** EXIF 2.3, 4.6: "Exif\0\0", then a TIFF header and the first directory. */
function readExifOrientation(view: DataView, at: number): number | undefined {
	if (view.getUint32(at) !== 0x45786966) return undefined;
	const tiff = at + 6;
	const littleEndian = view.getUint16(tiff) === 0x4949;
	const directory = tiff + view.getUint32(tiff + 4, littleEndian);
	const entries = view.getUint16(directory, littleEndian);
	for (let entry = 0; entry < entries; entry++) {
		const position = directory + 2 + entry * 12;
		if (view.getUint16(position, littleEndian) === EXIF_ORIENTATION_TAG) {
			return view.getUint16(position + 8, littleEndian);
		}
	}
	return undefined;
}
