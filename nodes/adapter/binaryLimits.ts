import type { IExecuteFunctions } from 'n8n-workflow';

import { settle } from '../core/concurrency';
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

/** No picture is as large; a body that claims to be one and has no end must not fill the disk. */
const MAX_PICTURE_BYTES = 1024 * MEBIBYTE;

/**
 * Watches the size of a file while it comes: a body without an announced length may have no end.
 * @param onTooLarge told once, with GenerationError `fileTooLarge`, when n8n cannot keep what has come, or when a picture
 *   has passed 1 GiB
 */
export function createSizeGuard(
	execution: IExecuteFunctions,
	isPicture: boolean,
	onTooLarge: (error: GenerationError) => void,
): { count(bytes: number): void } {
	let totalBytes = 0;
	let mode: BinaryMode | undefined;
	let search: Promise<void> | undefined;
	let isTold = false;
	const judge = () => {
		if (isTold) return;
		const error =
			describeTooLarge(mode ?? 'unlimited', totalBytes, false) ??
			(isPicture && totalBytes > MAX_PICTURE_BYTES
				? new GenerationError('fileTooLarge', `The picture has ${inMebibytes(MAX_PICTURE_BYTES)} or more`)
				: undefined);
		if (!error) return;
		isTold = true;
		onTooLarge(error);
	};
	const askForMode = async () => {
		const found = await settle(findMode(execution));
		// Where nothing can be stored, storing the file itself says why.
		mode = 'result' in found ? found.result : 'unlimited';
		judge();
	};
	return {
		count(bytes) {
			totalBytes += bytes;
			if (totalBytes <= SMALLEST_LIMIT_BYTES) return;
			search ??= askForMode();
			judge();
		},
	};
}

/**
 * The error for a file of so many bytes in this mode; undefined when it fits.
 * @param isWhole false while there may be more to come
 */
export function describeTooLarge(mode: BinaryMode, fileBytes: number, isWhole = true): GenerationError | undefined {
	if (mode === 'unlimited' || fileBytes <= LIMITS[mode].bytes) return undefined;
	const { where, bytes } = LIMITS[mode];
	const size = `${inMebibytes(fileBytes)}${isWhole ? '' : ' or more'}`;
	return new GenerationError(
		'fileTooLarge',
		`The file has ${size}, but this n8n ${where}, which ends at ${inMebibytes(bytes)}`,
	);
}

function inMebibytes(bytes: number): string {
	return `${Math.floor(bytes / MEBIBYTE)} MiB`;
}

async function findMode(execution: IExecuteFunctions): Promise<BinaryMode> {
	const { id } = await execution.helpers.prepareBinaryData(Buffer.from('probe'), 'probe.txt', 'text/plain');
	if (!id) return 'memory';
	return id.startsWith('database') ? 'database' : 'unlimited';
}
