import type { IDataObject, INodeExecutionData, IPollFunctions } from 'n8n-workflow';

import { settle } from '../core/concurrency';
import { GenerationError, type ErrorKind } from '../core/errors';
import { splitAtCommas } from '../core/text';
import type { Job } from '../core/video/job';
import {
	newestEnded,
	readToldJobs,
	startFrom,
	takeEndedJobs,
	WATCHED_MS,
	type EndedJob,
	type EndedJobsFilter,
} from '../core/video/endedJobs';
import { VideosApi } from '../core/video/videosApi';
import { openConnection, type Connection } from './connection';
import { createHttp } from './n8nHttp';
import { toGenerationError, toNodeError } from './nodeErrors';
import { jobToJson } from './output';
import { createSleep, now } from './ports';
import { redactError, redactJson } from './redaction';

/** Failures that pass: the next poll sees what this one could not. */
const PASSING = new Set<ErrorKind>(['serverFailure', 'serverUnreachable', 'rateLimited', 'unreadableAnswer']);

/**
 * One poll of the trigger: the jobs that have ended since the last one, or null. The first poll of an activated workflow
 * only notes what there is; a poll by hand gives the newest. What was told stands in the workflow's static data.
 * Throws n8n's errors: at activation and by hand for everything, later only for what does not pass by itself.
 */
export async function pollJobs(context: IPollFunctions): Promise<INodeExecutionData[][] | null> {
	const connected = await settle(openConnection(context));
	if ('error' in connected)
		throw toNodeError(context.getNode(), toGenerationError(connected.error, 'no'), 0, NO_OTHERS);
	const { redact } = connected.result;
	const isByHand = context.getMode() === 'manual';

	const listed = await settle(listWatched(context, connected.result));
	// Read after the list has come, and written before anything else is awaited: n8n starts a poll even while another one waits
	// for its list, and both would tell the same jobs.
	const state = context.getWorkflowStaticData('node');
	const told = readToldJobs(state.told);
	if ('error' in listed) {
		const error = redactError(explain(toGenerationError(listed.error, 'no')), redact);
		if (isByHand || !told || !PASSING.has(error.kind)) throw toNodeError(context.getNode(), error, 0, NO_OTHERS);
		context.logger.warn(`The jobs could not be listed this time: ${error.message}`, { details: error.serverMessage });
		return null;
	}
	const filter = readFilter(context);
	const give = (jobs: EndedJob[]) => (jobs.length === 0 ? null : [jobs.map((job) => toItem(context, job, redact))]);
	if (isByHand) return give(newestEnded(listed.result, filter));
	if (!told) {
		state.told = startFrom(listed.result, now()) as unknown as IDataObject;
		return null;
	}
	const update = takeEndedJobs(listed.result, told, filter, now());
	state.told = update.told as unknown as IDataObject;
	return give(update.jobs);
}

const NO_OTHERS = { inMessage: '', inDescription: '' };

/** The jobs that were created in the time that is watched. */
async function listWatched(context: IPollFunctions, { server }: Connection): Promise<readonly Job[]> {
	// A poll has no signal to stop it: there is nothing to release.
	const { sleep } = createSleep(undefined);
	const http = createHttp(context, { links: server.links });
	const api = new VideosApi({ http, sleep, now, random: Math.random }, server.dialect);
	return (await api.recent(now() - WATCHED_MS)).jobs;
}

/** A server without a list cannot be watched, whatever else it can do. */
function explain(error: GenerationError): GenerationError {
	if (error.kind !== 'notFound' && error.kind !== 'unsupported') return error;
	return new GenerationError('unsupported', 'This server shows no list of jobs, so this trigger cannot watch it', {
		hint: 'Use Wait for Video Job after Start Video Job instead; it needs no list.',
		serverMessage: error.serverMessage,
		status: error.status,
		requestId: error.requestId,
	});
}

function readFilter(context: IPollFunctions): EndedJobsFilter {
	const models = context.getNodeParameter('models', '') as unknown;
	return {
		events: context.getNodeParameter('events', ['completed']) as EndedJobsFilter['events'],
		models: splitAtCommas(String(models).toLowerCase()),
	};
}

function toItem(context: IPollFunctions, job: EndedJob, redact: (text: string) => string): INodeExecutionData {
	if (context.getNodeParameter('onlyJobIds', false) === true) return { json: { jobId: job.id } };
	return { json: redactJson(jobToJson(job, job.id), redact) };
}
