/**
 * What the core needs from the world. The core itself knows no n8n, no timers and no network: the adapter
 * supplies these ports for one execution, tests supply others.
 */

/** What a request is for. The retry policy (`retry.ts`) is decided by this alone. */
export type RequestKind = 'create' | 'image' | 'poll' | 'read' | 'content' | 'delete' | 'link';

/** A file to send: `bytes` as they are, in the multipart field `field`. */
export interface FilePart {
	field: string;
	bytes: Uint8Array;
	fileName: string;
	mimeType: string;
}

/** An object of a JSON text of which nothing is known yet. */
export type JsonObject = Record<string, unknown>;

/** The body of a request: fields as JSON, or fields and files as a form. */
export type RequestBody =
	| { encoding: 'json'; fields: JsonObject }
	| { encoding: 'multipart'; fields: JsonObject; files: FilePart[] };

/** One request, as the core asks for it; keys and headers of the credential are not its concern. */
export interface HttpRequest {
	kind: RequestKind;
	method: 'GET' | 'POST' | 'DELETE';
	/** A path below the server's base URL (starts with "/"), or an absolute URL. */
	url: string;
	query?: Record<string, string | number>;
	body?: RequestBody;
	/** How long the server may be silent, in milliseconds. */
	timeoutMs: number;
}

/** What could be read of a body as text; `problem` says why it is not the whole of it. */
export interface BodyText {
	text: string;
	problem?: 'truncated' | 'tooLarge' | 'tooSlow';
}

/** A body that was not read yet. Exactly one of `text`, `nextChunk` and the file store may consume it. */
export interface ResponseBody {
	/** The first bytes without consuming them; fewer than `count` only when the body is shorter. */
	firstBytes(count: number): Promise<Uint8Array>;
	/** Reads to the end, never more than `maxBytes`; never throws. */
	text(maxBytes?: number): Promise<BodyText>;
	/** The next bytes; undefined at the end, whether it came in order or not. Waits for as long as it takes; never throws. */
	nextChunk(): Promise<Uint8Array | undefined>;
	/** The body ended before all of it had come. */
	readonly isBroken: boolean;
	/** Ends the connection: what has not come yet is not wanted. */
	discard(): void;
}

/** An answer of any status, its body not read yet. */
export interface HttpResponse {
	outcome: 'response';
	status: number;
	/** Names in lower case. */
	headers: Record<string, string>;
	/** The address that answered, after redirects. */
	url: string;
	body: ResponseBody;
}

/** No answer came. `certainlyNotSent` is true only when the server cannot have taken the request. */
export interface NoResponse {
	outcome: 'noResponse';
	certainlyNotSent: boolean;
	/** `ECONNREFUSED`, `ECONNRESET`, `ETIMEDOUT`, …; `CANCELLED` when the execution was stopped. */
	code: string;
	message: string;
}

/** What came of one request. */
export type HttpResult = HttpResponse | NoResponse;

/**
 * Sends one request and tells what came of it, whatever the status. Throws nothing but GenerationError
 * `unsafeAddress`, for an address that must not be fetched; then nothing was sent there.
 */
export type Http = (request: HttpRequest) => Promise<HttpResult>;

/** A file that n8n keeps now, with what its bytes say about it. */
export interface StoredFile {
	/** The adapter's own handle (n8n's binary data); the core only passes it on. */
	reference: unknown;
	fileName: string;
	mimeType: string;
	fileSizeBytes: number;
	width?: number;
	height?: number;
	durationSeconds?: number;
	hasAudio?: boolean;
}

/** Where files of a run are kept. */
export interface FileStore {
	/** Whether a file that was stored earlier in this execution is still there. Never throws. */
	isStored(file: StoredFile): Promise<boolean>;
	/**
	 * Streams a body into n8n's binary storage, reading its structure on the way.
	 * Throws GenerationError `downloadInterrupted` when the bytes end early.
	 */
	store(response: HttpResponse, fileName: string, type: { mimeType: string; extension: string }): Promise<StoredFile>;
	/** The bytes of a base64 text; what cannot be read as base64 is left out. */
	decode(base64: string): Uint8Array;
	/** Puts bytes that are there already into n8n's binary storage. */
	storeBytes(bytes: Uint8Array, fileName: string, type: { mimeType: string }): Promise<StoredFile>;
}

/** Something worth telling while a run is under way; the adapter decides where it is shown. */
export interface RunEvent {
	level: 'debug' | 'info' | 'warn';
	message: string;
	details?: Record<string, string | number | boolean | undefined>;
}

/** The world outside of the core: all of it that a run can touch. */
export interface Ports {
	http: Http;
	files: FileStore;
	/** Waits; rejects with GenerationError `cancelled` as soon as the execution is stopped. */
	sleep(milliseconds: number): Promise<void>;
	/** Milliseconds since the epoch that never jump while a run lasts. */
	now(): number;
	/** Uniform in [0, 1). */
	random(): number;
	/** Told of everything worth telling, as it happens. */
	onEvent(event: RunEvent): void;
}
