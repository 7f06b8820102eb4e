import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import {
	CONNECTION,
	connectionWorkflow,
	executeWorkflow,
	USE_ID,
	workingCredentials,
} from '../connectionWorkflow.mts';
import { itemsOf, type Execution, type Item } from '../n8n/execution.mts';
import { Witness } from '../n8n/witness.mts';
import { sharedStage, type SharedStage } from '../sharedStage.mts';

const NAMES = Array.from({ length: 10 }, (_, index) => `Database ${index + 1}`);

/** Index of the one input item that an item was made from. */
const pairedIndex = ({ pairedItem }: Item) => {
	const [first] = [pairedItem].flat();
	return typeof first === 'object' ? first.item : first;
};

describe('ten items', () => {
	let stage: SharedStage;
	let execution: Execution;
	before(async () => {
		stage = await sharedStage();
		const credentials = workingCredentials(stage, stage.credentialIds);
		const items = NAMES.map((name) => ({ name }));
		const workflow = connectionWorkflow({ name: 'Ten items', items, ...credentials });
		execution = await executeWorkflow(stage.session, workflow);
	});

	test('make ten connections, each once', async () => {
		assert.equal(execution.status, 'success', execution.error?.message);
		const ids = itemsOf(execution, CONNECTION).map(({ json }) => json.connectionId);
		assert.equal(new Set(ids).size, NAMES.length);
		const held = await new Witness(stage.emulator).connectionsByName();
		assert.deepEqual(
			NAMES.map((name) => held[name]),
			NAMES.map(() => 1),
		);
	});

	test('keep their order and their pairing', () => {
		const items = itemsOf(execution, CONNECTION);
		assert.deepEqual(
			items.map(({ json }) => json.name),
			NAMES,
		);
		assert.deepEqual(
			items.map(pairedIndex),
			NAMES.map((_, index) => index),
		);
	});

	test('give the next node a connection ID each', async () => {
		const witness = new Witness(stage.emulator);
		const names: unknown[] = [];
		for (const { json } of itemsOf(execution, USE_ID)) {
			names.push((await witness.connection(String(json.connectionId)))?.name);
		}
		assert.deepEqual(names, NAMES);
	});
});
