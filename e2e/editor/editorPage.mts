import { setTimeout as sleep } from 'node:timers/promises';
import { startBrowser, VIEWPORT, type Locator, type Page } from '../browser.mts';
import { canaries } from '../canary/canaries.mts';
import { startSignInLink } from '../n8n/signInLink.mts';
import { takeGuidePicture, takePicture } from '../picture.mts';
import type { SharedStage } from '../sharedStage.mts';

/** Generous, because the first page loads some hundred files, and machines are shared. */
const TIMEOUT_MS = 60_000;

/** After this, a click that has opened nothing is made again. */
const CLICK_AGAIN_MS = 10_000;

const LIST_TIMEOUT_MS = 10_000;
const LIST_ATTEMPTS = 4;

/** As long as a hand takes from the keyboard to the button. */
const TO_THE_BUTTON_MS = 500;

/** Nodes and notes. */
const ON_CANVAS = '[data-test-id=canvas-node], [data-test-id=sticky]';

/** Around the nodes of a picture of the canvas, in pixels; their names are outside them. */
const CANVAS_MARGIN = 80;

/** Long enough for what slides or fades in. */
const ANIMATION_MS = 700;

/** n8n 2's editor in a browser, as a signed-in user has it before them. */
export class EditorPage {
	/** How often the mouse was clicked. */
	clicks = 0;

	private constructor(
		private readonly page: Page,
		private readonly end: () => Promise<void>,
	) {}

	/** Opens a workflow, a new one by default. */
	static async open(stage: SharedStage, workflowId = 'new'): Promise<EditorPage> {
		const url = `${stage.session.url}/workflow/${workflowId}`;
		const link = await startSignInLink(stage.session.cookie, url);
		const browser = await startBrowser(stage.n8n);
		const page = await browser.newPage({ viewport: VIEWPORT, deviceScaleFactor: 2 });
		page.setDefaultTimeout(TIMEOUT_MS);
		await page.goto(link.url);
		return new EditorPage(page, async () => {
			await browser.close();
			await link.stop();
		});
	}

	async close(): Promise<void> {
		await this.end();
	}

	/** Keeps two pictures, light and dark: `<name>` and `<name>.dark`, see `takePicture`. */
	async picture(name: string): Promise<void> {
		await this.inBothColours(name, async (file) => await takePicture(this.page, file));
	}

	/** Keeps two pictures of the details for the guide. */
	async guidePictureOfDetails(name: string): Promise<void> {
		await this.inBothColours(
			name,
			async (file) => await takeGuidePicture(this.page, file, this.details, 0),
		);
	}

	/** Keeps two pictures of the canvas for the guide, cut to its nodes and notes. */
	async guidePictureOfCanvas(name: string): Promise<void> {
		// Zooms so that all of them can be seen.
		await this.page.keyboard.press('1');
		await this.inBothColours(
			name,
			async (file) =>
				await takeGuidePicture(this.page, file, this.page.locator(ON_CANVAS), CANVAS_MARGIN),
		);
	}

	private async inBothColours(name: string, take: (file: string) => Promise<void>): Promise<void> {
		await sleep(ANIMATION_MS);
		await take(name);
		await this.page.emulateMedia({ colorScheme: 'dark' });
		await sleep(ANIMATION_MS);
		await take(`${name}.dark`);
		await this.page.emulateMedia({ colorScheme: 'light' });
	}

	/** Opens the panel that nodes are added from; the first node of a workflow has its own button. */
	async openNodePanel(): Promise<void> {
		const first = this.page.getByTestId('canvas-add-button');
		const more = this.page.getByTestId('node-creator-plus-button');
		await first.or(more).first().waitFor();
		await this.click((await first.count()) > 0 ? first : more);
		await this.page.getByTestId('node-creator-search-bar').waitFor();
	}

