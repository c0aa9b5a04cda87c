import { settle } from '../concurrency';
import { GenerationError } from '../errors';
import { backoffMs } from '../retry';
import { deliverJob } from './deliverJob';
import type { Delivery, FileWish, PurchaseTools, WaitWish } from './delivery';
import type { Order } from './submit';
import { submitJob } from './submitJob';

/**
 * Buys a video: submit, wait, download. The job's id is told before the first wait and is in every error after it.
 * Throws GenerationError.
 */
export async function purchaseVideo(
	order: Order,
	wish: WaitWish,
	file: FileWish,
	tools: PurchaseTools,
): Promise<Delivery> {
	for (let repeatsLeft = wish.retryFailedJobs; ; repeatsLeft--) {
		const submitted = await submitJob(order, tools);
		const outcome = await settle(deliverJob(submitted.jobId, wish, file, tools, submitted));
		if ('result' in outcome) return outcome.result;
		if (repeatsLeft <= 0 || !wasFreeFailure(outcome.error)) throw outcome.error;
		tools.ports.onEvent({
			level: 'warn',
			message: `Video job ${submitted.jobId} failed at the server and was not billed: submitting it again`,
			details: { jobId: submitted.jobId },
		});
		await tools.ports.sleep(backoffMs(wish.retryFailedJobs - repeatsLeft + 1, tools.ports.random()));
	}
}

/** A job that the server failed for its own reasons, without billing it. Blocked content never counts. */
function wasFreeFailure(error: unknown): boolean {
	return error instanceof GenerationError && error.kind === 'jobFailed' && error.billed === 'no';
}
