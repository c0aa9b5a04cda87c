import { cancelled, describeAnswer, describeConnection, isSuccess, withoutAnswer } from '../answers';
import { videoHintsOf, type Dialect } from '../dialects';
import { GenerationError, type ErrorDetails } from '../errors';
import { firstText, isObject, parseJson } from '../json';
import type { HttpResponse, HttpResult, NoResponse } from '../ports';
import { maySendAgain } from '../retry';
import { errorFromAnswer, requestIdOf } from '../serverErrors';
import { isAmbiguous } from '../submitting';
import { hasError, readJob, type Job } from './job';

/** A job that was bought, and the request under which the server's support finds it. */
export interface Submission {
	job: Job & { id: string };
	requestId?: string;
}

/** A job that was made, or why there is none. */
export type CreateOutcome = Submission | { error: GenerationError };

/** A synchronous server may put the whole video into its answer, as base64. */
const MAX_SYNCHRONOUS_BYTES = 384 * 1024 * 1024;

/**
 * What the answer to a create request amounts to. An answer that leaves open whether a job was made is the error
 * `submissionUncertain`. Never throws.
 */
export async function readCreateAnswer(result: HttpResult, dialect: Dialect): Promise<CreateOutcome> {
	if (result.outcome === 'noResponse') return { error: submissionWithoutAnswer(result) };
	const { text, problem } = await result.body.text(dialect.create.isSynchronous ? MAX_SYNCHRONOUS_BYTES : undefined);
	const parsed = parseJson(text);
	const requestId = requestIdOf(result.headers);
	const isRefusal = hasError(parsed) && readJob(parsed).statusWord === undefined;
	if (isSuccess(result.status) && !isRefusal) {
		const job = readJob(parsed);
		const id = job.id ?? (problem ? idInHalfAJson(text) : undefined) ?? idOfFinished(job, requestId);
		if (id !== undefined) return { job: { ...job, id }, requestId };
		return {
			error: unknownOutcome(describeAnswer(result, text, 'a job'), {
				requestId,
				serverMessage: text.slice(0, 300) || undefined,
			}),
		};
	}
	const error = refusalOf(result, text, dialect);
	const isDocumentedAsFree = result.status >= 500 && dialect.serverErrorsAreFree && isObject(parsed);
	if (!isAmbiguous(result) || isDocumentedAsFree || maySendAgain('create', result)) return { error };
	const { serverMessage } = error;
	return {
		error: unknownOutcome(describeAnswer(result, text, 'a job'), {
			requestId: error.requestId,
			serverMessage,
			status: result.status,
		}),
	};
}

/** Before anything was bought there is no file: a 410 says that the endpoint is gone. */
function refusalOf(response: HttpResponse, text: string, dialect: Dialect): GenerationError {
	const error = errorFromAnswer(response, text, videoHintsOf(dialect));
	if (error.kind !== 'contentExpired') return error;
	const { serverMessage, status, requestId } = error;
	return new GenerationError('unsupported', 'The server does not take such jobs any more', {
		serverMessage,
		status,
		requestId,
		hint: videoHintsOf(dialect).unsupported,
	});
}

/** A synchronous server may answer with the video alone: then the request's id has to do. */
function idOfFinished(job: Job, requestId: string | undefined): string | undefined {
	const isThere = job.contentBase64 !== undefined || job.resultUrl !== undefined;
	return job.status === 'completed' && isThere ? (requestId ?? 'video') : undefined;
}

/** The connection broke after the id had come: it must not be lost. */
function idInHalfAJson(text: string): string | undefined {
	const [, asText, asNumber] = /"(?:id|task_id)"\s*:\s*(?:("(?:[^"\\]|\\.)+")|(\d+)(?=[\s,}]))/.exec(text) ?? [];
	return asText === undefined ? asNumber : firstText({ id: parseJson(asText) }, ['id']);
}

/** What is known of an answer that leaves open whether a job was made. */
export type UncertainDetails = Pick<ErrorDetails, 'requestId' | 'serverMessage' | 'observed' | 'status' | 'hint'>;

/** The error for a submission of which nobody knows whether it was taken. */
export function uncertain(message: string, details: UncertainDetails): GenerationError {
	return new GenerationError('submissionUncertain', message, details);
}

function unknownOutcome(what: string, details: UncertainDetails): GenerationError {
	return uncertain(`It is not known whether the server took the job: it answered with ${what}`, details);
}

function submissionWithoutAnswer(result: NoResponse): GenerationError {
	if (result.certainlyNotSent) return withoutAnswer(result);
	if (result.code === 'CANCELLED') {
		return cancelled(
			'The execution was stopped while a job was being submitted: it is not known whether the server took it',
			'maybe',
		);
	}
	return uncertain('It is not known whether the server took the job: the connection ended without an answer', {
		observed: describeConnection(result),
	});
}
