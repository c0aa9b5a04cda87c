'use strict';

const { createRedactor } = require('../../dist/nodes/adapter/connection');

test.each([
	['a key', ['sk-secret-123456'], 'Bad key sk-secret-123456!', 'Bad key ***!'],
	['a key that was stored with its scheme', ['Bearer sk-secret-123456'], 'Bad key sk-secret-123456!', 'Bad key ***!'],
	['a key every time it comes', ['sk-secret-123456'], 'sk-secret-123456 sk-secret-123456', '*** ***'],
	['a secret inside another, leaving no rest', ['sk-secret', 'sk-secret-123456'], 'x sk-secret-123456 y', 'x *** y'],
])('takes out %s', (_name, secrets, text, clean) => {
	expect(createRedactor(secrets)(text)).toBe(clean);
});

test('leaves ordinary words alone, even when somebody uses one as a key', () => {
	expect(createRedactor(['none', ''])('none of it')).toBe('none of it');
});
