import type { IExecuteFunctions } from 'n8n-workflow';

import { GenerationError } from '../core/errors';

const MEBIBYTE = 1024 * 1024;

/**
 * What n8n can keep of one file, by the mode of its binary data (reference: n8n facts B8). In memory a file is one
 * base64 text, and V8's longest text holds 383 MiB of bytes; in the database 512 MiB is n8n's own default limit.
 */
const LIMITS = {
	memory: { bytes: 383 * MEBIBYTE, where: 'keeps binary data in memory' },
	database: { bytes: 512 * MEBIBYTE, where: 'keeps binary data in its database' },
};

export type BinaryMode = keyof typeof LIMITS | 'unlimited';

/** Smaller files fit everywhere, so nobody needs to know the mode for them. */
const SMALLEST_LIMIT_BYTES = Math.min(...Object.values(LIMITS).map(({ bytes }) => bytes));

/**
 * Stops a file that n8n could not keep, before it is read. The mode is found out by storing a few bytes: nodes may not
 * read n8n's settings. Throws GenerationError `fileTooLarge`.
 */
export async function assertFits(execution: IExecuteFunctions, announcedBytes: number): Promise<void> {
	if (!(announcedBytes > SMALLEST_LIMIT_BYTES)) return;
	const tooLarge = describeTooLarge(await findMode(execution), announcedBytes);
	if (tooLarge) throw tooLarge;
}

/** The error for a file of so many bytes in this mode; undefined when it fits. */
export function describeTooLarge(mode: BinaryMode, fileBytes: number): GenerationError | undefined {
	if (mode === 'unlimited' || fileBytes <= LIMITS[mode].bytes) return undefined;
	const mebibytes = (bytes: number) => `${Math.floor(bytes / MEBIBYTE)} MiB`;
	const { where, bytes } = LIMITS[mode];
	return new GenerationError(
		'fileTooLarge',
		`The file has ${mebibytes(fileBytes)}, but this n8n ${where}, which ends at ${mebibytes(bytes)}`,
	);
}

async function findMode(execution: IExecuteFunctions): Promise<BinaryMode> {
	const { id } = await execution.helpers.prepareBinaryData(Buffer.from('probe'), 'probe.txt', 'text/plain');
	if (!id) return 'memory';
	return id.startsWith('database') ? 'database' : 'unlimited';
}
