import type {
	ICredentialDataDecryptedObject,
	ICredentialType,
	IHttpRequestOptions,
	INodeProperties,
	Icon,
} from 'n8n-workflow';

import { authenticationHeaders } from '../nodes/core/authentication';
import { DIALECTS, type ServerName } from '../nodes/core/dialects';
import { GenerationError } from '../nodes/core/errors';
import { readServer } from '../nodes/core/server';
import { compareNames } from '../nodes/core/text';

const SERVER_NAMES = Object.keys(DIALECTS) as ServerName[];

const serverProperty: INodeProperties = {
	displayName: 'Server',
	name: 'server',
	type: 'options',
	default: 'apiyi',
	description: 'Which kind of server this is. It decides how jobs are created; answers are read the same way for all.',
	options: SERVER_NAMES.map((name) => ({
		name: DIALECTS[name].displayName,
		value: name,
		description: DIALECTS[name].summary,
	})).sort((a, b) => compareNames(a.name, b.name)),
};

const EXAMPLE_URLS: Partial<Record<ServerName, string>> = {
	azure: 'https://my-resource.openai.azure.com/openai/v1',
};

/**
 * One Base URL field for each server. The usual address is not the field's default but stands behind an empty field:
 * n8n's editor keeps a default that it has filled in when another server is chosen, and the key would go to the old one.
 */
const baseUrlProperties = SERVER_NAMES.map(
	(name): INodeProperties => ({
		displayName: 'Base URL',
		name: 'baseUrl',
		type: 'string',
		default: '',
		required: DIALECTS[name].defaultBaseUrl === '',
		placeholder: `e.g. ${DIALECTS[name].defaultBaseUrl || EXAMPLE_URLS[name] || 'https://api.example.com/v1'}`,
		hint: DIALECTS[name].defaultBaseUrl === '' ? '' : `Leave empty for ${DIALECTS[name].defaultBaseUrl}`,
		description: 'Address of the API, usually ending in /v1. The key is sent to this origin only.',
		displayOptions: { show: { server: [name] } },
	}),
);

/** The key goes to the origin of the Base URL only, whatever node asks: n8n's HTTP Request can use this credential, too. */
function checkTarget({ url, baseURL }: IHttpRequestOptions, baseUrl: string): void {
	const target = new URL(url, baseURL ?? baseUrl);
	if (target.origin === new URL(baseUrl).origin) return;
	throw new GenerationError(
		'unsafeAddress',
		`The key of this credential belongs to ${new URL(baseUrl).host} and was not sent to ${target.host}`,
	);
}

export class SoraApi implements ICredentialType {
	name = 'soraApi';

	displayName = 'Sora API';

	icon: Icon = { light: 'file:../icons/sora.svg', dark: 'file:../icons/sora.dark.svg' };

	documentationUrl = 'https://github.com/n8n-nodes-sora/n8n-nodes-sora#the-credential';

	properties: INodeProperties[] = [
		serverProperty,
		...baseUrlProperties,
		{
			displayName: 'API Key',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			placeholder: 'e.g. sk-…',
			description: 'The key of your account at this server. Leave empty for a local server that asks for none.',
		},
		{
			displayName: 'Headers',
			name: 'headers',
			type: 'fixedCollection',
			typeOptions: { multipleValues: true },
			default: {},
			placeholder: 'Add Header',
			description: 'Further headers that the server wants, e.g. for routing. They go where the key goes, nowhere else.',
			options: [
				{
					displayName: 'Header',
					name: 'header',
					values: [
						{
							displayName: 'Name',
							name: 'name',
							type: 'string',
							default: '',
							placeholder: 'e.g. OpenAI-Organization',
							description: 'Name of the header',
						},
						{
							displayName: 'Value',
							name: 'value',
							type: 'string',
							typeOptions: { password: true },
							default: '',
							placeholder: 'e.g. org-123',
							description: 'Kept as secret as the key',
						},
					],
				},
			],
		},
		{
			displayName: 'Allowed Download Hosts',
			name: 'allowedDownloadHosts',
			type: 'string',
			default: '',
			placeholder: 'e.g. minio.lan:9000, cdn.lan',
			description:
				'Comma-separated hosts of private storage from which finished files may be fetched. Public hosts and the server itself need no entry.',
		},
	];

	/**
	 * Adds the key and the user's headers. Refuses to send them to a host that belongs to another server.
	 * Without a key no auth header is sent at all: local servers refuse an empty one.
	 */
	async authenticate(
		credentials: ICredentialDataDecryptedObject,
		requestOptions: IHttpRequestOptions,
	): Promise<IHttpRequestOptions> {
		const server = readServer(credentials);
		checkTarget(requestOptions, server.links.baseUrl);
		const headers = { ...requestOptions.headers, ...authenticationHeaders(credentials, server) };
		return { ...requestOptions, headers };
	}
}