	/** Opens that panel for the tools of an agent. */
	async openToolPanel(agent: string): Promise<void> {
		const handle = '[data-test-id=canvas-node-input-handle]:has-text("Tool")';
		const plus = this.canvasNode(agent).locator(handle).getByTestId('canvas-handle-plus');
		// Until these are there, a search goes to all nodes.
		const tools = this.page.getByText('Recommended Tools').first();
		// A click on a canvas that is still being drawn opens nothing, or the panel of all nodes.
		await this.clickUntil(
			tools,
			async () => await this.click(plus),
			async () => await this.page.keyboard.press('Escape'),
		);
	}

	/** Types into the search of the panel and waits for a node of that name. */
	async search(text: string, node: string): Promise<void> {
		await this.page.getByTestId('node-creator-search-bar').fill(text);
		await this.foundNode(node).waitFor();
	}

	/** Names of the actions of a node that was found. */
	async actionsOf(node: string): Promise<string[]> {
		await this.click(this.foundNode(node));
		await this.page.getByText('Node details').first().waitFor();
		return await this.page.getByTestId('node-creator-item-name').allInnerTexts();
	}

	/** Adds the node by one of its actions; its details open. */
	async addBy(action: string): Promise<void> {
		await this.click(
			this.page.getByTestId('node-creator-item-name').getByText(action, { exact: true }).first(),
		);
		await this.details.getByTestId('node-parameters').first().waitFor();
	}

	/** Adds a node that was found and that has no actions to choose from; its details open. */
	async add(node: string): Promise<void> {
		await this.click(this.foundNode(node));
		await this.details.getByTestId('node-parameters').first().waitFor();
	}

	/** Opens the details of a node that has run, and gives the output that they show. */
	async outputOf(node: string): Promise<string> {
		await this.canvasNode(node).dblclick();
		return await this.shownOutput();
	}

	/**
	 * The table that the open details show as output; a column is seen when the whole of its width is
	 * in the panel without scrolling.
	 */
	async outputTable(): Promise<{
		columns: Array<{ name: string; isSeen: boolean }>;
		rows: string[][];
	}> {
		const rightOf = (elements: Array<{ getBoundingClientRect(): { right: number } }>) =>
			elements.map((element) => element.getBoundingClientRect().right);
		const [panel = 0] = await this.output.evaluateAll(rightOf);
		const heads = this.output.locator('thead th');
		const names = await heads.allInnerTexts();
		const ends = await heads.evaluateAll(rightOf);
		const rows = await Promise.all(
			Array.from({ length: await this.output.locator('tbody tr').count() }, async (_row, index) =>
				this.output.locator('tbody tr').nth(index).locator('td').allInnerTexts(),
			),
		);
		return {
			columns: names.map((name, index) => ({
				name: name.trim(),
				isSeen: (ends[index] ?? Infinity) <= panel,
			})),
			rows: rows.map((cells) => cells.map((cell) => cell.trim())),
		};
	}

	/** How many nodes are on the canvas, notes included, as soon as there are any. */
	async countNodes(): Promise<number> {
		const nodes = this.page.locator(ON_CANVAS);
		await nodes.first().waitFor();
		return await nodes.count();
	}

	async closeDetails(): Promise<void> {
		await this.click(this.page.getByTestId('ndv-close-button'));
		await this.details.waitFor({ state: 'hidden' });
	}

	/** Names of the fields that the details show, in their order; those in collections are left out. */
	async fields(): Promise<string[]> {
		const labels = await this.details.locator('[data-test-id=input-label]:visible').allInnerTexts();
		return labels.map((label) => String(label.trim().split('\n')[0]));
	}

	/** Chooses an option of a parameter by its text. */
	async choose(parameter: string, option: string): Promise<void> {
		// The list closes again when the details are drawn again just then.
		await this.clickUntil(
			this.option(option),
			async () => await this.click(this.parameter(parameter)),
			async () => await this.picture(`no-option-of-${parameter}`),
		);
		await this.click(this.option(option));
	}

	async type(parameter: string, text: string): Promise<void> {
		await this.parameter(parameter).locator('input').first().fill(text);
	}

	/** Lets an agent's model fill in a parameter; gives what stands in its place. */
	async letModelDefine(parameter: string): Promise<string> {
		const item = this.details.locator(
			`[data-test-id=parameter-item]:has([data-test-id=parameter-input-${parameter}])`,
		);
		await this.click(item.getByTestId('from-ai-override-button'));
		return await this.details.getByTestId('fromAI-override-field').first().innerText();
	}

