import type { IBinaryData, IDataObject, IExecuteFunctions } from 'n8n-workflow';

import type { StoredFile } from '../core/ports';
import type { Character } from '../core/video/characters';
import type { Job } from '../core/video/job';
import type { Delivery } from '../core/video/delivery';
import type { Output, Purchase } from './operation';

/** A link to a stored file stays valid for this long when it is handed to an AI agent. */
const SIGNED_LINK_LIFETIME = '1 day';

export function isoTime(milliseconds: number | undefined): string | undefined {
	return milliseconds === undefined ? undefined : new Date(milliseconds).toISOString();
}

/** Absent values are left out; above all there is never an `error` key: n8n would run the node again. */
export function withoutGaps(json: Record<string, unknown>): IDataObject {
	return Object.fromEntries(
		Object.entries(json).filter(([, value]) => value !== undefined && value !== null),
	) as IDataObject;
}

/** A job as an item's json. A failed job's reason is `failure`, since `error` has a meaning of its own in n8n. */
export function jobToJson(job: Job, jobId: string): IDataObject {
	return withoutGaps({
		jobId,
		status: job.status === 'unknown' ? (job.statusWord ?? 'unknown') : job.status,
		progress: job.status === 'completed' ? 100 : job.progressPercent,
		model: job.model,
		size: job.size,
		seconds: job.seconds,
		quality: job.quality,
		prompt: job.prompt,
		remixedFromJobId: job.remixedFromJobId,
		createdAt: isoTime(job.createdAtMs),
		completedAt: isoTime(job.completedAtMs),
		expiresAt: isoTime(job.expiresAtMs),
		url: job.resultUrl,
		failure: job.failure,
	});
}

/** A character as an item's json. */
export function characterToJson(character: Character): IDataObject {
	return withoutGaps({
		characterId: character.id,
		name: character.name,
		displayName: character.displayName,
		avatarUrl: character.avatarUrl,
		createdAt: isoTime(character.createdAtMs),
		requestId: character.requestId,
	});
}

/** What the bytes of a file said of it, as part of an item's json. */
export function fileToJson(file: StoredFile): IDataObject {
	return withoutGaps({
		width: file.width,
		height: file.height,
		durationSeconds: file.durationSeconds,
		hasAudio: file.hasAudio,
		fileName: file.fileName,
		fileSize: file.fileSizeBytes,
		mimeType: file.mimeType,
	});
}

export interface OutputSettings {
	/** The field of the item that the file is put into. */
	binaryProperty: string;
	/** Off: the server's own object is added under `response`. */
	simplify: boolean;
	/** What was asked for, for servers that do not repeat it. */
	request?: { model?: string; size?: string; seconds?: string; prompt?: string };
	costUsd?: number;
}

/** A delivered video as an item: json, and the file when there is one. */
export function deliveryToOutput(execution: IExecuteFunctions, delivery: Delivery, settings: OutputSettings): Output {
	const { job, jobId, file } = delivery;
	const json: IDataObject = {
		// A server that does not repeat what was asked for is helped out; the order stays.
		...jobToJson({ ...settings.request, ...withoutGaps({ ...job }) } as Job, jobId),
		...(file ? fileToJson(file) : {}),
		...withoutGaps({
			requestId: delivery.requestId,
			costUsd: settings.costUsd,
			polls: delivery.polls,
			waitedSeconds: delivery.waitedSeconds,
			resumed: delivery.resumed,
		}),
		...(settings.simplify ? {} : { response: job.raw as IDataObject }),
	};
	return withFile(execution, json, file, settings.binaryProperty);
}

/** What a purchase would cost, as an item's json: once, and with all repeats. */
export function estimateToJson({ price, maxPrice }: Purchase): IDataObject {
	if ('unknown' in price) return { costUsd: null, reason: price.unknown };
	return { costUsd: price.usd, maxCostUsd: 'usd' in maxPrice ? maxPrice.usd : null };
}

/** An item with its file; when an AI agent asked, also with a link, since agents cannot take binary data. */
export function withFile(
	execution: IExecuteFunctions,
	json: IDataObject,
	file: StoredFile | undefined,
	binaryProperty: string,
): Output {
	if (!file) return { json };
	const reference = file.reference as IBinaryData;
	const fileUrl = linkForAgent(execution, reference) ?? (isToolCall(execution) ? json.url : undefined);
	return { json: { ...json, ...(fileUrl ? { fileUrl } : {}) }, binary: { [binaryProperty]: reference } };
}

/** 2.x tells whether an agent calls; 1.x does not. */
function isToolCall(execution: IExecuteFunctions): boolean {
	return 'isToolExecution' in execution && (execution as { isToolExecution(): boolean }).isToolExecution();
}

function linkForAgent(execution: IExecuteFunctions, reference: IBinaryData): string | undefined {
	if (!isToolCall(execution) || !reference.id) return undefined;
	return execution.helpers.createBinarySignedUrl(reference, SIGNED_LINK_LIFETIME);
}
