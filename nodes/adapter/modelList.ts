import type { ILoadOptionsFunctions, INodeListSearchItems, INodeListSearchResult } from 'n8n-workflow';

import { retirementOf } from '../core/catalogue';
import { VIDEO_MODELS } from '../core/catalogueData';
import { IMAGE_MODELS } from '../core/catalogueImages';
import type { ImageModel, Retirement } from '../core/catalogueTypes';
import { formatUsd } from '../core/cost';
import { isObject, parseJson, readPath } from '../core/json';
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
	unit: 's' | 'image';
}

/** The models of the video node. */
export async function searchVideoModels(this: ILoadOptionsFunctions, filter?: string): Promise<INodeListSearchResult> {
	const known = VIDEO_MODELS.map((model) => ({
		...model,
		prices: Object.values(model.pricePerSecondUsd ?? {}),
		unit: 's' as const,
	}));
	return await searchModels(this, known, filter);
}

/** The image models of chat completions. */
export async function searchChatImageModels(
	this: ILoadOptionsFunctions,
	filter?: string,
): Promise<INodeListSearchResult> {
	return await searchModels(this, imageModels('chat'), filter);
}

/** The models of the Images API. */
export async function searchImageModels(this: ILoadOptionsFunctions, filter?: string): Promise<INodeListSearchResult> {
	return await searchModels(this, imageModels('images'), filter);
}

function imageModels(endpoint: ImageModel['endpoint']): Listed[] {
	return IMAGE_MODELS.filter((model) => model.endpoint === endpoint).map((model) => ({
		...model,
		prices: Object.values(model.pricePerImageUsd ?? {}).flatMap((bySize) => Object.values(bySize)),
		unit: 'image',
	}));
}

/**
 * The catalogue, and whatever the server lists beside it. Works from the catalogue alone when there is no credential yet
 * or the server does not answer: a list must never keep anybody from typing an id.
 */
async function searchModels(
	context: ILoadOptionsFunctions,
	models: readonly Listed[],
	filter?: string,
): Promise<INodeListSearchResult> {
	const connection = await openConnection(context).catch(() => undefined);
	const listed = connection ? await listModels(context, connection).catch(() => []) : [];
	const serverName = connection?.server.name ?? '';
	const known = models.map((model) => toEntry(model, serverName));
	const knownIds = new Set(models.map(({ id }) => id));
	const others = listed
		.filter((id) => !knownIds.has(id))
		.sort((a, b) => a.localeCompare(b, 'en'))
		.map((id): INodeListSearchItems => ({ name: `${id} — listed by this server`, value: id }));
	const wanted = filter?.trim().toLowerCase() ?? '';
	return { results: [...known, ...others].filter(({ name }) => name.toLowerCase().includes(wanted)) };
}

/** `sora-2 — $0.10/s, 720p with sound, this server ended it on 2026-09-24` */
function toEntry(model: Listed, serverName: string): INodeListSearchItems {
	const prices = [...model.prices].sort((a, b) => a - b);
	const lowest = prices[0];
	const highest = prices[prices.length - 1];
	const retirement = retirementOf(model, serverName);
	const price = lowest === undefined || highest === undefined ? '' : `${formatUsd(lowest)}/${model.unit}`;
	const facts = [
		lowest === highest ? price : `${price} to ${formatUsd(highest ?? 0)}/${model.unit}`,
		model.summary,
		retirement ? `this server ended it on ${retirement.date}${retirement.unconfirmed ? ' (unconfirmed)' : ''}` : '',
	];
	return { name: `${model.id} — ${facts.filter(Boolean).join(', ')}`, value: model.id };
}

async function listModels(context: ILoadOptionsFunctions, connection: Connection): Promise<string[]> {
	const http = createHttp(context, { links: connection.server.links });
	const result = await http({ kind: 'read', method: 'GET', url: '/models', timeoutMs: LIST_TIMEOUT_MS });
	if (result.outcome === 'noResponse' || result.status !== 200) return [];
	const data = readPath(parseJson((await result.body.text()).text), 'data');
	if (!Array.isArray(data)) return [];
	const ids = data.map((entry: unknown) => (isObject(entry) ? entry.id : undefined));
	return ids.filter((id): id is string => typeof id === 'string' && id !== '' && id.length <= MAX_NAME);
}
