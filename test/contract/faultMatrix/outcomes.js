'use strict';

/**
 * What can come of a purchase that met a fault.
 * @typedef {object} Outcome
 * @property {string} kind `delivered`, or the kind of the error
 * @property {'no' | 'maybe' | 'yes'} billed what the user is told about the money
 * @property {number} charge how many videos the server charges
 * @property {number} posts how often the order was sent
 * @property {'nothing' | 'id' | 'uncertain' | 'candidate'} names how what was paid is named: the job's id in the error, the
 *   word that it is uncertain, or the id among those to look at
 */

/** @returns {Outcome} */
const delivered = (posts = 1) => ({ kind: 'delivered', billed: 'yes', charge: 1, posts, names: 'id' });

/** Nothing was bought. @returns {Outcome} */
const refused = (kind, posts = 1) => ({ kind, billed: 'no', charge: 0, posts, names: 'nothing' });

/** Nobody knows whether it was bought. @returns {Outcome} */
const uncertain = (charge, names = /** @type {'uncertain' | 'candidate'} */ ('uncertain')) => ({
	kind: 'submissionUncertain',
	billed: 'maybe',
	charge,
	posts: 1,
	names,
});

/** The job is paid, and its id is in the error. @returns {Outcome} */
const paid = (kind) => ({ kind, billed: 'yes', charge: 1, posts: 1, names: 'id' });

/** The server ended the job; who pays for it is not documented. @returns {Outcome} */
const ENDED = { kind: 'jobFailed', billed: 'maybe', charge: 0, posts: 1, names: 'id' };

const FILE = delivered();
const NOT_TAKEN = uncertain(0);
const TAKEN = uncertain(1);
const CANDIDATE = uncertain(1, 'candidate');

module.exports = { CANDIDATE, ENDED, FILE, NOT_TAKEN, TAKEN, delivered, paid, refused };
