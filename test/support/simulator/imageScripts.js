'use strict';

/**
 * How an image request will go. The first script that fits a request which the provider accepted, and that has `times`
 * left, is used.
 * @typedef {object} ImageScript
 * @property {string} [prompt] only for prompts that match this regular expression
 * @property {string} [model] only for models that match this regular expression
 * @property {number} [times] for so many requests (default: all)
 *
 * What is in the answer:
 * @property {number} [images] so many pictures instead of the asked `n`
 * @property {string} [pixels] `WxH` of the pictures instead of the asked size
 * @property {'other' | 'self' | 'relative' | 'dataUrl'} [host] where the links lead: another origin (the default), the
 *   provider's own (sora2api's default), the same written as a path alone, or no link but a data URL
 * @property {string[]} [links] these addresses, as they are, instead of its own; one picture each
 * @property {'plain' | 'gpt4o' | 'sora2api' | 'images'} [form] how a chat answer looks, whatever the model
 * @property {'url' | 'b64_json' | 'dataUrl'} [answer] what the images shape holds, whatever was asked
 * @property {string} [text] the chat message, as it is, instead of pictures
 * @property {string} [refusal] the chat answer refuses with this text, with HTTP 200 (see REFUSALS)
 * @property {string} [revisedPrompt] the images shape has it as `revised_prompt`
 * @property {Record<string, unknown>} [usage] instead of the counted tokens, of which these are billed
 *
 * Another answer altogether:
 * @property {'words' | 'details'} [safety] refused by the safety system (400): the older text, or `moderation_details`
 * @property {{status: number, body: unknown}} [error] an answer of this status; text, or an object sent as JSON
 * @property {'html' | 'empty'} [junk] HTTP 200 with a web page, or with nothing
 * @property {boolean} [billed] default: what was answered with HTTP 200 is billed, and nothing else
 *
 * How a stream goes:
 * @property {StreamScript} [stream]
 *
 * @typedef {object} StreamScript
 * @property {number} [pieceLength] characters in each content delta
 * @property {number} [delayMs] real time between two frames
 * @property {boolean} [splitCharacters] cuts what is written in the middle of every multi-byte character
 * @property {'\n' | '\r\n'} [lineEnd]
 * @property {boolean} [comments] comment lines between the frames
 * @property {{message: string, code?: string, type?: string}} [error] an error frame instead of the content
 * @property {'before' | 'inside' | 'after'} [cut] the connection breaks at the pictures' links
 * @property {'before' | 'inside' | 'after'} [stall] there it falls silent and stays open
 * @property {'none' | 'literal'} [done] no `[DONE]`, or the malformed one: the characters `data: [DONE]\n\n` with
 *   backslashes, without a line end
 * @property {string | null} [finishReason] null: the stream never says that it is finished
 */

/** HTTP-200 refusals that were seen on chat endpoints; all that tells them is that no picture is in the text. */
const REFUSALS = [
	'图片检测系统认为内容可能违反相关政策',
	'输入的提示词或视频的输出内容违反了OpenAI的相关服务政策，请调整提示词后进行重试',
	'生成失败',
	'失败原因',
	'Your request may contain content that is not allowed by our safety system. Please try change the prompt and image.',
];

const REJECTED = 'Your request was rejected by the safety system.';
const SAFETY = {
	words: (requestId) => ({
		error: {
			message: `${REJECTED} If you believe this is an error, contact us at help.openai.com and include the request ID ${requestId}. safety_violations=[violence]. (request id: ${requestId})`,
			type: 'image_generation_user_error',
			param: '',
			code: 'moderation_blocked',
		},
	}),
	details: () => ({
		error: {
			message: REJECTED,
			type: 'image_generation_user_error',
			param: null,
			code: 'moderation_blocked',
			moderation_details: { moderation_stage: 'input', categories: ['violence'] },
		},
	}),
};
const JUNK = {
	html: { type: 'text/html; charset=utf-8', text: '<!DOCTYPE html><html><head><title>Welcome</title></head></html>' },
	empty: { type: 'application/json', text: '' },
};

/**
 * The answer that a script puts in the place of the usual one.
 * @param {ImageScript} script
 * @param {string} requestId
 * @returns {{status: number, type: string, bytes: Buffer} | undefined}
 */
function scriptedAnswer({ safety, error, junk }, requestId) {
	if (junk) return { status: 200, type: JUNK[junk].type, bytes: Buffer.from(JUNK[junk].text) };
	const answer = safety ? { status: 400, body: SAFETY[safety](requestId) } : error;
	if (!answer) return undefined;
	const isText = typeof answer.body === 'string';
	return {
		status: answer.status,
		type: isText ? 'text/plain; charset=utf-8' : 'application/json',
		bytes: Buffer.from(isText ? answer.body : JSON.stringify(answer.body)),
	};
}

module.exports = { REFUSALS, scriptedAnswer };
