'use strict';

const { errorBody } = require('../contract');
const { readPicture } = require('../images');
const { readInputUrl } = require('../inputPictures');
const { sendFile } = require('../sendFile');
const { makeContent } = require('../videoRoutes');

/**
 * What several personalities are made of.
 *
 * A personality is what its file in this folder exports:
 * @typedef {object} Personality
 * @property {string[]} [forms] the variations inside the server
 * @property {string} [basePath] of the API, default `/v1`
 * @property {(order: any) => string} [makeId] ids of jobs
 * @property {(request: import('express').Request, state: {apiKey: string}) => Refusal | undefined} [authenticate]
 * @property {(path: string) => boolean} [isOpen] paths that want no credential; default: those outside the API
 * @property {(form?: string) => Personality} [forForm] where a form is more than another answer
 * @property {(request: import('express').Request) => {status: number, body: unknown}} [unknownRoute]
 * @property {(router: import('express').Router, tools: Tools) => void} addRoutes
 *
 * @typedef {object} Tools
 * @property {any} state
 * @property {import('../jobs').JobStore} jobs
 * @property {import('../imageStore').ImageStore} images
 * @property {import('../chatVideoStore').ChatVideoStore} chatVideos
 * @property {any} otherOrigin
 * @property {() => string} selfUrl
 * @property {string} [form]
 * @property {string[]} models names that the server knows beside its own
 */

/** Self-hosted servers cost nothing for a request, and most gateways' prices are not documented: a stand-in. */
const USD_PER_SECOND = 0.05;
const LINK_LIFE_S = 24 * 60 * 60;

/** Thrown where a request is refused; becomes the answer. */
class Refusal extends Error {
	/** @param {number} status @param {any} body sent as JSON */
	constructor(status, body) {
		super('refused');
		this.status = status;
		this.body = body;
	}
}

/** OpenAI's envelope. */
function openAiRefusal(status, message, details) {
	return new Refusal(status, errorBody(message, details));
}

/** FastAPI's answer to an HTTPException. */
function detail(status, text) {
	return new Refusal(status, { detail: text });
}

/** FastAPI's answer to a body that its schema refuses (pydantic's words). */
function invalid(field, type, message, input) {
	return new Refusal(422, { detail: [{ type, loc: ['body', field], msg: message, input }] });
}

const missing = (field) => invalid(field, 'missing', 'Field required', null);

/** FastAPI and pydantic take a number's digits for the number. */
function pydanticInteger(field, value) {
	if (value === undefined) return undefined;
	if (typeof value === 'string' && /^-?\d+$/u.test(value)) return Number(value);
	if (Number.isInteger(value)) return value;
	if (typeof value === 'string') {
		const message = 'Input should be a valid integer, unable to parse string as an integer';
		throw invalid(field, 'int_parsing', message, value);
	}
	throw invalid(field, 'int_type', 'Input should be a valid integer', value);
}

/** An accepted order of pixels and seconds, at the stand-in's price. */
function orderOf({ model, width, height, seconds, prompt, ...rest }) {
	const priceUsd = Math.round(USD_PER_SECOND * seconds * 1e6) / 1e6;
	return { ...rest, model, size: `${width}x${height}`, seconds: String(seconds), prompt, priceUsd };
}

/** `832x480` as numbers. */
function pixelsOf(size) {
	const [width, height] = size.split('x').map(Number);
	return { width, height };
}

/** Pixels of a resolution such as `720p` in a ratio such as `16:9`: the short side has the resolution's number. */
function pixelsOfRatio(resolution, ratio) {
	const short = Number(resolution.replace(/p$/u, ''));
	const [across, down] = ratio.split(':').map(Number);
	// Video has even sides.
	const long = Math.round((short * Math.max(across, down)) / Math.min(across, down) / 2) * 2;
	return across >= down ? { width: long, height: short } : { width: short, height: long };
}

const bearerOf = (request) => /^Bearer (.*)$/u.exec(request.headers.authorization ?? '')?.[1];

/** Whether the request has the server's key as a bearer token; a server without a key lets everyone in. */
function hasBearer(request, state) {
	return state.apiKey === '' || bearerOf(request) === state.apiKey;
}

/** Whether these are the bytes of a picture. */
async function isPicture(bytes) {
	return (await readPicture(bytes)) !== undefined;
}

/** Whether a picture is behind the address: a data URL, or a link that is fetched without credentials. */
async function isPictureAt(url) {
	return typeof url === 'string' && 'picture' in (await readInputUrl(url, { name: 'image', position: 1 }));
}

/** The finished file of a job. */
async function movieOf(job) {
	return /** @type {{type: string, bytes: Buffer}} */ (await makeContent(job, 'video'));
}

async function sendMovie(request, response, job) {
	await sendFile(request, response, await movieOf(job), job.script.paddingBytes ?? 0);
}

/** A signed link to the job's file on the other origin, which refuses credentials. */
async function signedLink({ otherOrigin, jobs }, job) {
	if (job.link === undefined) {
		const { bytes, type } = await movieOf(job);
		const name = job.id.replaceAll(/[^\w-]/gu, '-');
		const expires = Math.floor(jobs.now() / 1000) + LINK_LIFE_S;
		job.link = otherOrigin.put(`/videos/${name}.mp4?Expires=${expires}&Signature=${name.slice(-8)}%3D`, bytes, type);
	}
	return job.link;
}

const nonEmpty = (value) => typeof value === 'string' && value.trim() !== '';

module.exports = {
	Refusal,
	bearerOf,
	detail,
	hasBearer,
	invalid,
	isPicture,
	isPictureAt,
	missing,
	movieOf,
	nonEmpty,
	openAiRefusal,
	orderOf,
	pixelsOf,
	pixelsOfRatio,
	pydanticInteger,
	sendMovie,
	signedLink,
};
