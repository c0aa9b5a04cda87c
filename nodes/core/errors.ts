/** Whether a failed step cost the user money: certainly not, perhaps, certainly. */
export type Billed = 'no' | 'maybe' | 'yes';

/**
 * Every way in which a generation can fail: the default next step and whether money was spent.
 * The one error table; `docs/errors.md` is made from it, and a contract test does what each hint says.
 */
export const ERROR_KINDS = {
	invalidInput: {
		billed: 'no',
		hint: 'Correct the parameter that the message names, then run again.',
	},
	spendingCapExceeded: {
		billed: 'no',
		hint: 'Raise Max Cost (USD) in the options, or lower the number of items, the seconds or the model tier.',
	},
	unsafeAddress: {
		billed: 'no',
		hint: "If the address is your own storage, name its host in the credential's Allowed Download Hosts. Retry on the execution then fetches the file without paying again.",
	},
	authentication: {
		billed: 'no',
		hint: 'Check the API key in the credential and that it belongs to the server of its Base URL.',
	},
	permission: {
		billed: 'no',
		hint: 'Check that the key may use this model and endpoint.',
	},
	insufficientBalance: {
		billed: 'no',
		hint: "Top up the account at the server's console, then run again.",
	},
	rateLimited: {
		billed: 'no',
		hint: 'Wait a minute and run again, or set Requests per Minute in the options to what the account may send.',
	},
	tooManyRunningJobs: {
		billed: 'no',
		hint: 'Other jobs of the account are running, and it may only run so many at once. Run again when they have ended, or lower Concurrency in the options of the nodes that share the account.',
	},
	moderation: {
		billed: 'no',
		hint: 'Change the prompt or the reference image; sending the same again will be refused again.',
	},
	requestRefused: {
		billed: 'no',
		hint: "Read the server's words above and correct the parameter that they name.",
	},
	modelUnavailable: {
		billed: 'no',
		hint: 'Choose another model with Model > From List: it shows what this server offers now.',
	},
	notFound: {
		billed: 'no',
		hint: 'Check the ID, and that the key and the Base URL of the credential (usually ending in /v1) belong to the account and server that made it.',
	},
	unsupported: {
		billed: 'no',
		hint: 'This server does not offer this operation. Use another operation, or a server that has it.',
	},
	serverUnreachable: {
		billed: 'no',
		hint: 'Check the Base URL of the credential and that the server runs and can be reached from n8n.',
	},
	serverFailure: {
		billed: 'no',
		hint: 'The server failed on its own side. Run again a little later.',
	},
	wrongAddress: {
		billed: 'no',
		hint: 'Correct the Base URL of the credential: it must lead straight to the API (usually ending in /v1).',
	},
	submissionUncertain: {
		billed: 'maybe',
		hint: 'Look for the job with the operation Get Many, or in the console of the server, before running again. If it is there, use Wait for Video Job with its ID.',
	},
	resultUncertain: {
		billed: 'maybe',
		hint: 'Look in the console of the server whether it was billed before running again: what an answer held that was lost cannot be fetched later. Retry Uncertain Submissions in the options sends it again at your own risk.',
	},
	noResult: {
		billed: 'yes',
		hint: "Read the model's words above and change the prompt. Servers bill such an answer all the same, so it is not sent again unless Retry Uncertain Submissions in the options says so; a new execution sends it anew.",
	},
	unreadableAnswer: {
		billed: 'maybe',
		hint: 'Check the Base URL of the credential: this does not look like the API.',
	},
	jobFailed: {
		billed: 'no',
		hint: 'Change the prompt and try again. A failed job is usually not billed; the console of the server tells for sure.',
	},
	jobExpired: {
		billed: 'maybe',
		hint: 'The server gave up on this job or dropped its file. Check the console of the server, then start a new job.',
	},
	jobNotVisible: {
		billed: 'yes',
		hint: 'The job itself may be fine. Check the key and the account, then use Wait for Video Job with this job ID.',
	},
	waitTimedOut: {
		billed: 'yes',
		hint: 'The job is still running at the server. Use Wait for Video Job with this job ID; do not create it again. A larger Max Wait (Minutes) avoids this.',
	},
	downloadFailed: {
		billed: 'yes',
		hint: 'The video is finished at the server. Use Download Video with this job ID soon: servers keep files for an hour to a few days.',
	},
	downloadInterrupted: {
		billed: 'yes',
		hint: 'The video is finished at the server. Use Download Video with this job ID.',
	},
	fileTooLarge: {
		billed: 'yes',
		hint: 'Let n8n keep binary data in the file system or S3 (N8N_DEFAULT_BINARY_DATA_MODE), then use Download Video with this job ID. Or turn off Download File and fetch it outside of n8n.',
	},
	contentExpired: {
		billed: 'yes',
		hint: 'The server keeps files only for a limited time. Generate it again and download it at once.',
	},
	unexpected: {
		billed: 'maybe',
		hint: 'This is not a refusal of the server. If it comes again, report it with the log of n8n.',
	},
	cancelled: {
		billed: 'maybe',
		hint: 'Jobs that were already submitted go on at the server. Their IDs are in the log of n8n: use Wait for Video Job with them.',
	},
} as const satisfies Record<string, { billed: Billed; hint: string }>;

/** What kind of thing went wrong; each has a row in the table above. */
export type ErrorKind = keyof typeof ERROR_KINDS;

/** Refusals that concern the whole account: after one of these nothing further is submitted. */
const ACCOUNT_KINDS: ReadonlySet<ErrorKind> = new Set(['authentication', 'permission', 'insufficientBalance']);

/** What is known of an error beside its kind and its message. */
export interface ErrorDetails {
	/** What to do next; the table's default when absent. */
	hint?: string;
	billed?: Billed;
	/** The server's own words. */
	serverMessage?: string;
	/** What the node saw itself, as a sentence without its full stop: how a connection failed, what looks at a job showed. */
	observed?: string;
	status?: number;
	requestId?: string;
	jobId?: string;
	/** Where what was paid for can still be fetched. */
	url?: string;
	cause?: unknown;
}

/** The one error of the core: what happened, what to do, and whether it cost money. */
export class GenerationError extends Error {
	readonly kind: ErrorKind;

	readonly hint: string;

	billed: Billed;

	readonly serverMessage?: string;

	readonly observed?: string;

	readonly status?: number;

	requestId?: string;

	jobId?: string;

	readonly url?: string;

	constructor(kind: ErrorKind, message: string, details: ErrorDetails = {}) {
		super(message, { cause: details.cause });
		this.name = 'GenerationError';
		this.kind = kind;
		this.hint = details.hint ?? ERROR_KINDS[kind].hint;
		this.billed = details.billed ?? ERROR_KINDS[kind].billed;
		this.serverMessage = details.serverMessage;
		this.observed = details.observed;
		this.status = details.status;
		this.requestId = details.requestId;
		this.jobId = details.jobId;
		this.url = details.url;
	}

	/** Whether the account as a whole was refused (key, rights, balance). */
	get concernsAccount(): boolean {
		return ACCOUNT_KINDS.has(this.kind);
	}
}

/** Any thrown value as the core's error; what is not one of ours becomes `kind` and keeps its message. */
export function asGenerationError(error: unknown, kind: ErrorKind, details: ErrorDetails = {}): GenerationError {
	if (error instanceof GenerationError) return error;
	const message = error instanceof Error ? error.message : String(error);
	return new GenerationError(kind, message, { ...details, cause: error });
}
