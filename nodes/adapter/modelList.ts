import type {
	IExecuteFunctions,
	ILoadOptionsFunctions,
	INodeListSearchItems,
	INodeListSearchResult,
} from 'n8n-workflow';

import { imageModelsOf, retirementOf } from '../core/catalogue';
import { CHAT_VIDEO_MODELS } from '../core/catalogueChatVideos';
import { VIDEO_MODELS } from '../core/catalogueData';
import { IMAGE_MODELS } from '../core/catalogueImages';
import type { ImageModel, Retirement } from '../core/catalogueTypes';
import { formatUsd } from '../core/cost';
import { isObject, parseJson, readPath } from '../core/json';
import { readServer } from '../core/server';
import { compareNames } from '../core/text';
import { openConnection, type Connection } from './connection';
import { createHttp } from './n8nHttp';

const LIST_TIMEOUT_MS = 10_000;
const MAX_NAME = 120;

/** What a list says of a model of the catalogue. */
interface Listed {
	id: string;
	summary: string;
	retired: readonly Retirement[];
	/** USD, in any order. */
	prices: number[];
	/** What one price is for. */
	unit: 's' | 'video' | 'image';
	/** The node turns it into one of the server's models. */
	standsForOthers?: boolean;
}

/** The models of the video node. */
export async function searchVideoModels(this: ILoadOptionsFunctions, filter?: string): Promise<INodeListSearchResult> {
	return await searchModels(this, 'video', videoModels, filter);
}

/** Servers that make videos over chat completions have names of their own; the node knows which stands for Sora 2. */
function videoModels({ server }: Pick<Connection, 'server'>): Listed[] {
	const jobs = VIDEO_MODELS.map(
		(model): Listed =>
			model.pricePerVideoUsd === undefined
				? { ...model, prices: Object.values(model.pricePerSecondUsd ?? {}), unit: 's' }
				: { ...model, prices: [model.pricePerVideoUsd], unit: 'video' },
	);
	if (server.dialect.videoApi !== 'chat') return jobs;
	const chat = CHAT_VIDEO_MODELS.filter(({ makes, source }) => makes === 'video' && source.from.includes(CHAT_SOURCE));
	return [
		...jobs.filter(({ id }) => CHAT_FAMILIES.includes(id)).map((model) => ({ ...model, ...BY_SIZE_AND_SECONDS })),
		...chat.map((model): Listed => ({ ...model, retired: [], prices: [], unit: 's' })),
	];
}

/** Models of the Videos API that the node turns into the variant of the right orientation and length. */
const CHAT_FAMILIES = ['sora-2', 'sora-2-pro'];
const BY_SIZE_AND_SECONDS = {
	summary: 'the variant for Size and Seconds',
	prices: [],
	retired: [],
	standsForOthers: true,
};
const CHAT_SOURCE = 'sora2api';

/** The image models of chat completions. */
export async function searchChatImageModels(
	this: ILoadOptionsFunctions,
	filter?: string,
): Promise<INodeListSearchResult> {
	return await searchModels(this, 'image', () => imageModels('chat'), filter);
}

/** The models of the Images API. */
export async function searchImageModels(this: ILoadOptionsFunctions, filter?: string): Promise<INodeListSearchResult> {
	return await searchModels(this, 'image', () => imageModels('images'), filter);
}

function imageModels(endpoint: ImageModel['endpoint']): Listed[] {
	return imageModelsOf(endpoint).map((model) => ({
		...model,
		prices: Object.values(model.pricePerImageUsd ?? {}).flatMap((bySize) => Object.values(bySize)),
		unit: 'image',
	}));
}

/**
 * What the server lists, known models first, then the rest of the catalogue. Works from the catalogue alone when there is
 * no credential yet or the server does not answer: a list must never keep anybody from typing an id.
 */
