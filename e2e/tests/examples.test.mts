import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import {
	exampleFiles,
	MAIN_EXAMPLE,
	manualTriggerOf,
	readExample,
	withSampleDatabase,
} from '../n8n/examples.mts';
import { itemsOf } from '../n8n/execution.mts';
import { Witness } from '../n8n/witness.mts';
import { withCredentials } from '../n8n/workflow.mts';
import { sharedStage, type SharedStage } from '../sharedStage.mts';

describe('the examples', async () => {
	let stage: SharedStage;
	before(async () => {
		stage = await sharedStage();
	});

	// The others say that they work on what the main one has made.
	const others = (await exampleFiles()).filter((file) => file !== MAIN_EXAMPLE);
	for (const file of [MAIN_EXAMPLE, ...others]) {
		test(`${file} is executed, and its last node has the IDs of connections that work`, async () => {
			const example = withSampleDatabase(await readExample(file), stage);
			const workflow = withCredentials(example, stage.credentialIds);
			const id = await stage.session.createWorkflow(workflow);
			const execution = await stage.session.execute(id, manualTriggerOf(example));
			assert.equal(execution.status, 'success', execution.error?.message);

			const items = itemsOf(execution, String(example.nodes.at(-1)?.name));
			assert.notEqual(items.length, 0);
			const witness = new Witness(stage.emulator);
			for (const id of new Set(items.map(({ json }) => String(json.connectionId)))) {
				assert.equal((await witness.connection(id))?.id, id);
				assert.equal(await witness.testPasses(id), true);
			}
		});
	}
});
