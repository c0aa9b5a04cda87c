'use strict';

const { requireInstalled } = require('./installed');
const { measure } = require('./measure');

const { Sora2Video } = requireInstalled('nodes', 'Sora2Video');

/** Our node as it is, measured. */
class OwnDownload extends Sora2Video {
	async execute() {
		return await measure(this, async () => await Sora2Video.prototype.execute.call(this));
	}
}

module.exports = { OwnDownload };
