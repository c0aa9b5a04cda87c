import type { CreateFormat } from '../dialects';
import type { FilePart, JsonObject, RequestBody } from '../ports';
import type { VideoRequest } from './request';

/** A reference image as it was read, to be sent as the server wants it. */
export type ReferenceFile = Omit<FilePart, 'field'>;

/**
 * The body of a create request, as a server's dialect wants it.
 * @param extra further fields of the user; what the request itself sets wins
 * @param encodeBase64 of the bytes of the reference; the core has no buffers
 */
export function createBody(
	request: VideoRequest,
	format: CreateFormat,
	extra: JsonObject,
	reference: ReferenceFile | undefined,
	encodeBase64: (bytes: Uint8Array) => string,
): RequestBody {
	const { seconds, ...same } = request;
	const { field, as } = format.duration;
	const fields: JsonObject = { ...extra, ...same, [field]: as === 'number' ? Number(seconds) : seconds };
	if (!reference) return { encoding: format.encoding, fields, files: [] };
	const { as: form, field: referenceField } = format.reference;
	if (form === 'file') {
		return { encoding: 'multipart', fields, files: [{ ...reference, field: referenceField }] };
	}
	fields[referenceField] = asText(reference, form, encodeBase64);
	return { encoding: format.encoding, fields, files: [] };
}

function asText(
	{ bytes, mimeType }: ReferenceFile,
	as: 'dataUrl' | 'base64' | 'frameList',
	encodeBase64: (bytes: Uint8Array) => string,
): unknown {
	const base64 = encodeBase64(bytes);
	if (as === 'base64') return base64;
	const url = `data:${mimeType};base64,${base64}`;
	if (as === 'dataUrl') return url;
	// OpenRouter's form (wire facts 2.1): the image is the first frame.
	return [{ type: 'image_url', image_url: { url }, frame_type: 'first_frame' }];
}
