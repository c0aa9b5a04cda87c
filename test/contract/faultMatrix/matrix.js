'use strict';

const { CANDIDATE, ENDED, FILE, NOT_TAKEN, TAKEN, delivered, paid, refused } = require('./outcomes');

/**
 * What must come of each fault at each stage, written from the promises and not from the code.
 * `passing`: it happens one to three times, then all is well. `lasting`: it never ends.
 * @typedef {{passing?: import('./outcomes').Outcome, lasting?: import('./outcomes').Outcome}} Cell
 */

/** @returns {Cell} */
const cell = (passing, lasting) => ({ passing, lasting });
/** It makes no difference how often it happens. @returns {Cell} */
const both = (outcome) => ({ passing: outcome, lasting: outcome });
/** It cannot happen twice. @returns {Cell} */
const once = (outcome) => ({ passing: outcome });
/** The fault makes no sense here. @type {'—'} */
const NONE = '—';

/** The same cell for several rows. */
const rows = (names, value) => Object.fromEntries(names.map((name) => [name, value]));

const NO_CONNECTION = ['refused', 'ENOTFOUND', 'EAI_AGAIN'];
const LIMITED = ['429', '429, seconds', '429, HTTP date', '429, milliseconds'];
/** Answers that hide whether an order was taken. */
const AMBIGUOUS = ['408', '409', '500', '502 HTML', '503', '504', '200 HTML', 'empty 200', 'empty 202'];
const TAKEN_ALL_THE_SAME = AMBIGUOUS.map((name) => `${name}, taken`);
const CUT_JSON = ['JSON cut in its ID', 'JSON cut behind its ID'];
const WITHOUT_END = ['endless body', 'trickling body'];
const OF_FILES = ['truncated MP4', 'MP4 without its end'];
const OF_JOBS = ['unknown status word', 'unknown status word for ever', 'failed without error'];
const OF_WAITS = ['progress backwards', 'status never final'];
/** What a file, a look or a list may fail with, and get over. */
const PASSING = [
	...NO_CONNECTION,
	...['reset before', 'reset after', 'hang', '400', '425', '503, seconds'],
	...LIMITED,
	...AMBIGUOUS,
	...CUT_JSON,
	...WITHOUT_END,
];
const ACCOUNT = ['401', '402', '403'];

/** @param {import('./outcomes').Outcome} lost the order was taken, and the answer is lost */
const create = (lost) => ({
	...rows(NO_CONNECTION, cell(delivered(3), refused('serverUnreachable', 3))),
	'reset before': both(NOT_TAKEN),
	'reset after': both(lost),
	hang: both(NOT_TAKEN),
	'hang, taken': both(lost),
	400: both(refused('requestRefused')),
	401: both(refused('authentication')),
	402: both(refused('insufficientBalance')),
	403: both(refused('permission')),
	404: both(refused('notFound')),
	410: both(refused('unsupported')),
	425: both(refused('requestRefused')),
	...rows(LIMITED, cell(delivered(3), refused('rateLimited', 3))),
	'429, two hours': both(refused('rateLimited')),
	'503, seconds': cell(delivered(3), refused('serverFailure', 3)),
	...rows(AMBIGUOUS, both(NOT_TAKEN)),
	...rows(TAKEN_ALL_THE_SAME, both(lost)),
	'JSON cut in its ID': both(lost),
	'JSON cut behind its ID': both(FILE),
	...rows(WITHOUT_END, both(lost)),
	...rows(OF_FILES, NONE),
	'wrong length': both(FILE),
	'JSON as MP4': both(FILE),
	'unknown status word': once(FILE),
	'unknown status word for ever': NONE,
	'failed without error': once(ENDED),
	...rows(OF_WAITS, NONE),
	'clock jump': once(FILE),
	'server clock 5 h ahead': once(FILE),
});

const POLL = {
	...rows(PASSING, cell(FILE, paid('waitTimedOut'))),
	'hang, taken': NONE,
	...rows([...ACCOUNT, '404', '410'], cell(FILE, paid('jobNotVisible'))),
	'429, two hours': both(paid('waitTimedOut')),
	...rows(TAKEN_ALL_THE_SAME, NONE),
	...rows(OF_FILES, NONE),
	'wrong length': both(FILE),
	'JSON as MP4': both(FILE),
	'unknown status word': once(FILE),
	'unknown status word for ever': { lasting: paid('waitTimedOut') },
	'failed without error': once(ENDED),
	'progress backwards': once(FILE),
	'status never final': { lasting: paid('waitTimedOut') },
	'clock jump': once(FILE),
	'server clock 5 h ahead': once(FILE),
};

/**
 * The order was taken and its answer lost, so that the job is looked for in the list.
 * @param {import('./outcomes').Outcome} listed the list was read
 */
const list = (listed) => ({
	...rows(PASSING, cell(listed, TAKEN)),
	'hang, taken': NONE,
	...rows([...ACCOUNT, '410'], cell(listed, TAKEN)),
	// A server that has no list says so with 404.
	404: both(TAKEN),
	'429, two hours': cell(listed, TAKEN),
	...rows(TAKEN_ALL_THE_SAME, NONE),
	...rows(OF_FILES, NONE),
	'wrong length': both(listed),
	'JSON as MP4': both(listed),
	'unknown status word': once(listed),
	'unknown status word for ever': NONE,
	'failed without error': once(listed === FILE ? ENDED : { ...CANDIDATE, charge: 0 }),
	...rows(OF_WAITS, NONE),
	'clock jump': once(listed),
	'server clock 5 h ahead': once(listed),
});

const CONTENT = {
	...rows([...PASSING, ...ACCOUNT, '404', 'JSON as MP4'], cell(FILE, paid('downloadFailed'))),
	'hang, taken': NONE,
	410: both(paid('contentExpired')),
	'429, two hours': both(paid('downloadFailed')),
	...rows(TAKEN_ALL_THE_SAME, NONE),
	...rows([...OF_FILES, 'wrong length'], cell(FILE, paid('downloadInterrupted'))),
	...rows([...OF_JOBS, ...OF_WAITS], NONE),
	'clock jump': once(FILE),
	'server clock 5 h ahead': once(FILE),
};

/** The job names a link, and `/content` has the file as well: whatever is wrong with the link, the file comes. */
const LINK = Object.fromEntries(
	Object.entries(CONTENT).map(([name, value]) => [name, value === NONE || !value.lasting ? value : both(FILE)]),
);

/** What kind of server it is, and at which stage the fault happens. */
const COLUMNS = {
	create: { stage: 'create', lists: 'prompts', cells: create(FILE) },
	'create, no list': { stage: 'create', lists: 'nothing', cells: create(TAKEN) },
	'create, list without prompts': { stage: 'create', lists: 'no prompts', cells: create(CANDIDATE) },
	poll: { stage: 'poll', lists: 'prompts', cells: POLL },
	list: { stage: 'list', lists: 'prompts', cells: list(FILE) },
	'list without prompts': { stage: 'list', lists: 'no prompts', cells: list(CANDIDATE) },
	content: { stage: 'content', lists: 'prompts', cells: CONTENT },
	'redirect target': { stage: 'redirect target', lists: 'prompts', cells: CONTENT },
	link: { stage: 'link', lists: 'prompts', cells: LINK },
};

module.exports = { COLUMNS, NONE };
