import { describeAnswer } from '../answers';
import { firstText, isObject, parseJson, readPath } from '../json';
import type { HttpResponse, JsonObject } from '../ports';
import { readServerWords } from '../serverErrors';
import { pictureFrom, type ImageAnswer, type Picture } from './answer';

/** Ten pictures of 4K as base64, with room to spare; V8's longest text is about twice this. */
const MAX_ANSWER_BYTES = 256 * 1024 * 1024;

/** Reads an answer of `/images/generations` and `/images/edits` (wire facts 5.3). Never throws. */
export async function readImagesAnswer(response: HttpResponse): Promise<ImageAnswer> {
	const { text, problem } = await response.body.text(MAX_ANSWER_BYTES);
	const json = parseJson(text);
	if (isObject(json)) return readImagesJson(json);
	const brokenOff = problem ? WHY[problem] : describeAnswer(response, text, 'an answer of the API');
	// A web page has addresses too, but no picture.
	const pictures = text.trimStart().startsWith('{') ? rescue(text) : [];
	return { pictures, brokenOff, text: readServerWords(text).message, raw: undefined };
}

const WHY = {
	truncated: 'the connection ended before the whole answer had come',
	tooSlow: 'the answer came too slowly',
	tooLarge: `the answer is larger than ${MAX_ANSWER_BYTES / 1024 / 1024} MiB`,
};

/**
 * The images shape, which some chat models answer with too: `{created, data: [{url?, b64_json?, revised_prompt?}], usage?,
 * size?, quality?, output_format?}`. Base64 may have a data URL's prefix, a data URL may stand under `url`.
 */
export function readImagesJson(json: JsonObject): ImageAnswer {
	const data = Array.isArray(json.data) ? json.data : isObject(json.data) ? [json.data] : [];
	const pictures = data.flatMap(readPicture);
	const created = Number(firstText(json, ['created', 'created_at']));
	const hasFailed = pictures.length === 0 && isObject(json.error);
	return {
		pictures,
		text: pictures.length === 0 ? readServerWords(json).message : undefined,
		failure: hasFailed ? readServerWords(json) : undefined,
		usage: isObject(json.usage) ? json.usage : undefined,
		createdAtMs: created > 0 && created < 1e11 ? created * 1000 : undefined,
		made: {
			size: firstText(json, ['size']),
			quality: firstText(json, ['quality']),
			outputFormat: firstText(json, ['output_format']),
		},
		raw: json,
	};
}

function readPicture(entry: unknown): Picture[] {
	const base64 = firstText(entry, ['b64_json']);
	const found = base64 ?? firstText(entry, ['url', 'image_url.url', 'image_url']);
	if (found === undefined) return [];
	const revisedPrompt = readPath(entry, 'revised_prompt');
	const isRawBase64 = base64 !== undefined && !base64.startsWith('data:');
	return [
		{
			...(isRawBase64 ? { base64 } : pictureFrom(found)),
			...(typeof revisedPrompt === 'string' && revisedPrompt !== '' ? { revisedPrompt } : {}),
		},
	];
}

/** The pictures that had come whole before the connection broke: they are paid for. */
function rescue(text: string): Picture[] {
	return [...text.matchAll(/"(url|b64_json)"\s*:\s*"([^"]+)"/g)].flatMap((match) => {
		const value = parseJson(`"${match[2]}"`);
		return readPicture({ [match[1]!]: value });
	});
}
