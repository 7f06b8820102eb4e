import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import {
	CONNECTION,
	connectionWorkflow,
	executeWorkflow,
	workingCredentials,
} from '../connectionWorkflow.mts';
import { itemsOf, type Execution } from '../n8n/execution.mts';
import { sharedStage } from '../sharedStage.mts';

const NAMES = ['First database', 'Second database'];

describe('the ID of a new connection', () => {
	let execution: Execution;
	before(async () => {
		const stage = await sharedStage();
		const credentials = workingCredentials(stage, stage.credentialIds);
		const items = NAMES.map((name) => ({ name }));
		const workflow = connectionWorkflow({ name: 'Create, Get, Test', items, ...credentials });
		const create = workflow.nodes.find(({ name }) => name === CONNECTION);
		assert.ok(create);
		// Create → Get → Test, each with the ID that the one before it returned.
		let previous = CONNECTION;
		for (const operation of ['get', 'test']) {
			workflow.nodes.push({
				...create,
				id: operation,
				name: operation,
				parameters: {
					resource: 'connection',
					operation,
					connectionId: { __rl: true, mode: 'id', value: '={{ $json.connectionId }}' },
				},
			});
			workflow.connections[previous] = { main: [[{ node: operation, type: 'main', index: 0 }]] };
			previous = operation;
		}
		execution = await executeWorkflow(stage.session, workflow);
	});

	test('is all that Get and Test need', () => {
		assert.equal(execution.status, 'success', execution.error?.message);
		const ids = itemsOf(execution, CONNECTION).map(({ json }) => json.connectionId);
		assert.equal(ids.length, NAMES.length);
		for (const operation of ['get', 'test']) {
			const taken = itemsOf(execution, operation).map(({ json }) => json.connectionId);
			assert.deepEqual(taken, ids, operation);
		}
	});

	test('leads Get to the connection', () => {
		const names = itemsOf(execution, 'get').map(({ json }) => json.name);
		assert.deepEqual(names, NAMES);
	});
});
