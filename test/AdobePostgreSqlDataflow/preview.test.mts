import type { IDataObject, INodeParameters } from 'n8n-workflow';

import type { Emulator, EmulatorOptions } from '../../emulator/emulator.mts';
import { connectionStringOf, startAdobe } from '../support/adobe.mts';
import { runConnectionNode, thrownBy } from '../support/connectionNode.mts';
import { runDataflowNode } from '../support/dataflowNode.mts';
import { expectOutput, schemaOf } from '../support/outputSchema.mts';
import type { ScratchDatabase } from '../support/scratchDatabase.mts';
import { makeScratchDatabase } from '../support/scratchDatabase.mts';
import { makeStrictDataset } from '../support/strictDataset.mts';

const PREVIEW = '/data/foundation/conversion/mappingSets/preview';

/** One reason after another, each in rows of its own; what is no reason is in between. */
const MAKE_TABLE = `
	create table people (id int, first_name text, email text, age int, country text, code text, note text, joined text, score text, divisor int, born text, updated_at timestamptz);
	insert into people
		select n,
			case when n % 91 = 1 then null else 'p' || n end,
			case when n % 97 = 2 then 'nobody' else 'p' || n || '@example.com' end,
			case when n % 89 = 3 then -1 when n % 83 = 4 then 151 else n % 150 end,
			case when n % 79 = 5 then 'XX' when n % 7 = 0 then null else 'DE' end,
			case when n % 73 = 6 then 'x1' else 'ABC' || n end,
			case when n % 71 = 7 then repeat('n', 21) when n % 101 = 8 then '' else 'ok' end,
			case when n % 67 = 9 then 'the day before' else '2024-02-29T10:00:00Z' end,
			case when n % 61 = 10 then 'many' else n || '.5' end,
			n % 59,
			case when n % 5 = 0 then 'unknown' else '1999-12-31' end,
			timestamptz '2020-01-01 00:00:00+00' + n * interval '1 minute'
		from generate_series(1, 1000) n;
	grant select on people to public;
`;

const FIELDS = {
	id: { type: 'integer' },
	firstName: { type: 'string' },
	email: { type: 'string', format: 'email' },
	age: { type: 'integer', minimum: 0, maximum: 150 },
	country: { type: 'string', enum: ['DE', 'FR'] },
	code: { type: 'string', pattern: '^[A-Z]{3}\\d+$' },
	note: { type: 'string', minLength: 1, maxLength: 20 },
	joined: { type: 'string', format: 'date-time' },
	score: { type: 'number' },
	ratio: { type: 'number' },
	born: { type: 'string', format: 'date' },
};

const MAPPINGS = [
	...['id', 'email', 'age', 'country', 'code', 'note', 'joined', 'score', 'born'].map((name) => ({
		source: name,
		destination: `_emulator.${name}`,
	})),
	{ source: 'first_name', destination: '_emulator.firstName' },
	{ source: '100 / divisor', destination: '_emulator.ratio', sourceType: 'EXPRESSION' },
];

let database: ScratchDatabase;
let adobe: Emulator;
let base: INodeParameters;

beforeAll(async () => {
	database = await makeScratchDatabase();
	await database.owner.query(MAKE_TABLE);
});
afterEach(async () => {
	await adobe.close();
});
afterAll(async () => {
	await database.drop();
});

async function start(settings: Partial<EmulatorOptions> = {}): Promise<void> {
	adobe = await startAdobe({ runDurationMs: 10, scheduledMs: 5, ...settings });
	const connectionString = connectionStringOf({ ...adobe.postgres, database: database.name });
	const source = { authMode: 'connectionString', connectionString };
	const [connection] = await runConnectionNode(
		adobe,
		{ operation: 'create', name: 'People' },
		{ source },
	);
	const required = ['firstName', 'joined', 'score', 'ratio'];
	const dataset = await makeStrictDataset(adobe, 'People', FIELDS, required);
	base = {
		name: 'People',
		connectionId: String(connection?.json.connectionId),
		table: 'public.people',
		dataset,
		mapping: 'json',
		mappings: JSON.stringify(MAPPINGS),
		options: { errorDiagnostics: true, partialIngestionPercent: 100 },
	};
	adobe.journal.length = 0;
}

