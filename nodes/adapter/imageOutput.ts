import type { IDataObject } from 'n8n-workflow';

import type { GenerationError } from '../core/errors';
import type { DeliveredPicture, ImageDelivery } from '../core/image/delivery';
import type { Item, Output } from './operation';
import { fileToJson, isoTime, withFile, withoutGaps } from './output';
import { readBinaryProperty } from './purchaseParameters';

/** What a node says of each picture; absent values are left out. */
export interface PictureFacts {
	/** What was asked for, and the link: the beginning of the json. */
	asked: Record<string, unknown>;
	/** What it used and cost. */
	cost: Record<string, unknown>;
}

/**
 * The pictures of a delivery as items, in their order: json, and the file where there is one. A picture that could not be
 * fetched is its error.
 */
export function picturesToOutputs(
	item: Item,
	delivery: ImageDelivery,
	describe: (picture: DeliveredPicture) => PictureFacts,
): Array<Output | GenerationError> {
	const { execution } = item.run;
	if (delivery.requestHasChanged) {
		item.run.hints.add(
			`The images of item ${item.index} were paid for by an earlier try, with other parameters than now. They were taken up, not bought again; turn off Resume Paid Jobs, or start a new execution, to buy anew.`,
		);
	}
	const simplify = item.parameters.optionBoolean('simplify', true);
	return delivery.pictures.map((picture) => {
		if (picture.error) return picture.error;
		const { asked, cost } = describe(picture);
		const { usage, ...prices } = cost;
		const json: IDataObject = {
			...withoutGaps(asked),
			...(picture.file ? fileToJson(picture.file) : {}),
			...withoutGaps({
				createdAt: isoTime(delivery.createdAtMs ?? delivery.submittedAtMs),
				expiresAt: isoTime(delivery.expiresAtMs),
				usage,
				requestId: delivery.requestId,
				...prices,
				resumed: delivery.resumed,
			}),
			...(simplify ? {} : { response: delivery.raw as IDataObject }),
		};
		const output = withFile(execution, json, picture.file, readBinaryProperty(item));
		return picture.file ? output : { ...output, leftAtServer: { untilMs: delivery.expiresAtMs } };
	});
}
