'use strict';

const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const {
	ALL_FORMATS,
	BufferSource,
	BufferTarget,
	EncodedAudioPacketSource,
	EncodedPacket,
	EncodedVideoPacketSource,
	Input,
	Mp4OutputFormat,
	Output,
} = require('mediabunny');

const { encodeVideo } = require('./h264');

const FRAMES_PER_SECOND = 24;
const SAMPLE_RATE = 48_000;
const SAMPLES_PER_AAC_FRAME = 1024;
const ADTS_HEADER_BYTES = 7;
/** AAC-LC, 48 kHz, one channel (ISO/IEC 14496-3, 1.6.2.1). */
const AUDIO_SPECIFIC_CONFIG = Uint8Array.from([0x11, 0x88]);

/** The AAC frames of tone.adts, without their headers. */
const toneFrames = (() => {
	const file = readFileSync(join(__dirname, 'tone.adts'));
	const frames = [];
	for (let at = 0; at + ADTS_HEADER_BYTES <= file.length; ) {
		const length = ((file[at + 3] & 3) << 11) | (file[at + 4] << 3) | (file[at + 5] >> 5);
		frames.push(Uint8Array.from(file.subarray(at + ADTS_HEADER_BYTES, at + length)));
		at += length;
	}
	// The encoder's first frames fade in; the rest can be looped.
	return frames.slice(2);
})();

/** Numbers in [0, 1) that are the same for the same text (mulberry32). */
function randomFrom(text) {
	let state = 2166136261;
	for (const character of text) state = Math.imul(state ^ character.codePointAt(0), 16777619);
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let value = Math.imul(state ^ (state >>> 15), 1 | state);
		value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
		return ((value ^ (value >>> 14)) >>> 0) / 4294967296;
	};
}

/** @type {Map<string, Promise<Buffer>>} */
const cache = new Map();

/**
 * A playable MP4 (H.264 and AAC) of the asked pixels and seconds whose colours depend on the seed.
 * @param {{width: number, height: number, seconds: number, seed: string}} wish
 * @returns {Promise<Buffer>}
 */
function makeMovie(wish) {
	const key = JSON.stringify([wish.width, wish.height, wish.seconds, wish.seed]);
	let movie = cache.get(key);
	if (!movie) {
		movie = writeMovie(wish);
		cache.set(key, movie);
		// The oldest goes first: a long test run makes thousands of different ones.
		if (cache.size > 64) cache.delete(/** @type {string} */ (cache.keys().next().value));
	}
	return movie;
}

async function writeMovie({ width, height, seconds, seed }) {
	const video = encodeVideo({ width, height, seconds, framesPerSecond: FRAMES_PER_SECOND, random: randomFrom(seed) });
	const target = new BufferTarget();
	const output = new Output({ format: new Mp4OutputFormat({ fastStart: 'in-memory' }), target });
	const videoTrack = new EncodedVideoPacketSource('avc');
	const audioTrack = new EncodedAudioPacketSource('aac');
	output.addVideoTrack(videoTrack, { frameRate: FRAMES_PER_SECOND });
	output.addAudioTrack(audioTrack);
	await output.start();
	for (const sample of video.samples) {
		const packet = new EncodedPacket(sample.bytes, sample.isKey ? 'key' : 'delta', sample.timestamp, sample.duration);
		await videoTrack.add(packet, {
			decoderConfig: { codec: video.codec, codedWidth: width, codedHeight: height, description: video.description },
		});
	}
	const frameSeconds = SAMPLES_PER_AAC_FRAME / SAMPLE_RATE;
	const audioFrames = Math.floor(seconds / frameSeconds);
	for (let index = 0; index < audioFrames; index++) {
		const bytes = toneFrames[index % toneFrames.length];
		const packet = new EncodedPacket(bytes, 'key', index * frameSeconds, frameSeconds);
		await audioTrack.add(packet, {
			decoderConfig: {
				codec: 'mp4a.40.2',
				sampleRate: SAMPLE_RATE,
				numberOfChannels: 1,
				description: AUDIO_SPECIFIC_CONFIG,
			},
		});
	}
	await output.finalize();
	return Buffer.from(/** @type {ArrayBuffer} */ (target.buffer));
}

/** Pixels and seconds of an MP4 as an independent program reads them; undefined when it is none. */
async function readMovie(bytes) {
	try {
		const input = new Input({ source: new BufferSource(bytes), formats: ALL_FORMATS });
		const track = await input.getPrimaryVideoTrack();
		if (!track) return undefined;
		return { width: track.displayWidth, height: track.displayHeight, seconds: await input.computeDuration() };
	} catch {
		return undefined;
	}
}

module.exports = { makeMovie, randomFrom, readMovie };
