'use strict';

const { splitLinks } = require('../../build/nodes/adapter/inputImages');

describe('splitLinks', () => {
	const DATA = 'data:image/png;base64,aGk=';

	test.each([
		['', []],
		[' \n ', []],
		['https://a/x.png', ['https://a/x.png']],
		['https://a/x.png, https://a/y.png', ['https://a/x.png', 'https://a/y.png']],
		['https://a/x.png,\nhttps://a/y.png\n', ['https://a/x.png', 'https://a/y.png']],
		['https://a/x,y.png', ['https://a/x,y.png']],
		[DATA, [DATA]],
		[`${DATA},${DATA}, https://a/x.png`, [DATA, DATA, 'https://a/x.png']],
		[
			['https://a/x.png', ` ${DATA} `],
			['https://a/x.png', DATA],
		],
		[
			['https://a/x.png,https://a/y.png', ['https://a/z.png']],
			['https://a/x.png', 'https://a/y.png', 'https://a/z.png'],
		],
		[undefined, []],
		[5, []],
	])('%j', (value, expected) => {
		expect(splitLinks(value)).toEqual(expected);
	});
});
