'use strict';

/**
 * A very small H.264 encoder (ITU-T H.264, baseline profile): flat coloured stripes with a band that moves down, in any
 * number of pixels. It makes real, playable video without a video program being installed. A picture is a handful of
 * uncompressed macroblocks (I_PCM); all others copy their left or upper neighbour (Intra 16x16 prediction without
 * residual), and the pictures between two key frames say "nothing changed" (P_Skip).
 */

const MACROBLOCK = 16;
const STRIPES = 8;
const I_PCM = 25;
const COPY_ABOVE = { type: 1, chroma: 2 };
const COPY_LEFT = { type: 2, chroma: 1 };

class BitWriter {
	constructor() {
		this.bytes = [];
		this.current = 0;
		this.used = 0;
	}

	bits(value, count) {
		for (let bit = count - 1; bit >= 0; bit--) {
			this.current = (this.current << 1) | ((value >>> bit) & 1);
			if (++this.used === 8) {
				this.bytes.push(this.current);
				this.current = 0;
				this.used = 0;
			}
		}
	}

	/** Unsigned Exp-Golomb code, H.264 9.1. */
	ue(value) {
		const length = 32 - Math.clz32(value + 1);
		this.bits(0, length - 1);
		this.bits(value + 1, length);
	}

	/** Signed zero; nothing else is needed here. */
	seZero() {
		this.ue(0);
	}

	alignZero() {
		while (this.used !== 0) this.bits(0, 1);
	}

	trailing() {
		this.bits(1, 1);
		this.alignZero();
	}

	/** The bytes as a NAL unit, with emulation prevention (7.4.1). */
	toNal(header) {
		const out = [header];
		let zeros = 0;
		for (const byte of this.bytes) {
			if (zeros >= 2 && byte <= 3) {
				out.push(3);
				zeros = 0;
			}
			out.push(byte);
			zeros = byte === 0 ? zeros + 1 : 0;
		}
		return Uint8Array.from(out);
	}
}

function geometry(width, height) {
	return { columns: Math.ceil(width / MACROBLOCK), rows: Math.ceil(height / MACROBLOCK) };
}

function sequenceParameterSet(width, height) {
	const { columns, rows } = geometry(width, height);
	const writer = new BitWriter();
	writer.bits(66, 8); // baseline
	writer.bits(0xc0, 8);
	writer.bits(51, 8); // level 5.1: up to 36,864 macroblocks
	writer.ue(0);
	writer.ue(4); // frame_num has 8 bits
	writer.ue(2); // output order is decoding order
	writer.ue(1); // one reference frame
	writer.bits(0, 1);
	writer.ue(columns - 1);
	writer.ue(rows - 1);
	writer.bits(1, 1); // whole frames only
	writer.bits(1, 1);
	const cropRight = (columns * MACROBLOCK - width) / 2;
	const cropBottom = (rows * MACROBLOCK - height) / 2;
	const isCropped = cropRight > 0 || cropBottom > 0;
	writer.bits(isCropped ? 1 : 0, 1);
	if (isCropped) for (const crop of [0, cropRight, 0, cropBottom]) writer.ue(crop);
	writer.bits(0, 1);
	writer.trailing();
	return writer.toNal(0x67);
}

function pictureParameterSet() {
	const writer = new BitWriter();
	writer.ue(0);
	writer.ue(0);
	writer.bits(0, 2); // CAVLC, no bottom field order
	writer.ue(0);
	writer.ue(0);
	writer.ue(0);
	writer.bits(0, 3); // no weighted prediction
	writer.seZero();
	writer.seZero();
	writer.seZero();
	writer.bits(0b100, 3); // slices say whether they deblock
	writer.trailing();
	return writer.toNal(0x68);
}

/**
 * A key frame: eight coloured stripes, and a band of other colours.
 * @param {{width: number, height: number, index: number, stripes: number[][], band: number[][], bandTop: number, bandRows: number}} picture
 */
