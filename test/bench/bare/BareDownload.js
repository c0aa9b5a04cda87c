'use strict';

/** The least that a node can do to download a file: n8n's own helpers and nothing else. */
class BareDownload {
	description = {
		displayName: 'Bare Download',
		name: 'bareDownload',
		group: ['transform'],
		version: 1,
		description: 'Downloads a file with the helpers of n8n',
		defaults: { name: 'Bare Download' },
		inputs: ['main'],
		outputs: ['main'],
		properties: [
			{ displayName: 'URL', name: 'url', type: 'string', default: '' },
			{ displayName: 'API Key', name: 'apiKey', type: 'string', default: '' },
		],
	};

	async execute() {
		const url = this.getNodeParameter('url', 0);
		const headers = { Authorization: `Bearer ${this.getNodeParameter('apiKey', 0)}` };
		const options = { method: 'GET', url, headers, encoding: 'stream', returnFullResponse: true };
		const { body } = await this.helpers.httpRequest(options);
		const file = await this.helpers.prepareBinaryData(body, 'video.mp4', 'video/mp4');
		return [[{ json: {}, binary: { data: file }, pairedItem: { item: 0 } }]];
	}
}

module.exports = { BareDownload };
