import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import {
	connectionWorkflow,
	executeWorkflow,
	TRIGGER,
	workingCredentials,
} from '../connectionWorkflow.mts';
import { sharedStage, type SharedStage } from '../sharedStage.mts';

// Named so that it runs last: it judges everything that n8n has done until then.
describe('n8n in these tests', () => {
	let stage: SharedStage;
	before(async () => {
		stage = await sharedStage();
	});

	const tries = () =>
		[...stage.logs.values()]
			.flatMap(({ lines }) => lines)
			.filter((line) => line.includes('outbound connection refused'));

	test('has tried to reach nobody beyond this machine', () => {
		assert.deepEqual(tries(), []);
	});

	test('would have been seen if it had', async () => {
		const credentials = workingCredentials(stage, stage.credentialIds);
		const workflow = connectionWorkflow({ name: 'Calls out', ...credentials });
		workflow.nodes.push({
			id: 'call',
			name: 'Call',
			type: 'n8n-nodes-base.httpRequest',
			typeVersion: 4.2,
			position: [0, 0],
			parameters: { url: 'http://somewhere.example/', options: {} },
		});
		workflow.connections = { [TRIGGER]: { main: [[{ node: 'Call', type: 'main', index: 0 }]] } };
		const execution = await executeWorkflow(stage.session, workflow);
		assert.equal(execution.status, 'error');
		assert.match(tries().join(), /somewhere\.example/);
	});
});
