'use strict';

const { randomBytes } = require('node:crypto');

/**
 * What chat endpoints write for videos, characters and prompts: sora2api's words (wire facts 3.1, 3.2) and those of the
 * shared endpoints (4.2). A message is what chatAnswers.js makes frames of.
 * @typedef {import('./chatAnswers').Message} Message
 */

const SORA2API_START = '**Generation Process Begins**\n\nInitializing generation request...\n';
const SORA2API_UPLOAD = '**Image Upload Begins**\n\nUploading image to server...\n';
const PROGRESS_FRAMES = 3;
const CHARACTER_NAME = 'Kitten';
const RETRIES = 3;
/** The words after the documented beginning are not documented. */
const RATE_LIMITED = {
	// The backslashes are part of the text.
	reasoning: '**CF Shield/429 Error**\\n\\nCloudflare challenge or rate limit detected\\n',
	content:
		'❌ Generation failed: Cloudflare challenge or rate limit (429) triggered. Please change the proxy or try again later.',
};
/** sora2api refuses characters on its video models. */
const CHARACTER_MOVED = '角色创建已独立为 avatar-create 模型，请切换模型后重试。';

const ENABLE_STREAMING = {
	video: 'All tokens available for video generation. Please enable streaming to use the generation feature.',
	character: 'All tokens available for avatar creation. Please enable streaming to create avatar.',
};
const NONE_AVAILABLE = {
	video: 'No available models for video generation',
	character: 'No available tokens for avatar creation',
};

const hex = (bytes) => randomBytes(bytes).toString('hex');

/** @returns {Message} */
function message(text, { link = '', progress = [], pieces } = {}) {
	const linkStart = link === '' ? text.length : text.indexOf(link);
	return { text, linkStart, linkEnd: linkStart + link.length, progress, pieces };
}

/** Percentages between nothing and everything. */
function percentages(count) {
	return Array.from({ length: count }, (_, index) => Math.round((100 * (index + 1)) / (count + 1)));
}

/** The reasoning of sora2api before it has a result. */
function sora2apiProgress(order, script) {
	const retries = Array.from(
		{ length: script.retries ?? 0 },
		(_, index) => `**生成失败，正在重试**\n\n第 ${index + 1} 次重试（共 ${RETRIES} 次）\n`,
	);
	return [
		SORA2API_START,
		...(order.picture ? [SORA2API_UPLOAD] : []),
		...retries,
		...percentages(script.progressFrames ?? PROGRESS_FRAMES).map(
			(percent) => `\n**Video Generation Progress**: ${percent}% (processing)\n`,
		),
	];
}

/** sora2api's video: HTML in a fence, single quotes. @returns {Message} */
function sora2apiVideo(order, script, link) {
	const progress = sora2apiProgress(order, script);
	if (script.text !== undefined) return message(script.text, { progress });
	if (script.rateLimited) return message(RATE_LIMITED.content, { progress: [...progress, RATE_LIMITED.reasoning] });
	if (script.refusal !== undefined) {
		progress.push(`**Content Policy Violation**\n\n${script.refusal}\n`);
		return message(`❌ 生成失败: ${script.refusal}`, { progress });
	}
	return message(`\`\`\`html\n<video src='${link}' controls></video>\n\`\`\``, { link, progress });
}

/** The name with three digits, as the server appends them. */
function userNameOf(displayName) {
	return `${displayName.toLowerCase().replaceAll(/[^a-z0-9]/gu, '')}${100 + (randomBytes(2).readUInt16BE() % 900)}`;
}

