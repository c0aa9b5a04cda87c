'use strict';

/**
 * What docs/errors.md says of each kind of error beside the table in nodes/core/errors.ts. `test/contract/hints.test.js`
 * provokes every kind, compares its message with `seen`, and does what `tried` says.
 * - `seen`: how messages of this kind begin
 * - `why`: when it comes
 * - `tried`: what helped
 * - `billed`: when it is otherwise than the table says
 */
const EXPLANATIONS = {
	invalidInput: {
		seen: ['sora-2 makes videos of 4, 8 or 12 seconds'],
		why: 'A parameter cannot be right: it is empty, no number, or something that the model is known not to make. Nothing was sent.',
		tried: 'With *Seconds* 10 the hint says 8 or 12; with 8 the video comes.',
	},
	spendingCapExceeded: {
		seen: ['The estimated cost of', 'Max Cost is'],
		why: 'The estimate for all items, repeats included, is above *Max Cost (USD)*, or a price is not known. Nothing was sent.',
		tried:
			'Eight seconds of `sora-2` ($0.80) are refused under a cap of $0.50; under $0.80 they are bought. So are four seconds under $0.50, where two items, or `sora-2-pro`, are refused.',
	},
	unsafeAddress: {
		seen: ['The file was not fetched from'],
		why: 'The server named a file in a private network, on another port of its own host, or with another scheme than http and https.',
		tried:
			'A file on a private host is refused; with that host in *Allowed Download Hosts*, *Download Video* fetches it.',
	},
	authentication: {
		seen: ['The server refused the API key'],
		why: 'HTTP 401: the key is wrong, was revoked, or belongs to another server.',
		tried: 'A wrong key is refused; with the right one in the credential the video comes.',
	},
	permission: {
		seen: ['The server does not allow this with this key'],
		why: 'HTTP 403: the key is known, but may not use this model or endpoint.',
		tried: 'A key that may not use `sora-2-pro` buys a video of `sora-2`.',
	},
	insufficientBalance: {
		seen: ['The account at the server has no balance left'],
		why: 'HTTP 402, or a 403 or 429 whose words speak of balance, quota or credits. Nothing further is submitted in this run.',
		tried: 'Refused once; when the account has money again, the same run buys.',
	},
	rateLimited: {
		seen: ['The server asks for fewer requests'],
		why: 'HTTP 429 that speaks neither of running jobs nor of balance, after all of *Max Retries*.',
		tried:
			'Five jobs at once at a server that takes two a minute: some are refused. A minute later they are taken; with *Requests per Minute* 2 all five are, without a refusal.',
	},
	tooManyRunningJobs: {
		seen: ['The account already runs as many jobs as the server allows'],
		why: 'HTTP 429 that speaks of running or concurrent jobs, while none of this run is among them. Jobs of this run are waited for without an error.',
		tried:
			'With two jobs of another run at a server that runs two, a third is refused. When one of them has ended, it is taken; so it is when the other run starts only one.',
	},
	moderation: {
		seen: [
			'The server blocked the content',
			'The server answered without a picture: it blocked the content',
			'The server answered without a video: it blocked the content',
		],
		billed:
			'maybe when a job was blocked while it ran, at servers that do not document failed jobs as free; yes over chat completions, where the refusal is an answer',
		why: 'The prompt or the image was blocked, at once or while the job ran. The categories stand in brackets where the server names them. It is never sent again by itself.',
		tried: 'Another prompt is taken.',
	},
	requestRefused: {
		seen: ['The server refused the request'],
		why: 'HTTP 400 or 422: the server does not like a field of the request. Its own words stand in the description.',
		tried: 'A wrong field in *Extra Body Fields* is refused with its name; without it the video comes.',
	},
	modelUnavailable: {
		seen: ['The server does not offer this model', 'The server does not offer the model'],
		why: 'HTTP 404 that speaks of a model. The message says when the model ended at this server, if that is known, and the hint what the server lists now.',
		tried: 'A model of the list is taken.',
	},
	notFound: {
		seen: [
			'The server does not know what it was asked for',
			'The server does not know this job',
			'The server has nothing at this address',
		],
		why: 'HTTP 404: no job of this ID in the account, or no such address, as without the `/v1` of the *Base URL*.',
		tried: '*Get Video Job* with the right ID finds the job.',
	},
	unsupported: {
		seen: [
			'LaoZhang cannot edit videos',
			'The server does not offer this operation',
			'The server does not take such jobs any more',
			'This server shows no list of jobs',
		],
		why: 'This kind of server is known not to have the operation, or answers with 405 or 501.',
		tried: 'The same *Edit Video* works at a server that has it.',
	},
	serverUnreachable: {
		seen: ['The server could not be reached'],
		why: 'No connection could be made, after all of *Max Retries*: a wrong host or port, a server that is down, a firewall.',
		tried: 'With the right Base URL the video comes.',
	},
	serverFailure: {
		seen: ['The server failed'],
		why: 'HTTP 5xx that is known to be free: 503 with `Retry-After`, or any JSON 5xx of a server that documents them so.',
		tried: 'A little later the same run buys.',
	},
	wrongAddress: {
		seen: ['The server redirected the request to another address'],
		why: 'The Base URL leads to a redirect. A request that buys never follows one.',
		tried: 'With the address that the redirect leads to as Base URL the video comes.',
	},
	submissionUncertain: {
		seen: ['It is not known whether the server took the job'],
		why: 'The answer to a submission got lost or says nothing, and the list of jobs did not settle it: the job may be there.',
		tried: '*Get Many* shows the job, *Wait for Video Job* with its ID fetches it: one charge.',
	},
	resultUncertain: {
		seen: [
			'No picture came, and it may have been billed',
			'No video came, and it may have been billed',
			'No prompt came, and it may have been billed',
			'No character came, and it may have been billed',
			'The answer holds no picture',
			'The answer holds no video',
		],
		why: 'A request for a picture, or for a video over chat, ended without an answer: a time-out, a broken connection, a 5xx.',
		tried:
			'The ledger of the server shows the charge. With *Retry Uncertain Submissions* 1 the picture comes, and is charged twice.',
	},
	noResult: {
		seen: [
			'The server answered without a picture',
			'The server answered without a video',
			'The server answered without a character',
			'The server could not enhance the prompt',
			'The server answered with an error',
			'The server answered with',
		],
		why: 'The model answered in words, which servers bill like a picture.',
		tried: 'Another prompt brings the picture; both answers are charged.',
	},
	unreadableAnswer: {
		seen: ['The server answered with'],
		why: 'An answer that no API gives, mostly a web page: the Base URL leads somewhere else.',
		tried: 'With the right Base URL the job is found.',
	},
	jobFailed: {
		seen: ['The job failed at the server', 'The job was cancelled at the server'],
		why: 'The server itself ended the job. At APIYI and LaoZhang, which document failed jobs as free, the error says "no", else "maybe".',
		tried: 'Another prompt makes a video: one charge.',
	},
	jobExpired: {
		seen: ['The job expired at the server'],
		why: 'The server dropped the job before or after it was finished.',
		tried: 'A new job makes the video.',
	},
	jobNotVisible: {
		seen: ['The server does not show this job'],
		why: 'Looks at the job were answered four times in a row with 401, 402, 403, 404 or 410: the waiting ends, the job does not.',
		tried: 'With a key that works again, *Wait for Video Job* fetches the video: one charge.',
	},
	waitTimedOut: {
		seen: ['The job was not finished after'],
		why: '*Max Wait (Minutes)* is up and the job still runs.',
		tried: '*Wait for Video Job* with the ID fetches it: one charge. With a longer *Max Wait* the error does not come.',
	},
	downloadFailed: {
		seen: [
			'The file could not be fetched',
			'The server sent',
			'The answer holds',
			'The server gave a link that is not an address',
			'n8n could not store the file',
		],
		why: 'Five tries to fetch the finished file did not succeed.',
		tried: '*Download Video* with the ID fetches it a little later: one charge.',
	},
	downloadInterrupted: {
		seen: ['The connection ended before the whole file had come', 'The file ends in the middle'],
		why: 'Five times only a part of the file came.',
		tried: '*Download Video* with the ID fetches the whole file: one charge.',
	},
	fileTooLarge: {
		seen: ['The file has', 'The picture has'],
		why: 'n8n cannot keep a file of this size the way it is set up: 383 MiB in memory, 512 MiB in its database.',
		tried:
			'A file of 400 MiB is refused in memory before it is read; with binary data in the file system *Download Video* keeps it, and with *Download File* off the job comes out without it.',
	},
	contentExpired: {
		seen: [
			'The server no longer keeps the file',
			'The server no longer keeps this file',
			'The file that an earlier try has paid for is no longer stored',
		],
		why: 'HTTP 410 for the file. The message names how long this server keeps files, where that is documented.',
		tried: 'A new video, downloaded at once, is there. It is charged again.',
	},
	unexpected: {
		seen: [''],
		why: 'Something failed on the side of n8n: an expression, a pruned file, a full disk. The message is that of n8n.',
		tried:
			'An input file that cannot be read stops the item before anything is sent; with a file that can be read the video comes.',
	},
	cancelled: {
		seen: ['The execution was stopped'],
		why: 'Somebody pressed Stop, or the workflow ran into its time-out.',
		tried: 'The job that was under way goes on, and *Wait for Video Job* with its ID fetches it: one charge.',
	},
};

module.exports = { EXPLANATIONS };
