import type { INodeProperties } from 'n8n-workflow';

import { decodePercents } from '../../core/text';
import { deliveryToOutput, type OutputSettings } from '../../adapter/output';
import type { Item, Output } from '../../adapter/operation';
import { MAX_PAID_REPEATS, readBinaryProperty } from '../../adapter/purchaseParameters';
import { GenerationError } from '../../core/errors';
import type { Delivery, WaitWish } from '../../core/video/delivery';

/** What every operation that waits or delivers reads from its options. */

export const jobIdProperty: INodeProperties = {
	displayName: 'Job ID',
	name: 'jobId',
	type: 'string',
	default: '',
	required: true,
	placeholder: 'e.g. video_68d7512d07848190b3e45da0ecbebcde',
	description: 'The ID that submitting the job gave. A link that ends in the ID works too.',
};

/** The job's id: trimmed; of a link the last segment, undoing its percent signs. Throws `invalidInput` when empty. */
export function readJobId(item: Item): string {
	assertHasJobs(item, 'Choose the credential of the server that made the job: a finished job is not bought again.');
	const text = item.parameters.requiredText('jobId', 'Job ID');
	const jobId = /^https?:\/\//i.test(text) ? lastSegment(text) : text;
	// A path of dots would leave the folder of jobs; no server's IDs hold blanks, a pasted line of the log does.
	if (jobId && !/^\.+$|\s/.test(jobId)) return jobId;
	throw new GenerationError('invalidInput', `"${text}" is not a job ID and does not end in one`, {
		hint: 'Give the ID itself, or a link such as https://…/videos/video_123.',
	});
}

/** Says plainly when the server makes videos without jobs. */
export function assertHasJobs({ tools }: Item, hint: string): void {
	tools.api.assertOffers('jobs', 'start, show or fetch jobs: it makes videos within one answer', hint);
}

function lastSegment(link: string): string {
	const segments = URL.canParse(link) ? new URL(link).pathname.split('/') : [];
	const named = segments.filter((segment) => segment !== '' && segment !== 'content');
	return decodePercents(named[named.length - 1] ?? '');
}

/** How long to wait for a job. */
export function readWaitWish(item: Item, typicalMs?: number): WaitWish {
	const { parameters } = item;
	const pollSeconds = parameters.optionNumber('pollInterval', 'Poll Interval (Seconds)', 0);
	return {
		maxWaitMs: parameters.optionNumber('maxWait', 'Max Wait (Minutes)', 20) * 60_000,
		fixedPollMs: pollSeconds > 0 ? pollSeconds * 1000 : undefined,
		typicalMs,
		onTimeout: parameters.optionText('onTimeout') === 'returnJob' ? 'returnJob' : 'error',
		retryFailedJobs: parameters.optionCount('retryFailedJobs', 'Retry Failed Jobs', 0, MAX_PAID_REPEATS),
	};
}

/** A delivery as the item that comes out; warns when the file is not what was asked for. */
export function toOutput(
	item: Item,
	delivery: Delivery,
	what: Pick<OutputSettings, 'request' | 'costUsd'> = {},
): Output {
	const { run } = item;
	const known = run.jobs.get(delivery.jobId);
	if (known) known.state = 'delivered';
	hintAtDifferences(item, delivery, what.request);
	const output = deliveryToOutput(run.execution, delivery, {
		...what,
		binaryProperty: readBinaryProperty(item),
		simplify: item.parameters.optionBoolean('simplify', true),
	});
	const { job, file } = delivery;
	return file || job.status !== 'completed' ? output : { ...output, leftAtServer: { untilMs: job.expiresAtMs } };
}

function hintAtDifferences(item: Item, { file, jobId }: Delivery, request: OutputSettings['request']): void {
	if (!file?.width || !request?.size) return;
	const made = `${file.width}x${file.height ?? '?'}`;
	if (made !== request.size) {
		item.run.hints.add(`The video of job ${jobId} is ${made}, although ${request.size} was asked for.`);
	}
	hintAtOtherLength(item, `job ${jobId}`, file.durationSeconds, Number(request.seconds));
}

/** So many seconds a video may be longer or shorter: its frames do not end with the second. */
const LENGTH_TOLERANCE_SECONDS = 0.5;

/** @param ofWhat for the sentence: `job video_123`, `item 0` */
export function hintAtOtherLength(
	item: Item,
	ofWhat: string,
	made: number | undefined,
	wanted: number | undefined,
): void {
	if (made === undefined || wanted === undefined || !(Math.abs(made - wanted) > LENGTH_TOLERANCE_SECONDS)) return;
	item.run.hints.add(`The video of ${ofWhat} lasts ${made} seconds, although ${wanted} were asked for.`);
}
