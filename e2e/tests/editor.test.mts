import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { after, before, describe, test } from 'node:test';
import { startBrowser, whyNoBrowser, type Browser, type Page } from '../browser.mts';
import { MAIN_EXAMPLE, readExample } from '../n8n/examples.mts';
import { startSignInLink } from '../n8n/signInLink.mts';
import { Witness } from '../n8n/witness.mts';
import { withCredentials } from '../n8n/workflow.mts';
import { takePicture } from '../picture.mts';
import { sharedStage, type SharedStage } from '../sharedStage.mts';

const NAME = 'Made by the button';

describe('the editor', { skip: whyNoBrowser }, () => {
	let stage: SharedStage;
	let browser: Browser;
	let page: Page;
	let link: Awaited<ReturnType<typeof startSignInLink>>;
	const requested: string[] = [];
	before(async () => {
		stage = await sharedStage();
		const example = withCredentials(await readExample(MAIN_EXAMPLE), stage.credentialIds);
		// A name of its own: other tests have made the example's connection already.
		for (const { parameters } of example.nodes) {
			if (parameters.operation === 'upsert') parameters.name = NAME;
		}
		const id = await stage.session.createWorkflow({ ...example, id: undefined });
		link = await startSignInLink(stage.session.cookie, `${stage.session.url}/workflow/${id}`);
		browser = await startBrowser(stage.n8n);
		page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
		page.setDefaultTimeout(60_000);
		page.on('request', (request) => requested.push(request.url()));
	});
	after(async () => {
		await browser?.close();
		await link?.stop();
	});

	test('opens the example by the sign-in link', async () => {
		await page.goto(link.url);
		await page.getByTestId('canvas-node').first().waitFor();
		assert.equal(await page.getByTestId('canvas-node').count(), 3);
		assert.ok(!page.url().includes('/signin'));
	});

	test('executes it by the button', async () => {
		const held = async () => (await new Witness(stage.emulator).connectionsByName())[NAME];
		assert.equal(await held(), undefined);
		await page.getByTestId('execute-workflow-button').first().click();
		await page.getByText('Workflow executed successfully').first().waitFor();
		// The message slides in.
		await sleep(1_000);
		await takePicture(page, 'editor-executed');
		assert.equal(await held(), 1);
	});

	test('asks nobody beyond this machine', () => {
		const hosts = requested
			.filter((url) => /^(http|ws)/.test(url))
			.map((url) => new URL(url).hostname);
		assert.deepEqual([...new Set(hosts)], ['127.0.0.1']);
	});
});
