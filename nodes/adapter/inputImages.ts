import { GenerationError } from '../core/errors';
import { splitAtCommas } from '../core/text';
import { readBinaryField, readLink, type InputFile } from './binaryInput';
import type { Item } from './operation';

/** What a server takes as the pictures of an edit. */
export interface InputImageLimits {
	maxImages: number;
	/** A picture of this many bytes or more is refused. */
	maxBytes: number;
	/** Media types. */
	types: readonly string[];
}

/** The pictures in the item's binary fields: names separated by commas, or files that an expression gave. */
export async function readFieldImages(item: Item, fields: unknown, limits: InputImageLimits): Promise<InputFile[]> {
	const names = typeof fields === 'string' ? splitAtCommas(fields) : [fields].flat();
	assertCount(names.length, limits);
	return await readAll(names, limits, async (name) => await readBinaryField(item, name));
}

/** The pictures behind links and in data URLs: separated by commas or lines, or a list that an expression gave. */
export async function readLinkedImages(item: Item, urls: unknown, limits: InputImageLimits): Promise<InputFile[]> {
	const links = splitLinks(urls);
	assertCount(links.length, limits);
	return await readAll(links, limits, async (link) => await readLink(item, link, limits.maxBytes));
}

/** Throws `invalidInput` when there are more pictures than a server takes. */
export function assertCount(count: number, { maxImages }: InputImageLimits): void {
	if (count <= maxImages) return;
	throw invalid(`There are ${count} input images, but at most ${maxImages} can be sent`, 'Take some of them away.');
}

/** A link may hold commas, and a data URL always does: only a comma before the next one separates. */
export function splitLinks(value: unknown): string[] {
	if (Array.isArray(value)) return value.flatMap(splitLinks);
	if (typeof value !== 'string') return [];
	return value
		.split(/\n|,(?=\s*(?:https?:|data:))/)
		.map((link) => link.trim().replace(/,$/, ''))
		.filter((link) => link !== '');
}

async function readAll<Source>(
	sources: Source[],
	limits: InputImageLimits,
	read: (source: Source) => Promise<InputFile>,
): Promise<InputFile[]> {
	const files: InputFile[] = [];
	for (const source of sources) {
		const file = await read(source);
		assertUsable(file, limits);
		files.push(file);
	}
	return files;
}

function assertUsable({ facts, bytes }: InputFile, { maxBytes, types }: InputImageLimits): void {
	const { fileName, type } = facts;
	if (bytes >= maxBytes) {
		const megabytes = Math.ceil(bytes / 1e6);
		throw invalid(
			`The image "${fileName}" has ${megabytes} MB; it must be smaller than ${maxBytes / 1e6} MB`,
			"Make it smaller first, e.g. with n8n's Edit Image node.",
		);
	}
	if (type && types.includes(type.mimeType)) return;
	const what = type ? `is ${type.mimeType}` : 'is not a picture that could be recognised';
	throw invalid(
		`The image "${fileName}" ${what}; servers take ${types.map((name) => name.replace('image/', '')).join(', ')}`,
		"Convert it first, e.g. with n8n's Edit Image node.",
	);
}

function invalid(message: string, hint: string): GenerationError {
	return new GenerationError('invalidInput', message, { hint });
}
