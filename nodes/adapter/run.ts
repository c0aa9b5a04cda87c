import type { IExecuteFunctions } from 'n8n-workflow';

import { PollBudget, RateWindow } from '../core/concurrency';
import type { GenerationError } from '../core/errors';
import type { Ports } from '../core/ports';
import type { Server } from '../core/server';
import type { PurchaseTools } from '../core/video/purchase';
import { VideosApi } from '../core/video/videosApi';
import { openConnection } from './connection';
import { createFileStore } from './fileStore';
import { createHttp } from './n8nHttp';
import { createPorts, createSleep } from './ports';

/** Shared by all runs of the process for one server and key: a rate limit knows no executions. */
const rateWindows = new Map<string, RateWindow>();

/** What all items of one node run have in common. */
export interface Run {
	execution: IExecuteFunctions;
	server: Server;
	ports: Ports;
	tools: PurchaseTools;
	/** Jobs bought in this run; true once their file or state was handed out. */
	jobs: Map<string, { isDelivered: boolean; prompt: string }>;
	/** Told to the user when the run ends, each text once. */
	hints: Set<string>;
	/** After a refusal that concerns the whole account nothing further is submitted. */
	accountRefusal?: GenerationError;
	/** Waits until another purchase may start. */
	enterRateWindow(perMinute: number): Promise<void>;
	release(): void;
}

/** Opens a run: reads the credential and builds the core's ports. Throws GenerationError for an unusable credential. */
export async function openRun(execution: IExecuteFunctions): Promise<Run> {
	const { server, redact, accountKey } = await openConnection(execution);
	const cancelSignal = execution.getExecutionCancelSignal();
	const { sleep, release } = createSleep(cancelSignal);
	const http = createHttp(execution, { links: server.links, redact, cancelSignal });
	const ports = createPorts(execution, { http, files: createFileStore(execution), sleep });
	const window = rateWindows.get(accountKey) ?? new RateWindow();
	rateWindows.set(accountKey, window);

	const jobs: Run['jobs'] = new Map();
	const tools: PurchaseTools = {
		api: new VideosApi(ports, server.dialect),
		ports,
		baseUrl: server.links.baseUrl,
		pollBudget: new PollBudget(server.dialect.pollsPerMinute),
		onSubmitted({ jobId, requestId }, { prompt }) {
			jobs.set(jobId, { isDelivered: false, prompt });
			ports.onEvent({
				level: 'info',
				message: `Video job submitted: ${jobId}`,
				details: { jobId, requestId, prompt: prompt.slice(0, 80) },
			});
		},
	};
	return {
		execution,
		server,
		ports,
		tools,
		jobs,
		hints: new Set(),
		enterRateWindow: async (perMinute) => await window.enter(perMinute, ports),
		release,
	};
}
