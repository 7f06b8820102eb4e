import type { IDataObject } from 'n8n-workflow';

import { sourceOfColumn } from '../../nodes/adobe/mappingSets';
import { mapByName } from '../../nodes/AdobePostgreSqlDataflow/dataflow/create/mapByName';
import { connectionStringOf, sharedAdobe } from '../support/adobe.mts';
import { runConnectionNode } from '../support/connectionNode.mts';
import { runDataflowNode } from '../support/dataflowNode.mts';
import { makeScratchDatabase, type ScratchDatabase } from '../support/scratchDatabase.mts';

describe('A column is named as Data Prep wants it', () => {
	it.each([
		['as it is', 'customer_id', 'customer_id'],
		['as it is in other letters', 'Straße2', 'Straße2'],
		['in braces with a blank', 'Order Id', '${Order Id}'],
		['in braces with a sign', 'e-mail', '${e-mail}'],
		['in braces when it begins with a digit', '1st', '${1st}'],
		['in braces when it is a word of the language', 'or', '${or}'],
		['with a backslash before a dot', 'unit.price', 'unit\\.price'],
		['with both', 'Unit Price.net', '${Unit Price\\.net}'],
		['with a backslash before what ends the braces', 'a}b', '${a\\}b}'],
		['with a backslash before a backslash', 'a\\b', '${a\\\\b}'],
	])('%s: %s', (_case, name, source) => {
		expect(sourceOfColumn(name)).toBe(source);
	});

	it('by the automatic mapping', () => {
		const field = { path: '_acme.orderId', type: 'string', required: false } as const;
		const { mappings } = mapByName([{ name: 'Order Id', raw: {} }], [field]);
		expect(mappings[0]?.source).toBe('${Order Id}');
	});
});

describe('A table with odd names of columns', () => {
	const adobe = sharedAdobe({ runDurationMs: 20, scheduledMs: 10 });
	let database: ScratchDatabase;
	let connectionId: string;

	const COLUMNS = ['Order Id', 'unit.price', 'Unit Price.net', 'or', '1st', 'a}b', 'plain'];

	beforeAll(async () => {
		database = await makeScratchDatabase();
		const quoted = COLUMNS.map((name) => `"${name}" text`).join(', ');
		const values = COLUMNS.map((_name, index) => `'value ${index}'`).join(', ');
		await database.owner.query(
			`create table odd (${quoted}); insert into odd values (${values}); grant select on odd to public`,
		);
		const connectionString = connectionStringOf({ ...adobe.postgres, database: database.name });
		const [made] = await runConnectionNode(
			adobe,
			{ operation: 'create', name: 'Odd' },
			{ source: { authMode: 'connectionString', connectionString } },
		);
		connectionId = String(made?.json.connectionId);
	});
	afterAll(async () => {
		await database.drop();
	});

	const create = async (parameters: IDataObject): Promise<IDataObject> => {
		const startTime = new Date(adobe.now() + 1_800_000).toISOString();
		const common = {
			operation: 'create',
			connectionId,
			table: 'public.odd',
			schedule: 'once',
			startTime,
		};
		const [item] = await runDataflowNode(adobe, { ...common, ...parameters } as never);
		return item?.json ?? {};
	};
	const loaded = async ({ datasetId }: IDataObject) => {
		await adobe.advanceClock(3_600_000);
		const [row] = await adobe.lakeRows(String(datasetId));
		return Object.values(Object.values(row ?? {})[0] as object).sort();
	};
	const ALL = COLUMNS.map((_name, index) => `value ${index}`);

	it('arrives whole in a dataset that is made from it', async () => {
		const made = await create({ name: 'A', datasetSource: 'create', datasetName: 'Odd' });
		expect(await loaded(made)).toStrictEqual(ALL);
	});

	it.each<[string, IDataObject]>([
		[
			'Field by Field',
			{
				mapping: 'fields',
				fields: {
					mappingMode: 'defineBelow',
					value: { '_FIELD.a': 'Order Id', '_FIELD.b': 'unit.price' },
				},
			},
		],
		[
			'JSON with their names',
			{
				mapping: 'json',
				mappings: JSON.stringify([
					{ source: 'Order Id', destination: '_FIELD.a' },
					{ source: 'unit.price', destination: '_FIELD.b' },
				]),
			},
		],
		[
			"JSON with Data Prep's own spelling",
			{
				mapping: 'json',
				mappings: JSON.stringify([
					{ source: '${Order Id}', destination: '_FIELD.a' },
					{ source: 'unit\\.price', destination: '_FIELD.b' },
				]),
			},
		],
	])('arrives by %s', async (name, mapping) => {
		const { id, schemaRef } = adobe.addDataSet({ name, fields: { a: 'string', b: 'string' } });
		const tenant = new URL(schemaRef.id).pathname.split('/')[1] ?? '';
		const text = JSON.stringify({ name, dataset: id, ...mapping }).replaceAll(
			'_FIELD',
			`_${tenant}`,
		);
		const made = await create(JSON.parse(text) as IDataObject);
		expect(await loaded(made)).toStrictEqual(['value 0', 'value 1']);
	});
});
