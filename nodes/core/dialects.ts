import type { ErrorKind } from './errors';

/** What a server may lack, beside creating jobs, looking at them and giving their files. */
export type Capability =
	| 'characters'
	| 'delete'
	| 'edit'
	| 'extend'
	| 'jobs'
	| 'list'
	| 'prompts'
	| 'remix'
	| 'variants';

/** How one kind of server differs when jobs are created and watched. Data, not code paths. */
export interface Dialect {
	displayName: string;
	/** What one finds there, for the list of servers. */
	summary: string;
	/** The usual base URL; empty where every user has their own. */
	defaultBaseUrl: string;
	/** Hosts that belong to this server alone: a key for another server is never sent there. */
	knownHosts: readonly string[];
	authentication: 'bearer' | 'apiKeyHeader';
	/** A free GET below the base URL that refuses a wrong key. */
	testPath: string;
	/** How it makes videos: as jobs, or within the answer to a chat request. */
	videoApi: 'videos' | 'chat';
	create: CreateFormat;
	/** The shortest pause between two looks at one job, in seconds, when the node chooses. */
	minPollSeconds: number;
	/** How many looks a minute all jobs of a run may take together, when the node chooses. */
	pollsPerMinute: number;
	/** Operations that the server does not have. */
	missing: readonly Capability[];
	/** Paths of its own files: links there that name a private host are meant for the host of the Base URL. */
	ownFilePaths: readonly string[];
	/** Documented: a JSON 5xx answer to the creation of a video job was not billed. */
	serverErrorsAreFree: boolean;
	/** Documented: a job that ends as failed was not billed. */
	failedJobsAreFree: boolean;
	/** How long finished files are kept, as the server documents it. */
	retention?: string;
	/** Next steps that only this server needs. */
	hints: Partial<Record<ErrorKind, string>>;
	/** Further ones, for its Videos API alone. */
	videoHints: Partial<Record<ErrorKind, string>>;
	/** What its documents ask of a key, beside being right. */
	keyRequirement?: string;
	/** Where the row's facts are from, and when they were checked. */
	source: string;
}

/** How a job is asked for. The fields `model`, `prompt` and `size` (WIDTHxHEIGHT) have the same names everywhere. */
export interface CreateFormat {
	/** Below the base URL. */
	path: string;
	/** Of a request without a file. */
	encoding: 'json' | 'multipart';
	/** The length of the video: the name of its field, and whether it goes as text or as a number. */
	duration: { field: string; as: 'text' | 'number' };
	reference: ReferenceFormat;
	/** The answer comes when the video is finished, and may hold it. */
	isSynchronous: boolean;
}

/**
 * How the reference image travels: as a file, which makes the request multipart; as a data URL or as bare base64 in a text
 * field; or in a list of frames.
 */
export interface ReferenceFormat {
	as: 'file' | 'dataUrl' | 'base64' | 'frameList';
	field: string;
}

const OPENAI_CREATE = {
	path: '/videos',
	encoding: 'json',
	duration: { field: 'seconds', as: 'text' },
	reference: { as: 'file', field: 'input_reference' },
	isSynchronous: false,
} as const;

const OPENAI_LIKE = {
	knownHosts: [],
	authentication: 'bearer',
	testPath: '/models',
	videoApi: 'videos',
	create: OPENAI_CREATE,
	minPollSeconds: 5,
	pollsPerMinute: 300,
	missing: ['prompts'],
	ownFilePaths: [],
	serverErrorsAreFree: false,
	failedJobsAreFree: false,
	hints: {},
	videoHints: {},
} as const;

/** Operations that came late to OpenAI's own API and that only few servers copied (wire facts 1.3). */
const LATE = ['characters', 'edit', 'extend', 'prompts'] as const;

/** What its Sora 2 pages ask of a key: both stand behind its 401 and its 403 (seeds 001 and 004). */
const APIYI_SORA_KEY =
	'For Sora 2 models the key at APIYI must be in the group Sora2官转 (Sora 2 official relay) and on usage-based billing, not on billing per request (API Key settings).';

