'use strict';

const fc = require('fast-check');

const { mediaLinksIn } = require('../../../build/nodes/core/chat/mediaLinks');

const images = (text, wish = {}) => mediaLinksIn(text, { makes: 'image', isWhole: true, ...wish });
const videos = (text, wish = {}) => mediaLinksIn(text, { makes: 'video', isWhole: true, ...wish });

const DATA_URL = 'data:image/png;base64,iVBORw0KGgo=';
const FILM = 'https://cdn.example/v/film.mp4';

/** The answer of gpt-4o-image, with its preview, source and progress links and the second address of the picture. */
const GPT_4O = `\`\`\`json
{"prompt":"like https://mine.example/sent.png","ratio":"2:3","n":1}
\`\`\`

> ID: \`e2c5\`
>[数据预览](https://pro.asyncdata.net/web/e2c5.png) | [原始数据](https://pro.asyncdata.net/source/e2c5.png)

>🕐 排队中.

>🏃 进度 72..[100](https://videos.openai.com/vg-assets/e2c5.png)

> ✅ 生成完成


![gen_01](https://pro.filesystem.site/cdn/20260311/x.png)

[点击下载](https://pro.filesystem.site/cdn/download/20260311/x.png)`;

describe('the documented answers', () => {
	test.each([
		['Sora Image', '![图片](https://oss.example/sora/a.png)\n\n', ['https://oss.example/sora/a.png']],
		['several images', '![图片](https://h/a.png)\n\n![图片](https://h/b.png)', ['https://h/a.png', 'https://h/b.png']],
		['gpt-4o-image', GPT_4O, ['https://pro.filesystem.site/cdn/20260311/x.png']],
		[
			'sora2api',
			'![Generated Image](http://127.0.0.1:8000/tmp/a.png)\n![Generated Image](http://127.0.0.1:8000/tmp/b.png)',
			['http://127.0.0.1:8000/tmp/a.png', 'http://127.0.0.1:8000/tmp/b.png'],
		],
		['a path', '![x](/tmp/a.png)', ['/tmp/a.png']],
		['a data URL', `![x](${DATA_URL}) done`, [DATA_URL]],
		['a bare data URL', `Here: ${DATA_URL}\n`, [DATA_URL]],
		['a refusal', '> 图片检测系统认为内容可能违反相关政策', []],
		['nothing', '', []],
	])('images: %s', (_name, text, expected) => {
		expect(images(text)).toEqual(expected);
	});

	test.each([
		['sora2api', `\`\`\`html\n<video src='${FILM}' controls></video>\n\`\`\``],
		['double quotes', `<video controls src="${FILM}"></video>`],
		['a source of its own', `<video poster="https://h/p.png"><source type="video/mp4" src="${FILM}"></video>`],
		['the line of success', `> 🏃 进度：36.0%\n> ✅ 视频生成成功，[点击这里](${FILM}) 查看视频~~~`],
		['a download link', `[下载视频](${FILM})`],
		['an English sentence', `video generated successfully,[click here](${FILM})`],
		['a bare address', `Your video: ${FILM}.`],
		['an address that a comma and more follow', `完成：${FILM}，请查看`],
		['JSON', JSON.stringify({ url: FILM }).replaceAll('/', '\\/')],
		['a preview beside the final film', `https://videos.openai.com/vg/raw.mp4\n\n[film](${FILM})`],
	])('videos: %s', (_name, text) => {
		expect(videos(text)).toEqual([FILM]);
	});

	test('in the line of success an address needs no extension', () => {
		expect(videos('> ✅ 视频生成成功，[点击这里](https://h/v?id=7) 查看')).toEqual(['https://h/v?id=7']);
		expect(videos('[here](https://h/v?id=7)')).toEqual([]);
	});

	test('a preview is better than nothing', () => {
		expect(videos('[film](https://videos.openai.com/vg/raw.mp4)')).toEqual(['https://videos.openai.com/vg/raw.mp4']);
	});
});

