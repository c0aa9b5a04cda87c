'use strict';

/**
 * How a chat request for a video, a character or a better prompt will go. The first script that fits an accepted
 * request and that has `times` left is used.
 * @typedef {object} ChatVideoScript
 * @property {string} [prompt] only for texts that match this regular expression
 * @property {string} [model] only for models that match this regular expression
 * @property {number} [times] for so many requests (default: all)
 *
 * What is in the answer:
 * @property {'loopback' | 'self' | 'relative' | 'other'} [host] where the link leads: `http://127.0.0.1:8000/tmp/…`, which
 *   is not the simulator (sora2api's default; the simulator has the file below its own `/tmp/`), the provider itself, a
 *   path alone, or a signed link on another origin (the shared endpoints' default)
 * @property {string[]} [links] these addresses, as they are; the first is used
 * @property {string} [pixels] `WxH` instead of the model's
 * @property {number} [seconds] of the video, instead of the model's
 * @property {number} [progressFrames] so many progress messages (default 3)
 * @property {number} [retries] so many times the server says that it tries again (sora2api)
 * @property {string} [name] of the character (three digits come after it)
 * @property {'sid' | 'task'} [mention] the shared endpoints also write the video's `s_…` or the task's `task_01k…`
 * @property {boolean} [clickHere] a whole answer of the shared endpoints has its other documented wording
 *
 * Failures inside HTTP 200:
 * @property {string} [text] the content, as it is
 * @property {string} [refusal] a policy failure with this reason (texts that were seen: REFUSALS of imageScripts.js);
 *   for prompts: the enhancement failed
 * @property {boolean} [rateLimited] sora2api's answer to Cloudflare or 429, with the literal `[DONE]`
 * @property {boolean | 'unknown'} [available] without a stream: false: no model is free; `unknown`: 500,
 *   nothing was found out
 *
 * Another answer altogether:
 * @property {{status: number, body: unknown}} [error] see imageScripts.js
 * @property {'html' | 'empty'} [junk] see imageScripts.js
 * @property {boolean} [billed] default: what was made is billed; of the shared endpoints everything with HTTP 200 is
 *
 * How a stream goes:
 * @property {import('./imageScripts').StreamScript} [stream] `error` comes after the progress, as sora2api writes it
 */

module.exports = {};
