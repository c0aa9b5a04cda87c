'use strict';

const { existsSync } = require('node:fs');

const { OWNER } = require('./client');
const { until } = require('./processes');

/** Where systems put the browser; CHROMIUM in the environment names another one. */
const PLACES = [
	'/usr/bin/chromium',
	'/usr/bin/chromium-browser',
	'/usr/bin/google-chrome',
	'/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];
const ACTION_TIMEOUT_MS = 20_000;
const RUN_TIMEOUT_MS = 60_000;
/** As long as n8n's editor takes to put a parameter's new value into its store. */
const INPUT_DELAY_MS = 400;
/** Of the icons of a list. */
const ICON_LIMIT_MS = 10_000;
/** As long as its panels move. */
const SETTLE_MS = 1_000;

const findBrowser = () => process.env.CHROMIUM ?? PLACES.find((place) => existsSync(place));

/** What is missing for tests by browser; undefined when all is there. */
const missingBrowser = () => (findBrowser() ? undefined : 'no Chromium is installed');

/** A text as a regular expression that finds it. */
const escape = (text) => text.replace(/[()[\]{}.*+?^$|\\]/g, '\\$&');

/** n8n's editor in a real browser, the same for both majors. */
class Editor {
	/**
	 * Opens a browser; `signIn` is the next step.
	 * @param {string} url of n8n
	 * @param {{colorScheme?: 'light' | 'dark', width?: number, height?: number}} [options]
	 */
	static async open(url, { colorScheme = 'light', width = 1440, height = 900 } = {}) {
		const { chromium } = require('playwright-core');
		const browser = await chromium.launch({
			executablePath: findBrowser(),
			args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'],
		});
		const context = await browser.newContext({ viewport: { width, height }, colorScheme, acceptDownloads: true });
		context.setDefaultTimeout(ACTION_TIMEOUT_MS);
		return new Editor(url, browser, await context.newPage());
	}

	constructor(url, browser, page) {
		this.url = url;
		this.browser = browser;
		this.watch(page);
	}

	async close() {
		await this.browser.close();
	}

	/** What is seen under one of n8n's own names for the parts of its editor. */
	part(name) {
		return this.page.locator(`[data-test-id="${name}"]:visible`);
	}

	async goTo(path) {
		await this.page.goto(`${this.url}${path}`, { waitUntil: 'domcontentloaded' });
	}

	async signIn() {
		await this.goTo('/signin');
		await this.page.locator('input[type="email"], input[name="emailOrLdapLoginId"]').first().fill(OWNER.email);
		await this.page.locator('input[type="password"]').first().fill(OWNER.password);
		await this.page.getByRole('button', { name: 'Sign in', exact: true }).click();
		await this.page.waitForURL((url) => !url.pathname.includes('signin'));
	}

	/** Goes on in a new page of the same browser, signed in as before. */
	async newPage() {
		await this.page.close();
		this.watch(await this.page.context().newPage());
	}

	watch(page) {
		this.page = page;
		/** @type {string[]} what nodes wrote into the browser's console */
		this.console = [];
		page.on('console', (message) => this.console.push(message.text()));
	}

	/** Opens a new, empty workflow and the panel with what may start it. */
	async emptyWorkflow() {
		await this.goTo('/workflow/new');
		await this.part('canvas-plus-button').first().click();
		await this.part('node-creator-search-bar').waitFor();
	}

	/** Opens a new workflow that starts with n8n's manual trigger. */
	async newWorkflow() {
		await this.emptyWorkflow();
		await this.page
			.getByText(/^Trigger manually$/i)
			.first()
			.click();
		await this.part('canvas-node').first().waitFor();
	}

	/** Opens the nodes panel. */
	async openNodesPanel() {
		if (await this.part('node-creator-search-bar').count()) return;
		await this.part('node-creator-plus-button').first().click();
		await this.part('node-creator-search-bar').waitFor();
	}

	/** What the nodes panel finds: the first line of each entry, and whether its icon was drawn. */
	async searchNodes(words) {
		await this.openNodesPanel();
		await this.part('node-creator-search-bar').fill(words);
		const entries = this.part('item-iterator-item');
		await entries.first().waitFor();
		await this.page.waitForTimeout(INPUT_DELAY_MS);
		// Icons come over the network: those that are on their way are waited for, those that cannot be had are told.
		await entries.evaluateAll(async (elements, limitMs) => {
			const coming = elements
				.flatMap((element) => [...element.querySelectorAll('img')])
				.filter(({ complete }) => !complete);
			const ended = coming.map((picture) => new Promise((resolve) => (picture.onload = picture.onerror = resolve)));
			await Promise.race([Promise.all(ended), new Promise((resolve) => setTimeout(resolve, limitMs))]);
		}, ICON_LIMIT_MS);
		return await entries.evaluateAll((elements) =>
			elements.map((element) => {
				const pictures = [...element.querySelectorAll('img')];
				return {
					name: element.innerText.trim().split('\n')[0],
					icon: pictures[0]?.getAttribute('src')?.split('/').pop(),
					isDrawn: pictures.length > 0 && pictures.every((picture) => picture.naturalWidth > 0),
				};
			}),
		);
	}

	/** Adds a node by one of its actions and leaves it open. */
	async addNode(words, nodeName, action) {
		await this.openNodesPanel();
		await this.part('node-creator-search-bar').fill(words);
		await this.part('item-iterator-item').filter({ hasText: nodeName }).first().click();
		await this.page.getByText(action, { exact: true }).first().click();
		await this.part('node-parameters').waitFor();
		await this.page.waitForTimeout(INPUT_DELAY_MS);
	}

	/** Opens a saved workflow. */
	async openWorkflow({ id }) {
		await this.goTo(`/workflow/${id}`);
		await this.part('canvas-node').first().waitFor();
	}

	/** Opens a node of the workflow on the canvas. */
	async openNode(name) {
		await this.page
			.locator(`[data-test-id="canvas-node"][data-node-name="${name}"], [data-node-name="${name}"]`)
			.first()
			.dblclick();
		await this.part('node-parameters').waitFor();
	}

	parameter(name) {
		return this.part(`parameter-input-${name}`);
	}

	/** Which of these parameters are shown. */
	async shown(names) {
		await this.page.waitForTimeout(INPUT_DELAY_MS);
		const counts = await Promise.all(names.map((name) => this.parameter(name).count()));
		return names.filter((_name, index) => counts[index] > 0);
	}

	async type(name, text) {
		await this.parameter(name).locator('input, textarea').first().fill(text);
		await this.page.waitForTimeout(INPUT_DELAY_MS);
	}

	/** Chooses an entry of a list by its name. */
	async choose(parameter, option) {
		await this.parameter(parameter).first().click();
		// Some entries have a description below their name.
		const name = this.page.locator('.option-headline', { hasText: new RegExp(`^\\s*${escape(option)}\\s*$`) });
		await this.page.locator('[role="option"]:visible').filter({ has: name }).last().click();
		await this.page.waitForTimeout(INPUT_DELAY_MS);
	}

	/** Opens the list of models; gives what stands in it when an entry with this text is there. */
	async openModels(expected) {
		await this.part('rlc-input').first().click();
		await this.part('rlc-item').filter({ hasText: expected }).first().waitFor();
		return await this.part('rlc-item').allInnerTexts();
	}

	async chooseModel(name) {
		await this.part('rlc-item').filter({ hasText: name }).first().click();
		await this.page.waitForTimeout(INPUT_DELAY_MS);
	}

	/** Presses "Execute step" of the open node. */
	async executeNode() {
		await this.part('node-execute-button').first().click();
	}

	/** Closes the open node and presses "Stop"; done when nothing runs any more. */
	async stopExecution() {
		await this.page.keyboard.press('Escape');
		await this.part('stop-execution-button').first().click();
		await this.part('stop-execution-button').first().waitFor({ state: 'hidden' });
	}

	/** A line of a node in the browser's console. */
	async consoleLine(pattern) {
		return await until(() => this.console.map((line) => pattern.exec(line)).find(Boolean) ?? undefined, {
			timeoutMs: RUN_TIMEOUT_MS,
			what: () => `${pattern} in the console:\n${this.console.slice(-20).join('\n')}`,
		});
	}

	/** Opens the file in the output of the open node, when it is there. */
	async viewFile() {
		await this.part('ndv-view-binary-data').first().click({ timeout: RUN_TIMEOUT_MS });
	}

	/** Plays the video that is on show; gives what the browser knows of it. */
	async playVideo() {
		const video = this.page.locator('video').first();
		await video.waitFor();
		return await video.evaluate(async (element) => {
			element.muted = true;
			await element.play();
			await new Promise((resolve) => {
				const look = () => element.currentTime > 0.5 && resolve(undefined);
				element.addEventListener('timeupdate', look);
			});
			return {
				readyState: element.readyState,
				duration: element.duration,
				width: element.videoWidth,
				height: element.videoHeight,
			};
		});
	}

	/** Presses "Download" in the output; gives the file's name and where the browser put it. */
	async downloadFile() {
		const [download] = await Promise.all([
			this.page.waitForEvent('download'),
			this.part('ndv-download-binary-data').first().click(),
		]);
		return { fileName: download.suggestedFilename(), path: await download.path() };
	}

	/** Waits until nothing moves and no message is in the way any more. */
	async settle() {
		await this.page.waitForLoadState('networkidle');
		const messages = this.page.locator('.el-notification:visible');
		for (let left = await messages.count(); left > 0; left--)
			await messages.first().locator('.el-notification__closeBtn').click();
		await this.page.mouse.move(0, 0);
		await this.page.waitForTimeout(SETTLE_MS);
	}

	/** Opens the form for a new credential of ours. */
	async newCredential() {
		await this.goTo('/home/credentials/create');
		await this.page.locator('[data-test-id="new-credential-type-select"] input').first().fill('Sora');
		await this.page.getByText('Sora API', { exact: true }).last().click();
		await this.part('new-credential-type-button').click();
		await this.parameter('server').first().waitFor();
	}

	/** Presses "Save" in the open credential. */
	async saveCredential() {
		await this.part('credential-save-button').first().click();
	}
}

module.exports = { Editor, missingBrowser };
