import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { sharedAdobe } from '../support/adobe.mts';
import { runConnectionNode, thrownBy } from '../support/connectionNode.mts';
import { executionHints, runDataflowNode, wireDataflowNode } from '../support/dataflowNode.mts';
import { executeNode } from '../support/core.mts';

const HOUR_MS = 3_600_000;
const soon = () => new Date(Date.now() + HOUR_MS).toISOString();

describe('Create a dataflow', () => {
	const adobe = sharedAdobe();
	let connectionId: string;
	let datasetId: string;

	beforeEach(async () => {
		adobe.reset();
		const [made] = await runConnectionNode(adobe, { operation: 'create', name: 'Sales' });
		connectionId = String(made?.json.connectionId);
		datasetId = adobe.dataSets().find(({ name }) => name === 'Orders')?.id ?? '';
		adobe.journal.length = 0;
	});

	const parameters = (changes: INodeParameters = {}): INodeParameters => ({
		operation: 'create',
		name: 'Orders',
		connectionId,
		table: 'public.orders',
		dataset: datasetId,
		...changes,
	});

	const create = async (changes: INodeParameters = {}): Promise<IDataObject> =>
		(await runDataflowNode(adobe, parameters(changes)))[0]?.json ?? {};

	const refusal = async (changes: INodeParameters) =>
		await thrownBy(async () => await create(changes));

	/** What writes were sent, in their order, by the last part of the path; validate writes nothing. */
	const writes = () =>
		adobe.journal
			.filter(({ method }) => method !== 'GET')
			.map(({ method, path }) => `${method} ${path.split('?')[0]?.split('/').at(-1)}`)
			.filter((text) => text !== 'POST v3' && text !== 'POST validate');

	const sent = (path: string) =>
		JSON.parse(
			adobe.journal.find((one) => one.method === 'POST' && one.path.endsWith(path))?.body ?? '{}',
		) as Record<string, any>;

	const expectNothingMade = () => {
		expect(writes()).toStrictEqual([]);
		expect(adobe.flows()).toHaveLength(0);
	};

	it('makes source, target, mapping and flow in this order, and gives all IDs', async () => {
		const json = await create();
		expect(writes()).toStrictEqual([
			'POST sourceConnections',
			'POST targetConnections',
			'POST mappingSets',
			'POST flows',
		]);
		expect(json).toMatchObject({
			flowId: adobe.flows()[0]?.id,
			id: adobe.flows()[0]?.id,
			sourceConnectionId: adobe.sourceConnections()[0]?.id,
			targetConnectionId: adobe.targetConnections()[0]?.id,
			mappingId: adobe.mappingSets()[0]?.id,
			connectionId,
			table: 'public.orders',
			datasetId,
			name: 'Orders',
			state: 'enabled',
			etag: adobe.flows()[0]?.etag,
			sandboxName: 'prod',
			unmappedColumns: [],
			action: 'created',
		});
	});

	it('names the table and its columns as Adobe gave them', async () => {
		await create({ table: 'public."Order Items"', datasetSource: 'create', datasetName: 'Items' });
		const { params, data, baseConnectionId } = sent('/sourceConnections');
		expect(baseConnectionId).toBe(connectionId);
		expect(data).toStrictEqual({ format: 'tabular' });
		expect(params.tableName).toBe('public."Order Items"');
		expect(params.columns[1]).toStrictEqual({
			name: 'Order Id',
			type: 'integer',
			xdm: { type: 'integer' },
		});
	});

	it('asks for a dataset as Adobe does in its sample', async () => {
		await create({ datasetSource: 'create', datasetName: 'Items' });
		const posted = adobe.journal.find(
			({ method, path }) => method === 'POST' && path.includes('/catalog/dataSets'),
		);
		expect(posted?.path).toBe('/data/foundation/catalog/dataSets?requestDataSource=true');
	});

	it('starts in five minutes when no start time is given, and in epoch seconds', async () => {
		const began = Date.now();
		await create();
		const { startTime, ...rest } = sent('/flows').scheduleParams;
		expect(rest).toStrictEqual({ frequency: 'once' });
		expect(Number(startTime) * 1000).toBeGreaterThanOrEqual(began + 5 * 60_000);
		expect(Number(startTime) * 1000).toBeLessThan(Date.now() + 6 * 60_000);
		expect(sent('/flows').transformations.map(({ name }: any) => name)).toStrictEqual(['Mapping']);
	});

	it.each<[string, INodeParameters, object]>([
		['minutes', { schedule: 'minute', interval: 15 }, { frequency: 'minute', interval: '15' }],
		['hours', { schedule: 'hour', interval: 2 }, { frequency: 'hour', interval: '2' }],
		['days', { schedule: 'day', interval: 1 }, { frequency: 'day', interval: '1' }],
		['weeks', { schedule: 'week', interval: 1 }, { frequency: 'week', interval: '1' }],
		[
			'no backfill',
			{ schedule: 'day', interval: 1, backfill: false },
			{ frequency: 'day', interval: '1', backfill: 'false' },
		],
	])('runs again and again: %s', async (_what, schedule, expected) => {
		const json = await create({ backfill: true, deltaColumn: 'updated_at', ...schedule });
		const { scheduleParams, transformations } = sent('/flows');
		expect(scheduleParams).toMatchObject(expected);
		expect(transformations[0]).toStrictEqual({
			name: 'Copy',
			params: {
				deltaColumn: { name: 'updated_at', dateFormat: 'YYYY-MM-DD', timezone: 'UTC' },
			},
		});
		expect(json.schedule).toMatchObject({ frequency: schedule.schedule });
	});

	it('takes a start time without a zone in the one of the workflow', async () => {
		const startTime = soon();
		const json = await create({ startTime });
		expect(Date.parse(String((json.schedule as IDataObject).startTime))).toBe(
			Math.ceil(Date.parse(startTime) / 1000) * 1000,
		);
	});

	it('passes description and options on', async () => {
		await create({
			additionalFields: { description: 'For the CDP' },
			options: { errorDiagnostics: true, partialIngestionPercent: 10 },
		});
		expect(adobe.flows()[0]).toMatchObject({
			description: 'For the CDP',
			options: { errorDiagnosticsEnabled: true, partialIngestionPercent: 10 },
		});
	});

	describe('refuses before it makes anything', () => {
		it.each<[string, INodeParameters, message: string, advice: string]>([
			['no name', { name: ' ' }, "'Name' is empty", "Fill in 'Name'"],
			['half a character', { name: 'Orders \ud83d' }, "'Name' contains a broken", 'anew'],
			[
				'a connection by name',
				{ connectionId: 'Sales database' },
				"'Connection' is not the ID",
				'name',
			],
			['no table', { table: '' }, "'Table' is empty", 'Choose one from the list'],
			['no dataset', { dataset: '' }, "'Dataset' is empty", 'Choose one from the list'],
			['a dataset by name', { dataset: 'Orders' }, "'Dataset' is not the ID", 'A name is not'],
			[
				'an unknown schedule',
				{ schedule: 'month' },
				"'Schedule' has a value",
				'once, day, hour, minute, week',
			],
			[
				'fourteen minutes',
				{ schedule: 'minute', interval: 14, deltaColumn: 'updated_at', backfill: true },
				"'Interval' is too short",
				'15 at the least',
			],
			[
				'no interval at all',
				{ schedule: 'day', interval: 0, deltaColumn: 'updated_at', backfill: true },
				"'Interval' is not a whole number from 1 on",
				'Enter a whole number',
			],
			[
				'no delta column',
				{ schedule: 'day', interval: 1, backfill: true },
				"'Delta Column' is empty",
				'updated_at',
			],
			['a start in the past', { startTime: '2020-01-01' }, "'Start Time' is in the past", 'future'],
			['a start that is no time', { startTime: 'soon' }, "'Start Time' is not a date", 'Choose'],
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
				"'Delta Column' is no column of the table: 'changed_at'",
				'The table has id, customer_id',
			],
			[
				'a delta column that is no time',
				{ schedule: 'day', interval: 1, backfill: true, deltaColumn: 'total' },
				"'Delta Column' is no date-time column: 'total'",
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
				"There is a dataset with this 'Dataset Name'",
				"Set 'Dataset Source' to Existing",
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
				"'Event Time Column' is no date-time column: 'total'",
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
				body: { items: [{ id: connectionId, state: 'initializing' }] },
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
				expect(thrown.message).toContain("There is a schema with this 'Dataset Name'");
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

	describe('with a mapping', () => {
		it('field by field takes the columns that were chosen', async () => {
			await create({
				mapping: 'fields',
				fields: {
					mappingMode: 'defineBelow',
					value: { _id: 'customer_id', '_emulator.total': 'total', '_emulator.status': null },
					schema: [],
				} as never,
			});
			expect(adobe.mappingSets()[0]?.mappings).toMatchObject([
				{ sourceType: 'ATTRIBUTE', source: 'customer_id', destination: '_id' },
				{ sourceType: 'ATTRIBUTE', source: 'total', destination: '_emulator.total' },
			]);
		});

		it('as JSON takes calculations and fixed texts', async () => {
			const mappings = [
				{ source: 'concat("order ", id)', destination: '_id', sourceType: 'expression' },
				{ source: 'web', destination: '_emulator.tags', sourceType: 'STATIC' },
				{ source: 'total', destination: '_emulator.total' },
			];
			await create({ mapping: 'json', mappings: JSON.stringify(mappings) });
			expect(adobe.mappingSets()[0]?.mappings.map(({ sourceType }) => sourceType)).toStrictEqual([
				'EXPRESSION',
				'STATIC',
				'ATTRIBUTE',
			]);
		});

		it('by name tells which columns are left out, on the output and as a hint', async () => {
			const wired = wireDataflowNode(adobe, parameters({ table: 'crm.accounts' }));
			const { items, hints } = await executionHints(wired);
			expect(items[0]?.json.unmappedColumns).toStrictEqual([
				'name',
				'active',
				'opened_on',
				'balance',
			]);
			expect(hints.join()).toContain("'Orders': name, active, opened_on, balance");
			expect(hints.join()).toContain("set 'Mapping' to Field by Field");
		});
	});

	describe('with a dataset made from the table', () => {
		it('makes field group, schema and dataset first, and takes every row in', async () => {
			const json = await create({
				table: 'crm.accounts',
				datasetSource: 'create',
				datasetName: 'Accounts',
			});
			expect(writes()).toStrictEqual([
				'POST fieldgroups',
				'POST schemas',
				'POST dataSets',
				'POST sourceConnections',
				'POST targetConnections',
				'POST mappingSets',
				'POST flows',
			]);
			await adobe.advanceClock(10 * 60_000);
			const rows = await adobe.lakeRows(String(json.datasetId));
			expect(rows).toHaveLength(400);
			expect(rows[0]?._emulator).toMatchObject({ id: 1, name: 'Account 1', active: true });
		});

		it('of events fills their ID and time', async () => {
			const json = await create({
				datasetSource: 'create',
				datasetName: 'Order events',
				schemaClass: 'experienceEvent',
				eventIdColumn: 'id',
				eventTimeColumn: 'updated_at',
			});
			await adobe.advanceClock(10 * 60_000);
			const rows = await adobe.lakeRows(String(json.datasetId));
			expect(rows).toHaveLength(5000);
			expect(rows[0]).toMatchObject({ _id: '1', timestamp: expect.any(String) });
		});

		it('made again with the same names is the same dataflow', async () => {
			const changes = { datasetSource: 'create', datasetName: 'Accounts', table: 'crm.accounts' };
			const first = await create(changes);
			expect(await create(changes)).toMatchObject({ id: first.id, action: 'unchanged' });
			expect(adobe.dataSets().filter(({ name }) => name === 'Accounts')).toHaveLength(1);
		});
	});

	describe('made again', () => {
		it('with the same name is the one that is there', async () => {
			const first = await create();
			adobe.journal.length = 0;
			const again = await create();
			expect(again).toStrictEqual({ ...first, action: 'unchanged' });
			expect(writes()).toStrictEqual([]);
			expect(adobe.flows()).toHaveLength(1);
		});

		it.each<[string, () => INodeParameters, string]>([
			['another table', () => ({ table: 'crm.accounts' }), "reads the table 'public.orders'"],
			[
				'another dataset',
				() => ({ dataset: adobe.dataSets().find(({ name }) => name === 'Customers')?.id ?? '' }),
				'writes to the dataset',
			],
			[
				'a new dataset',
				() => ({ datasetSource: 'create', datasetName: 'Other' }),
				"writes to the dataset 'Orders' and not to 'Other'",
			],
		])('with %s says what differs', async (_what, changes, differs) => {
			await create();
			const thrown = await refusal(changes());
			expect(thrown.message).toContain("There is another dataflow with this 'Name'");
			expect(thrown.description).toContain(differs);
			expect(adobe.flows()).toHaveLength(1);
		});

		it('through another connection says what differs', async () => {
			await create();
			const [other] = await runConnectionNode(adobe, { operation: 'create', name: 'Other' });
			const thrown = await refusal({ connectionId: String(other?.json.connectionId) });
			expect(thrown.description).toContain(`reads from the connection ${connectionId}`);
		});

		it('where there are several of the name lists them', async () => {
			adobe.markInUse(connectionId, ['Orders', 'Orders']);
			const thrown = await refusal({});
			expect(thrown.message).toContain("There are 2 dataflows with this 'Name'");
			for (const { id } of adobe.flows()) expect(thrown.description).toContain(id);
		});

		it('by two items of one execution is one chain', async () => {
			const items = await runDataflowNode(adobe, parameters(), {}, [{ json: {} }, { json: {} }]);
			expect(items.map(({ json }) => json.action)).toStrictEqual(['created', 'unchanged']);
			expect(new Set(items.map(({ json }) => json.id)).size).toBe(1);
			expect(adobe.flows()).toHaveLength(1);
			expect(adobe.sourceConnections()).toHaveLength(1);
		});

		it('by two executions at the same time is one chain', async () => {
			const both = await Promise.all([create(), create()]);
			expect(adobe.flows()).toHaveLength(1);
			expect(adobe.sourceConnections()).toHaveLength(1);
			expect(adobe.targetConnections()).toHaveLength(1);
			expect(adobe.mappingSets()).toHaveLength(1);
			for (const json of both) expect(json.id).toBe(adobe.flows()[0]?.id);
		});
	});

	it('makes twenty dataflows in one run, each once and in order', async () => {
		const names = Array.from({ length: 20 }, (_, index) => `Flow ${index}`);
		const wired = wireDataflowNode(adobe, parameters({ name: '={{ $json.name }}' }));
		const items = await executeNode(
			wired,
			names.map((name) => ({ json: { name } })),
		);
		expect(items.map(({ json }) => json.name)).toStrictEqual(names);
		expect(items.map(({ pairedItem }) => pairedItem)).toStrictEqual(
			names.map((_, item) => ({ item })),
		);
		expect(
			adobe
				.flows()
				.map(({ name }) => name)
				.sort(),
		).toStrictEqual([...names].sort());
		// What all of them have in common is looked at once.
		const reads = adobe.journal.filter(({ path }) => path.includes('/explore'));
		expect(reads).toHaveLength(1);
	}, 30_000);
});
