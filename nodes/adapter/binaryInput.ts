import type { IBinaryData } from 'n8n-workflow';

import { GenerationError } from '../core/errors';
import { hasMediaExtension, sniffFileType } from '../core/media/fileType';
import type { HttpRequest } from '../core/ports';
import { readImageSize } from '../core/media/imageSize';
import { sendWithRetry } from '../core/retry';
import { errorFromAnswer } from '../core/serverErrors';
import { decodePercents } from '../core/text';
import type { ReferenceFacts } from '../core/video/request';
import { isSuccess, withoutAnswer } from '../core/answers';
import type { Item } from './operation';
import { StreamBody } from './responseBody';
import type { Run } from './run';

/** A file that goes out with a request: what could be told of it, and how to get its bytes when it is sent. */
export interface InputFile {
	facts: ReferenceFacts;
	/** Length of the file. */
	bytes: number;
	load(): Promise<Uint8Array>;
}

/** Servers take references up to 20 MiB as a link or data URL (wire facts 1.1). */
const MAX_LINK_BYTES = 20_971_520;
const LINK_TIMEOUT_MS = 60_000;
const LINK_RETRIES = 2;

/**
 * The file in a binary field of the item. Its bytes are read again when they are sent, so that none are held.
 * @param field the field's name, or the file itself where an expression gave it
 */
export async function readBinaryField(item: Item, field: unknown): Promise<InputFile> {
	const { helpers } = item.run.execution;
	const file = findFile(item, field);
	if (!file) throw missingFile(typeof field === 'string' ? field : 'an expression');
	const load = async () => await helpers.getBinaryDataBuffer(item.index, file);
	const bytes = await load();
	return { facts: factsOf(bytes, file.fileName ?? 'reference'), bytes: bytes.length, load };
}

/** Where n8n 2.x keeps files when a workflow combines json and binary data. */
const FILES_IN_JSON = '_files';

/**
 * n8n's own way first. In the combined mode of 2.x that wants the whole path of a file in the json, and finds nothing
 * at all while files are held in memory; a plain field name should work there too.
 */
function findFile(item: Item, field: unknown): IBinaryData | undefined {
	const { execution } = item.run;
	try {
		return execution.helpers.assertBinaryData(item.index, field as string | IBinaryData);
	} catch {
		const input = execution.getInputData()[item.index];
		const inJson = input?.json[FILES_IN_JSON] as Record<string, IBinaryData> | undefined;
		return typeof field === 'string' ? (input?.binary?.[field] ?? inJson?.[field]) : undefined;
	}
}

function missingFile(fieldName: string): GenerationError {
	return new GenerationError('invalidInput', `The item has no file in its field "${fieldName}"`, {
		hint: 'Check the name of the binary field: the node before this one must put the file into a field of that name. Or give a link instead.',
	});
}

/** Files behind links that a run holds from the check of its items until they are sent. */
const MAX_HELD_BYTES = 64 * 1024 * 1024;
/** What each run holds already. */
const heldBytes = new WeakMap<Run, number>();

/**
 * The file behind a link or inside a data URL. Fetched without any credentials, and up to `maxBytes`; once, unless the
 * run holds too much already: then again when it is sent, and `load` throws GenerationError `invalidInput` when it is not
 * the same file any more.
 */
export async function readLink(item: Item, link: string, maxBytes = MAX_LINK_BYTES): Promise<InputFile> {
	if (link.startsWith('data:')) {
		const bytes = decodeDataUrl(link);
		return { facts: factsOf(bytes, 'reference'), bytes: bytes.length, load: async () => decodeDataUrl(link) };
	}
	const url = readAddress(link);
	const bytes = await fetchLink(item, url.href, maxBytes);
	const name = decodePercents(url.pathname.split('/').pop() ?? '');
	const file = { facts: factsOf(bytes, name || 'reference'), bytes: bytes.length };
	if (hold(item.run, bytes.length)) return { ...file, load: async () => bytes };
	return { ...file, load: async () => await fetchAgain(item, url.href, file) };
}

/** Whether the run may hold so many bytes more. */
function hold(run: Run, bytes: number): boolean {
	const total = (heldBytes.get(run) ?? 0) + bytes;
	if (total > MAX_HELD_BYTES) return false;
	heldBytes.set(run, total);
	return true;
}

async function fetchAgain(item: Item, link: string, checked: Omit<InputFile, 'load'>): Promise<Uint8Array> {
	const bytes = await fetchLink(item, link, checked.bytes);
	const type = sniffFileType(bytes);
	if (bytes.length === checked.bytes && type?.mimeType === checked.facts.type?.mimeType) return bytes;
	throw linkError('The file behind the link has changed since it was checked');
}

function readAddress(link: string): URL {
	const url = URL.canParse(link) ? new URL(link) : undefined;
	if (url && /^https?:$/.test(url.protocol)) return url;
	throw new GenerationError('invalidInput', `The reference "${link.slice(0, 100)}" is not a web address`, {
		hint: 'Give a link that begins with https://, or a data URL.',
	});
}

/** Bytes inside of an address. */
export function toDataUrl(bytes: Uint8Array, mimeType = 'application/octet-stream'): string {
	return `data:${mimeType};base64,${Buffer.from(bytes).toString('base64')}`;
}

function factsOf(bytes: Uint8Array, fileName: string): ReferenceFacts {
	const type = sniffFileType(bytes);
	return {
		fileName: hasMediaExtension(fileName) || !type ? fileName : `${fileName}.${type.extension}`,
		type,
		size: readImageSize(bytes),
	};
}

function decodeDataUrl(url: string): Uint8Array {
	const match = /^data:[^,]*?(;base64)?,([\s\S]*)$/.exec(url);
	if (!match) throw linkError('The reference is not a readable data URL');
	return match[1] ? Buffer.from(match[2] ?? '', 'base64') : Buffer.from(decodePercents(match[2] ?? ''));
}

async function fetchLink(item: Item, link: string, maxBytes: number): Promise<Uint8Array> {
	const request: HttpRequest = { kind: 'link', method: 'GET', url: link, timeoutMs: LINK_TIMEOUT_MS };
	const result = await sendWithRetry(item.run.ports, request, LINK_RETRIES);
	if (result.outcome === 'noResponse')
		throw linkError('The reference image could not be fetched', withoutAnswer(result));
	if (!isSuccess(result.status)) {
		const { text } = await result.body.text();
		const answer = errorFromAnswer(result, text);
		throw linkError(
			`The reference image could not be fetched: its server answered with status ${result.status}`,
			answer,
		);
	}
	return await (result.body as StreamBody).bytes(maxBytes);
}

function linkError(message: string, cause?: GenerationError): GenerationError {
	return new GenerationError('invalidInput', message, {
		hint: 'Check Image URL: n8n must be able to open it without logging in.',
		serverMessage: cause?.serverMessage,
		observed: cause?.observed,
		cause,
	});
}
