import type {
	ICredentialDataDecryptedObject,
	IExecuteFunctions,
	ILoadOptionsFunctions,
	IPollFunctions,
} from 'n8n-workflow';

import { customHeaders } from '../core/authentication';
import { readServer, type Server } from '../core/server';

/** The server of the credential, and how to keep its secrets out of texts. */
export interface Connection {
	server: Server;
	redact: (text: string) => string;
	/** Tells accounts apart without keeping their keys. */
	accountKey: string;
}

/** A shorter value would be found in ordinary words. */
const MIN_SECRET_LENGTH = 6;
/** Headers whose values are secrets; others, such as `custom-llm-provider: openai`, are ordinary words. */
const SECRET_HEADER = /auth|key|token|secret|cookie|password/i;

/**
 * Reads the credential once for a run: n8n adds it to requests as it is for the first item, so the address must be
 * the first item's too. Throws GenerationError `invalidInput` for an unusable or foreign Base URL.
 */
export async function openConnection(
	context: IExecuteFunctions | ILoadOptionsFunctions | IPollFunctions,
): Promise<Connection> {
	const credential = await context.getCredentials('soraApi');
	const server = readServer(credential);
	const secrets = secretsOf(credential);
	return { server, redact: createRedactor(secrets), accountKey: `${server.links.baseUrl} ${hash(secrets.join(' '))}` };
}

function secretsOf(credential: ICredentialDataDecryptedObject): string[] {
	const secretHeaders = customHeaders(credential).filter(({ name }) => SECRET_HEADER.test(name ?? ''));
	return [credential.apiKey, ...secretHeaders.map(({ value }) => value)].filter(
		(secret): secret is string => typeof secret === 'string' && secret !== '',
	);
}

/**
 * Replaces every secret in a text, with and without its scheme ("Bearer …"), also where a server echoes it. A text that
 * was cut may end within a secret: its beginning goes as well.
 */
export function createRedactor(secrets: readonly string[]): (text: string) => string {
	const bare = secrets.map((secret) => secret.trim().replace(/^\w+\s+/, ''));
	const forms = [...secrets.map((secret) => secret.trim()), ...bare];
	const longEnough = [...new Set(forms)].filter((secret) => secret.length >= MIN_SECRET_LENGTH);
	// The longest first: a secret inside another must not leave a rest of it behind.
	longEnough.sort((a, b) => b.length - a.length);
	return (text) => {
		const clean = longEnough.reduce((rest, secret) => rest.split(secret).join('***'), text);
		// Without its scheme: that is an ordinary word.
		return bare.reduce(withoutBeginning, clean);
	};
}

function withoutBeginning(text: string, secret: string): string {
	for (let length = secret.length - 1; length >= MIN_SECRET_LENGTH; length--) {
		if (text.endsWith(secret.slice(0, length))) return `${text.slice(0, -length)}***`;
	}
	return text;
}

/** FNV-1a: enough to tell keys apart in a map of this process. */
function hash(text: string): string {
	let value = 0x811c9dc5;
	for (let index = 0; index < text.length; index++) {
		value = Math.imul(value ^ text.charCodeAt(index), 0x01000193) >>> 0;
	}
	return value.toString(36);
}
