import type { Server } from './server';

/** The fields of the credential that make the headers of a request. */
export interface AuthenticationFields {
	apiKey?: unknown;
	headers?: unknown;
}

interface HeaderList {
	header?: Array<{ name?: string; value?: string }>;
}

/**
 * The user's own headers and the one with the key, as the server wants it.
 * Without a key there is no auth header at all: local servers refuse an empty one.
 */
export function authenticationHeaders(fields: AuthenticationFields, server: Server): Record<string, string> {
	const headers: Record<string, string> = {};
	for (const { name, value } of (fields.headers as HeaderList | undefined)?.header ?? []) {
		if (name) headers[name.trim()] = value ?? '';
	}
	const apiKey = typeof fields.apiKey === 'string' ? fields.apiKey.trim() : '';
	if (apiKey === '') return headers;
	if (server.dialect.authentication === 'apiKeyHeader') headers['api-key'] = apiKey;
	else headers.Authorization = `Bearer ${apiKey.replace(/^Bearer\s+/i, '')}`;
	return headers;
}