/** The day is that of the catalogue's Sora 2 rows. */
const VIDEOS_API_ENDED =
	'OpenAI shut its Videos API on 2026-09-24. Choose a server that still serves it in the credential.';

const SELF_HOSTED = { ...OPENAI_LIKE, minPollSeconds: 2 } as const;

/** Every server that the credential offers, by the value of its field *Server*. */
export const DIALECTS = {
	apiyi: {
		...OPENAI_LIKE,
		displayName: 'APIYI',
		summary: 'Sora 2, Sora Image and GPT Image, paid by use',
		defaultBaseUrl: 'https://api.apiyi.com/v1',
		knownHosts: ['apiyi.com'],
		minPollSeconds: 10,
		serverErrorsAreFree: true,
		failedJobsAreFree: true,
		retention: '1 day',
		hints: {
			authentication: `Check the API key. ${APIYI_SORA_KEY}`,
			permission: `${APIYI_SORA_KEY} If the key is right, change the prompt: APIYI also refuses content this way.`,
		},
		keyRequirement: APIYI_SORA_KEY,
		source: "APIYI's Sora 2 pages (seeds 001 and 004), read 2026-11-21",
	},
	azure: {
		...OPENAI_LIKE,
		displayName: 'Azure OpenAI',
		summary: 'Deployments in a resource of your own',
		defaultBaseUrl: '',
		knownHosts: ['openai.azure.com'],
		authentication: 'apiKeyHeader',
		retention: '24 hours',
		source: 'wire facts 2.1, Azure row, 2026-11-21',
	},
	custom: {
		...OPENAI_LIKE,
		displayName: 'Other (OpenAI-Compatible)',
		summary: 'Any other server with the OpenAI API',
		defaultBaseUrl: '',
		missing: [],
		source: 'nothing assumed beyond the OpenAI protocol',
	},
	dynamo: {
		...SELF_HOSTED,
		displayName: 'NVIDIA Dynamo',
		summary: 'Self-hosted; the video comes within the answer',
		defaultBaseUrl: 'http://localhost:8000/v1',
		create: {
			...OPENAI_CREATE,
			duration: { field: 'seconds', as: 'number' },
			reference: { as: 'dataUrl', field: 'input_reference' },
			isSynchronous: true,
		},
		missing: [...LATE, 'jobs', 'delete', 'list', 'remix', 'variants'],
		source: 'wire facts 2.4, 2026-11-21',
	},
	laozhang: {
		...OPENAI_LIKE,
		displayName: 'LaoZhang',
		summary: 'Videos and images of several makers, paid by use',
		defaultBaseUrl: 'https://api.laozhang.ai/v1',
		knownHosts: ['laozhang.ai'],
		minPollSeconds: 15,
		missing: LATE,
		failedJobsAreFree: true,
		retention: '7 days',
		source: 'wire facts 2.1, LaoZhang Muse row, 2026-11-21',
	},
	litellm: {
		...SELF_HOSTED,
		displayName: 'LiteLLM Proxy',
		summary: 'A gateway of your own to many providers',
		defaultBaseUrl: 'http://localhost:4000/v1',
		source: 'wire facts 2.5, 2026-11-21',
	},
	localai: {
		...SELF_HOSTED,
		displayName: 'LocalAI',
		summary: 'Self-hosted; the video comes within the answer',
		defaultBaseUrl: 'http://localhost:8080/v1',
		create: {
			...OPENAI_CREATE,
			// Beside /v1, not below it.
			path: '/../video',
			duration: { field: 'seconds', as: 'number' },
			reference: { as: 'base64', field: 'start_image' },
			isSynchronous: true,
		},
		missing: [...LATE, 'jobs', 'delete', 'list', 'remix', 'variants'],
		source: 'wire facts 2.9, 2026-11-21',
	},
	newApi: {
		...OPENAI_LIKE,
		displayName: 'New API / One API Gateway',
		summary: 'A gateway of your own, or one that resells through it',
		defaultBaseUrl: 'http://localhost:3000/v1',
		missing: [...LATE, 'delete', 'list'],
		source: 'wire facts 2.8 (new-api router), 2026-11-21',
	},
	openai: {
		...OPENAI_LIKE,
		displayName: 'OpenAI',
		summary: 'GPT Image; it has ended its Videos API',
		defaultBaseUrl: 'https://api.openai.com/v1',
		knownHosts: ['api.openai.com'],
		minPollSeconds: 10,
		retention: '1 hour',
		videoHints: {
			modelUnavailable: VIDEOS_API_ENDED,
			notFound: VIDEOS_API_ENDED,
		},
		source: "OpenAI's last documented state (wire facts 1), 2026-11-21",
	},
	openrouter: {
		...OPENAI_LIKE,
		displayName: 'OpenRouter',
		summary: 'Video models of many makers, paid by use',
		defaultBaseUrl: 'https://openrouter.ai/api/v1',
		knownHosts: ['openrouter.ai'],
		testPath: '/key',
		create: {
			...OPENAI_CREATE,
			duration: { field: 'duration', as: 'number' },
			reference: { as: 'frameList', field: 'frame_images' },
		},
		minPollSeconds: 10,
		missing: [...LATE, 'delete', 'list', 'remix', 'variants'],
		source: 'wire facts 2.6, 2026-11-21',
	},
	sglang: {
		...SELF_HOSTED,
		displayName: 'SGLang Diffusion',
		summary: 'Self-hosted open models',
		defaultBaseUrl: 'http://localhost:30000/v1',
		create: { ...OPENAI_CREATE, duration: { field: 'seconds', as: 'number' } },
		missing: [...LATE, 'remix', 'variants'],
		source: 'wire facts 2.3, 2026-11-21',
	},
	sora2api: {
		...SELF_HOSTED,
		displayName: 'sora2api (Self-Hosted)',
		summary: 'Self-hosted; Sora videos and images over chat',
		defaultBaseUrl: 'http://localhost:8000/v1',
		videoApi: 'chat',
		missing: ['delete', 'edit', 'extend', 'jobs', 'list', 'remix', 'variants'],
		ownFilePaths: ['/tmp/'],
		source: "sora2api's README (seed 003) and wire facts 3, 2026-11-21",
	},
	vllmOmni: {
		...SELF_HOSTED,
		displayName: 'vLLM-Omni',
		summary: 'Self-hosted open models',
		defaultBaseUrl: 'http://localhost:8000/v1',
		create: { ...OPENAI_CREATE, encoding: 'multipart' },
		missing: [...LATE, 'remix', 'variants'],
		source: 'wire facts 2.2, 2026-11-21',
	},
} as const satisfies Record<string, Dialect>;

/** The value of the credential's field *Server*. */
export type ServerName = keyof typeof DIALECTS;

/** The dialect of a server; an unknown name is treated as plain OpenAI-compatible. */
export function dialectOf(server: string): Dialect {
	return Object.hasOwn(DIALECTS, server) ? DIALECTS[server as ServerName] : DIALECTS.custom;
}

/** The next steps that only this server needs when its Videos API was asked. */
export function videoHintsOf({ hints, videoHints }: Dialect): Dialect['hints'] {
	return { ...hints, ...videoHints };
}

/**
 * The server that a host is known to belong to, or undefined for hosts that nobody claims.
 * `hostname` as in a URL, without port.
 */
export function ownerOfHost(hostname: string): ServerName | undefined {
	const host = hostname.toLowerCase().replace(/\.$/, '');
	const names = Object.keys(DIALECTS) as ServerName[];
	return names.find((name) => DIALECTS[name].knownHosts.some((known) => host === known || host.endsWith(`.${known}`)));
}