const preview = async (changes: INodeParameters = {}): Promise<IDataObject[]> =>
	(await runDataflowNode(adobe, { operation: 'preview', ...base, ...changes })).map(
		({ json }) => json,
	);
const refusal = async (changes: INodeParameters) =>
	await thrownBy(async () => await preview(changes));
const rowsOfTable = async (where = 'true') =>
	(await database.owner.query<IDataObject>(`select * from people where ${where} order by id`)).rows;
const given = (rows: unknown): INodeParameters => ({
	rowsFrom: 'json',
	rows: JSON.stringify(rows),
	limit: 1_000,
});
const idsOf = (items: IDataObject[]) => items.map(({ row }) => Number((row as IDataObject).id));
const asked = () => adobe.journal.filter(({ path }) => path.startsWith(PREVIEW));
const expectNothingWritten = () => {
	const writes = adobe.journal.filter(
		({ method, path }) => method !== 'GET' && !/preview|validate|token/.test(path),
	);
	expect(writes).toStrictEqual([]);
	expect(adobe.flows()).toHaveLength(0);
	expect(adobe.mappingSets()).toHaveLength(0);
};

describe('Preview of a dataflow', () => {
	it('says before the first run exactly which of 1,000 rows the run will reject', async () => {
		await start();
		const [plan, ...rows] = await preview(given(await rowsOfTable()));
		expectNothingWritten();
		const foretold = rows.filter(({ wouldBeRejected }) => wouldBeRejected);
		expect(rows).toHaveLength(1_000);
		expect(plan).toMatchObject({ rowsChecked: 1_000, rowsRejected: foretold.length });

		const [flow] = await runDataflowNode(adobe, { operation: 'create', ...base });
		const flowId = String(flow?.json.flowId);
		const [run] = await runDataflowNode(adobe, {
			operation: 'run',
			flowId,
			deltaColumn: 'updated_at',
		});
		await adobe.advanceClock(2_000);
		const rejected = await runDataflowNode(adobe, {
			resource: 'run',
			operation: 'getRejectedRows',
			runId: String(run?.json.runId),
			returnAll: true,
		});
		const really = new Set(idsOf(rejected.map(({ json }) => json)));
		expect(really.size).toBeGreaterThan(90);
		expect(new Set(idsOf(foretold))).toStrictEqual(really);

		// And those that it writes are as they were shown.
		const written = await adobe.lakeRows(String(base.dataset));
		const arriving = rows.filter((row) => row.wouldBeRejected === false);
		expect(arriving.map(({ arrives }) => arrives)).toStrictEqual(written);

		const rules = rows.flatMap(({ problems }) =>
			(problems as IDataObject[]).map(({ rule, rejects }) => `${String(rule)} ${String(rejects)}`),
		);
		expect([...new Set(rules)].sort()).toStrictEqual([
			'enum true',
			'format true',
			'mapping false',
			'maxLength true',
			'maximum true',
			'minLength true',
			'minimum true',
			'pattern true',
			'required true',
		]);
	}, 120_000);

	it.each([
		['both', 10],
		['array', 10],
		['object', 11],
	] as const)('gives Adobe the form that it takes: %s', async (previewData, requests) => {
		await start({ previewData });
		const [plan] = await preview();
		expect(plan).toMatchObject({ rowsChecked: 10 });
		expect(asked()).toHaveLength(requests);
	});

	it('names field, column and reason, and keeps the value where it belongs', async () => {
		await start();
		const [row] = await rowsOfTable('id = 11');
		const bad = { ...row, first_name: null, email: 'nobody', score: 'many', born: 'unknown' };
		const [plan, item] = await preview(given([bad]));
		for (const one of [plan, item]) {
			expectOutput(one ?? {}, schemaOf('AdobePostgreSqlDataflow', 'dataflow', 'preview'));
		}
		expect(item).toMatchObject({
			kind: 'row',
			wouldBeRejected: true,
			rowNumber: 1,
			row: { id: 11 },
		});
		expect(item?.reasons).toStrictEqual([
			'_emulator.firstName (from first_name) is required, and nothing arrives in it',
			expect.stringMatching(/^_emulator\.score \(from score\) is required.*\(.*number\)$/),
			'_emulator.email (from email) must be of the format email, e.g. ana@example.com',
		]);
		expect(item?.leftEmpty).toStrictEqual([
			expect.stringContaining("_emulator.born (from born) stays empty, as its value can't be made"),
		]);
		expect(JSON.stringify([item?.reasons, item?.problems])).not.toContain('nobody');
		expect((item?.arrives as any)._emulator).toMatchObject({ id: 11, email: 'nobody' });
		expect(plan).toMatchObject({
			kind: 'plan',
			wouldBe: 'created',
			rowsRejected: 1,
			rejections: expect.arrayContaining([
				{ message: item?.reasons && (item.reasons as string[])[0], rows: 1 },
			]),
			mapping: expect.objectContaining({ '_emulator.ratio': '100 / divisor' }),
			wouldCreate: ['source connection', 'target connection', 'mapping set', 'dataflow'],
			schedule: 'on demand (Run Now)',
			deltaColumn: 'updated_at',
		});
		expect(plan?.summary).toContain('1 row was checked: 1 would be rejected.');
	});

	it('shows the first rows of the table as Adobe shows them, as many as Limit says', async () => {
		await start();
		const all = await preview();
		expect(all.slice(1).map(({ row }) => (row as IDataObject).id)).toStrictEqual([
			1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
		]);
		expect(all.slice(1).map(({ rowNumber }) => rowNumber)).toStrictEqual([
			1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
		]);
		adobe.journal.length = 0;
		expect(await preview({ limit: 3 })).toHaveLength(4);
		expect(asked()).toHaveLength(3);
		expect(await preview({ returnRows: 'none' })).toMatchObject([
			{ kind: 'plan', rowsChecked: 10 },
		]);
		const rejected = await preview({ returnRows: 'rejected' });
		expect(rejected.map(({ kind, wouldBeRejected }) => [kind, wouldBeRejected])).toStrictEqual([
			['plan', undefined],
			...Array.from({ length: Number(rejected[0]?.rowsRejected) }, () => ['row', true]),
		]);
		expect(Number(rejected[0]?.rowsRejected)).toBeGreaterThan(5);
		expectNothingWritten();
	});

	it('says how many of the given rows it has not checked', async () => {
		await start();
		const [plan] = await preview({ ...given(await rowsOfTable('id <= 20')), limit: 5 });
		expect(plan).toMatchObject({ rowsChecked: 5, rowsNotChecked: 15 });
		expect(plan?.summary).toContain('15 more were not');
	});

	it('checks against the schema that would be made, where the dataset is still to be created', async () => {
		await start();
		const toMake = {
			datasetSource: 'create',
			datasetName: 'New people',
			schemaClass: 'experienceEvent',
			eventIdColumn: 'code',
			eventTimeColumn: 'updated_at',
			mapping: 'automatic',
		};
		const [good, bad] = await rowsOfTable('id in (20, 21)');
		const rows = [good, { ...bad, code: null }, { ...bad, age: 'old' }, { ...bad, age: 1.5 }];
		const [plan, ...items] = await preview({ ...toMake, ...given(rows) });
		expectNothingWritten();
		expect(asked()).toHaveLength(0);
		expect(plan).toMatchObject({
			dataset: 'New people',
			rowsRejected: 1,
			rowsLosingValues: 2,
			wouldCreate: expect.arrayContaining(['field group', 'schema', 'dataset']),
		});
		expect(plan).not.toHaveProperty('datasetId');
		expect(items.map(({ reasons }) => reasons)).toStrictEqual([
			[],
			['_id (from code) is required, and nothing arrives in it'],
			[],
			[],
		]);
		expect(items[2]?.leftEmpty).toStrictEqual([
			expect.stringContaining('_emulator.age (from age)'),
		]);

		// What really arrives is what was shown.
		const [flow] = await runDataflowNode(adobe, { operation: 'create', ...base, ...toMake });
		const flowId = String(flow?.json.flowId);
		await runDataflowNode(adobe, { operation: 'run', flowId, deltaColumn: 'updated_at' });
		await adobe.advanceClock(2_000);
		const [shown] = await preview({ ...toMake, ...given([good]), returnRows: 'none' });
		expect(shown).toMatchObject({ wouldBe: 'unchanged', flowId });
		const lake = await adobe.lakeRows(String(flow?.json.datasetId));
		expect(lake).toContainEqual(items[0]?.arrives);
	});

	it('says of a dataflow that is there what Create would do', async () => {
		await start();
		await runDataflowNode(adobe, { operation: 'create', ...base });
		const outlook = async (changes: INodeParameters) =>
			(await preview({ ...changes, returnRows: 'none', limit: 1 }))[0];
		expect(await outlook({})).toMatchObject({ wouldBe: 'unchanged', wouldCreate: [] });
		const daily = { schedule: 'day', interval: 1, deltaColumn: 'updated_at' };
		expect(await outlook(daily)).toMatchObject({
			wouldBe: 'kept',
			differences: expect.arrayContaining(['schedule']),
		});
		const update = { options: { ...(base.options as object), ifExists: 'update' } };
		expect(await outlook({ ...daily, ...update } as INodeParameters)).toMatchObject({
			wouldBe: 'updated',
		});
		expect(await outlook({ mapping: 'automatic', ...update } as INodeParameters)).toMatchObject({
			wouldBe: 'updated',
			differences: ['mapping'],
		});
		const odd = { mappings: '[{ "source": "id", "destination": "acme.id" }]', ...update };
		expect((await refusal(odd as INodeParameters)).message).toContain('does not fit');
		expect(adobe.flows()).toHaveLength(1);
		expect(adobe.mappingSets()).toHaveLength(1);
	});

	it.each<[INodeParameters, string]>([
		[{ table: 'public.nobody' }, "The table 'public.nobody' was not found"],
		[{ mappings: '[{ "source": "sum", "destination": "_id" }]' }, 'does not fit the dataset'],
		[{ rowsFrom: 'json', rows: '' }, "'Rows' is empty"],
		[{ rowsFrom: 'json', rows: '[]' }, "'Rows' is not a list of objects in JSON"],
		[{ rowsFrom: 'json', rows: '[1]' }, "'Rows' is not a list of objects in JSON"],
		[{ rowsFrom: 'json', rows: 'id=1' }, "'Rows' is not a list of objects in JSON"],
		[{ limit: 0 }, "'Limit'"],
	])('refuses what Create refuses, and what are no rows: %p', async (changes, message) => {
		await start();
		expect((await refusal(changes)).message).toContain(message);
		expectNothingWritten();
	});

	it('asks again where an answer is lost, and ends at a refusal', async () => {
		await start();
		adobe.addFault({ kind: 'reset', path: PREVIEW, skip: 2 });
		adobe.addFault({ kind: 'status', status: 503, path: PREVIEW, skip: 3 });
		expect(await preview()).toHaveLength(11);
		adobe.journal.length = 0;
		adobe.addFault({ kind: 'status', status: 403, path: PREVIEW, skip: 4, times: 99 });
		const rows = given(await rowsOfTable());
		expect((await refusal(rows)).description).toContain("'View Sources'");
		// Those that were on their way, and no others.
		expect(asked().length).toBeLessThan(120);
	});
});