describe('what is no result', () => {
	test.each([
		['a link to a page', '[docs](https://example.com/docs)'],
		['a film where images are wanted', `![clip](${FILM}) <video src="${FILM}"></video>`],
		['a file of the model’s own sandbox', '![x](sandbox:/mnt/data/a.png) ![y](attachment://b.png)'],
		['a link in a line about progress', 'Generation in progress: [now](https://h/now.png)'],
	])('%s', (_name, text) => {
		expect(images(text)).toEqual([]);
	});

	test('a link beside pictures that are shown', () => {
		expect(images('![a](https://h/a.png) [the original](https://h/original.png)')).toEqual(['https://h/a.png']);
	});

	test('a picture that was sent', () => {
		const text = '![yours](https://mine/in.png) ![made](https://h/out.png)';
		expect(images(text, { sent: ['https://mine/in.png'] })).toEqual(['https://h/out.png']);
	});

	test('a link in the request that the server repeats, but not one in a result that is JSON', () => {
		expect(images('```json\n{"prompt":"like https://mine/sent.png"}\n```\nno')).toEqual([]);
		expect(images('```json\n{"url":"https://h/made.png"}\n```')).toEqual(['https://h/made.png']);
		expect(images('```json\n{"prompt": "a cat", "url":"https://h/made.png"')).toEqual(['https://h/made.png']);
	});

	test('words about progress in the name of a picture do not hide it', () => {
		expect(images('![a progress bar](https://h/a.png)')).toEqual(['https://h/a.png']);
	});

	test('a picture in a quotation counts when there is no other', () => {
		expect(images('> ![a](https://h/a.png)')).toEqual(['https://h/a.png']);
		expect(images('> ![a](https://h/a.png)\n![b](https://h/b.png)')).toEqual(['https://h/b.png']);
	});
});

test('each file once, whatever its address', () => {
	const text = '![a](https://h/cdn/a.png) ![again](https://h/cdn/a.png) ![b](https://h/cdn/download/b.png)';
	expect(images(text)).toEqual(['https://h/cdn/a.png', 'https://h/cdn/download/b.png']);
});

test('addresses with brackets, titles, spaces and signatures', () => {
	expect(images('![a](https://h/a_(1).png) ![b](https://h/b.png "a cat") ![c](<https://h/c d.png>)')).toEqual([
		'https://h/a_(1).png',
		'https://h/b.png',
		'https://h/c d.png',
	]);
	const signed = 'https://h/a.png?Expires=1&Signature=ab%2Bc%3D';
	expect(images(`![a](${signed})`)).toEqual([signed]);
	expect(images(`see ${signed}`)).toEqual([signed]);
	expect(images(`<img alt='x' src="${signed.replaceAll('&', '&amp;')}">`)).toEqual([signed]);
});

test('an address that a broken answer may have cut in half is none', () => {
	const half = '![a](https://h/a.png)\n![b](https://h/b.png?Expires=17';
	expect(images(half, { isWhole: false })).toEqual(['https://h/a.png']);
	expect(images('https://h/b.png?Expi', { isWhole: false })).toEqual([]);
	expect(images('https://h/b.png?Expi', { isWhole: true })).toEqual(['https://h/b.png?Expi']);
	expect(images(`![c](${DATA_URL}`, { isWhole: false })).toEqual([]);
});

test('a data URL of many megabytes is found', () => {
	const url = `data:image/png;base64,${'iVBORw0KGgo/'.repeat(1_000_000)}`;
	expect(images(`![x](${url})`)[0] === url).toBe(true);
});

test('texts that make patterns slow are read all the same', () => {
	for (const part of ['![', '[a](', '<video ', 'https://h/(', '![a](https://h/(', 'data:image/png;base64,)']) {
		expect(images(part.repeat(20_000))).toEqual([]);
	}
});

const WORDS = [
	'![',
	'](',
	')',
	'[',
	'https://h/a.png',
	'http://',
	'/tmp/b.png',
	'<video src=',
	"'",
	'"',
	'>',
	'```json',
];
const MORE = [
	'\n',
	'✅',
	'progress',
	'data:#i0#',
	'data:#',
	'#i0#',
	'data:video/mp4;base64,AA==',
	DATA_URL,
	'.mp4',
	'&amp;',
];

test('never throws, and gives nothing that is not in the text', () => {
	const texts = fc.array(fc.oneof(fc.constantFrom(...WORDS, ...MORE), fc.string({ unit: 'grapheme', maxLength: 5 })));
	fc.assert(
		fc.property(texts, fc.boolean(), fc.constantFrom('image', 'video'), (parts, isWhole, makes) => {
			const text = parts.join('').replaceAll('&amp;', '&');
			const found = mediaLinksIn(text, { makes, isWhole });
			for (const url of found) expect(text).toContain(url);
			expect(new Set(found).size).toBe(found.length);
		}),
		{ numRuns: 2_000 },
	);
});

test('of a text of megabytes only the end is searched, whatever it is full of', () => {
	const first = '![first](https://cdn.example/first.png)\n';
	const last = '\n![last](https://cdn.example/last.png)';
	for (const filling of ['x', '<img ', '![']) {
		const text = first + filling.repeat(4_000_000 / filling.length) + last;
		expect(images(text)).toEqual(['https://cdn.example/last.png']);
	}
	// Data URLs do not count: their bytes are not searched.
	const film = `data:video/mp4;base64,${'A'.repeat(2_000_000)}`;
	expect(videos(`<video src="${film}"></video>\n${'x'.repeat(900_000)}`)).toEqual([film]);
});
