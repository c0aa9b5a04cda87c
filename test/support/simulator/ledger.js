'use strict';

/**
 * What was bought, from everything that the provider sells.
 * @param {{ledger: () => {jobsCreated: number, charges: number, chargedUsd: number, jobs: object[]}}} jobs
 * @param {{rows: Array<{usd: number}>}} images
 * @param {{rows: Array<{usd: number}>}} chatVideos
 * @returns `charges` and `chargedUsd` of everything together; `jobs` are the videos of the Videos API, `images` the image
 *   requests, `chatVideos` what chat endpoints made beside images: videos, characters and prompts
 */
function ledgerOf(jobs, images, chatVideos) {
	const videos = jobs.ledger();
	const rows = [...images.rows, ...chatVideos.rows];
	const rowsUsd = rows.reduce((sum, { usd }) => sum + usd, 0);
	return {
		...videos,
		charges: videos.charges + rows.filter(({ usd }) => usd > 0).length,
		chargedUsd: Math.round((videos.chargedUsd + rowsUsd) * 1e6) / 1e6,
		imageRequests: images.rows.length,
		images: images.rows,
		chatVideoRequests: chatVideos.rows.length,
		chatVideos: chatVideos.rows,
	};
}

module.exports = { ledgerOf };
