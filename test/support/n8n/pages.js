'use strict';

const { openBrowser } = require('./browser');
const { OWNER } = require('./client');

/** As long as n8n's editor takes to put a parameter's new value into its store. */
const INPUT_DELAY_MS = 400;
/** As long as its panels move. */
const SETTLE_MS = 1_000;

/** A text as a regular expression that finds it. */
const escape = (text) => text.replace(/[()[\]{}.*+?^$|\\]/g, '\\$&');

/** n8n's pages in a real browser, and the fields that nodes and credentials have in common. */
class Pages {
	/**
	 * Opens a browser; `signIn` is the next step.
	 * @param {string} url of n8n
	 * @param {{colorScheme?: 'light' | 'dark', width?: number, height?: number}} [options]
	 */
	static async open(url, options = {}) {
		const { page, close } = await openBrowser(options);
		return new this(url, page, close);
	}

	constructor(url, page, close) {
		this.url = url;
		/** Closes the browser. */
		this.close = close;
		this.watch(page);
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

	/** Waits until nothing moves and no message is in the way any more. */
	async settle() {
		await this.page.waitForLoadState('networkidle');
		const messages = this.page.locator('.el-notification:visible');
		for (let left = await messages.count(); left > 0; left--)
			await messages.first().locator('.el-notification__closeBtn').click();
		await this.page.mouse.move(0, 0);
		await this.page.waitForTimeout(SETTLE_MS);
	}

	parameter(name) {
		return this.part(`parameter-input-${name}`);
	}

	/** Which of these parameters are shown. */
	async shown(names) {
		await this.page.waitForTimeout(INPUT_DELAY_MS);
		// A collection has a name of its own kind.
		const counts = await Promise.all(
			names.map((name) =>
				this.parameter(name)
					.or(this.part(`fixed-collection-${name}`))
					.count(),
			),
		);
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

	async closeCredential() {
		await this.page.keyboard.press('Escape');
		await this.part('editCredential-modal').first().waitFor({ state: 'hidden' });
	}

	/** Opens a saved credential from the list of all. */
	async openCredential(name) {
		await this.goTo('/home/credentials');
		await this.part('resources-list-item').filter({ hasText: name }).first().click();
		await this.parameter('server').first().waitFor();
	}

	/** What the settings say of each community package. */
	async communityPackages() {
		await this.goTo('/settings/community-nodes');
		// Until n8n has the list, it shows two cards without a word.
		await this.part('community-package-card').filter({ hasText: 'n8n-nodes-' }).first().waitFor();
		return await this.part('community-package-card').allInnerTexts();
	}
}

module.exports = { INPUT_DELAY_MS, Pages };
