'use strict';

const { createHash, randomBytes } = require('node:crypto');

const { makePicture } = require('./images');
const { usageOf } = require('./imageModels');

const MIME_TYPES = {
	png: 'image/png',
	jpeg: 'image/jpeg',
	webp: 'image/webp',
	gif: 'image/gif',
	svg: 'image/svg+xml',
};
const LINK_LIFE_MS = 24 * 60 * 60 * 1000;

/**
 * An accepted order.
 * @typedef {object} ImageOrder
 * @property {'chat' | 'generations' | 'edits'} endpoint
 * @property {string} model
 * @property {string} prompt as it came, tags and all
 * @property {number} n
 * @property {string} size `WxH`
 * @property {string} quality
 * @property {'png' | 'jpeg' | 'webp' | 'gif' | 'svg'} format
 * @property {string} [background]
 * @property {number} [compression] 0–100
 * @property {import('./inputPictures').InputPicture[]} pictures
 * @property {(order: ImageOrder, usage: any) => number} price USD
 */

/** Makes and keeps the pictures, their scripts, and the account of what they cost. */
class ImageStore {
	/** @param {{now: () => number, otherOrigin: {put: Function}}} options */
	constructor({ now, otherOrigin }) {
		this.now = now;
		this.otherOrigin = otherOrigin;
		/** @type {import('./imageScripts').ImageScript[]} */
		this.scripts = [];
		/** @type {any[]} */
		this.rows = [];
		/** Every picture that was made, by the prompt of its order. @type {Array<{prompt: string, sha256: string}>} */
		this.made = [];
		/** What the provider's own origin gives below `/tmp`. @type {Map<string, {bytes: Buffer, type: string}>} */
		this.files = new Map();
	}

	reset() {
		this.scripts.length = 0;
		this.rows.length = 0;
		this.made.length = 0;
		this.files.clear();
	}

	/** @param {{prompt: string, model: string}} order */
	takeScript({ prompt, model }) {
		const fits = (pattern, text) => pattern === undefined || new RegExp(pattern, 'u').test(text);
		const script = this.scripts.find(
			(entry) => entry.times !== 0 && fits(entry.prompt, prompt) && fits(entry.model, model),
		);
		if (script?.times !== undefined) script.times -= 1;
		return script ?? {};
	}

	/**
	 * Charges an order at the moment it is worked on: whether the answer arrives changes nothing.
	 * @param {ImageOrder} order
	 * @param {import('./imageScripts').ImageScript} script
	 * @param {number} status of the answer
	 * @returns {object} the token usage
	 */
	charge(order, script, status) {
		const usage = { ...usageOf(order), ...script.usage };
		const isBilled = script.billed ?? status === 200;
		if (status === 200 || isBilled) {
			const { endpoint, model, size, quality, prompt, n } = order;
			const usd = isBilled ? Math.round(order.price(order, usage) * 1e6) / 1e6 : 0;
			this.rows.push({ ...{ endpoint, model, size, quality, prompt, n, usd, status }, atMs: this.now() });
		}
		return usage;
	}

	/**
	 * The pictures of an order, as bytes.
	 * @param {ImageOrder} order
	 * @param {import('./imageScripts').ImageScript} script
	 * @returns {Promise<Array<{bytes: Buffer, type: string, format: string}>>}
	 */
	async make(order, script) {
		const [width, height] = (script.pixels ?? order.size).split('x').map(Number);
		const { model, prompt, format, background, compression, pictures } = order;
		const made = [];
		for (let index = 0; index < (script.images ?? order.n); index++) {
			const bytes = await makePicture({
				...{ width, height, format },
				seed: `${model} ${prompt} ${index}`,
				// The documents leave open what the number means to the encoder.
				options: compression === undefined ? undefined : { quality: Math.max(1, compression) },
				inputColours: pictures.map(({ colour }) => colour),
				transparent: background === 'transparent',
			});
			made.push({ bytes, type: MIME_TYPES[format], format });
			this.made.push({ prompt, sha256: sha256Of(bytes) });
		}
		return made;
	}

	/**
	 * Puts a picture where a link leads to and gives what stands for it in an answer.
	 * @param {{bytes: Buffer, type: string, format: string}} picture
	 * @param {{host: 'other' | 'self' | 'relative' | 'dataUrl', selfUrl: string, folder: string}} place
	 * @returns {{url: string, downloadUrl: string}} the second leads to the same file, as the 点击下载 links do
	 */
	publish({ bytes, type, format }, { host, selfUrl, folder }) {
		const id = randomBytes(16).toString('hex');
		const name = `${id}.${format === 'jpeg' ? 'jpg' : format}`;
		if (host === 'dataUrl') {
			const url = `data:${type};base64,${bytes.toString('base64')}`;
			return { url, downloadUrl: url };
		}
		if (host === 'other') {
			const expires = Math.floor((this.now() + LINK_LIFE_MS) / 1000);
			const query = `?Expires=${expires}&OSSAccessKeyId=simulator&Signature=${id}%3D`;
			const put = (path) => this.otherOrigin.put(`${path}/${name}${query}`, bytes, type);
			return { url: put(folder), downloadUrl: put(folder.replace('/cdn/', '/cdn/download/')) };
		}
		this.files.set(`/tmp/${name}`, { bytes, type });
		const url = host === 'relative' ? `/tmp/${name}` : `${selfUrl}/tmp/${name}`;
		return { url, downloadUrl: url };
	}

	/**
	 * The pictures of an order as addresses.
	 * @param {ImageOrder} order
	 * @param {import('./imageScripts').ImageScript} script
	 * @param {{host: 'other' | 'self', selfUrl: string, folder: string}} place unless the script says otherwise
	 */
	async makeLinks(order, script, place) {
		if (script.links) return script.links.map((url) => ({ url, downloadUrl: url }));
		const pictures = await this.make(order, script);
		return pictures.map((picture) => this.publish(picture, { ...place, host: script.host ?? place.host }));
	}
}

/** The name by which a file is known again. */
function sha256Of(bytes) {
	return createHash('sha256').update(bytes).digest('hex');
}

module.exports = { ImageStore, sha256Of };
