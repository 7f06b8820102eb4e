import type { INodeParameters } from 'n8n-workflow';

import { thrownBy } from '../support/connectionNode.mts';
import { runDataflowNode } from '../support/dataflowNode.mts';
import { newDataflows } from './newDataflow.mts';

describe('Create a dataflow', () => {
	const { adobe, parameters, refusal, expectNothingMade, connectionId } = newDataflows();

	describe('refuses before it makes anything', () => {
		it.each<[string, INodeParameters, message: string, advice: string]>([
			['a name that nothing gives', { name: '={{ $json.no }}' }, "'Name' has no value", 'leave'],
			['half a character', { name: 'Orders \ud83d' }, "'Name' contains half an emoji", 'cut off'],
			[
				'a connection by name',
				{ connectionId: 'Sales database' },
				"'Connection' needs an ID",
				'name',
			],
			['no table', { table: '' }, "'Table' is empty", 'Choose one from the list'],
			['no dataset', { dataset: '' }, "'Dataset' is empty", 'Choose one from the list'],
			[
				'a dataset by name',
				{ dataset: 'Orders' },
				"'Dataset' needs an ID",
				'To use a name, choose the mode By Name',
			],
			[
				'an unknown schedule',
				{ schedule: 'month' },
				"'Schedule' has a value",
				'onDemand, once, minute, hour, day, week',
			],
			[
				'fourteen minutes',
				{ schedule: 'minute', interval: 14, deltaColumn: 'updated_at', backfill: true },
				"'Interval' is too short",
				'at least 15 minutes',
			],
			[
				'no interval at all',
				{ schedule: 'day', interval: 0, deltaColumn: 'updated_at', backfill: true },
				"'Interval' is not a whole number from 1 on",
				'Enter a whole number',
			],
			[
				'a start in the past',
				{ schedule: 'once', startTime: '2020-01-01' },
				"'Start Time' is in the past",
				'future',
			],
			[
				'a start that is no time',
				{ schedule: 'once', startTime: 'soon' },
				"'Start Time' is not a date",
				'Choose',
			],
			[
				'mappings that are no JSON',
				{ mapping: 'json', mappings: '[{' },
				"'Mappings' is not a list in JSON",
				'Give a list',
			],
			[
				'mappings that are no list',
				{ mapping: 'json', mappings: '{}' },
				"'Mappings' is not a list",
				'',
			],
			['no mappings', { mapping: 'json', mappings: '[]' }, "'Mappings' is empty", 'one column'],
			[
				'a mapping without a destination',
				{ mapping: 'json', mappings: '[{"source":"id"}]' },
				"Entry 0 of 'Mappings' has no source or no destination",
				'Each entry',
			],
			[
				'an unknown source type',
				{ mapping: 'json', mappings: '[{"source":"id","destination":"_id","sourceType":"SQL"}]' },
				"Entry 0 of 'Mappings' has a sourceType that does not exist",
				'ATTRIBUTE, EXPRESSION, STATIC',
			],
			['no fields', { mapping: 'fields', fields: { value: {} } as never }, "'Fields' is empty", ''],
			[
				'no name of a new dataset',
				{ datasetSource: 'create', datasetName: '' },
				"'Dataset Name' is empty",
				'Fill in',
			],
			[
				'a threshold beyond all rows',
				{ options: { partialIngestionPercent: 101 } },
				"'Partial Ingestion Threshold' is not a whole number from 1 to 100",
				'Enter',
			],
		])('and sends nothing: %s', async (_what, changes, message, advice) => {
			const thrown = await refusal(changes);
			expect(thrown.message).toContain(message);
			expect(thrown.description).toContain(advice);
			expect(adobe.journal).toHaveLength(0);
		});

		it.each<[string, INodeParameters, message: string, advice: string]>([
			[
				'a connection that is not there',
				{ connectionId: '00000000-0000-4000-8000-000000000000' },
				"The connection '00000000-0000-4000-8000-000000000000' was not found",
				'Check the ID',
			],
			[
				'a table that is not there',
				{ table: 'public.nothing' },
				"The table 'public.nothing' was not found",
				'public.orders',
			],
			[
				'a dataset that is not there',
				{ dataset: '0123456789abcdef01234567' },
				"The dataset '0123456789abcdef01234567' was not found",
				'Check the ID',
			],
			[
				'a delta column that is not there',
				{ schedule: 'day', interval: 1, backfill: true, deltaColumn: 'changed_at' },
				"The table has no column 'changed_at' ('Delta Column')",
				'The table has id, customer_id',
			],
			[
				'a delta column that is no time',
				{ schedule: 'day', interval: 1, backfill: true, deltaColumn: 'total' },
				"'Delta Column' must be a date-time column; 'total' is not",
				'These are: updated_at',
			],
			[
				'a column that is not there',
				{ mapping: 'json', mappings: '[{"source":"sum","destination":"_emulator.total"}]' },
				'The mapping does not fit the dataset',
				"has no column 'sum'",
			],
			[
				'a field that is not there',
				{ mapping: 'json', mappings: '[{"source":"total","destination":"emulator.total"}]' },
				'The mapping does not fit the dataset',
				'Do you mean _emulator.total?',
			],
			[
				'a type that does not fit',
				{ mapping: 'json', mappings: '[{"source":"total","destination":"_emulator.id"}]' },
				'The mapping does not fit the dataset',
				"The column 'total' (number) does not fit into the field '_emulator.id' (integer)",
			],
			[
				'a calculation that Adobe can not read',
				{
					mapping: 'json',
					mappings:
						'[{"source":"no_such_function(id)","destination":"_id","sourceType":"EXPRESSION"}]',
				},
				'Adobe does not accept the mapping',
				'no_such_function',
			],
			[
				'a table without one column of the name of a field',
				{
					table: 'crm.accounts',
					mapping: 'json',
					mappings: '[{"source":"x","destination":"_id"}]',
				},
				'The mapping does not fit the dataset',
				"has no column 'x'",
			],
			[
				'a dataset name that is taken',
				{ datasetSource: 'create', datasetName: 'Orders' },
				"A dataset named 'Orders' already exists",
				"Set 'Target Dataset' to Use Existing",
			],
			[
				'an event without a time',
				{
					datasetSource: 'create',
					datasetName: 'Events',
					schemaClass: 'experienceEvent',
					eventIdColumn: 'id',
					eventTimeColumn: 'total',
				},
				"'Event Time Column' must be a date-time column; 'total' is not",
				'updated_at',
			],
		])('%s', async (_what, changes, message, advice) => {
			const thrown = await refusal(changes);
			expect(thrown.message).toContain(message);
			expect(thrown.message).toContain('[item 0]');
			expect(thrown.description).toContain(advice);
			expectNothingMade();
		});

		it('a connection that is not enabled', async () => {
			adobe.addFault({
				method: 'GET',
				path: '/data/foundation/flowservice/connections/{id}',
				kind: 'status',
				status: 200,
				body: { items: [{ id: connectionId(), state: 'initializing' }] },
			});
			const thrown = await refusal({});
			expect(thrown.message).toContain("is 'initializing' and not 'enabled'");
			expectNothingMade();
		});

		it.each(['Sales', 'Sales, EU', 'Sales "old"', '<Sales>', '>=1, "x"'])(
			'a dataset name that a schema has, also behind many others: %s',
			async (title) => {
				// More than Adobe's largest page of them, all before it in the order of titles.
				for (let index = 0; index < 510; index++) {
					adobe.addSchema({ title: `!${index}`, fields: {} });
				}
				const { $id } = adobe.addSchema({ title, fields: {} });
				const thrown = await thrownBy(
					async () =>
						await runDataflowNode(
							adobe,
							parameters({ datasetSource: 'create', datasetName: '={{ $json.title }}' }),
							{},
							[{ json: { title } }],
						),
				);
				expect(thrown.message).toContain("A schema named '");
				expect(thrown.description).toContain($id);
				expectNothingMade();
			},
		);

		it('a schema that requires what nothing is mapped to', async () => {
			const events = adobe.addDataSet({
				name: 'Events',
				class: 'event',
				fields: { id: 'integer' },
			});
			const thrown = await refusal({ dataset: events.id });
			expect(thrown.message).toContain('The mapping does not fit the dataset');
			expect(thrown.description).toContain("The schema requires the field 'timestamp'");
			expectNothingMade();
		});

		it.each(['View Datasets', 'View Schemas', 'Manage Schemas', 'Manage Datasets'] as const)(
			'what the credential may not do, naming the permission: %s',
			async (permission) => {
				const all = ['View Datasets', 'View Schemas', 'Manage Schemas', 'Manage Datasets'] as const;
				const { clientId, clientSecret } = adobe.addClient({
					dataPermissions: all.filter((one) => one !== permission),
				});
				const changes = permission.startsWith('View')
					? {}
					: { datasetSource: 'create', datasetName: 'New' };
				const thrown = await thrownBy(
					async () =>
						await runDataflowNode(adobe, parameters(changes), { ims: { clientId, clientSecret } }),
				);
				expect(thrown.message).toContain('The credential is not allowed to do this');
				expect(thrown.description).toContain(`'${permission}'`);
				expect(thrown.description).toContain("the sandbox 'prod'");
				expect(adobe.flows()).toHaveLength(0);
				expect(adobe.dataSets().map(({ name }) => name)).not.toContain('New');
				expect(adobe.schemas().map(({ title }) => title)).not.toContain('New');
			},
		);
	});
});
