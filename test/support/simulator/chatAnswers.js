'use strict';

const { randomUUID } = require('node:crypto');

/**
 * What chat endpoints write: the message's text in its documented forms, and the frames in which it is streamed.
 */

const ENABLE_STREAMING =
	'All tokens available for image generation. Please enable streaming to use the generation feature.';
const CHARACTERS_PER_TOKEN = 4;
/** An unscripted answer comes in about so many pieces. */
const PIECES = 12;

const SORA2API_START = '**Generation Process Begins**\n\nInitializing generation request...\n';
const SORA2API_UPLOAD = '**Image Upload Begins**\n\nUploading image to server...\n';
const SORA2API_PROGRESS = [
	'**Processing**\n\nGeneration in progress: 40% completed...\n',
	'Image generation in progress... (10s elapsed)\n',
];

/**
 * A message; `linkStart` and `linkEnd` are where its links begin and end, in UTF-16 units; `pieces`: it has its own
 * pieces where a script asks for no others.
 * @typedef {{text: string, linkStart: number, linkEnd: number, progress: string[], pieces?: string[]}} Message
 */

/**
 * The message for an order.
 * @param {'plain' | 'gpt4o' | 'sora2api'} form
 * @param {any} order
 * @param {{links: Array<{url: string, downloadUrl: string}>, refusal?: string, text?: string}} result
 * @returns {Message}
 */
function messageOf(form, order, { links, refusal, text }) {
	const progress =
		form === 'sora2api'
			? [SORA2API_START, ...(order.pictures.length > 0 ? [SORA2API_UPLOAD] : []), ...SORA2API_PROGRESS]
			: [];
	if (text !== undefined) return { text, ...linksIn(text), progress };
	const { head, tail, failure, between, name } = FORMS[form](order);
	if (refusal !== undefined) {
		if (form === 'sora2api') progress.push(`**Content Policy Violation**\n\n${refusal}\n`);
		const whole = failure(refusal);
		return { text: whole, linkStart: whole.length, linkEnd: whole.length, progress };
	}
	const pictures = links.map(({ url }, index) => `![${name(index)}](${url})`).join(between);
	return {
		text: `${head}${pictures}${tail(links)}`,
		linkStart: head.length,
		linkEnd: head.length + pictures.length,
		progress,
	};
}

/** Where the picture links of a text that a test has written begin and end. */
function linksIn(text) {
	const links = [...text.matchAll(/!\[[^\]]*\]\([^)]*\)/gu)];
	const last = links.at(-1);
	return { linkStart: links[0]?.index ?? text.length, linkEnd: last ? last.index + last[0].length : text.length };
}

const FORMS = {
	plain: () => ({
		head: '',
		name: () => '图片',
		between: '\n\n',
		tail: () => '\n\n',
		failure: (reason) => reason,
	}),
	gpt4o: ({ prompt, ratio, n }) => {
		const id = randomUUID();
		const start = [
			`\`\`\`json\n${JSON.stringify({ prompt, ratio, n })}\n\`\`\``,
			`> ID: \`${id}\`\n>[数据预览](https://pro.asyncdata.net/web/${id}) | [原始数据](https://pro.asyncdata.net/source/${id})`,
			'>🕐 排队中.',
			'>⚡ 生成中.....',
		].join('\n\n');
		const progress = `>🏃 进度 72..[100](https://videos.openai.com/vg-assets/${id}.png)`;
		return {
			head: `${start}\n\n${progress}\n\n> ✅ 生成完成\n\n\n`,
			name: (index) => `gen_01${id.replaceAll('-', '').slice(0, 24)}${index}`,
			between: '\n\n',
			tail: (links) => `\n\n${links.map(({ downloadUrl }) => `[点击下载](${downloadUrl})`).join('\n\n')}`,
			failure: (reason) => `${start}\n\n>🏃 进度 72.\n\n> ${reason}\n`,
		};
	},
	sora2api: () => ({
		head: '',
		name: () => 'Generated Image',
		between: '\n',
		tail: () => '',
		failure: (reason) => `❌ 生成失败: ${reason}`,
	}),
};

