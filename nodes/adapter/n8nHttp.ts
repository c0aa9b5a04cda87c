import type {
	IExecuteFunctions,
	IHttpRequestOptions,
	ILoadOptionsFunctions,
	IN8nHttpFullResponse,
	IPollFunctions,
} from 'n8n-workflow';

import { isObject } from '../core/json';
import { checkHop, resolveUrl, type Hop, type LinkRules } from '../core/links';
import type { Http, HttpRequest, HttpResponse, HttpResult, NoResponse, RequestBody } from '../core/ports';
import { now } from './ports';
import { StreamBody, type ReadableBody, type TextLimits } from './responseBody';

type HttpContext = IExecuteFunctions | ILoadOptionsFunctions | IPollFunctions;

const MAX_REDIRECTS = 5;

/**
 * Failures before a single byte of the request was sent: no connection, no name, no trust in the certificate, or a server
 * that does not speak TLS. Other TLS failures may come after the request was read, and are not among them.
 */
const NOT_SENT =
	/^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ERR_INVALID_URL|CERT_.*|ERR_TLS_CERT_ALTNAME_INVALID|ERR_SSL_WRONG_VERSION_NUMBER|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_(GET|VERIFY)_.*)$/;
/**
 * n8n's own words before it sends anything: an address that it blocks, and its database, from which it reads the credential
 * for each request and whose few connections may all be taken.
 */
const HELD_BACK_BY_N8N = /restricted IP|blocked|not allowed|^timeout exceeded when trying to connect$/i;

/**
 * No connection is used twice. A create on an idle one may fall into the server's closing it: it would end without an
 * answer, although it never arrived. n8n keeps no connections since 1.97; before that it did for plain http
 * (docs/decisions/0007).
 */
const NO_REUSE = { Connection: 'close' };

/** Uncompressed: the client unpacks on the way, and the announced length could not be compared any more. */
const FILE_HEADERS = { Accept: '*/*', 'Accept-Encoding': 'identity' };

export interface HttpSettings {
	links: LinkRules;
	cancelSignal?: AbortSignal;
	/** A steady clock in milliseconds; the process' own when absent. */
	now?: () => number;
}

/**
 * HTTP over n8n's own helpers (proxy, certificates, SSRF protection, authentication are n8n's).
 * Every body is read as a stream, so that errors inside of files can be read and nothing unbounded is kept.
 * Redirects are followed here, by hand: n8n's helpers would take the key along to another origin (1.x always,
 * 2.x by default). A redirect of anything but a GET is never followed.
 */
export function createHttp(context: HttpContext, settings: HttpSettings): Http {
	return async (request) => await followRedirects(context, settings, request);
}

async function followRedirects(
	context: HttpContext,
	settings: HttpSettings,
	request: HttpRequest,
): Promise<HttpResult> {
	let hop = checkHop(resolveUrl(settings.links.baseUrl, request.url), settings.links);
	// A link that a user gives is never fetched with the key, wherever it leads.
	if (request.kind === 'link') hop = { ...hop, withCredentials: false };
	for (let redirects = 0; ; redirects++) {
		if (settings.cancelSignal?.aborted) return stopped({ certainlyNotSent: true });
		const options = toN8nOptions(request, hop.url, redirects === 0);
		const response = await sendOnce(context, settings, options, hop);
		if (response.outcome === 'noResponse') return response;
		const location = response.headers.location;
		const isRedirect = response.status >= 300 && response.status < 400 && location !== undefined;
		if (!isRedirect || request.method !== 'GET' || redirects >= MAX_REDIRECTS) return response;
		// Its connection is not used again, so nothing is gained by reading a body that nobody wants.
		response.body.discard();
		const next = checkHop(location, settings.links, hop.url);
		// Credentials that were left behind once are not picked up again further along.
		hop = { url: next.url, withCredentials: hop.withCredentials && next.withCredentials };
	}
}

async function sendOnce(
	context: HttpContext,
	settings: HttpSettings,
	options: IHttpRequestOptions,
	hop: Hop,
): Promise<HttpResult> {
	try {
		const answer = hop.withCredentials
			? await sendWithCredentials(context, options)
			: await sendWithoutCredentials(context, options, settings.cancelSignal);
		return toResponse(answer, hop.url, { now: settings.now ?? now, timeoutMs: options.timeout ?? 0 });
	} catch (error) {
		return readFailure(error, settings);
	}
}

