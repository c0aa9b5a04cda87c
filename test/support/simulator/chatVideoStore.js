'use strict';

const { randomBytes } = require('node:crypto');

const { sha256Of } = require('./imageStore');
const { makeMovie } = require('./movie');

const LOOPBACK = 'http://127.0.0.1:8000';

/** Scripts of chat videos, and the account of what was made. */
class ChatVideoStore {
	/** @param {{now: () => number, images: import('./imageStore').ImageStore}} options the images' files are below `/tmp` */
	constructor({ now, images }) {
		this.now = now;
		this.images = images;
		/** @type {import('./chatVideoScripts').ChatVideoScript[]} */
		this.scripts = [];
		/** @type {any[]} */
		this.rows = [];
		/** Every video that was made, by the text of its order. @type {Array<{text: string, sha256: string}>} */
		this.made = [];
	}

	reset() {
		this.scripts.length = 0;
		this.rows.length = 0;
		this.made.length = 0;
	}

	/** @param {{text: string, model: string}} order */
	takeScript({ text, model }) {
		const fits = (pattern, value) => pattern === undefined || new RegExp(pattern, 'u').test(value);
		const script = this.scripts.find(
			(entry) => entry.times !== 0 && fits(entry.prompt, text) && fits(entry.model, model),
		);
		if (script?.times !== undefined) script.times -= 1;
		return script ?? {};
	}

	/**
	 * Notes an order at the moment it is worked on: whether the answer arrives changes nothing.
	 * @param {import('./chatVideoContract').ChatVideoOrder} order
	 * @param {{status: number, isBilled: boolean}} outcome
	 */
	charge(order, { status, isBilled }) {
		const { picture, usd, video, ...rest } = order;
		const reference = picture && { width: picture.width, height: picture.height, colour: picture.colour };
		this.rows.push({
			...{ endpoint: 'chat', ...rest, reference, hasVideo: video !== undefined },
			...{ usd: isBilled ? usd : 0, status, atMs: this.now() },
		});
	}

	/**
	 * Makes the video and puts it where its link leads to.
	 * @param {import('./chatVideoContract').ChatVideoOrder} order
	 * @param {import('./chatVideoScripts').ChatVideoScript} script
	 * @param {{host: 'loopback' | 'other', selfUrl: string, folder: string}} place unless the script says otherwise
	 * @returns {Promise<string>} the address
	 */
	async makeLink(order, script, { host, selfUrl, folder }) {
		if (script.links) return script.links[0];
		const [width, height] = (script.pixels ?? String(order.size)).split('x').map(Number);
		const seconds = script.seconds ?? Number(order.seconds);
		const seed = `${order.model} ${order.text} ${JSON.stringify(order.picture?.colour ?? null)}`;
		const bytes = await makeMovie({ width, height, seconds, seed });
		this.made.push({ text: order.text, sha256: sha256Of(bytes) });
		const name = `${randomBytes(16).toString('hex')}.mp4`;
		const where = script.host ?? host;
		if (where === 'other') {
			return this.images.otherOrigin.put(`${folder}/${name}?sig=${name.slice(0, 8)}%3D`, bytes, 'video/mp4');
		}
		const path = `/tmp/${name}`;
		this.images.files.set(path, { bytes, type: 'video/mp4' });
		return `${{ loopback: LOOPBACK, self: selfUrl, relative: '' }[where]}${path}`;
	}
}

module.exports = { ChatVideoStore };
