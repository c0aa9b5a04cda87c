import {
	NodeApiError,
	NodeOperationError,
	type IDataObject,
	type INode,
	type JsonObject as N8nJsonObject,
} from 'n8n-workflow';

import { asGenerationError, type Billed, type GenerationError } from '../core/errors';

/**
 * Any thrown value as the core's error. What is not one of ours is n8n's own (an expression that fails, a full disk) or
 * a bug, and keeps its message.
 * @param billed what such an error means for the user's money at this point
 */
export function toGenerationError(error: unknown, billed?: Billed): GenerationError {
	const hint = error instanceof NodeOperationError ? (error.description ?? undefined) : undefined;
	return asGenerationError(error, 'unexpected', { hint, billed });
}

const MONEY_SPENT: Record<Billed, string> = {
	no: 'Money spent: no.',
	maybe: 'Money spent: maybe, the server does not say.',
	yes: 'Money spent: yes.',
};

/** Everything that a user needs beyond the message, in one paragraph. */
export function describe(error: GenerationError): string {
	const parts = [
		error.serverMessage && `The server said: "${error.serverMessage.replace(/\.$/, '')}".`,
		error.observed && `${error.observed}.`,
		error.hint,
		MONEY_SPENT[error.billed],
		error.jobId && `Job ID: ${error.jobId}.`,
		error.requestId && `Request ID: ${error.requestId}.`,
		error.url && `Link: ${error.url}`,
	];
	return parts.filter(Boolean).join(' ');
}

/** n8n's editor shows descriptions as HTML: a server's angle brackets must not become markup. */
function escapeHtml(text: string): string {
	return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}

/**
 * The error that n8n shows for a node that stops.
 * @param itemIndex the item that failed; undefined when it is the run as a whole, e.g. its sum
 * @param others what to say of the other items: a part of the message, and sentences for the description
 */
export function toNodeError(
	node: INode,
	error: GenerationError,
	itemIndex: number | undefined,
	others: { inMessage: string; inDescription: string },
): NodeApiError | NodeOperationError {
	const message = `${error.message}${others.inMessage}`;
	const description = escapeHtml([describe(error), others.inDescription].filter(Boolean).join(' '));
	const options = { message, description, itemIndex };
	if (error.status === undefined) return new NodeOperationError(node, message, options);
	const response: N8nJsonObject = { message };
	return new NodeApiError(node, response, { ...options, httpCode: String(error.status) });
}

/**
 * The output of an item that failed under Continue On Fail. An object under `error` and nothing beside it is the one
 * shape that reaches n8n's error branch whole, on 1.x and 2.x.
 */
export function toFailedJson(error: GenerationError): IDataObject {
	return {
		error: {
			message: error.message,
			description: describe(error),
			kind: error.kind,
			...(error.jobId ? { jobId: error.jobId } : {}),
			billed: error.billed,
			...(error.requestId ? { requestId: error.requestId } : {}),
			hint: error.hint,
			...(error.url ? { url: error.url } : {}),
		},
	};
}
