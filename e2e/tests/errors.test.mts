import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { canaries } from '../canary/canaries.mts';
import {
	CONNECTION,
	connectionWorkflow,
	executeWorkflow,
	USE_ERROR,
	USE_ID,
	workingCredentials,
	type ConnectionWorkflowOptions,
} from '../connectionWorkflow.mts';
import { imsCredential } from '../n8n/adobe.mts';
import { itemsOf, type Execution } from '../n8n/execution.mts';
import { sharedStage, type SharedStage } from '../sharedStage.mts';

const ITEMS = [
	{ name: 'One', row: 1 },
	{ name: 'Two', row: 2 },
];

interface Case {
	what: string;
	/** Something that the text of the error has to name. */
	names: RegExp;
	change: (stage: SharedStage) => Promise<Partial<ConnectionWorkflowOptions>>;
}

const CASES: Case[] = [
	{
		what: 'a wrong client secret',
		names: /client secret/i,
		change: async (stage) => {
			const { type, data } = imsCredential(stage);
			const name = 'Adobe IMS account with a wrong secret';
			const clientSecret = canaries.make('a wrong client secret', 'p8e-');
			const wrong = { name, type, data: { ...data, clientSecret } };
			return { ims: { id: await stage.session.createCredential(wrong), name } };
		},
	},
	{
		what: 'an unknown sandbox',
		names: /no-such-sandbox/,
		change: async () => ({ parameters: { options: { sandboxName: 'no-such-sandbox' } } }),
	},
];

for (const { what, names, change } of CASES) {
	describe(`with ${what}`, () => {
		let line: number;
		let execute: (onError?: ConnectionWorkflowOptions['onError']) => Promise<Execution>;
		before(async () => {
			const stage = await sharedStage();
			line = stage.n8n.line.major;
			const changed = await change(stage);
			const credentials = workingCredentials(stage, stage.credentialIds);
			execute = async (onError) =>
				await executeWorkflow(
					stage.session,
					connectionWorkflow({
						name: `${what} ${onError}`,
						items: ITEMS,
						...credentials,
						...changed,
						onError,
					}),
				);
		});

		test('the execution stops and says so', async () => {
			const execution = await execute('stopWorkflow');
			assert.equal(execution.status, 'error');
			const { message = '', description } = execution.error ?? {};
			assert.match(`${message} ${description ?? ''}`, names);
		});

		test('on "Continue" the items go on, each with its error', async () => {
			const execution = await execute('continueRegularOutput');
			assert.equal(execution.status, 'success');
			const items = itemsOf(execution, CONNECTION);
			assert.equal(items.length, ITEMS.length);
			for (const [index, { json, pairedItem }] of items.entries()) {
				assert.match(String(json.message), names);
				assert.deepEqual(Object.keys(json).sort(), ['details', 'error', 'message']);
				assert.deepEqual([pairedItem].flat()[0], { item: index });
			}
			assert.equal(itemsOf(execution, USE_ID).length, ITEMS.length);
		});

		test('on "Continue (using error output)" the items go there, with what they were', async () => {
			const execution = await execute('continueErrorOutput');
			assert.equal(execution.status, 'success');
			assert.equal(itemsOf(execution, CONNECTION, 0).length, 0);
			const items = itemsOf(execution, CONNECTION, 1);
			assert.deepEqual(
				items.map(({ json }) => json.row),
				ITEMS.map(({ row }) => row),
			);
			for (const { json } of items) {
				assert.match(String(json.message), names);
				assert.equal(typeof json.error, 'string');
				// n8n 1 takes an item with a third key for a success, see nodes/operation/errorItem.ts.
				assert.equal(typeof json.details, line === 1 ? 'undefined' : 'object');
			}
			assert.equal(itemsOf(execution, USE_ERROR).length, ITEMS.length);
		});
	});
}
