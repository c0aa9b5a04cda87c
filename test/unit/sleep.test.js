'use strict';

const { createSleep } = require('../../build/nodes/adapter/ports');

describe('a pause of a stopped execution', () => {
	test('does not begin, and says that it cost nothing', async () => {
		const controller = new AbortController();
		const { sleep, release } = createSleep(controller.signal);
		controller.abort();
		await expect(sleep(60_000)).rejects.toMatchObject({ kind: 'cancelled', billed: 'no' });
		release();
	});

	test('ends at once', async () => {
		const controller = new AbortController();
		const { sleep, release } = createSleep(controller.signal);
		const paused = sleep(60_000);
		controller.abort();
		await expect(paused).rejects.toMatchObject({ kind: 'cancelled', billed: 'no' });
		release();
	});
});
