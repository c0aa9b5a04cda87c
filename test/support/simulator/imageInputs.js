'use strict';

const { refusal } = require('./contract');
const { readPicture } = require('./images');
const { readInput, readInputUrl } = require('./inputPictures');

/** The pictures and the mask of an edit: how they may come, how many and how large, from the Images API's documents. */

const MEGABYTE = 1024 * 1024;
const MAX_PICTURES = 16;
const MAX_PICTURE_BYTES = 50 * MEGABYTE;
const MAX_MASK_BYTES = 4 * MEGABYTE;
const FILE_FIELDS = ['image', 'image[]', 'mask', 'markup'];

const refuse = (message, param, code) => ({ refusal: refusal(400, message, { param, code }) });

/**
 * Checks what an edit starts from.
 * @param {{encoding: string, fields: Record<string, any>, files: Array<{field: string, mimeType: string, bytes: Buffer}>}} request
 * @param {{markup?: boolean}} rules the model's
 * @returns {Promise<{refusal: {status: number, body: object}} | {pictures: import('./inputPictures').InputPicture[], mask?: Buffer}>}
 */
async function checkEditInputs(request, rules) {
	return request.encoding === 'multipart' ? await checkForm(request, rules) : await checkJson(request);
}

async function checkForm({ fields, files }, rules) {
	const single = files.filter(({ field }) => field === 'image');
	const listed = files.filter(({ field }) => field === 'image[]');
	const unknown = files.find(({ field }) => !FILE_FIELDS.includes(field));
	if (unknown) return refuse(`Unknown parameter: '${unknown.field}'.`, unknown.field, 'unknown_parameter');
	if (fields.image !== undefined || fields['image[]'] !== undefined) {
		return refuse(
			"Invalid type for 'image': expected one of an array of files or file, but got a string instead.",
			'image',
			'invalid_type',
		);
	}
	if (fields.mask !== undefined) {
		return refuse("Invalid type for 'mask': expected a file, but got a string instead.", 'mask', 'invalid_type');
	}
	if (single.length > 1 || (single.length > 0 && listed.length > 0)) {
		return refuse(
			"Duplicate parameter: 'image'. You provided multiple values for this parameter, whereas only one is allowed. If you are trying to provide a list of values, use the array syntax instead e.g. 'image[]=<value>'.",
			'image',
			'duplicate_parameter',
		);
	}
	const images = single.length > 0 ? single : listed;
	const count = checkCount('image', images.length);
	if (count) return count;
	const pictures = [];
	for (const [index, { bytes, mimeType }] of images.entries()) {
		const name = single.length > 0 ? 'image' : `image[${index}]`;
		const read = await readInput({ bytes, mimeType, name, position: index + 1 });
		const problem = 'refusal' in read ? read : checkBytes(name, bytes);
		if (problem) return problem;
		pictures.push(read.picture);
	}
	const mask = files.find(({ field }) => field === 'mask');
	const markup = files.find(({ field }) => field === 'markup');
	if (markup && !rules.markup) return refuse("Unknown parameter: 'markup'.", 'markup', 'unknown_parameter');
	if (markup && mask) return refuse("'markup' cannot be used together with 'mask'.", 'markup', 'invalid_value');
	return await withMask(pictures, mask?.bytes);
}

async function checkJson({ fields }) {
	const { images } = fields;
	if (images === undefined) return checkCount('images', 0);
	if (!Array.isArray(images)) {
		return refuse("Invalid type for 'images': expected an array of objects.", 'images', 'invalid_type');
	}
	const count = checkCount('images', images.length);
	if (count) return count;
	const pictures = [];
	for (const [index, image] of images.entries()) {
		const name = `images[${index}].image_url`;
		if (typeof image?.image_url !== 'string') {
			return refuse(`Missing required parameter: '${name}'.`, name, 'missing_required_parameter');
		}
		const read = await readInputUrl(image.image_url, { name, position: index + 1 });
		const problem = 'refusal' in read ? read : checkBytes(name, read.picture.bytes);
		if (problem) return problem;
		pictures.push(read.picture);
	}
	if (fields.mask === undefined) return { pictures };
	if (typeof fields.mask?.image_url !== 'string') {
		return refuse("Invalid type for 'mask': expected an object.", 'mask', 'invalid_type');
	}
	const mask = await readInputUrl(fields.mask.image_url, { name: 'mask', position: 1 });
	return 'refusal' in mask ? mask : await withMask(pictures, mask.picture.bytes);
}

function checkCount(name, count) {
	if (count === 0) return refuse(`Missing required parameter: '${name}'.`, name, 'missing_required_parameter');
	if (count <= MAX_PICTURES) return undefined;
	return refuse(
		`Invalid '${name}': array too long. Expected an array with maximum length ${MAX_PICTURES}, but got an array with length ${count} instead.`,
		name,
		'array_above_max_length',
	);
}

function checkBytes(name, bytes) {
	if (bytes.length < MAX_PICTURE_BYTES) return undefined;
	return refuse(`Invalid file '${name}': the file must be smaller than 50 MB.`, name, 'file_too_large');
}

async function withMask(pictures, mask) {
	if (!mask) return { pictures };
	const invalid = (reason) => refuse(`Invalid mask image format - ${reason}`, 'mask', 'invalid_mask_image_format');
	if (mask.length >= MAX_MASK_BYTES) return invalid('mask must be smaller than 4 MB');
	const image = await readPicture(mask);
	if (image?.format !== 'png') return invalid('mask must be a PNG file');
	const [{ width, height }] = pictures;
	if (image.width !== width || image.height !== height) return invalid('mask size does not match image size');
	return { pictures, mask };
}

module.exports = { checkEditInputs };