	/** Chooses an entry of a locator's list, found by its search. */
	async chooseFromList(locator: string, entry: string): Promise<void> {
		await this.click(this.locator(locator).getByTestId('rlc-input'));
		const search =
			'input[data-test-id=rlc-search]:visible, [data-test-id=rlc-search] input:visible';
		await this.page.locator(search).first().fill(entry);
		const found = this.page
			.locator('[data-test-id=rlc-item]:visible')
			.getByText(entry, { exact: true });
		await this.click(found.first());
	}

	/** The same with the keyboard, once the list is open. */
	async pickFromList(locator: string, entry: string, search = entry): Promise<void> {
		await this.click(this.locator(locator).getByTestId('rlc-input'));
		const field = 'input[data-test-id=rlc-search]:visible, [data-test-id=rlc-search] input:visible';
		await this.page.locator(field).first().fill(search);
		const found = this.page
			.locator('[data-test-id=rlc-item]:visible')
			.getByText(entry, { exact: true });
		await found
			.first()
			.waitFor({ timeout: LIST_TIMEOUT_MS })
			.catch(async (error: unknown) => {
				await this.picture(`nothing-in-the-list-of-${locator}`);
				throw error;
			});
		await this.page.keyboard.press('ArrowDown');
		await this.page.keyboard.press('Enter');
		await found.first().waitFor({ state: 'hidden' });
	}

	/** Switches a boolean parameter to its other value. */
	async switchOn(parameter: string): Promise<void> {
		await this.click(this.parameter(parameter));
	}

	/** Chooses another way to name something, and names it. */
	async nameBy(locator: string, mode: string, text: string): Promise<void> {
		await this.click(this.locator(locator).getByTestId('rlc-mode-selector'));
		await this.click(this.option(mode));
		await this.locator(locator).locator('input').last().fill(text);
	}

	/** Scrolls the details until a text can be seen. */
	async scrollTo(text: string): Promise<void> {
		await this.details.getByText(text, { exact: true }).first().scrollIntoViewIfNeeded();
	}

	/** What stands in the fields of the parameters. */
	async values(): Promise<string[]> {
		return await this.details
			.locator('input:visible, textarea:visible')
			.evaluateAll((fields) => fields.map(({ value }) => value));
	}

	/** Waits until a text can be read among the parameters, e.g. what an expression gives. */
	async reads(text: string): Promise<void> {
		await this.details.getByTestId('node-parameters').first().getByText(text).first().waitFor();
	}

	/** Chooses a stored credential; `index` counts those of the node. */
	async chooseCredential(index: number, name: string): Promise<void> {
		const item = this.page
			.locator('[data-test-id^=node-credentials-select-item]:visible')
			.getByText(name, { exact: true });
		await this.chooseInCredentialList(index, item);
	}

	/** Begins a new credential; its form opens. */
	async newCredential(index: number): Promise<void> {
		const item = this.page.locator('[data-test-id=node-credentials-select-item-new]:visible');
		await this.chooseInCredentialList(index, item);
		await this.credentialForm.getByTestId('credential-connection-parameter').first().waitFor();
	}

	/** The list closes again when the node's details are drawn again just then. */
	private async chooseInCredentialList(index: number, item: Locator): Promise<void> {
		for (let attempt = 1; ; attempt++) {
			await this.click(this.details.getByTestId('node-credentials-select').nth(index));
			try {
				await this.click(item.first(), { timeout: LIST_TIMEOUT_MS });
				return;
			} catch (error) {
				if (attempt === LIST_ATTEMPTS) throw error;
			}
		}
	}

	async typeCredential(field: string, text: string): Promise<void> {
		canaries.addFields('a credential typed in', { [field]: text });
		await this.credentialForm.getByTestId(`parameter-input-${field}`).locator('input').fill(text);
	}

	async chooseInCredential(field: string, option: string): Promise<void> {
		await this.click(this.credentialForm.getByTestId(`parameter-input-${field}`));
		await this.click(this.option(option));
	}

