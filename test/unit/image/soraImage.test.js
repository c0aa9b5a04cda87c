'use strict';

const fc = require('fast-check');

const { findImageModel } = require('../../../build/nodes/core/catalogue');
const { composeText, messageOf, RATIOS, STYLES } = require('../../../build/nodes/core/image/soraImage');

const SORA_IMAGE = findImageModel('sora_image', 'chat');
const compose = (wish, model = SORA_IMAGE) =>
	composeText({ model: 'sora_image', prompt: 'Cat', ratio: '2:3', style: 'none', ...wish }, model);

describe('the words of a request', () => {
	test.each([
		['a ratio', {}, 'Cat【2:3】'],
		['no ratio', { ratio: 'none' }, 'Cat'],
		['a tag that is there already', { prompt: 'Cat【2:3】' }, 'Cat【2:3】'],
		['a tag with spaces', { prompt: 'Cat 【 2:3 】 \n' }, 'Cat【2:3】'],
		['another tag that is there already', { prompt: 'Cat【3:2】' }, 'Cat【2:3】'],
		['no ratio, but a tag', { prompt: 'Cat【3:2】', ratio: 'none', style: 'sketch' }, `Cat, ${STYLES.sketch}【3:2】`],
		['a tag in the middle', { prompt: '【1:1】 Cat' }, '【1:1】 Cat【2:3】'],
		['a style', { style: 'watercolor' }, `Cat, ${STYLES.watercolor}【2:3】`],
		['a variation', { variation: 'orange tabby' }, 'Cat, orange tabby【2:3】'],
		['a variation with a tag', { variation: 'tabby【1:1】', ratio: 'none' }, 'Cat, tabby【1:1】'],
		[
			'a scene',
			{ scene: { time: 'morning', weather: 'mist', mood: 'mysterious' }, ratio: '3:2' },
			'Cat\nTime: morning\nWeather: mist\nMood: mysterious\nPhotography style, professional composition\n【3:2】',
		],
		[
			'half a scene',
			{ scene: { time: '', mood: 'calm' }, ratio: 'none' },
			`Cat\nMood: calm\nPhotography style, professional composition`,
		],
		['an empty scene', { scene: { time: ' ' } }, 'Cat【2:3】'],
		[
			'everything in its order',
			{ scene: { time: 'noon' }, style: 'anime', variation: 'grey', ratio: '1:1' },
			`Cat, grey\nTime: noon\n${STYLES.anime}\n【1:1】`,
		],
		['Chinese and emoji', { prompt: '一只橙色的猫 🐈‍⬛' }, '一只橙色的猫 🐈‍⬛【2:3】'],
	])('with %s', (_name, wish, text) => {
		expect(compose(wish).text).toBe(text);
	});

	test('the tag is at the end once, whatever is asked for', () => {
		const wish = fc.record({
			prompt: fc.constantFrom('Cat', 'Cat【1:1】', '猫 【2:3】 ', 'a【3:2】b'),
			ratio: fc.constantFrom(...RATIOS),
			style: fc.constantFrom('none', ...Object.keys(STYLES)),
			variation: fc.option(fc.constantFrom('tabby', 'grey【2:3】'), { nil: undefined }),
			scene: fc.option(fc.record({ time: fc.constantFrom('', 'noon') }), { nil: undefined }),
		});
		fc.assert(
			fc.property(wish, (wished) => {
				const { text, ratio } = compose(wished);
				expect(text.endsWith(`【${wished.ratio}】`)).toBe(true);
				expect(ratio).toBe(wished.ratio);
				expect(text.slice(0, -5)).not.toMatch(/】\s*$/u);
			}),
		);
	});

	test.each([
		[{ prompt: ' ' }, 'Prompt is empty'],
		[{ model: '' }, 'Model is empty'],
		[{ ratio: '16:9' }, 'There is no ratio "16:9"'],
		[{ style: 'cubism' }, 'There is no style "cubism"'],
		[{ style: 'constructor' }, 'There is no style "constructor"'],
	])('%j is refused', (wish, message) => {
		expect(() => compose(wish)).toThrow(message);
	});
});

describe('hints', () => {
	test('a prompt above the recommended length', () => {
		expect(compose({ prompt: '猫'.repeat(495) }).hints).toEqual([]);
		expect(compose({ prompt: '🐈'.repeat(496) }).hints).toEqual([
			'The prompt has 501 characters; for sora_image no more than 500 are recommended. It was sent all the same.',
		]);
		expect(
			composeText({ model: 'x', prompt: 'x'.repeat(9_999), ratio: 'none', style: 'none' }, undefined).hints,
		).toEqual([]);
	});

	test('a tag in the prompt that Ratio overrules', () => {
		expect(compose({ prompt: 'Cat【3:2】' }).hints).toEqual([
			'The prompt ends with 【3:2】, but Ratio is 2:3, which was sent. Set Ratio to None to keep the one of the prompt.',
		]);
	});
});

test('a message is text, or text and the pictures behind it', () => {
	expect(messageOf('Cat')).toEqual({ role: 'user', content: 'Cat' });
	expect(messageOf('Cat', ['https://h/a.png', 'data:image/png;base64,AA=='])).toEqual({
		role: 'user',
		content: [
			{ type: 'text', text: 'Cat' },
			{ type: 'image_url', image_url: { url: 'https://h/a.png' } },
			{ type: 'image_url', image_url: { url: 'data:image/png;base64,AA==' } },
		],
	});
});
