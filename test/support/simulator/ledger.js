'use strict';

/**
 * What was bought, from everything that the provider sells.
 * @param {{ledger: () => {jobsCreated: number, charges: number, chargedUsd: number, jobs: object[]}}} jobs
 * @param {{rows: Array<{usd: number}>}} images
 * @returns `charges` and `chargedUsd` of videos and images together; `jobs` are the videos, `images` the image requests
 */
function ledgerOf(jobs, images) {
	const videos = jobs.ledger();
	const imagesUsd = images.rows.reduce((sum, { usd }) => sum + usd, 0);
	return {
		...videos,
		charges: videos.charges + images.rows.filter(({ usd }) => usd > 0).length,
		chargedUsd: Math.round((videos.chargedUsd + imagesUsd) * 1e6) / 1e6,
		imageRequests: images.rows.length,
		images: images.rows,
	};
}

module.exports = { ledgerOf };
