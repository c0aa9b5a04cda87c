import type { IExecuteFunctions } from 'n8n-workflow';

import { PollBudget, RateWindow } from '../core/concurrency';
import { GenerationError } from '../core/errors';
import type { Ports } from '../core/ports';
import type { Server } from '../core/server';
import { OpenJobs } from '../core/video/openJobs';
import type { PurchaseTools } from '../core/video/purchase';
import { VideosApi } from '../core/video/videosApi';
import { openConnection } from './connection';
import { createFileStore } from './fileStore';
import { createHttp } from './n8nHttp';
import { createPorts, createSleep } from './ports';

/** Shared by all runs of the process for one server and key: a rate limit knows no executions. */
const rateWindows = new Map<string, RateWindow>();

/** A job that this run bought. */
export interface RunJob {
	itemIndex: number;
	prompt: string;
	/** `ended`: the server ended it without a video. */
	state: 'open' | 'delivered' | 'ended';
}

/** What all items of one node run have in common. */
export interface Run {
	execution: IExecuteFunctions;
	server: Server;
	ports: Ports;
	/** Takes secrets out of a text. */
	redact: (text: string) => string;
	/** What the core needs to buy, wait and fetch for one item. */
	toolsFor(itemIndex: number): PurchaseTools;
	jobs: Map<string, RunJob>;
	/** Told to the user when the run ends, each text once. */
	hints: Set<string>;
	requestsPerMinute: number;
	/** After this error nothing further is submitted. */
	stopBuying?: GenerationError;
	release(): void;
}

/** Opens a run: reads the credential and builds the core's ports. Throws GenerationError for an unusable credential. */
export async function openRun(execution: IExecuteFunctions): Promise<Run> {
	const { server, redact, accountKey } = await openConnection(execution);
	const cancelSignal = execution.getExecutionCancelSignal();
	const { sleep, release } = createSleep(cancelSignal);
	const http = createHttp(execution, { links: server.links, cancelSignal });
	const ports = createPorts(execution, { http, files: createFileStore(execution), sleep }, redact);
	const window = rateWindows.get(accountKey) ?? new RateWindow();
	rateWindows.set(accountKey, window);

	const openJobs = new OpenJobs();
	const shared = {
		api: new VideosApi(ports, server.dialect),
		ports,
		baseUrl: server.links.baseUrl,
		pollBudget: new PollBudget(server.dialect.pollsPerMinute),
		openJobs,
		gate: {
			async enter() {
				await window.enter(run.requestsPerMinute, ports);
				if (run.stopBuying) throw notSubmitted(run.stopBuying);
			},
			oneJobEnded: async () => await openJobs.oneEnded(),
		},
		onEndedWithoutVideo(jobId: string) {
			const job = run.jobs.get(jobId);
			if (job) job.state = 'ended';
		},
	};
	const run: Run = {
		execution,
		server,
		ports,
		redact,
		jobs: new Map(),
		hints: new Set(),
		requestsPerMinute: 0,
		toolsFor: (itemIndex) => ({
			...shared,
			onSubmitted({ jobId, requestId }, { prompt }) {
				run.jobs.set(jobId, { itemIndex, prompt, state: 'open' });
				ports.onEvent({
					level: 'info',
					message: `Video job submitted: ${jobId}`,
					details: { jobId, requestId, prompt: prompt.slice(0, 80) },
				});
			},
		}),
		release,
	};
	return run;
}

/** An item that was not bought because of another one's error. */
function notSubmitted(reason: GenerationError): GenerationError {
	return new GenerationError(
		reason.kind,
		reason.concernsAccount ? reason.message : 'Not submitted, because another item failed',
		{
			hint: reason.hint,
			billed: 'no',
			serverMessage: reason.serverMessage,
			status: reason.status,
		},
	);
}
