import type { IExecuteFunctions } from 'n8n-workflow';

import { isObject } from '../core/json';

/**
 * Job IDs in the execution's custom data, by which n8n's list of executions can be searched. n8n keeps ten entries for all
 * nodes of an execution, and complains in its log of values longer than 255 characters: the IDs share a few entries, and
 * what does not fit any more is in the log and in the items all the same.
 */

const KEY = 'videoJobs';
/** Half of what n8n keeps; the rest is for the workflow's own data. */
const MOST_ENTRIES = 5;
const MAX_VALUE = 255;
const SEPARATOR = ', ';

/** The two methods of `$execution.customData` that are needed, as 1.x and 2.x have them. */
interface CustomData {
	set(key: string, value: string): void;
	getAll(): Record<string, unknown>;
}

/** Notes a job with the execution, where n8n offers that. Never throws: nothing that is paid for may hang on it. */
export function noteJob(execution: IExecuteFunctions, jobId: string): void {
	try {
		const data = customDataOf(execution);
		if (data) addJob(data, jobId);
	} catch (error) {
		execution.logger.debug(`The job could not be noted with the execution: ${String(error)}`);
	}
}

function customDataOf(execution: IExecuteFunctions): CustomData | undefined {
	const { $execution } = execution.getWorkflowDataProxy(0);
	const data: unknown = isObject($execution) ? $execution.customData : undefined;
	return isObject(data) && typeof data.set === 'function' && typeof data.getAll === 'function'
		? (data as unknown as CustomData)
		: undefined;
}

function addJob(data: CustomData, jobId: string): void {
	const noted = data.getAll();
	const keys = Array.from({ length: MOST_ENTRIES }, (_, index) => (index === 0 ? KEY : `${KEY}${index + 1}`));
	const lists = keys.map((key) => {
		const value = noted[key];
		return typeof value === 'string' && value !== '' ? value.split(SEPARATOR) : [];
	});
	// A job that a retry takes up is there already.
	if (jobId.length > MAX_VALUE || lists.some((list) => list.includes(jobId))) return;
	const place = lists.findIndex((list) => [...list, jobId].join(SEPARATOR).length <= MAX_VALUE);
	if (place >= 0) data.set(keys[place]!, [...lists[place]!, jobId].join(SEPARATOR));
}
