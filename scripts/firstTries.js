'use strict';

/**
 * What to try first with each node: what a dated page of the server's own says is served. To change a row, read the page,
 * and take its day.
 */

/** @type {Array<{node: string, server: string, model: string, date: string, source: {name: string, url: string}}>} */
const FIRST_TRIES = [
	{
		node: 'Sora 2 Video',
		server: 'laozhang',
		model: 'muse-video',
		date: '2026-10-30',
		source: { name: 'its page', url: 'https://docs.laozhang.ai/en/api-capabilities/muse-video-generation' },
	},
	{
		node: 'GPT Image',
		server: 'apiyi',
		model: 'gpt-image-2.6-flare',
		date: '2026-11-05',
		source: { name: 'its news', url: 'https://docs.apiyi.com/en/live/2026-11/gpt-image-2-6-launch' },
	},
	{
		node: 'Sora Image',
		server: 'apiyi',
		model: 'gpt-image-2-all',
		date: '2026-09-09',
		source: { name: 'its news', url: 'https://docs.apiyi.com/en/live/2026-09/gpt-image-2-5-flare-sunburst-launch' },
	},
];

/** Servers whose own documents or code show a list of jobs, which the trigger needs (wire facts 1.3, 2.1 to 2.3 and 2.5). */
const DOCUMENTED_LISTS = ['azure', 'litellm', 'sglang', 'vllmOmni'];

module.exports = { DOCUMENTED_LISTS, FIRST_TRIES };
