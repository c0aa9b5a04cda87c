import type {
	ICredentialDataDecryptedObject,
	ICredentialsDecrypted,
	ICredentialTestFunctions,
	INodeCredentialTestResult,
} from 'n8n-workflow';

import { authenticationHeaders } from '../core/authentication';
import type { Dialect } from '../core/dialects';
import { readServer } from '../core/server';

/** What a server's answer says about the credential, by its status; n8n shows it under "More details". */
const HINTS: Record<number, string> = {
	401: 'The server refused the API key. Check the key, and that Server and Base URL belong to the account that it is from.',
	403: 'The server does not let this key in. Check its rights.',
	404: 'There is no API at this address. Check the Base URL: it usually ends in /v1.',
};
const TIMEOUT_MS = 30_000;

/**
 * Tests a credential for n8n's editor with one free request to its server. A function of the nodes, not a request that the
 * credential describes: for those n8n 1.x shows texts of its own instead of ours.
 * A Base URL that belongs to another server is refused before anything is sent, and a redirect is not followed.
 */
export async function testSoraApi(
	this: ICredentialTestFunctions,
	credential: ICredentialsDecrypted,
): Promise<INodeCredentialTestResult> {
	const data = credential.data ?? {};
	let request: { url: string; headers: Record<string, string>; dialect: Dialect };
	try {
		request = describeRequest(data);
	} catch (error) {
		return refused(describeError(error));
	}
	try {
		return judge(await send(this, request.url, request.headers), Boolean(data.apiKey), request.dialect);
	} catch (error) {
		const { host } = new URL(request.url);
		return refused(
			`${host} cannot be reached from n8n (${(error as Error).message}). Check the Base URL, and n8n's way to the network.`,
		);
	}
}

/** What happened, then what to do. */
function describeError(error: unknown): string {
	const { message, hint } = error as Error & { hint?: string };
	return hint ? `${message}. ${hint}` : message;
}

function refused(message: string): INodeCredentialTestResult {
	return { status: 'Error', message };
}

function describeRequest(data: ICredentialDataDecryptedObject) {
	const server = readServer(data);
	return {
		dialect: server.dialect,
		url: `${server.links.baseUrl}${server.dialect.testPath}`,
		headers: { Accept: 'application/json', ...authenticationHeaders(data, server) },
	};
}

/** The answer's status. These tests have no other way to the network than n8n's older request function. */
async function send(context: ICredentialTestFunctions, url: string, headers: Record<string, string>): Promise<number> {
	const answer = (await context.helpers.request({
		method: 'GET',
		uri: url,
		headers,
		followRedirect: false,
		simple: false,
		resolveWithFullResponse: true,
		timeout: TIMEOUT_MS,
	})) as { statusCode: number };
	return answer.statusCode;
}

function judge(status: number, hasKey: boolean, { keyRequirement }: Dialect): INodeCredentialTestResult {
	if (status >= 200 && status < 300) return { status: 'OK', message: 'Connection successful!' };
	if (status === 401 && !hasKey)
		return refused('The server wants an API key. Put the key of your account into API Key.');
	const ofKey = status === 401 || status === 403 ? keyRequirement : undefined;
	if (HINTS[status]) return refused([HINTS[status], ofKey].filter(Boolean).join(' '));
	if (status >= 300 && status < 400) {
		return refused('The server sends elsewhere. Check the Base URL: it must be the final address.');
	}
	return refused(`The server answered with HTTP ${status}. Try again later; if it stays, ask whoever runs the server.`);
}