	/** Scrolls the form of a credential until a text can be seen. */
	async scrollCredentialTo(text: string): Promise<void> {
		await this.credentialForm.getByText(text, { exact: true }).first().scrollIntoViewIfNeeded();
	}

	/** Saves a credential whose test fails, and gives what the form says. */
	async saveWrongCredential(): Promise<string> {
		await this.click(this.page.getByTestId('credential-save-button'));
		await this.credentialForm.getByText('Couldn’t connect with these settings').first().waitFor();
		const details = this.credentialForm.getByText('More details');
		if ((await details.count()) > 0) await this.click(details);
		return await this.credentialForm.getByTestId('credential-edit-dialog').innerText();
	}

	/** Saves a credential whose test succeeds, which closes the form. */
	async saveGoodCredential(): Promise<void> {
		await this.click(this.page.getByTestId('credential-save-button'));
		await this.credentialForm.waitFor({ state: 'hidden' });
	}

	/** Executes the node whose details are open, and waits for its success. */
	async execute(): Promise<string> {
		await this.clickExecute();
		return await this.shownOutput();
	}

	/** Executes the workflow, and waits for its success. */
	async executeWorkflow(): Promise<void> {
		await this.click(this.page.getByTestId('execute-workflow-button').first());
		await this.page.getByText('Workflow executed successfully').first().waitFor();
	}

	/** Whether the node on the canvas has the mark of success. */
	async hasSucceeded(node: string): Promise<boolean> {
		return (await this.canvasNode(node).getByTestId('canvas-node-status-success').count()) > 0;
	}

	private async shownOutput(): Promise<string> {
		await this.output.getByTestId('node-run-status-success').first().waitFor();
		// The table comes a moment later.
		await this.output.locator('td').first().waitFor();
		return await this.output.innerText();
	}

	/** Executes the node whose details are open, and gives the error that it shows. */
	async executeToError(): Promise<string> {
		// Once in many runs, a click right after a typed value led to nothing that could be seen; what
		// the editor shows then is kept as a picture.
		await this.clickUntil(
			this.output.getByTestId('node-error-message').first(),
			async () => await this.clickExecute(),
			async () => await this.picture('click-without-error'),
		);
		return await this.output.innerText();
	}

	/** Clicks until its sign is seen; after a click without one, does something and clicks again. */
	private async clickUntil(
		sign: Locator,
		click: () => Promise<void>,
		afterNothing: () => Promise<void>,
	): Promise<void> {
		const deadline = Date.now() + TIMEOUT_MS;
		for (;;) {
			await click();
			try {
				return await sign.waitFor({ timeout: CLICK_AGAIN_MS });
			} catch (error) {
				await afterNothing();
				if (Date.now() > deadline) throw error;
			}
		}
	}

	/** Not at once: the editor takes a moment to take a typed value over. */
	private async clickExecute(): Promise<void> {
		await sleep(TO_THE_BUTTON_MS);
		await this.click(this.details.getByTestId('node-execute-button'));
	}

	private async click(target: Locator, options?: { timeout?: number }): Promise<void> {
		await target.click(options);
		this.clicks++;
	}

	private canvasNode(name: string): Locator {
		return this.page.locator(`[data-test-id=canvas-node][data-node-name="${name}"]`);
	}

	private get details(): Locator {
		return this.page.getByTestId('ndv').last();
	}

	private get output(): Locator {
		return this.page.getByTestId('output-panel');
	}

	private get credentialForm(): Locator {
		return this.page.getByTestId('editCredential-modal');
	}

	private foundNode(name: string): Locator {
		return this.page.getByTestId('node-creator-item-name').getByText(name, { exact: true }).first();
	}

	private parameter(name: string): Locator {
		return this.details.getByTestId(`parameter-input-${name}`).first();
	}

	private locator(name: string): Locator {
		return this.details.getByTestId(`resource-locator-${name}`);
	}

	private option(text: string): Locator {
		return this.page
			.locator('.el-select-dropdown__item:visible')
			.getByText(text, { exact: true })
			.first();
	}
}
