import { isObject } from '../json';
import type { StoredFile } from '../ports';
import type { DownloadTools } from './download';
import { readStatusWord, type Job } from './job';
import type { OpenJobs } from './openJobs';
import type { SubmitTools } from './submit';
import type { VideosApi } from './videosApi';
import type { WaitTools } from './waitForJob';

/** How long to wait, and what to do then. */
export interface WaitWish {
	maxWaitMs: number;
	/** The user's own pause between looks; undefined: the node adapts it. */
	fixedPollMs?: number;
	typicalMs?: number;
	onTimeout: 'error' | 'returnJob';
	/** Buy anew this often when the server failed the job for lack of capacity and did not bill it. */
	retryFailedJobs: number;
}

/** Whether the file is wanted, and under which name. */
export interface FileWish {
	download: boolean;
	fileName?: string;
}

/** What a purchase works with, from the submission to the file. */
export interface PurchaseTools extends SubmitTools, WaitTools, DownloadTools {
	api: VideosApi;
	openJobs: OpenJobs;
	jobs: JobObserver;
}

/** Who wants to know which jobs a run has. */
export interface JobObserver {
	/** Told as soon as a job is paid for, or an earlier try's job is taken up, before anything else can fail. */
	onSubmitted(job: SubmittedJob, prompt: string): void;
	/** Told when the server itself ended a job without a video. */
	onEndedWithoutVideo(jobId: string): void;
}

/** What came of it: the job, and its file if one was wanted and made. */
export interface Delivery {
	job: Job;
	jobId: string;
	file?: StoredFile;
	requestId?: string;
	polls: number;
	waitedSeconds: number;
	/** The job was not created by this call. */
	resumed: boolean;
}

/** A job that is paid for. */
export interface SubmittedJob {
	job: Job;
	jobId: string;
	requestId?: string;
	submittedAtMs: number;
	/** It was paid for by an earlier try of this node. */
	resumed: boolean;
	/** What is asked for now is not what the earlier try asked for. */
	requestHasChanged?: boolean;
	/** What the earlier try had delivered already. */
	kept?: Delivery;
}

/**
 * A delivery that was kept as JSON, if that is what it is: anybody may have written it. Never throws.
 */
export function readKeptDelivery(value: unknown): Delivery | undefined {
	if (!isObject(value) || !isObject(value.job) || typeof value.jobId !== 'string') return undefined;
	const { status } = value.job;
	if (typeof status !== 'string' || readStatusWord(status) === 'unknown') return undefined;
	return {
		job: value.job as unknown as Job,
		jobId: value.jobId,
		file: readKeptFile(value.file),
		requestId: typeof value.requestId === 'string' ? value.requestId : undefined,
		polls: typeof value.polls === 'number' ? value.polls : 0,
		waitedSeconds: typeof value.waitedSeconds === 'number' ? value.waitedSeconds : 0,
		resumed: true,
	};
}

/** A stored file that was kept as JSON; undefined when it is none. */
export function readKeptFile(value: unknown): StoredFile | undefined {
	if (!isObject(value) || !isObject(value.reference)) return undefined;
	const { fileName, mimeType, fileSizeBytes } = value;
	const isFile = typeof fileName === 'string' && typeof mimeType === 'string' && typeof fileSizeBytes === 'number';
	return isFile ? (value as unknown as StoredFile) : undefined;
}
