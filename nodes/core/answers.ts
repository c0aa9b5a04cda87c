import { GenerationError, type Billed } from './errors';
import type { HttpResponse, NoResponse } from './ports';

/** What answers, and missing answers, amount to; shared by everything that sends requests. */

export function isSuccess(status: number): boolean {
	return status >= 200 && status < 300;
}

/**
 * `status 200 and a body that is not a job (text/html)`, for a message.
 * @param expected what the body should have been
 */
export function describeAnswer(
	response: HttpResponse,
	text: string,
	expected: 'a job' | 'a character' | 'an answer of the API',
): string {
	if (text.trim() === '') return `status ${response.status} and an empty body`;
	const type = response.headers['content-type']?.split(';')[0] ?? 'no type';
	return `status ${response.status} and a body that is not ${expected} (${type})`;
}

/** How a connection failed: `The connection failed with "socket hang up" (ECONNRESET)`. */
export function describeConnection({ message, code }: NoResponse): string {
	const name = message.includes(code) ? '' : ` (${code})`;
	return `The connection failed with "${message.replace(/\.$/, '')}"${name}`;
}

/** The error for a request that cost nothing and got no answer. */
export function withoutAnswer(result: NoResponse): GenerationError {
	if (result.code === 'CANCELLED') return cancelled();
	return new GenerationError('serverUnreachable', 'The server could not be reached', {
		observed: describeConnection(result),
	});
}

/** The error of a run that was stopped. `billed` says what is known of the money of the unit that it ends. */
export function cancelled(message = 'The execution was stopped', billed: Billed = 'no'): GenerationError {
	return new GenerationError('cancelled', message, { billed });
}
