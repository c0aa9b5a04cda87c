'use strict';

const { missingBrowser } = require('./browser');
const { INPUT_DELAY_MS, Pages } = require('./pages');
const { until } = require('./processes');

const RUN_TIMEOUT_MS = 60_000;
/** Of icons. */
const PICTURE_LIMIT_MS = 30_000;

/** n8n's editor for workflows in a real browser, the same for both majors. */
class Editor extends Pages {
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
		}, PICTURE_LIMIT_MS);
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

	/** Opens an entry of the nodes panel: there its triggers and actions are. */
	async openEntry(words, nodeName) {
		await this.openNodesPanel();
		await this.part('node-creator-search-bar').fill(words);
		await this.part('item-iterator-item').filter({ hasText: nodeName }).first().click();
	}

	/** Adds a node by one of its triggers or actions and leaves it open. */
	async addNode(words, nodeName, action) {
		await this.openEntry(words, nodeName);
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

	/** Goes back from the open node to the canvas. */
	async closeNode() {
		await this.page.keyboard.press('Escape');
		await this.part('node-parameters').first().waitFor({ state: 'hidden' });
	}

	/** The files of a node's pictures on the canvas, when they are drawn. */
	async canvasPictures(name) {
		const pictures = this.page.locator(`[data-test-id="canvas-node"][data-node-name="${name}"] img`);
		return await until(
			async () => {
				const drawn = await pictures.evaluateAll((elements) =>
					elements.map(({ src, naturalWidth }) => naturalWidth > 0 && src.split('/').pop()),
				);
				return drawn.length > 0 && drawn.every(Boolean) && drawn;
			},
			{ timeoutMs: PICTURE_LIMIT_MS, what: `the picture of ${name}` },
		);
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

	/** Stops the video that plays when it is there, and points at it: then the browser shows its controls. */
	async pauseVideo(second) {
		const video = this.page.locator('video').first();
		// It cannot be sent there: n8n gives its files from their beginning only.
		await video.evaluate(async (element, time) => {
			await new Promise((resolve) => {
				const look = () => element.currentTime >= time && resolve(undefined);
				element.addEventListener('timeupdate', look);
				look();
			});
			element.pause();
		}, second);
		await video.hover();
	}

	/** Presses "Download" in the output; gives the file's name and where the browser put it. */
	async downloadFile() {
		const [download] = await Promise.all([
			this.page.waitForEvent('download'),
			this.part('ndv-download-binary-data').first().click(),
		]);
		return { fileName: download.suggestedFilename(), path: await download.path() };
	}
}

module.exports = { Editor, missingBrowser };
