'use strict';

/** Boxes of MP4 files, written by hand from ISO/IEC 14496-12. */

/** @param {number} value */
function uint32(value) {
	const bytes = Buffer.alloc(4);
	bytes.writeUInt32BE(value);
	return bytes;
}

/** @param {number | bigint} value negative ones as their two's complement */
function uint64(value) {
	const bytes = Buffer.alloc(8);
	bytes.writeBigUInt64BE(BigInt.asUintN(64, BigInt(value)));
	return bytes;
}

/**
 * @param {string} type
 * @param {...Buffer} content
 */
function box(type, ...content) {
	const body = Buffer.concat(content);
	return Buffer.concat([uint32(body.length + 8), Buffer.from(type, 'latin1'), body]);
}

/** A box whose size takes 64 bits. */
function largeBox(type, ...content) {
	const body = Buffer.concat(content);
	return Buffer.concat([uint32(1), Buffer.from(type, 'latin1'), uint64(body.length + 16), body]);
}

/** The outermost boxes of a file, with short sizes. */
function topBoxes(file) {
	const boxes = [];
	for (let at = 0; at < file.length; ) {
		const size = file.readUInt32BE(at);
		if (size < 8 || at + size > file.length) throw new Error(`no plain box at ${at}`);
		const bytes = file.subarray(at, at + size);
		boxes.push({ at, type: bytes.toString('latin1', 4, 8), bytes, body: bytes.subarray(8) });
		at += size;
	}
	return boxes;
}

/** Version and flags, then a time or a length in the width of that version. */
function versioned(version) {
	return { head: Buffer.from([version, 0, 0, 3]), time: version === 1 ? uint64 : (value) => uint32(Number(value)) };
}

/** `mvhd`, section 8.2.2. */
function movieHeader({ version, timescale, duration }) {
	const { head, time } = versioned(version);
	return box('mvhd', head, time(0), time(0), uint32(timescale), time(duration), Buffer.alloc(80));
}

/** `tkhd`, section 8.3.2; `matrix`: a, b, u, c, d, v as whole numbers. */
function trackHeader({ version, width, height, matrix = [1, 0, 0, 0, 1, 0] }) {
	const { head, time } = versioned(version);
	const numbers = Buffer.alloc(36);
	matrix.forEach((value, index) => numbers.writeInt32BE(value * 65_536, index * 4));
	numbers.writeInt32BE(0x40000000, 32);
	const size = [uint32(width * 65_536), uint32(height * 65_536)];
	// Creation, modification, track, reserved, duration; then reserved, layer, group, volume.
	return box('tkhd', head, time(0), time(0), uint32(1), uint32(0), time(0), Buffer.alloc(16), numbers, ...size);
}

/** A track with its kind (`vide`, `soun`) and header. */
function track(kind, header) {
	const handler = box('hdlr', uint32(0), uint32(0), Buffer.from(kind, 'latin1'), Buffer.alloc(13));
	return box('trak', header, box('mdia', handler));
}

module.exports = { box, largeBox, movieHeader, topBoxes, track, trackHeader, uint32 };