function usageOfChat(prompt, text) {
	const tokens = (of) => Math.ceil([...of].length / CHARACTERS_PER_TOKEN);
	const [promptTokens, completionTokens] = [tokens(prompt), tokens(text)];
	return {
		prompt_tokens: promptTokens,
		completion_tokens: completionTokens,
		total_tokens: promptTokens + completionTokens,
	};
}

/** An answer in one piece. */
function completionOf({ model, prompt, text, nowMs }) {
	return {
		id: `foaicmpl-${randomUUID()}`,
		object: 'chat.completion',
		created: Math.floor(nowMs / 1000),
		model,
		choices: [{ index: 0, message: { role: 'assistant', content: text }, finish_reason: 'stop' }],
		usage: usageOfChat(prompt, text),
	};
}

/** Text in pieces of so many characters; none of them is cut. */
function piecesOf(text, length) {
	const characters = [...text];
	const pieces = [];
	for (let at = 0; at < characters.length; at += length) pieces.push(characters.slice(at, at + length).join(''));
	return pieces;
}

/**
 * The frames of a stream, without the terminator.
 * @param {'plain' | 'gpt4o' | 'sora2api'} form
 * @param {{message: Message, model: string, prompt: string, nowMs: number}} answer
 * @param {import('./imageScripts').StreamScript} script
 * @returns {object[]}
 */
function framesOf(form, answer, script) {
	const { text, linkStart, linkEnd } = answer.message;
	const breaks = script.cut ?? script.stall;
	const end = { before: linkStart, inside: Math.floor((linkStart + linkEnd) / 2), after: linkEnd };
	const shown = breaks === undefined ? text : text.slice(0, end[breaks]);
	const usual = form === 'sora2api' ? Infinity : Math.ceil([...text].length / PIECES);
	const own = breaks === undefined && script.pieceLength === undefined ? answer.message.pieces : undefined;
	const pieces = script.error ? [] : (own ?? piecesOf(shown, script.pieceLength ?? usual));
	const isWhole = breaks === undefined && !script.error;
	const frames = form === 'sora2api' ? sora2apiFrames : usualFrames;
	const errorFrame = script.error && { error: { type: 'server_error', param: null, code: null, ...script.error } };
	return [
		...frames({ ...answer, pieces, isWhole, finishReason: script.finishReason }),
		...(errorFrame ? [errorFrame] : []),
	];
}

function usualFrames({ message, model, prompt, nowMs, pieces, isWhole, finishReason = 'stop' }) {
	const base = {
		id: `foaicmpl-${randomUUID()}`,
		object: 'chat.completion.chunk',
		created: Math.floor(nowMs / 1000),
		model,
	};
	const frame = (delta, reason = null) => ({ ...base, choices: [{ index: 0, delta, finish_reason: reason }] });
	const frames = [frame({ role: 'assistant', content: '' }), ...pieces.map((content) => frame({ content }))];
	if (isWhole) frames.push({ ...frame({}, finishReason), usage: usageOfChat(prompt, message.text) });
	return frames;
}

/** Here the id changes with every frame, and the model is called "sora" whatever was asked for. */
function sora2apiFrames({ message, nowMs, pieces, isWhole, finishReason = 'STOP' }) {
	const frame = (index, delta, reason) => ({
		id: `chatcmpl-${nowMs + index}`,
		object: 'chat.completion.chunk',
		created: Math.floor(nowMs / 1000),
		model: 'sora',
		choices: [
			{
				index: 0,
				delta: {
					...(index === 0 ? { role: 'assistant' } : {}),
					...{ content: null, reasoning_content: null, tool_calls: null },
					...delta,
				},
				finish_reason: reason,
				native_finish_reason: reason,
			},
		],
		usage: { prompt_tokens: 0, ...(reason && { completion_tokens: 1, total_tokens: 1 }) },
	});
	const deltas = [
		...message.progress.map((text) => ({ reasoning_content: text })),
		...pieces.map((content) => ({ content })),
	];
	const isLast = (index) => isWhole && index === deltas.length - 1;
	return deltas.map((delta, index) => frame(index, delta, isLast(index) ? finishReason : null));
}

module.exports = { ENABLE_STREAMING, completionOf, framesOf, messageOf };
