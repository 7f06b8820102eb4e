import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { exampleFiles, MAIN_EXAMPLE, manualTriggerOf, readExample } from '../n8n/examples.mts';
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
		test(`${file} is executed, and its last node has the ID of a connection that works`, async () => {
			const example = await readExample(file);
			const workflow = withCredentials(example, stage.credentialIds);
			const id = await stage.session.createWorkflow(workflow);
			const execution = await stage.session.execute(id, manualTriggerOf(example));
			assert.equal(execution.status, 'success', execution.error?.message);

			const [item] = itemsOf(execution, String(example.nodes.at(-1)?.name));
			const connectionId = String(item?.json.connectionId);
			const witness = new Witness(stage.emulator);
			assert.equal((await witness.connection(connectionId))?.id, connectionId);
			assert.equal(await witness.testPasses(connectionId), true);
		});
	}
});
