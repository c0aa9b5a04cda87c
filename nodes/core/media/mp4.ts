import { bytesToLatin1 } from './fileType';

/** What the structure of an MP4 file says (ISO/IEC 14496-12). */
export interface Mp4Facts {
	width?: number;
	height?: number;
	durationSeconds?: number;
	hasAudio: boolean;
}

/** A movie box larger than this is not kept: its facts stay unknown. */
const MAX_MOVIE_BOX_BYTES = 16 * 1024 * 1024;

/**
 * Reads an MP4 while it streams by, in chunks of any size, wherever its movie box stands, and keeps nothing but that
 * box. Never throws on any bytes.
 */
export class Mp4Reader {
	/** Bytes seen so far. */
	totalBytes = 0;

	private readonly header: number[] = [];

	private movieParts: Uint8Array[] | undefined;

	private movie: Uint8Array | undefined;

	/** Bytes of the current box that are still to come; Infinity for a box that runs to the end of the file. */
	private remaining = 0;

	private sawFileTypeBox = false;

	/** Takes in the next bytes of the file, cut anywhere. */
	push(chunk: Uint8Array): void {
		this.totalBytes += chunk.length;
		let at = 0;
		while (at < chunk.length) at = this.remaining > 0 ? this.readBody(chunk, at) : this.readHeader(chunk, at);
	}

	/** True when the file ends inside a box although it began like an MP4: bytes are missing. */
	get isTruncated(): boolean {
		if (!this.sawFileTypeBox) return false;
		// A few bytes behind the last box are padding, not half a header.
		return this.remaining > 0 && this.remaining !== Infinity;
	}

	/** What the movie box says; undefined when there was none. */
	facts(): Mp4Facts | undefined {
		return this.movie ? readMovieBox(this.movie) : undefined;
	}

	private readHeader(chunk: Uint8Array, start: number): number {
		let at = start;
		while (at < chunk.length && this.header.length < this.headerLength()) this.header.push(chunk[at++]!);
		if (this.header.length < this.headerLength()) return at;

		const view = new DataView(Uint8Array.from(this.header).buffer);
		const type = bytesToLatin1(Uint8Array.from(this.header), 4, 8);
		const short = view.getUint32(0);
		const size = short === 1 ? Number(view.getBigUint64(8)) : short === 0 ? Infinity : short;
		this.remaining = Math.max(0, size - this.header.length);
		this.header.length = 0;
		if (type === 'ftyp') this.sawFileTypeBox = true;
		this.movieParts = type === 'moov' && this.remaining <= MAX_MOVIE_BOX_BYTES ? [] : undefined;
		return at;
	}

	/** Eight bytes, or sixteen when the size field says that a 64-bit size follows. */
	private headerLength(): number {
		const isLarge = this.header.length >= 4 && this.header.slice(0, 4).join() === '0,0,0,1';
		return isLarge ? 16 : 8;
	}

	private readBody(chunk: Uint8Array, start: number): number {
		const end = Math.min(chunk.length, start + this.remaining);
		this.remaining -= end - start;
		// A copy, because the chunk's memory belongs to the stream; the `slice` of Node.js's Buffer makes none.
		this.movieParts?.push(new Uint8Array(chunk.subarray(start, end)));
		if (this.remaining === 0 && this.movieParts) {
			this.movie = concatenate(this.movieParts);
			this.movieParts = undefined;
		}
		return end;
	}
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array {
	const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
	let at = 0;
	for (const part of parts) {
		whole.set(part, at);
		at += part.length;
	}
	return whole;
}

interface Box {
	type: string;
	body: Uint8Array;
}

/** The boxes inside a box; stops at the first one that does not fit. */
function childBoxes(bytes: Uint8Array): Box[] {
	const boxes: Box[] = [];
	const view = viewOf(bytes);
	let at = 0;
	while (at + 8 <= bytes.length) {
		const size = view.getUint32(at);
		if (size < 8 || at + size > bytes.length) break;
		boxes.push({ type: bytesToLatin1(bytes, at + 4, at + 8), body: bytes.subarray(at + 8, at + size) });
		at += size;
	}
	return boxes;
}

function viewOf(bytes: Uint8Array): DataView {
	return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function findBox(bytes: Uint8Array, ...path: string[]): Uint8Array | undefined {
	let current: Uint8Array | undefined = bytes;
	for (const type of path) {
		current = current && childBoxes(current).find((box) => box.type === type)?.body;
	}
	return current;
}

function readMovieBox(movie: Uint8Array): Mp4Facts {
	const facts: Mp4Facts = { hasAudio: false };
	try {
		facts.durationSeconds = readDuration(findBox(movie, 'mvhd'));
		for (const track of childBoxes(movie).filter((box) => box.type === 'trak')) {
			const handler = findBox(track.body, 'mdia', 'hdlr');
			const kind = handler ? bytesToLatin1(handler, 8, 12) : '';
			if (kind === 'soun') facts.hasAudio = true;
			if (kind === 'vide') Object.assign(facts, readTrackPixels(findBox(track.body, 'tkhd')));
		}
	} catch {
		// A header box that is shorter than its version says; what was read before it stands.
	}
	return facts;
}

/** Undefined for zero, as fragmented files have, and for all ones, which mean that nobody knows. */
function readDuration(header: Uint8Array | undefined): number | undefined {
	if (!header) return undefined;
	const view = viewOf(header);
	const isLong = view.getUint8(0) === 1;
	const timescale = view.getUint32(isLong ? 20 : 12);
	const duration = isLong ? Number(view.getBigUint64(24)) : view.getUint32(16);
	const isUnknown = duration === 0 || duration === (isLong ? 2 ** 64 : 2 ** 32 - 1);
	return timescale > 0 && !isUnknown ? Math.round((duration / timescale) * 1000) / 1000 : undefined;
}

/** Width and height of a track header (16.16 fixed point), turned when its matrix turns the picture by 90°. */
function readTrackPixels(header: Uint8Array | undefined): { width?: number; height?: number } {
	if (!header) return {};
	const view = viewOf(header);
	const matrixAt = view.getUint8(0) === 1 ? 52 : 40;
	const isTurned = view.getInt32(matrixAt) === 0 && view.getInt32(matrixAt + 4) !== 0;
	const width = view.getUint32(matrixAt + 36) / 65_536;
	const height = view.getUint32(matrixAt + 40) / 65_536;
	if (width === 0 || height === 0) return {};
	return isTurned ? { width: height, height: width } : { width, height };
}
