import { findModel, retirementOf } from '../core/catalogue';
import type { Server } from '../core/server';
import { isOutput, type Output } from './operation';
import { isoTime } from './output';
import type { UnitResult } from './runReport';

/** What a user should know of results that came out well. */
export function describeResults(server: Server, results: UnitResult[]): string[] {
	const outputs = results.flatMap((result) =>
		result.outputs.filter(isOutput).map((output) => ({ ...output, isBought: result.purchase !== undefined })),
	);
	return [...describeLeftFiles(server, outputs), ...describeEndedModels(server, outputs)];
}

/** Files that were made and not fetched: they will be gone. */
function describeLeftFiles({ dialect }: Server, outputs: Output[]): string[] {
	const left = outputs.flatMap(({ leftAtServer }) => (leftAtServer ? [leftAtServer] : []));
	if (left.length === 0) return [];
	const ends = left.flatMap(({ untilMs }) => (untilMs === undefined ? [] : [untilMs]));
	const what = left.length === 1 ? '1 file was not fetched' : `${left.length} files were not fetched`;
	if (ends.length > 0) {
		const first = isoTime(Math.min(...ends))!
			.replace(/:\d\d\.\d+Z$/, ' UTC')
			.replace('T', ' ');
		return [`${what}. The server keeps ${left.length === 1 ? 'it' : 'the first of them'} until ${first}.`];
	}
	return [
		`${what}. ${dialect.retention ? `The server keeps files for ${dialect.retention}.` : 'Servers keep files for an hour to a few days.'}`,
	];
}

/** Models that the server was known to have ended, and that work all the same: perhaps not for long. */
function describeEndedModels(server: Server, outputs: Array<Output & { isBought: boolean }>): string[] {
	const done = outputs.filter(({ isBought, json }) => isBought && (json.status ?? 'completed') === 'completed');
	const ids = [...new Set(done.map(({ json }) => json.model).filter((id) => typeof id === 'string'))];
	return ids.flatMap((id) => {
		const model = findModel(id);
		const retirement = model && retirementOf(model, server.name);
		return retirement
			? [
					`${id} worked, although this server announced its end for ${retirement.date}. It may stop any day: Model > From List shows what else the server offers.`,
				]
			: [];
	});
}
