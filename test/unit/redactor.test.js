'use strict';

const { createRedactor } = require('../../build/nodes/adapter/connection');
const { toFailedJson } = require('../../build/nodes/adapter/nodeErrors');
const { redactError } = require('../../build/nodes/adapter/redaction');
const { GenerationError } = require('../../build/nodes/core/errors');

test.each([
	['a key', ['sk-secret-123456'], 'Bad key sk-secret-123456!', 'Bad key ***!'],
	['a key that was stored with its scheme', ['Bearer sk-secret-123456'], 'Bad key sk-secret-123456!', 'Bad key ***!'],
	['a key every time it comes', ['sk-secret-123456'], 'sk-secret-123456 sk-secret-123456', '*** ***'],
	['a key that the end of a text has cut', ['sk-secret-123456'], 'Bad key sk-secret-1234', 'Bad key ***'],
	[
		'a key with a scheme that the end has cut',
		['Bearer sk-secret-123456'],
		'Bad key Bearer sk-sec',
		'Bad key Bearer ***',
	],
	['a secret inside another, leaving no rest', ['sk-secret', 'sk-secret-123456'], 'x sk-secret-123456 y', 'x *** y'],
])('takes out %s', (_name, secrets, text, clean) => {
	expect(createRedactor(secrets)(text)).toBe(clean);
});

test('leaves ordinary words alone, even when somebody uses one as a key', () => {
	expect(createRedactor(['none', ''])('none of it')).toBe('none of it');
});

test.each([
	['too little of a key to be one', 'Bad key sk-se'],
	['the beginning of a key within a text', 'sk-secret-1 is no key'],
	['a scheme at the end', 'Send it as Bearer'],
])('leaves %s', (_name, text) => {
	expect(createRedactor(['Bearer sk-secret-123456'])(text)).toBe(text);
});

test('an error has no key in any of its texts; the id of its job stays as it is', () => {
	const key = 'sk-secret-123456';
	const error = new GenerationError('downloadFailed', `message ${key}`, {
		hint: `hint ${key}`,
		serverMessage: `words ${key}`,
		requestId: `req ${key}`,
		url: `https://cdn.example.com/x.png?key=${key}`,
		jobId: 'video_1',
	});
	const json = toFailedJson(redactError(error, createRedactor([key])));
	expect(JSON.stringify(json)).not.toContain(key);
	expect(json.error).toMatchObject({
		requestId: 'req ***',
		url: 'https://cdn.example.com/x.png?key=***',
		jobId: 'video_1',
	});
	const description = /** @type {any} */ (json.error).description;
	expect(description).toContain('Link: https://cdn.example.com/x.png?key=***');
});