async function searchModels(
	context: ILoadOptionsFunctions,
	makes: 'image' | 'video',
	modelsFor: (connection: Pick<Connection, 'server'>) => readonly Listed[],
	filter?: string,
): Promise<INodeListSearchResult> {
	const connection = await openConnection(context).catch(() => undefined);
	const listed = connection ? await listModels(context, connection.server).catch(() => []) : [];
	const serverName = connection?.server.name ?? '';
	const models = modelsFor(connection ?? { server: readServer({ server: 'apiyi' }) });
	const isMissing = ({ id, standsForOthers }: Listed) =>
		listed.length > 0 && standsForOthers !== true && !listed.includes(id);
	const missing = models.filter(isMissing);
	const offered = models.filter((model) => !missing.includes(model)).map((model) => toEntry(model, serverName));
	const knownIds = new Set(models.map(({ id }) => id));
	const others = listed
		.filter((id) => !knownIds.has(id) && !isForSomethingElse(id, makes))
		.sort(compareNames)
		.map((id): INodeListSearchItems => ({ name: `${id} — listed by this server${otherNodeFor(id)}`, value: id }));
	const rest = missing.map((model) => toEntry(model, serverName, 'not listed by this server'));
	const wanted = filter?.trim().toLowerCase() ?? '';
	const results = [...offered, ...others, ...rest];
	return { results: results.filter(({ name }) => name.toLowerCase().includes(wanted)) };
}

/** `sora-2 — this server ended it on 2026-09-24, $0.10/s, 720p with sound`: the editor cuts off the end of long names. */
function toEntry(model: Listed, serverName: string, remark = ''): INodeListSearchItems {
	const prices = [...model.prices].sort((a, b) => a - b);
	const lowest = prices[0];
	const highest = prices[prices.length - 1];
	const retirement = retirementOf(model, serverName);
	const price = lowest === undefined || highest === undefined ? '' : `${formatUsd(lowest)}/${model.unit}`;
	const facts = [
		remark,
		retirement ? `this server ended it on ${retirement.date}${retirement.unconfirmed ? ' (unconfirmed)' : ''}` : '',
		lowest === highest ? price : `${price} to ${formatUsd(highest ?? 0)}/${model.unit}`,
		model.summary,
	];
	return { name: `${model.id} — ${facts.filter(Boolean).join(', ')}`, value: model.id };
}

const TEXT_OR_SPEECH = /embed|whisper|tts|moderation|rerank|transcri/i;

/** A picture model that the catalogue knows from the other endpoint, which some servers offer at both. */
function otherNodeFor(id: string): string {
	const endpoint = IMAGE_MODELS.find((model) => model.id === id)?.endpoint;
	if (endpoint === undefined) return '';
	return endpoint === 'chat' ? ', usually for Sora Image' : ', usually for GPT Image';
}

/** What the catalogue knows to make something else, and what no name of a picture or film model looks like. */
export function isForSomethingElse(id: string, makes: 'image' | 'video'): boolean {
	const others: ReadonlyArray<{ id: string }> =
		makes === 'image'
			? [...VIDEO_MODELS, ...CHAT_VIDEO_MODELS]
			: [...IMAGE_MODELS, ...CHAT_VIDEO_MODELS.filter((model) => model.makes !== 'video')];
	// The reverse does not hold: "image-to-video" makes videos.
	const isFilm = makes === 'image' && /video/i.test(id);
	return isFilm || others.some((model) => model.id === id) || TEXT_OR_SPEECH.test(id);
}

/** The ids that the server lists now. Throws nothing; an empty list when it does not answer. */
export async function listModels(
	context: ILoadOptionsFunctions | IExecuteFunctions,
	server: Connection['server'],
): Promise<string[]> {
	const http = createHttp(context, { links: server.links });
	const result = await http({ kind: 'read', method: 'GET', url: '/models', timeoutMs: LIST_TIMEOUT_MS });
	if (result.outcome === 'noResponse' || result.status !== 200) return [];
	const data = readPath(parseJson((await result.body.text()).text), 'data');
	if (!Array.isArray(data)) return [];
	const ids = data.map((entry: unknown) => (isObject(entry) ? entry.id : undefined));
	return ids.filter((id): id is string => typeof id === 'string' && id !== '' && id.length <= MAX_NAME);
}
