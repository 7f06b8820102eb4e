import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { startBrowser, whyNoBrowser, type Browser, type Page } from '../browser.mts';
import { DEMO_EXAMPLE, readExample, startOf } from '../n8n/examples.mts';
import { withCredentials } from '../n8n/workflow.mts';
import { takePicture } from '../picture.mts';
import { sharedStage, type SharedStage } from '../sharedStage.mts';

const NAME = 'Watched on the page';

/** Rows that have just arrived are marked for that long. */
const MARK_MS = 4_500;

describe('a user who watches Adobe’s side in the browser', { skip: whyNoBrowser }, () => {
	let stage: SharedStage;
	let browser: Browser;
	let page: Page;
	const requested: string[] = [];
	before(async () => {
		stage = await sharedStage();
		browser = await startBrowser(stage.n8n);
		page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
		page.setDefaultTimeout(60_000);
		page.on('request', (request) => requested.push(request.url()));
		await page.goto(`${stage.emulator.platformUrl}/`);
	});
	after(async () => await browser?.close());

	test('sees the dataflow, its run and the rows arrive, without loading the page again', async () => {
		assert.equal(await page.locator('main').getByText(NAME).count(), 0);
		const { id: _, ...example } = await readExample(DEMO_EXAMPLE);
		const workflow = withCredentials(example, stage.credentialIds);
		for (const { parameters } of workflow.nodes) {
			if (parameters.operation === 'create')
				Object.assign(parameters, { name: NAME, datasetName: NAME });
		}
		const workflowId = await stage.session.createWorkflow(workflow);
		const execution = await stage.session.execute(workflowId, startOf(workflow));
		assert.equal(execution.status, 'success', execution.error?.message);

		const dataSet = page.locator(`details:has(h3 bdi:text-is("${NAME}"))`);
		await dataSet.waitFor();
		assert.match(
			await dataSet.locator('summary').innerText(),
			/5,\d{3} rows · the last 20 are shown/,
		);
		assert.equal(await dataSet.locator('tbody tr').count(), 20);
		// The dataflow by its name and its dataset, and its run.
		await page
			.locator(`tr:has-text("${NAME}"):has-text("public.orders"):has-text("enabled")`)
			.waitFor();
		await page
			.locator(`tr:has-text("${NAME}"):has-text("success"):has-text("5,")`)
			.first()
			.waitFor();
		await sleep(MARK_MS);
		await takePicture(page, 'emulator-page');
		await page.emulateMedia({ colorScheme: 'dark' });
		await takePicture(page, 'emulator-page.dark');
	});

	test('loads nothing from anywhere else', () => {
		const origins = new Set(requested.map((url) => new URL(url).origin));
		assert.deepEqual([...origins], [stage.emulator.platformUrl]);
	});
});