function keyFrame({ width, height, index, stripes, band, bandTop, bandRows }) {
	const { columns, rows } = geometry(width, height);
	const writer = new BitWriter();
	writer.ue(0);
	writer.ue(7); // all slices of this picture are I
	writer.ue(0);
	writer.bits(0, 8); // frame_num
	writer.ue(index % 2); // two key frames in a row must differ here
	writer.bits(0, 2);
	writer.seZero();
	writer.ue(1); // no deblocking

	const stripeOf = (column) => Math.min(STRIPES - 1, Math.floor((column * STRIPES) / columns));
	const isPcm = (row, column) => {
		const isChange = row === 0 || row === bandTop || row === bandTop + bandRows;
		return isChange && (column === 0 || stripeOf(column) !== stripeOf(column - 1));
	};
	for (let row = 0; row < rows; row++) {
		const colours = row >= bandTop && row < bandTop + bandRows ? band : stripes;
		const isChange = row === 0 || row === bandTop || row === bandTop + bandRows;
		for (let column = 0; column < columns; column++) {
			if (isPcm(row, column)) {
				writePcm(writer, colours[stripeOf(column)]);
			} else {
				const neighbours = [
					...(column > 0 ? [isPcm(row, column - 1) ? 16 : 0] : []),
					...(row > 0 ? [isPcm(row - 1, column) ? 16 : 0] : []),
				];
				writeCopy(writer, isChange ? COPY_LEFT : COPY_ABOVE, neighbours);
			}
		}
	}
	writer.trailing();
	return writer.toNal(0x65);
}

function writePcm(writer, [y, cb, cr]) {
	writer.ue(I_PCM);
	writer.alignZero();
	for (let sample = 0; sample < 256; sample++) writer.bits(y, 8);
	for (let sample = 0; sample < 64; sample++) writer.bits(cb, 8);
	for (let sample = 0; sample < 64; sample++) writer.bits(cr, 8);
}

/** @param {number[]} neighbours coefficient counts of the left and upper macroblocks that exist (9.2.1) */
function writeCopy(writer, mode, neighbours) {
	writer.ue(mode.type);
	writer.ue(mode.chroma);
	writer.seZero();
	const sum = neighbours.reduce((total, count) => total + count, 0);
	const context = neighbours.length === 2 ? (sum + 1) >> 1 : sum;
	if (context >= 8) writer.bits(0b000011, 6);
	else writer.bits(1, 1);
}

/** A frame in which nothing changed. */
function skipFrame({ width, height, frameNumber }) {
	const { columns, rows } = geometry(width, height);
	const writer = new BitWriter();
	writer.ue(0);
	writer.ue(5); // all slices of this picture are P
	writer.ue(0);
	writer.bits(frameNumber & 255, 8);
	writer.bits(0, 3);
	writer.seZero();
	writer.ue(1);
	writer.ue(columns * rows);
	writer.trailing();
	return writer.toNal(0x41);
}

/** The AVCDecoderConfigurationRecord of ISO/IEC 14496-15, 5.3.3.1. */
function decoderConfiguration(sps, pps) {
	return Uint8Array.from([
		1,
		sps[1],
		sps[2],
		sps[3],
		0xff,
		0xe1,
		sps.length >> 8,
		sps.length & 255,
		...sps,
		1,
		pps.length >> 8,
		pps.length & 255,
		...pps,
	]);
}

/** A NAL unit with its length in front, as MP4 samples hold it. */
function toSample(nal) {
	const sample = new Uint8Array(nal.length + 4);
	new DataView(sample.buffer).setUint32(0, nal.length);
	sample.set(nal, 4);
	return sample;
}

/** @param {() => number} random */
function palette(random) {
	const level = () => 40 + Math.floor(random() * 170);
	return Array.from({ length: STRIPES }, () => [level(), level(), level()]);
}

/**
 * The samples of a video.
 * @param {{width: number, height: number, seconds: number, framesPerSecond: number, random: () => number}} wish
 */
function encodeVideo({ width, height, seconds, framesPerSecond, random }) {
	if (width % 2 || height % 2) throw new Error('H.264 with 4:2:0 colour needs even pixels');
	const { rows } = geometry(width, height);
	const sps = sequenceParameterSet(width, height);
	const pps = pictureParameterSet();
	const stripes = palette(random);
	const band = palette(random);
	const bandRows = Math.max(1, Math.floor(rows / 6));
	const framesBetweenKeys = Math.max(1, Math.floor(framesPerSecond / 4));
	const samples = [];
	for (let frame = 0; frame < Math.round(seconds * framesPerSecond); frame++) {
		const sinceKey = frame % framesBetweenKeys;
		const isKey = sinceKey === 0;
		const index = frame / framesBetweenKeys;
		const bandTop = 1 + (index % Math.max(1, rows - bandRows - 1));
		const nal = isKey
			? keyFrame({ width, height, index, stripes, band, bandTop, bandRows })
			: skipFrame({ width, height, frameNumber: sinceKey });
		samples.push({ bytes: toSample(nal), isKey, timestamp: frame / framesPerSecond, duration: 1 / framesPerSecond });
	}
	const hex = (value) => value.toString(16).padStart(2, '0');
	return {
		samples,
		codec: `avc1.${hex(sps[1])}${hex(sps[2])}${hex(sps[3])}`,
		description: decoderConfiguration(sps, pps),
	};
}

module.exports = { encodeVideo };
