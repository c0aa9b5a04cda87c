import { fingerprintOf } from '../fingerprint';
import type { LedgerEntry } from '../ledger';
import { readKeptDelivery, type Delivery, type PurchaseTools, type SubmittedJob } from './delivery';
import { submitOrder, type Order, type SubmitTools } from './submit';

/** Creates a job and tells its id at once: from here on it is paid and must not get lost. Or takes up the paid one. */
export async function submitJob(order: Order, tools: SubmitTools & Pick<PurchaseTools, 'jobs'>): Promise<SubmittedJob> {
	const request = fingerprintOf(order.path, order.body);
	const noted = tools.book.earlier(request);
	// What another kind of operation has bought is no submission of a job.
	const earlier = noted?.jobId === undefined && noted?.uncertainTries === 0 ? undefined : noted;
	const submitted =
		earlier?.jobId === undefined
			? await buyJob(order, tools, request, earlier)
			: takeUp(earlier.jobId, earlier, request, tools);
	tools.jobs.onSubmitted(submitted, order.facts.prompt);
	return submitted;
}

async function buyJob(
	order: Order,
	tools: SubmitTools,
	request: string,
	earlier: LedgerEntry | undefined,
): Promise<SubmittedJob> {
	const { job, requestId } = await submitOrder(order, request, tools, earlier);
	const submittedAtMs = tools.ports.now();
	tools.book.bought({ request, jobId: job.id, requestId, submittedAtMs, uncertainTries: 0 });
	return { job, jobId: job.id, requestId, submittedAtMs, resumed: false };
}

function takeUp(jobId: string, earlier: LedgerEntry, request: string, tools: SubmitTools): SubmittedJob {
	const { requestId, submittedAtMs } = earlier;
	tools.ports.onEvent({
		level: 'info',
		message: `Video job ${jobId} was paid for by an earlier try: taking it up`,
		details: { jobId, requestId },
	});
	const kept = readKeptDelivery(earlier.delivery);
	const job = kept?.job ?? { id: jobId, status: 'unknown', raw: undefined };
	const requestHasChanged = earlier.request !== request;
	return { job, jobId, requestId, submittedAtMs, resumed: true, requestHasChanged, kept };
}

/** A job that nobody waits for, as it was when it was submitted. */
export function handOver({ job, jobId, requestId, resumed }: SubmittedJob, { book }: PurchaseTools): Delivery {
	const delivery = { job: { ...job, contentBase64: undefined }, jobId, requestId, polls: 0, waitedSeconds: 0, resumed };
	book.delivered(delivery, true);
	return delivery;
}
