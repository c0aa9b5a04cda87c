'use strict';

const fc = require('fast-check');

const { fingerprintOf } = require('../../build/nodes/core/fingerprint');

const json = (fields) => ({ encoding: 'json', fields });
const withFile = (bytes) => ({
	encoding: 'multipart',
	fields: { prompt: 'a' },
	files: [{ field: 'input_reference', bytes: Uint8Array.from(bytes), fileName: 'a.png', mimeType: 'image/png' }],
});

test('the order of the fields does not matter, everything else does', () => {
	const one = fingerprintOf('/videos', json({ prompt: 'a', seed: { b: 1, a: [1, 2] } }));
	expect(fingerprintOf('/videos', json({ seed: { a: [1, 2], b: 1 }, prompt: 'a' }))).toBe(one);
	for (const other of [
		{ prompt: 'b' },
		{ prompt: 'a', seed: { b: 1, a: [2, 1] } },
		{ prompt: 'a', seed: { b: '1' } },
	]) {
		expect(fingerprintOf('/videos', json(other))).not.toBe(one);
	}
	expect(fingerprintOf('/videos/x/remix', json({ prompt: 'a', seed: { b: 1, a: [1, 2] } }))).not.toBe(one);
});

test('the bytes of a file matter, its name does not', () => {
	const one = fingerprintOf('/videos', withFile([1, 2, 3]));
	const renamed = withFile([1, 2, 3]);
	renamed.files[0].fileName = 'b.png';
	expect(fingerprintOf('/videos', renamed)).toBe(one);
	expect(fingerprintOf('/videos', withFile([1, 2, 4]))).not.toBe(one);
	expect(fingerprintOf('/videos', withFile([1, 2, 3, 0]))).not.toBe(one);
});

test('different prompts have different fingerprints', () => {
	fc.assert(
		fc.property(fc.uniqueArray(fc.string(), { maxLength: 200 }), (prompts) => {
			const fingerprints = prompts.map((prompt) => fingerprintOf('/videos', json({ prompt })));
			expect(new Set(fingerprints).size).toBe(prompts.length);
		}),
	);
});

test('neighbouring prompts, one character apart at any place, differ', () => {
	const prompt = 'A paper boat on a rainy street';
	const fingerprints = new Set();
	for (let at = 0; at < prompt.length; at++) {
		for (const letter of 'abcdefghijklmnopqrstuvwxyz0123456789') {
			fingerprints.add(fingerprintOf('/videos', json({ prompt: prompt.slice(0, at) + letter + prompt.slice(at + 1) })));
		}
	}
	const same = [...prompt].filter((letter) => /[a-z0-9]/.test(letter)).length;
	expect(fingerprints.size).toBe(prompt.length * 36 - same + 1);
});