/** A character: one line of JSON, then the text for people. @returns {Message} */
function sora2apiCharacter(order, script, nowMs) {
	const progress = [SORA2API_START];
	if (script.text !== undefined) return message(script.text, { progress });
	const displayName = script.name ?? CHARACTER_NAME;
	const card = {
		username: userNameOf(displayName),
		display_name: displayName,
		character_id: `ch_${hex(16)}`,
		cameo_id: `cameo_${hex(12)}`,
		profile_asset_url: `https://videos.openai.com/profiles/${hex(8)}.webp`,
		...{ instruction_set: null, public: true, source_model: 'avatar-create' },
		created_at: Math.floor(nowMs / 1000),
		...(order.generationId && { source_generation_id: order.generationId }),
	};
	const line = `${JSON.stringify({ event: 'character_card', card })}\n`;
	const text = `角色创建成功，角色名@${card.username}\n显示名：${displayName}\nCharacter ID：${card.character_id}\nCameo ID：${card.cameo_id}`;
	return message(`${line}${text}`, { progress, pieces: [line, text] });
}

/** The older server's answer to a video alone: the name and the picture; how it wrote the picture is not documented. */
function oldCharacter(script) {
	return message(`角色创建成功，角色名@${userNameOf(script.name ?? CHARACTER_NAME)}`, { progress: [SORA2API_START] });
}

/** A better prompt; its words are a stand-in. @returns {Message} */
function enhancedPrompt({ prompt, length, seconds }, script) {
	if (script.refusal !== undefined) return message(`Error: Prompt enhancement failed: ${script.refusal}`);
	const shots = { short: 1, medium: 2, long: 3 }[length];
	const lines = Array.from(
		{ length: shots },
		(_, index) => `[${(seconds / shots).toFixed(1)}s] SHOT ${index + 1}: ${prompt}, slow dolly, natural light.`,
	);
	return message(script.text ?? `PRIMARY: ${prompt}\nLOOK: cinematic\nCAMERA: 35 mm\n${lines.join('\n')}`);
}

/** The shared endpoints' video: a plain link among quoted progress. @returns {Message} */
function sharedVideo(order, script, link, isStream) {
	if (script.text !== undefined) return message(script.text);
	const mode = /-landscape/u.test(order.model) ? '横屏模式' : '竖屏模式';
	const start = [
		`\`\`\`json\n${JSON.stringify({ prompt: order.text, mode }, null, 4)}\n\`\`\``,
		'> ⌛️ 任务正在队列中，请耐心等待...',
		...(script.mention === 'task' ? [`> ID: \`task_01k${hex(12)}\``] : []),
		...percentages(script.progressFrames ?? PROGRESS_FRAMES).map((percent) => `> 🏃 进度：${percent.toFixed(1)}%`),
	];
	const sid = script.mention === 'sid' ? [`> sid: s_${hex(16)}`] : [];
	if (script.refusal !== undefined) return message([...start, `> ${script.refusal}`].join('\n\n'));
	if (isStream) {
		const success = `> ✅ 视频生成成功，[点击这里](${link}) 查看视频~~~\n\n`;
		return message([...start, ...sid, success].join('\n\n'), { link });
	}
	const text = script.clickHere ? `video generated successfully,[click here](${link})` : `[下载视频](${link})`;
	return message([text, ...sid].join('\n\n'), { link });
}

/**
 * The message for an order.
 * @param {import('./chatVideoContract').ChatVideoOrder} order
 * @param {import('./chatVideoScripts').ChatVideoScript} script
 * @param {{link: string, nowMs: number, isStream: boolean, isOldCharacter: boolean}} work
 * @returns {Message}
 */
function chatVideoMessage(order, script, { link, nowMs, isStream, isOldCharacter }) {
	if (order.server === 'shared') return sharedVideo(order, script, link, isStream);
	if (order.kind === 'prompt') return enhancedPrompt(order, script);
	if (isOldCharacter) return oldCharacter(script);
	if (order.kind === 'character' && script.refusal === undefined && !script.rateLimited) {
		return sora2apiCharacter(order, script, nowMs);
	}
	return sora2apiVideo(order, script, link);
}

/** What sora2api says instead of making something when no stream was asked for. */
function withoutStream({ kind }, { available = true }) {
	return (available ? ENABLE_STREAMING : NONE_AVAILABLE)[kind === 'character' ? 'character' : 'video'];
}

module.exports = { CHARACTER_MOVED, SORA2API_START, chatVideoMessage, withoutStream };
