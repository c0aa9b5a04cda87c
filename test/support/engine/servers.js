'use strict';

const OPEN = { model: 'open-video-1', size: '320x240', seconds: '2' };
const SORA = { model: 'sora-2', size: '1280x720', seconds: '4' };

/** One row for each value of Server: the form of it, what its models are called, and what comes out. */
const SERVERS = [
	['apiyi', undefined, SORA],
	['azure', undefined, OPEN],
	['custom', undefined, OPEN],
	['custom', 'anyfast', OPEN],
	['custom', 'mux', OPEN],
	['custom', 'aisix', OPEN],
	['dynamo', undefined, { ...OPEN, model: 'Wan-AI/Wan2.1-T2V-1.3B-Diffusers' }],
	['laozhang', undefined, { model: 'muse-video', size: '320x240', seconds: '5' }],
	['litellm', undefined, OPEN],
	['litellm', 'upstreamWords', OPEN],
	['localai', undefined, { ...OPEN, model: 'wan-2.1-t2v' }],
	['newApi', undefined, OPEN],
	['newApi', 'legacy', OPEN],
	['openai', undefined, OPEN],
	['openrouter', undefined, { model: 'google/veo-3.1', size: '320x240', seconds: '4' }],
	['openrouter', 'unsignedOnly', { model: 'google/veo-3.1', size: '320x240', seconds: '4' }],
	['sglang', undefined, OPEN],
	['sora2api', undefined, { ...SORA, seconds: '10' }],
	['vllmOmni', undefined, { ...OPEN, model: 'Wan-AI/Wan2.2-T2V-A14B-Diffusers' }],
];

module.exports = { SERVERS };
