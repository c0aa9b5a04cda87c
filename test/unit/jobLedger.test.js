'use strict';

const { openLedger } = require('../../build/nodes/adapter/jobLedger');

const SERVER = 'https://a.example/v1';
const FACTS = { request: 'boat', jobId: 'video_1', submittedAtMs: 1, uncertainTries: 0 };

/** The part of an execution that the ledger uses. */
function executionWith(context, warnings = []) {
	return /** @type {any} */ ({
		getContext() {
			if (context === undefined) throw new Error('No context here');
			return context;
		},
		getInputData: () => [{ json: {} }],
		getExecutionId: () => '7',
		getWorkflowDataProxy: () => ({ $runIndex: 0 }),
		logger: { warn: (message) => warnings.push(message) },
	});
}

/** @type {ReturnType<typeof openLedger> | undefined} */
let running;

/** The book of the next try; the one before is over. */
function bookIn(context, redact = (text) => text) {
	running?.release();
	running = openLedger(executionWith(context), SERVER, redact);
	return running.bookFor(0, 0, () => true);
}

test.each([
	['a text', { paidWork: 'junk' }],
	['a list', { paidWork: [1, 2] }],
	['entries that are none', { paidWork: { entries: { length: 3 } } }],
	['half entries', { paidWork: { version: 9, entries: [null, { jobId: 'x' }, [], 'video_1'] } }],
])('a context that holds %s is an empty ledger', (_name, context) => {
	expect(bookIn(context).earlier('boat')).toBeUndefined();
	bookIn(context).bought(FACTS);
	expect(bookIn(JSON.parse(JSON.stringify(context))).earlier('boat').jobId).toBe('video_1');
});

test('what others keep in the context stays', () => {
	const context = { other: { deep: [1] } };
	bookIn(context).bought(FACTS);
	expect(context.other).toEqual({ deep: [1] });
});

test('a delivery that is malformed is no delivery', () => {
	const context = {};
	const book = bookIn(context);
	book.bought(FACTS);
	book.delivered('nonsense', true);
	expect(bookIn(context).earlier('boat')).toMatchObject({ jobId: 'video_1', delivery: 'nonsense' });
});

test('no secret that a server echoed gets into the context; handles of files stay as they are', () => {
	const context = {};
	const book = bookIn(context, (text) => text.split('sk-secret').join('***'));
	book.bought(FACTS);
	book.delivered(
		{ job: { raw: { note: 'your key sk-secret' } }, file: { reference: { id: 'fs:sk-secret-folder' } } },
		true,
	);
	expect(context.paidWork.entries[0].delivery).toEqual({
		job: { raw: { note: 'your key ***' } },
		file: { reference: { id: 'fs:sk-secret-folder' } },
	});
});

test('files in memory are held beside the context, up to 64 MB', () => {
	const context = {};
	const book = bookIn(context);
	book.bought(FACTS);
	const file = (bytes) => ({ reference: { data: 'A'.repeat((bytes / 3) * 4), mimeType: 'video/mp4' } });
	book.delivered({ files: [file(30_000_000), file(30_000_000), file(30_000_000)] }, true);
	expect(JSON.stringify(context).length).toBeLessThan(1000);
	const { files } = bookIn(context).earlier('boat').delivery;
	expect(files.map(({ reference }) => reference?.data.length)).toEqual([40_000_000, 40_000_000, undefined]);
	// Another process has the context, but not the bytes.
	const elsewhere = bookIn(JSON.parse(JSON.stringify(context))).earlier('boat').delivery;
	expect(elsewhere.files.every(({ reference }) => reference === undefined)).toBe(true);
});

test('a handle of an earlier try in memory never brings the file of another item', () => {
	const context = {};
	const tryWith = (stored) => {
		const ledger = openLedger(executionWith(stored), SERVER, (text) => text);
		return [0, 1].map((item) => ledger.bookFor(item, 0, () => true));
	};
	const file = (name) => ({ file: { reference: { data: name } } });
	// The first try delivers item 1 only; n8n stores the execution and begins the retry with a copy.
	const [, first] = tryWith(context);
	first.bought({ ...FACTS, request: 'one', jobId: 'video_1' });
	first.delivered(file('one'), true);
	const [zero, one] = tryWith(JSON.parse(JSON.stringify(context)));
	zero.bought({ ...FACTS, request: 'zero', jobId: 'video_0' });
	zero.delivered(file('zero'), true);
	const { jobId, delivery } = one.earlier('one');
	expect([jobId, delivery.file.reference]).toEqual(['video_1', undefined]);
});

test('what a finished run held makes room for the next run of a loop', () => {
	const context = {};
	const file = { file: { reference: { data: 'A'.repeat(50_000_000) } } };
	for (const round of [0, 1, 2]) {
		const ledger = openLedger(executionWith(context), SERVER, (text) => text);
		const book = ledger.bookFor(0, 0, () => true);
		book.bought({ ...FACTS, request: `round ${round}` });
		book.delivered(file, true);
		expect(book.earlier(`round ${round}`).delivery.file.reference.data).toHaveLength(50_000_000);
		ledger.release();
		ledger.close(true);
	}
});

test('without a context the run works on, and says what that means', () => {
	const warnings = [];
	const ledger = openLedger(executionWith(undefined, warnings), SERVER, (text) => text);
	ledger.bookFor(0, 0, () => true).bought(FACTS);
	expect(ledger.entries()).toHaveLength(1);
	expect(warnings[0]).toMatch(/a retry of it would buy again/);
});

test('a user who does not want it gets nothing of earlier tries', () => {
	const context = {};
	bookIn(context).bought(FACTS);
	const unwanted = openLedger(executionWith(context), SERVER, (text) => text).bookFor(0, 0, () => false);
	expect(unwanted.earlier('boat')).toBeUndefined();
});

test('runs of one execution that go on side by side write into one list', () => {
	const context = {};
	const [first, second] = [
		bookIn(context),
		openLedger(executionWith(context), SERVER, (text) => text).bookFor(1, 0, () => true),
	];
	first.bought(FACTS);
	second.bought({ ...FACTS, jobId: 'video_2' });
	expect(context.paidWork.entries.map(({ jobId }) => jobId)).toEqual(['video_1', 'video_2']);
});
