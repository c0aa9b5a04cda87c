'use strict';

const { findVideoModel, retirementOf, typicalSecondsOf } = require('../../build/nodes/core/catalogue');
const { VIDEO_MODELS } = require('../../build/nodes/core/catalogueData');
const { DIALECTS } = require('../../build/nodes/core/dialects');

const SMALL = ['720x1280', '1280x720'];
const ALL = [...SMALL, '1024x1792', '1792x1024', '1080x1920', '1920x1080'];

describe('findVideoModel', () => {
	test.each(['sora-2', ' sora-2 ', 'SORA-2', 'Sora-2'])('finds sora-2 by %j', (id) => {
		expect(findVideoModel(id).id).toBe('sora-2');
	});

	test.each(['', 'sora', 'sora-2-proo', 'sora_video2', 'sora-2-2030-01-01'])('%j is not in the catalogue', (id) => {
		expect(findVideoModel(id)).toBeUndefined();
	});

	test.each([
		['sora-2', SMALL, [4, 8, 12], 32_000],
		['sora-2-2025-10-06', SMALL, [4, 8, 12], 32_000],
		['sora-2-2025-12-08', SMALL, [4, 8, 12], 32_000],
		['sora-2-pro', ALL, [4, 8, 12], 32_000],
		['sora-2-pro-2025-10-06', ALL, [4, 8, 12], 32_000],
		['muse-video', [], [5, 8, 10], undefined],
	])('%s makes %j, %j seconds, of prompts of up to %s characters', (id, sizes, seconds, promptLimit) => {
		const model = findVideoModel(id);
		expect([...model.seconds]).toEqual(seconds);
		expect([...model.sizes].sort()).toEqual([...sizes].sort());
		expect(model.promptLimit).toBe(promptLimit);
	});

	test.each([
		['sora-2-2025-12-08', 'sora-2'],
		['sora-2-pro-2025-10-06', 'sora-2-pro'],
	])('%s stands for %s and costs the same', (snapshot, base) => {
		expect(findVideoModel(snapshot).snapshotOf).toBe(base);
		expect(findVideoModel(snapshot).pricePerSecondUsd).toEqual(findVideoModel(base).pricePerSecondUsd);
	});
});

describe('retirementOf', () => {
	test.each([
		['sora-2', 'openai', '2026-09-24', undefined],
		['sora-2-pro', 'openai', '2026-09-24', undefined],
		['sora-2', 'laozhang', '2026-07-01', undefined],
		['sora-2-pro', 'laozhang', '2026-07-01', undefined],
		['sora-2-2025-12-08', 'azure', '2026-09-15', true],
		['sora-2-2025-10-06', 'azure', '2026-07-15', undefined],
	])('%s ended at %s on %s', (id, server, date, unconfirmed) => {
		const retirement = retirementOf(findVideoModel(id), server);
		expect(retirement.date).toBe(date);
		expect(retirement.unconfirmed).toBe(unconfirmed);
	});

	test.each(['apiyi', 'custom', 'toString'])('is not known to have ended at %s', (server) => {
		expect(retirementOf(findVideoModel('sora-2'), server)).toBeUndefined();
	});
});

describe('typicalSecondsOf', () => {
	test('nothing is known of a model that is not in the catalogue', () => {
		expect(typicalSecondsOf(undefined, 8)).toBeUndefined();
	});

	test.each([
		['sora-2', 4, 180, 300],
		['sora-2', 12, 180, 300],
		['sora-2-pro', 4, 300, 600],
		['sora-2-pro', 12, 300, 600],
	])('%s with %i seconds usually takes %i to %i seconds, as published', (id, seconds, least, most) => {
		const typical = typicalSecondsOf(findVideoModel(id), seconds);
		expect(typical).toBeGreaterThanOrEqual(least);
		expect(typical).toBeLessThanOrEqual(most);
	});

	test('a length that is not listed is taken for the nearest that is', () => {
		const model = { seconds: [4, 8], typicalSeconds: { 4: 100, 8: 200 } };
		expect([1, 5, 7, 60].map((seconds) => typicalSecondsOf(model, seconds))).toEqual([100, 100, 200, 200]);
	});

	test("without a length the model's first one counts", () => {
		expect(typicalSecondsOf({ seconds: [8, 4], typicalSeconds: { 4: 100, 8: 200 } }, undefined)).toBe(200);
	});

	test('a model without known times has none', () => {
		expect(typicalSecondsOf({ seconds: [4], typicalSeconds: {} }, 4)).toBeUndefined();
	});
});

describe('the data', () => {
	test('ids are unique', () => {
		const ids = VIDEO_MODELS.map((model) => model.id);
		expect(new Set(ids).size).toBe(ids.length);
	});

	test.each(VIDEO_MODELS.map((model) => [model.id, model]))('%s is complete, consistent and sourced', (id, model) => {
		expect(id).toBe(id.trim().toLowerCase());
		if (model.pricePerVideoUsd === undefined) {
			expect(Object.keys(model.pricePerSecondUsd).sort()).toEqual([...model.sizes].sort());
		}
		for (const size of model.sizes) expect(size).toMatch(/^[1-9]\d*x[1-9]\d*$/);
		for (const length of Object.keys(model.typicalSeconds)) expect(model.seconds).toContain(Number(length));
		for (const { server, date } of model.retired) {
			expect(Object.keys(DIALECTS)).toContain(server);
			expect(new Date(date).toISOString().slice(0, 10)).toBe(date);
		}
		expect(model.sources.length).toBeGreaterThan(0);
		for (const source of model.sources) {
			expect(source.from).not.toBe('');
			expect(source.checked).toMatch(/^\d{4}-\d{2}-\d{2}$/);
		}
	});
});

describe('the models of other APIs', () => {
	const { IMAGE_MODELS } = require('../../build/nodes/core/catalogueImages');
	const { CHAT_VIDEO_MODELS } = require('../../build/nodes/core/catalogueChatVideos');
	const image = (id) => IMAGE_MODELS.find((model) => model.id === id);

	test('no id stands there twice', () => {
		const ids = [...VIDEO_MODELS, ...IMAGE_MODELS, ...CHAT_VIDEO_MODELS].map(({ id }) => id);
		expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
	});

	test('image prices are those of the provider’s pages', () => {
		expect(image('sora_image')).toMatchObject({
			pricePerImageUsd: { any: { any: 0.01 } },
			promptLimit: 500,
			requestsPerMinute: 10,
		});
		expect(image('gpt-image-1').pricePerImageUsd).toEqual({
			low: { '1024x1024': 0.005, '1024x1536': 0.006, '1536x1024': 0.006 },
			medium: { '1024x1024': 0.011, '1024x1536': 0.015, '1536x1024': 0.015 },
			high: { '1024x1024': 0.036, '1024x1536': 0.052, '1536x1024': 0.052 },
		});
		expect(image('gpt-image-1').retired).toEqual([{ server: 'openai', date: '2026-10-23' }]);
	});

	test.each([
		'sora2-landscape-10s',
		'sora2-portrait-25s',
		'sora2pro-hd-portrait-15s',
		'sora2-extension-15s',
		'avatar-create',
		'prompt-enhance-long-20s',
	])('%s of sora2api is known', (id) => expect(CHAT_VIDEO_MODELS.map((model) => model.id)).toContain(id));

	test('the models that sora2api does not have are not made up', () => {
		const ids = CHAT_VIDEO_MODELS.map(({ id }) => id);
		expect(ids).not.toContain('sora2pro-hd-landscape-25s');
		expect(ids.filter((id) => id.startsWith('sora2'))).toHaveLength(6 + 6 + 4 + 2);
	});
});
