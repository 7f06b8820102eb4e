import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { whyNoBrowser } from '../browser.mts';
import { exampleFiles, readExample } from '../n8n/examples.mts';
import { withCredentials } from '../n8n/workflow.mts';
import { sharedStage, type SharedStage } from '../sharedStage.mts';
import { EditorPage } from './editorPage.mts';

describe('a user who imports an example', { skip: whyNoBrowser }, async () => {
	let stage: SharedStage;
	before(async () => {
		stage = await sharedStage();
	});

	for (const file of await exampleFiles()) {
		test(`sees all of ${file} on the canvas`, async () => {
			const { id: _, ...example } = await readExample(file);
			const workflow = withCredentials(example, stage.credentialIds);
			const editor = await EditorPage.open(stage, await stage.session.createWorkflow(workflow));
			try {
				assert.equal(await editor.countNodes(), workflow.nodes.length);
				await editor.guidePictureOfCanvas(`example-${file.replace(/\.json$/, '')}`);
			} finally {
				await editor.close();
			}
		});
	}
});