async function sendWithCredentials(context: HttpContext, options: IHttpRequestOptions): Promise<IN8nHttpFullResponse> {
	return (await context.helpers.httpRequestWithAuthentication.call(
		context,
		'soraApi',
		options,
	)) as IN8nHttpFullResponse;
}

async function sendWithoutCredentials(
	context: HttpContext,
	options: IHttpRequestOptions,
	cancelSignal?: AbortSignal,
): Promise<IN8nHttpFullResponse> {
	return (await context.helpers.httpRequest({ ...options, abortSignal: cancelSignal })) as IN8nHttpFullResponse;
}

function toN8nOptions(request: HttpRequest, url: string, isFirst: boolean): IHttpRequestOptions {
	const isFile = request.kind === 'content' || request.kind === 'link';
	return {
		method: request.method,
		url,
		// A copy: n8n adds headers of its own to this object.
		headers: { ...NO_REUSE, ...(isFile ? FILE_HEADERS : { Accept: 'application/json' }) },
		// A redirect's address already says everything.
		...(isFirst && request.query ? { qs: { ...request.query } } : {}),
		...(request.body ? { body: encodeBody(request.body) } : {}),
		timeout: request.timeoutMs,
		encoding: 'stream',
		returnFullResponse: true,
		ignoreHttpStatusErrors: true,
		disableFollowRedirect: true,
	};
}

/**
 * JSON goes as an object. Multipart goes as the platform's FormData, which n8n's HTTP client encodes itself on
 * both majors; numbers become text and objects JSON text, since a form has only text and files.
 */
function encodeBody(body: RequestBody): IHttpRequestOptions['body'] {
	if (body.encoding === 'json') return body.fields as IHttpRequestOptions['body'];
	const form = new FormData();
	for (const [name, value] of Object.entries(body.fields)) {
		form.append(name, typeof value === 'object' ? JSON.stringify(value) : String(value));
	}
	for (const file of body.files) {
		form.append(file.field, new Blob([new Uint8Array(file.bytes)], { type: file.mimeType }), file.fileName);
	}
	return form as unknown as IHttpRequestOptions['body'];
}

function toResponse(answer: IN8nHttpFullResponse, url: string, limits: TextLimits): HttpResponse {
	const headers: Record<string, string> = {};
	for (const [name, value] of Object.entries(answer.headers ?? {})) {
		if (value !== undefined && value !== null) headers[name.toLowerCase()] = String(value);
	}
	const body = new StreamBody(answer.body as unknown as ReadableBody, limits);
	return { outcome: 'response', status: answer.statusCode, headers, url, body };
}

function readFailure(error: unknown, settings: HttpSettings): NoResponse {
	if (settings.cancelSignal?.aborted) return stopped({ certainlyNotSent: false });
	const code = errorCode(error);
	const message = error instanceof Error ? deepestMessage(error) : String(error);
	const certainlyNotSent = NOT_SENT.test(code) || (code === 'UNKNOWN' && HELD_BACK_BY_N8N.test(message));
	return { outcome: 'noResponse', certainlyNotSent, code, message };
}

function stopped({ certainlyNotSent }: { certainlyNotSent: boolean }): NoResponse {
	return { outcome: 'noResponse', certainlyNotSent, code: 'CANCELLED', message: 'The execution was stopped' };
}

/** The system's error code, wherever n8n's error classes keep it (1.x and 2.x differ). */
function errorCode(error: unknown): string {
	for (const candidate of [error, isObject(error) ? error.cause : undefined, innermost(error)]) {
		if (!isObject(candidate)) continue;
		for (const value of [candidate.code, candidate.httpCode]) {
			if (typeof value === 'string' && /^[A-Z][A-Z_0-9]+$/.test(value)) return value;
		}
	}
	return 'UNKNOWN';
}

function innermost(error: unknown): unknown {
	let current = error;
	for (let level = 0; level < 5 && isObject(current) && current.cause !== undefined; level++) current = current.cause;
	return current;
}

function deepestMessage(error: Error): string {
	const inner = innermost(error);
	return inner instanceof Error && inner.message !== '' ? inner.message : error.message;
}
