import type { VideoModel } from './catalogueTypes';

/**
 * THE data: every video model of the Videos API that the project knows, each fact with its source.
 * The README's price table is generated from this file. To add a model, add a row.
 */

const CHECKED = '2026-11-21';
const APIYI_OVERVIEW = "APIYI's Sora 2 overview page (seed 001)";
const WIRE_FACTS = "the project's wire facts, section 1";

const SIZES_720P = ['720x1280', '1280x720'] as const;
const SIZES_1024P = ['1024x1792', '1792x1024'] as const;
const SIZES_1080P = ['1080x1920', '1920x1080'] as const;

const SORA_2_RETIRED = [
	{ server: 'openai', date: '2026-09-24' },
	{ server: 'laozhang', date: '2026-07-01' },
	{ server: 'azure', date: '2026-09-15', unconfirmed: true },
] as const;

const SECONDS_NOTE = {
	fact: "seconds: 4, 8, 12 (APIYI refuses others). OpenAI's guide also named 16 and 20; the stricter list is used, because APIYI is the default server",
	from: `${APIYI_OVERVIEW}; ${WIRE_FACTS}`,
	checked: CHECKED,
} as const;

const TYPICAL_NOTE = {
	fact: 'usual time: the page says 3-5 minutes (sora-2) and 5-10 minutes (sora-2-pro) in one table, "about 3 minutes" for 4 seconds and "8-10 minutes" for 12 in another place. The lower end is used for the first look: looking a little early costs one request, looking late costs minutes',
	from: APIYI_OVERVIEW,
	checked: CHECKED,
} as const;

const PROMPT_NOTE = {
	fact: 'prompt: 1 to 32,000 characters',
	from: WIRE_FACTS,
	checked: CHECKED,
} as const;

const SORA_2 = {
	summary: '720p with sound',
	sizes: SIZES_720P,
	seconds: [4, 8, 12],
	pricePerSecondUsd: { '720x1280': 0.1, '1280x720': 0.1 },
	typicalSeconds: { 4: 180, 8: 210, 12: 240 },
	promptLimit: 32_000,
	retired: SORA_2_RETIRED,
	sources: [
		{ fact: 'price: $0.10 per second', from: APIYI_OVERVIEW, checked: CHECKED },
		{ fact: 'sizes: 720p only', from: APIYI_OVERVIEW, checked: CHECKED },
		SECONDS_NOTE,
		TYPICAL_NOTE,
		PROMPT_NOTE,
		{
			fact: 'ended at OpenAI on 2026-09-24, at LaoZhang on 2026-07-01; at Azure scheduled for 2026-09-15 (unconfirmed); whether APIYI still serves it could not be confirmed',
			from: 'wire facts, "What is dead/alive"',
			checked: CHECKED,
		},
	],
} as const;

const SORA_2_PRO = {
	summary: '720p, 1024p or 1080p with sound',
	sizes: [...SIZES_720P, ...SIZES_1024P, ...SIZES_1080P],
	seconds: [4, 8, 12],
	pricePerSecondUsd: {
		'720x1280': 0.3,
		'1280x720': 0.3,
		'1024x1792': 0.5,
		'1792x1024': 0.5,
		'1080x1920': 0.7,
		'1920x1080': 0.7,
	},
	typicalSeconds: { 4: 300, 8: 360, 12: 480 },
	promptLimit: 32_000,
	retired: SORA_2_RETIRED,
	sources: [
		{ fact: 'price: $0.30 (720p), $0.50 (1024p), $0.70 (1080p) per second', from: APIYI_OVERVIEW, checked: CHECKED },
		{
			fact: "sizes: 720p, 1024p, 1080p. OpenAI's schema listed no 1080p, its guide did; APIYI lists it with a price",
			from: `${APIYI_OVERVIEW}; ${WIRE_FACTS}`,
			checked: CHECKED,
		},
		SECONDS_NOTE,
		TYPICAL_NOTE,
		PROMPT_NOTE,
	],
} as const;

const LAOZHANG_MUSE =
	"LaoZhang's page on Muse (docs.laozhang.ai/en/api-capabilities/muse-video-generation), published 2026-10-30";

const MUSE: VideoModel = {
	id: 'muse-video',
	summary: "Meta's Muse at LaoZhang, with sound",
	sizes: [],
	seconds: [5, 8, 10],
	pricePerVideoUsd: 0.3,
	typicalSeconds: {},
	retired: [],
	sources: [
		{
			fact: 'price: $0.30 for each video of 5 to 10 seconds; failed ones are refunded',
			from: LAOZHANG_MUSE,
			checked: CHECKED,
		},
		{
			fact: 'seconds: 5, 8, 10; muse-video-20s to muse-video-60s make longer ones and are not listed here',
			from: LAOZHANG_MUSE,
			checked: CHECKED,
		},
		{
			fact: "sizes: 1280x720 at 16:9; the page's table of other sizes could not be read",
			from: LAOZHANG_MUSE,
			checked: CHECKED,
		},
	],
};

function snapshot(base: Omit<VideoModel, 'id'>, of: string, id: string, retired = base.retired): VideoModel {
	return { ...base, id, snapshotOf: of, summary: `Snapshot of ${of}`, retired };
}

/** The models of the Videos API. */
export const VIDEO_MODELS: readonly VideoModel[] = [
	{ id: 'sora-2', ...SORA_2 },
	{ id: 'sora-2-pro', ...SORA_2_PRO },
	snapshot(SORA_2, 'sora-2', 'sora-2-2025-12-08'),
	snapshot(SORA_2, 'sora-2', 'sora-2-2025-10-06', [
		...SORA_2_RETIRED.filter((entry) => entry.server !== 'azure'),
		{ server: 'azure', date: '2026-07-15' },
	]),
	snapshot(SORA_2_PRO, 'sora-2-pro', 'sora-2-pro-2025-10-06'),
	MUSE,
];
