'use strict';

const { existsSync } = require('node:fs');

const { makeFolder, removeFolder } = require('./processes');

/** Where systems put the browser; CHROMIUM in the environment names another one. */
const PLACES = [
	'/usr/bin/chromium',
	'/usr/bin/chromium-browser',
	'/usr/bin/google-chrome',
	'/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];
/** Long, because a page of n8n takes half a minute on a busy machine. */
const ACTION_TIMEOUT_MS = 60_000;

const findBrowser = () => process.env.CHROMIUM ?? PLACES.find((place) => existsSync(place));

/** What is missing for tests by browser; undefined when all is there. */
const missingBrowser = () => (findBrowser() ? undefined : 'no Chromium is installed');

/**
 * Opens a browser; gives its first page, and what closes it.
 * @param {{colorScheme?: 'light' | 'dark', width?: number, height?: number}} look
 */
async function openBrowser({ colorScheme = 'light', width = 1440, height = 900 }) {
	const { chromium } = require('playwright-core');
	// What it keeps of its user it keeps there, and not in the folder of whoever runs the tests; so do its libraries.
	const home = makeFolder('n8n-e2e-browser');
	const places = { HOME: home, TMPDIR: home, XDG_CACHE_HOME: home, XDG_CONFIG_HOME: home, XDG_DATA_HOME: home };
	const browser = await chromium.launch({
		executablePath: findBrowser(),
		args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'],
		env: { ...process.env, ...places },
	});
	const context = await browser.newContext({ viewport: { width, height }, colorScheme, acceptDownloads: true });
	context.setDefaultTimeout(ACTION_TIMEOUT_MS);
	return {
		page: await context.newPage(),
		async close() {
			await browser.close();
			removeFolder(home);
		},
	};
}

module.exports = { missingBrowser, openBrowser };
