import type { IExecuteFunctions } from 'n8n-workflow';

import { PollBudget, RateWindow } from '../core/concurrency';
import { GenerationError } from '../core/errors';
import type { Ports } from '../core/ports';
import type { Server } from '../core/server';
import type { PurchaseTools } from '../core/video/delivery';
import { OpenJobs } from '../core/video/openJobs';
import { Submissions } from '../core/video/submissions';
import { VideosApi } from '../core/video/videosApi';
import { openConnection } from './connection';
import { createFileStore } from './fileStore';
import { noteJob } from './executionData';
import { openLedger, type RunLedger } from './jobLedger';
import { createHttp } from './n8nHttp';
import { ParameterReader } from './parameters';
import { createPorts, createSleep } from './ports';
import type { Redact } from './redaction';

/** What all runs of the process share at one server with one key, for one type of node. */
interface Account {
	/** A rate limit knows no executions. */
	window: RateWindow;
	submissions: Submissions;
}

const accounts = new Map<string, Account>();

/** What the core needs to buy, wait and fetch for one unit of work. */
export type Tools = PurchaseTools;

/** A job of this run. */
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
	redact: Redact;
	ledger: RunLedger;
	/** @param unit which of the item's units, when it has several */
	toolsFor(itemIndex: number, unit?: number): Tools;
	jobs: Map<string, RunJob>;
	/** Told to the user when the run ends, each text once. */
	hints: Set<string>;
	requestsPerMinute: number;
	/** What the server lists, asked once when a model is refused. */
	listedModels?: Promise<string[]>;
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
	const { window, submissions } = accountOf(`${execution.getNode().type} ${accountKey}`);
	const ledger = openLedger(execution, server.links.baseUrl, redact);

	// What this execution has is nobody else's, also when it was bought long ago or elsewhere.
	for (const jobId of ledger.jobIds()) submissions.know(jobId, ports.now());

	const openJobs = new OpenJobs();
	const shared = {
		api: new VideosApi(ports, server.dialect),
		ports,
		baseUrl: server.links.baseUrl,
		pollBudget: new PollBudget(server.dialect.pollsPerMinute),
		openJobs,
		submissions,
		gate: {
			async enter() {
				await window.enter(run.requestsPerMinute, ports, () => {
					if (run.stopBuying) throw notSubmitted(run.stopBuying);
				});
			},
			oneJobEnded: async () => await openJobs.oneEnded(),
		},
	};
	const run: Run = {
		execution,
		server,
		ports,
		redact,
		ledger,
		jobs: new Map(),
		hints: new Set(),
		requestsPerMinute: 0,
		toolsFor: (itemIndex, unit = 0) => ({
			...shared,
			book: ledger.bookFor(itemIndex, unit, () =>
				new ParameterReader(execution, itemIndex).optionBoolean('resumePaidJobs', true),
			),
			jobs: observeJobs(run, itemIndex),
		}),
		release() {
			release();
			ledger.release();
		},
	};
	return run;
}

function accountOf(key: string): Account {
	const account = accounts.get(key) ?? { window: new RateWindow(), submissions: new Submissions() };
	accounts.set(key, account);
	return account;
}

function observeJobs({ execution, jobs, ports, hints }: Run, itemIndex: number): Tools['jobs'] {
	return {
		onSubmitted({ jobId, requestId, resumed, requestHasChanged }, prompt) {
			jobs.set(jobId, { itemIndex, prompt, state: 'open' });
			noteJob(execution, jobId);
			if (requestHasChanged) {
				hints.add(
					`Job ${jobId} of item ${itemIndex} was paid for by an earlier try, with other parameters than now. It was taken up, not bought again; turn off Resume Paid Jobs, or start a new execution, to buy anew.`,
				);
			}
			if (resumed) return;
			ports.onEvent({
				level: 'info',
				message: `Video job submitted: ${jobId}`,
				details: { jobId, requestId, prompt: prompt.slice(0, 80) },
			});
		},
		onEndedWithoutVideo(jobId) {
			const job = jobs.get(jobId);
			if (job) job.state = 'ended';
		},
	};
}

/** An item that was not bought because the account as a whole was refused. */
function notSubmitted({ kind, message, hint, serverMessage, observed, status }: GenerationError): GenerationError {
	return new GenerationError(kind, message, { hint, billed: 'no', serverMessage, observed, status });
}
