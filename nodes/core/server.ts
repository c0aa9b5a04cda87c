import { dialectOf, DIALECTS, ownerOfHost, type Dialect } from './dialects';
import { GenerationError } from './errors';
import { parseHostList, type LinkRules } from './links';

/** A server as the credential describes it, checked. */
export interface Server {
	name: string;
	dialect: Dialect;
	links: LinkRules;
}

/** The fields of the credential that say where requests go. */
export interface ServerFields {
	server?: unknown;
	baseUrl?: unknown;
	allowedDownloadHosts?: unknown;
}

/**
 * Reads the server of a credential. Throws GenerationError `invalidInput` when the Base URL is missing, is no
 * http(s) address, or belongs to another server than the chosen one: its key must not go there.
 */
export function readServer(fields: ServerFields): Server {
	const name = typeof fields.server === 'string' && fields.server !== '' ? fields.server : 'custom';
	const dialect = dialectOf(name);
	const baseUrl = readBaseUrl(fields.baseUrl, dialect.defaultBaseUrl);
	const owner = ownerOfHost(new URL(baseUrl).hostname);
	if (owner !== undefined && owner !== name) {
		throw invalid(
			`The credential is for ${dialect.displayName}, but its Base URL belongs to ${DIALECTS[owner].displayName}. Nothing was sent: choose the matching Server, or empty the Base URL`,
			'A key goes to its own server only.',
		);
	}
	return {
		name,
		dialect,
		links: {
			baseUrl,
			allowedDownloadHosts: parseHostList(
				typeof fields.allowedDownloadHosts === 'string' ? fields.allowedDownloadHosts : '',
			),
		},
	};
}

/** An empty Base URL means the server's usual one, so that it follows when another server is chosen. */
function readBaseUrl(value: unknown, usualBaseUrl: string): string {
	const text = (typeof value === 'string' ? value.trim() : '') || usualBaseUrl;
	if (text === '') {
		throw invalid('The Base URL of the credential is empty', 'Give the address of the API, usually ending in /v1.');
	}
	let url: URL;
	try {
		url = new URL(text);
	} catch {
		throw invalid(
			'The Base URL is not an address',
			'Give the whole address with https://, e.g. https://api.apiyi.com/v1.',
		);
	}
	if (url.protocol !== 'https:' && url.protocol !== 'http:') {
		throw invalid('The Base URL is not an http address', 'Give an address that begins with https:// or http://.');
	}
	if (url.username !== '' || url.password !== '' || /[?#]/.test(text)) {
		throw invalid(
			'The Base URL holds a user name, a password, a query or a fragment',
			'Give only the address there; the key belongs in API Key, anything else in Headers.',
		);
	}
	return text.replace(/\/+$/, '');
}

function invalid(message: string, hint: string): GenerationError {
	return new GenerationError('invalidInput', message, { hint });
}
