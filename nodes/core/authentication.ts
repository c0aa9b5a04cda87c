import type { Server } from './server';

/** The fields of the credential that make the headers of a request. */
export interface AuthenticationFields {
	apiKey?: unknown;
	headers?: unknown;
}

/** One entry of the credential's list of headers. */
export interface CustomHeader {
	name?: string;
	value?: string;
}

/** The user's own headers, as n8n keeps a fixed collection. */
export function customHeaders(fields: AuthenticationFields): CustomHeader[] {
	return (fields.headers as { header?: CustomHeader[] } | undefined)?.header ?? [];
}

/**
 * The user's own headers and the one with the key, as the server wants it.
 * Without a key there is no auth header at all: local servers refuse an empty one.
 */
export function authenticationHeaders(fields: AuthenticationFields, server: Server): Record<string, string> {
	const headers: Record<string, string> = {};
	for (const { name, value } of customHeaders(fields)) {
		if (name) headers[name.trim()] = value ?? '';
	}
	const apiKey = typeof fields.apiKey === 'string' ? fields.apiKey.trim() : '';
	if (apiKey === '') return headers;
	if (server.dialect.authentication === 'apiKeyHeader') headers['api-key'] = apiKey;
	else headers.Authorization = `Bearer ${apiKey.replace(/^Bearer\s+/i, '')}`;
	return headers;
}
