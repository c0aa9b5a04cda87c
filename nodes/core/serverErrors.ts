import { GenerationError, type ErrorKind } from './errors';
import { firstText, isObject, parseJson, readPath, withoutUndefined } from './json';

/** A server's own words about what went wrong, whatever envelope they came in. */
export interface ServerWords {
	message?: string;
	code?: string;
	type?: string;
	param?: string;
	requestId?: string;
	/** Moderation categories, when the server names them. */
	categories?: string[];
}

const MAX_WORDS = 1000;
const MAX_NESTING = 3;

/**
 * Reads `{error:{message,code,type,param}}`, `{error:"text"}`, `{code,message}`, `{detail}`, `{message}`, `{msg}`,
 * JSON inside a message (up to three levels), an HTML page's title, or plain text.
 * Never throws. Source of the shapes: wire facts, "Design consequences" 22.
 */
export function readServerWords(body: unknown): ServerWords {
	return readNested(body, 0);
}

function readNested(body: unknown, level: number): ServerWords {
	if (typeof body === 'string') return readText(body, level);
	if (Array.isArray(body)) return { message: readDetails(body) };
	if (!isObject(body)) return {};

	const inner = isObject(body.error) ? body.error : body;
	const message =
		firstText(inner, ['message', 'msg', 'error_message']) ??
		firstText(body, ['error', 'message', 'msg', 'fail_reason', 'failure_reason', 'reason']) ??
		(Array.isArray(body.detail) ? readDetails(body.detail) : firstText(body, ['detail', 'detail.message']));

	const words: ServerWords = {
		message: message?.slice(0, MAX_WORDS),
		code: firstText(inner, ['code']),
		type: firstText(inner, ['type']),
		param: firstText(inner, ['param']),
		requestId: firstText(body, ['request_id', 'requestId', 'error.request_id']),
		categories: readCategories(inner, message),
	};
	const wrapped = message ? readText(message, level) : {};
	return {
		...withoutUndefined(words),
		...withoutUndefined(wrapped),
	};
}

function readText(text: string, level: number): ServerWords {
	const trimmed = text.trim();
	if (trimmed === '') return {};
	if (/^<(!doctype|html|\?xml)/i.test(trimmed)) {
		const title = /<title>([^<]*)<\/title>/i.exec(trimmed)?.[1]?.trim();
		return { message: title ? `A web page titled "${title.slice(0, 120)}"` : 'A web page instead of an API answer' };
	}
	if (level < MAX_NESTING) {
		const start = trimmed.indexOf('{');
		const parsed = start >= 0 ? parseJson(trimmed.slice(start)) : undefined;
		if (isObject(parsed)) {
			const nested = readNested(parsed, level + 1);
			if (nested.message) return nested;
		}
	}
	return withoutUndefined({
		message: trimmed.slice(0, MAX_WORDS),
		requestId: /request id:?\s*([\w-]{6,})/i.exec(trimmed)?.[1],
	});
}

function readDetails(details: unknown[]): string | undefined {
	const parts = details.map((detail) => {
		if (typeof detail === 'string') return detail;
		const place = readPath(detail, 'loc');
		const message = firstText(detail, ['msg', 'message', 'type']);
		if (!Array.isArray(place)) return message;
		const steps = place.filter((step) => typeof step === 'string' || typeof step === 'number');
		return `${steps.join('.')}: ${message ?? ''}`;
	});
	return parts.filter(Boolean).join('; ') || undefined;
}

function readCategories(error: unknown, message: string | undefined): string[] | undefined {
	const listed = readPath(error, 'moderation_details.categories');
	if (Array.isArray(listed)) return listed.filter((entry): entry is string => typeof entry === 'string');
	const named = /safety_violations=\[([^\]]*)\]/.exec(message ?? '')?.[1];
	return named ? named.split(',').map((entry) => entry.trim()) : undefined;
}

const MODERATION_CODE = /moderation|content_policy|safety|sentinel_block/i;
const MODERATION_WORDS =
	/moderation system|safety system|content[ _-]?polic(?:y|ies)|safety_violations|违反|内容政策|policy violation/i;
