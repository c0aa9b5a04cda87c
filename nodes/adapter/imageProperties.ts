import type { INodeProperties } from 'n8n-workflow';

import { fileNameOption, outputFieldOption, promptProperty, purchaseOptions, simplifyOption } from './properties';

/** Parameters that the image nodes offer in the same words. */

/** What an image node says otherwise than a video node, by option. */
const DIFFERENCES: Record<string, Partial<INodeProperties>> = {
	timeout: {
		default: 360,
		description: 'How long the server may take to answer. It works while the request waits and bills it all the same.',
	},
	concurrency: { default: 3 },
	requestsPerMinute: {
		description:
			'How many requests may be sent in any 60 seconds, counted over all workflows of this n8n. 0 means no limit.',
	},
	maxRetries: {
		description:
			'How often a request is sent again when it certainly was not billed: no connection, or plainly refused',
	},
	retryUncertain: {
		description:
			'How often a request is sent again after a time-out, a broken connection, a failure of the server or an answer without a picture. Servers bill these too: each time may pay twice, so the default is 0.',
	},
	resumePaidJobs: {
		displayName: 'Resume Paid Jobs',
		description:
			'Whether Retry On Fail, and a retry of the execution, give out again what an earlier try has paid for instead of buying it again',
	},
	price: {
		displayName: 'Price per Image (USD)',
		description:
			'What your server charges for each image, if it is not what the model list says. 0 uses the listed price.',
	},
};

/**
 * Options of every operation that buys pictures.
 * @param defaults what the node sets otherwise, by option
 */
export function imagePurchaseOptions(defaults: Record<string, number> = {}): INodeProperties[] {
	return purchaseOptions.map((option) => ({
		...option,
		...DIFFERENCES[option.name],
		...(option.name in defaults ? { default: defaults[option.name] } : {}),
	}));
}

/** Options of every operation that ends with pictures. */
export const imageFileOptions: INodeProperties[] = [
	outputFieldOption,
	{
		...fileNameOption,
		placeholder: 'e.g. product-picture',
		description:
			'Name of the file. Without an extension the right one is added, and several pictures are numbered; left empty, the model, the time and the end of the request ID are the name.',
	},
	{
		displayName: 'Download File',
		name: 'download',
		type: 'boolean',
		default: true,
		description:
			'Whether to fetch pictures that come as links. Servers keep them only for an hour to a few days. Pictures inside the answer are files in any case.',
	},
	simplifyOption,
];

/** What a generated image should show. */
export const imagePromptProperty: INodeProperties = {
	...promptProperty,
	placeholder: 'e.g. A fluffy orange cat on a sunny windowsill, blurred city behind it',
	description: 'What the image should show. Style, light and background help most.',
};

/** What an edited image should show. */
export const editPromptProperty: INodeProperties = {
	...promptProperty,
	placeholder: 'e.g. Put the mug on a marble table and leave everything else as it is',
	description: 'How to change the images. Say what changes, and what stays.',
};

/**
 * Where the pictures of an edit come from. Not required, though one of both is needed: n8n would not start a workflow in
 * which one is empty.
 */
export const inputFieldsProperty: INodeProperties = {
	displayName: 'Input Binary Field(s)',
	name: 'binaryPropertyName',
	type: 'string',
	default: 'data',
	placeholder: 'e.g. data, logo',
	hint: 'The names of the input binary fields containing the images, separated by commas',
};

export const imageUrlsProperty: INodeProperties = {
	displayName: 'Image URLs',
	name: 'imageUrls',
	type: 'string',
	default: '',
	placeholder: 'e.g. https://example.com/photo.png, https://example.com/logo.png',
	description:
		'Links or data URLs, separated by commas or lines; an expression may give a list. Fetched without your API key.',
};