const BALANCE_WORDS =
	/insufficient[ _](user[ _])?(balance|quota|credit|fund)|exceeded your current quota|no (remaining )?(balance|credit)|balance (is |has )?(too low|not enough|exhausted|run out)|low balance|out of credits?|余额|额度/i;
const RUNNING_WORDS = /too many (running|concurrent)|concurren|running (tasks|jobs)|并发/i;
const MODEL_WORDS = /model/i;
/** A 404 about the address, not about what is asked for there; the last is our own word for a page. */
const ADDRESS_WORDS = /^(invalid url|cannot (get|post|delete)\b|a web page)/i;
const ADDRESS_HINT =
	'Check the Base URL of the credential: it usually ends in /v1. If it is right, this server does not offer the operation.';

/** Whether a refusal or a failed job was about the content. Such a request is never sent again. */
export function isModeration(words: ServerWords): boolean {
	return (
		MODERATION_CODE.test(words.code ?? '') ||
		MODERATION_CODE.test(words.type ?? '') ||
		MODERATION_WORDS.test(words.message ?? '') ||
		(words.categories?.length ?? 0) > 0
	);
}

/** Which kind of refusal a status and the server's words amount to. Never decided by `type`: 500s carry any. */
export function classifyRefusal(status: number, words: ServerWords): ErrorKind {
	const text = `${words.code ?? ''} ${words.message ?? ''}`;
	if (status < 500 && isModeration(words)) return 'moderation';
	if (status === 402) return 'insufficientBalance';
	if ((status === 403 || status === 429) && BALANCE_WORDS.test(text)) return 'insufficientBalance';
	if (status === 429) return RUNNING_WORDS.test(text) ? 'tooManyRunningJobs' : 'rateLimited';
	if (status === 401) return 'authentication';
	if (status === 403) return 'permission';
	if (status === 404 && MODEL_WORDS.test(text)) return 'modelUnavailable';
	if (status === 404) return 'notFound';
	if (status === 405 || status === 501) return 'unsupported';
	if (status === 410) return 'contentExpired';
	if (status >= 300 && status < 400) return 'wrongAddress';
	return status >= 500 ? 'serverFailure' : 'requestRefused';
}

const WHAT_HAPPENED: Partial<Record<ErrorKind, string>> = {
	moderation: 'The server blocked the content',
	insufficientBalance: 'The account at the server has no balance left',
	tooManyRunningJobs: 'The account already runs as many jobs as the server allows',
	rateLimited: 'The server asks for fewer requests',
	authentication: 'The server refused the API key',
	permission: 'The server does not allow this with this key',
	modelUnavailable: 'The server does not offer this model',
	notFound: 'The server does not know what it was asked for',
	unsupported: 'The server does not offer this operation',
	contentExpired: 'The server no longer keeps this file',
	wrongAddress: 'The server redirected the request to another address',
	serverFailure: 'The server failed',
	requestRefused: 'The server refused the request',
};

/**
 * The error for an answer that is not a success.
 * @param hints next steps of this server's dialect, by kind; they come before the general ones
 */
export function errorFromAnswer(
	answer: { status: number; headers: Record<string, string> },
	bodyText: string,
	hints: Partial<Record<ErrorKind, string>> = {},
): GenerationError {
	const words = readServerWords(parseJson(bodyText) ?? bodyText);
	const kind = classifyRefusal(answer.status, words);
	const categories = words.categories?.length ? ` (${words.categories.join(', ')})` : '';
	const isAddress = kind === 'notFound' && ADDRESS_WORDS.test(words.message ?? '');
	const what = isAddress ? 'The server has nothing at this address' : WHAT_HAPPENED[kind];
	return new GenerationError(kind, `${what ?? 'The request did not succeed'}${categories}`, {
		serverMessage: words.message,
		status: answer.status,
		requestId: requestIdOf(answer.headers) ?? words.requestId,
		hint: hints[kind] ?? (isAddress ? ADDRESS_HINT : undefined),
	});
}

/** The id under which a server's support finds a request. */
export function requestIdOf(headers: Record<string, string>): string | undefined {
	return headers['x-request-id'] ?? headers['x-oneapi-request-id'] ?? headers['apim-request-id'];
}
