import { type ScratchDatabase, makeScratchDatabase } from '../../support/scratchDatabase.mts';
import { testPostgres } from '../../support/postgresGlobal.mts';
import type { EmulatorOptions } from '../../../emulator/emulator.mts';
import { flowBody, made, makeParts } from '../dataflow.mts';
import { basicBody, closeWires, openWire, type Wire } from '../wire.mts';

const EXPORT = '/data/foundation/export/batches';
const CATALOG = '/data/foundation/catalog/batches';
const DAY_MS = 24 * 60 * 60_000;

let database: ScratchDatabase;
beforeAll(async () => {
	database = await makeScratchDatabase();
	await database.owner.query(`
		create table people (id int, name text);
		insert into people select n, case when n % 10 = 0 then null else 'p' || n end from generate_series(1, 250) n;
		grant select on people to ${testPostgres().username};
	`);
});
afterAll(async () => {
	await closeWires();
	await database.drop();
});

/** A run of 250 rows, 25 of which have no name, which the schema wants. */
async function runPeople(
	settings: Partial<EmulatorOptions> = {},
	options: object = { errorDiagnosticsEnabled: true, partialIngestionPercent: 10 },
): Promise<{ wire: Wire; batchId: string; meta: (path: string) => ReturnType<Wire['call']> }> {
	const wire = await openWire({ runDurationMs: 10, scheduledMs: 5, ...settings });
	const parts = await makeParts(wire, {
		connection: basicBody({ database: database.name }),
		tableName: 'public.people',
		fields: { personId: { type: 'integer' }, name: { type: 'string' } },
		required: ['name'],
		mappings: [
			['id', 'personId'],
			['name', 'name'],
		],
	});
	const startTime = String(Math.floor(wire.emulator.now() / 1000) + 60);
	await made(
		wire,
		'/flows',
		flowBody(parts, { options, scheduleParams: { startTime, frequency: 'once' } }),
	);
	await wire.emulator.advanceClock(120_000);
	const [run] = wire.emulator.runs();
	const batchId = run?.facts.promotion?.batchId ?? '';
	const meta = async (path: string) => await wire.call('GET', `${EXPORT}/${batchId}/meta${path}`);
	return { wire, batchId, meta };
}

const names = (answer: Awaited<ReturnType<Wire['call']>>) =>
	answer.json.data.map(({ name }: { name: string }) => name);

describe('The files with rejected rows', () => {
	it('are listed as the documents show it, page by page', async () => {
		const { batchId, meta } = await runPeople({ answerTypes: 'tutorial' });
		const all = await meta('?path=row_errors');
		expect(all.status).toBe(200);
		expect(all.json).toMatchObject({
			data: [
				{
					name: 'conversion_errors_0.json',
					length: expect.stringMatching(/^\d+$/),
					_links: {
						self: {
							href: `https://platform.adobe.io:443${EXPORT}/${batchId}/meta?path=row_errors%2Fconversion_errors_0.json`,
						},
					},
				},
				{ name: 'conversion_errors_1.json' },
				{ name: 'conversion_errors_2.json' },
			],
			_page: { limit: 100, count: 3 },
		});
		expect(names(await meta('?path=row_errors&limit=2'))).toHaveLength(2);
		const rest = await meta('?path=row_errors&limit=2&start=2');
		expect(names(rest)).toStrictEqual(['conversion_errors_2.json']);
		expect((await meta('?path=row_errors&limit=101')).status).toBe(400);
	});

	it.each<[NonNullable<EmulatorOptions['rowErrors']>, (text: string) => unknown[]]>([
		[
			'lines',
			(text) =>
				text
					.trim()
					.split('\n')
					.map((line) => JSON.parse(line) as unknown),
		],
		['array', (text) => JSON.parse(text) as unknown[]],
		[
			'pretty',
			(text) =>
				text
					.trim()
					.split('\n}\n')
					.map((one) => JSON.parse(one.endsWith('\n}') ? one : `${one}\n}`) as unknown),
		],
	])('hold each row of the table with its reasons, as %s', async (rowErrors, parse) => {
		const { meta } = await runPeople({ rowErrors });
		const texts = await Promise.all(
			[0, 1, 2].map(
				async (index) => (await meta(`?path=row_errors%2Fconversion_errors_${index}.json`)).text,
			),
		);
		const rows = texts.flatMap(parse) as Array<Record<string, any>>;
		const { rows: expected } = await database.owner.query(
			'select * from people where name is null order by id',
		);
		expect(rows.map(({ id, name }) => ({ id, name }))).toStrictEqual(expected);
		for (const { _errors: errors } of rows) {
			expect(errors).toStrictEqual([
				{ code: 'INGEST-1212-400', message: expect.stringContaining('name') },
			]);
		}
		expect(rows[10]?._filename).toBe('conversion_errors_1.json');
	});

	it.each(['row_errors_sample.json', 'row_error_samples.json'] as const)(
		'have a sample beside them, in %s',
		async (sampleErrors) => {
			const { meta } = await runPeople({ sampleErrors, rowErrors: 'array' });
			expect((await meta(`?path=${sampleErrors}`)).json).toHaveLength(5);
			const other =
				sampleErrors === 'row_errors_sample.json'
					? 'row_error_samples.json'
					: 'row_errors_sample.json';
			expect((await meta(`?path=${other}`)).status).toBe(404);
		},
	);

	it('are there with error diagnostics only, and for thirty days', async () => {
		const off = await runPeople({}, { partialIngestionPercent: 10 });
		expect((await off.meta('?path=row_errors')).status).toBe(404);
		const { wire, meta } = await runPeople();
		await wire.emulator.advanceClock(29 * DAY_MS);
		expect((await meta('?path=row_errors')).status).toBe(200);
		await wire.emulator.advanceClock(2 * DAY_MS);
		expect((await meta('?path=row_errors')).status).toBe(404);
		expect((await meta('?path=row_errors%2Fconversion_errors_0.json')).status).toBe(404);
	});

	it.each(['', '?path=', '?path=row_errors%2Fother.json', '?path=row_errors%2F..%2Fx', '?path=x'])(
		'are not found under %s',
		async (path) => {
			const { meta } = await runPeople();
			expect((await meta(path)).status).toBe(404);
		},
	);

	it('are of one organization and sandbox, and ask for a permission', async () => {
		const { wire, batchId } = await runPeople();
		const path = `${EXPORT}/${batchId}/meta?path=row_errors`;
		const headers = { 'x-sandbox-name': 'dev' };
		expect((await wire.call('GET', path, { headers })).status).toBe(404);
		const client = wire.emulator.addClient({ dataPermissions: ['View Schemas'] });
		const refused = await wire.call('GET', path, { client });
		expect([refused.status, refused.text]).toStrictEqual([
			403,
			expect.stringContaining('View Datasets'),
		]);
		expect((await wire.call('GET', `${CATALOG}/${batchId}`, { client })).status).toBe(403);
		wire.emulator.reset();
		expect((await wire.call('GET', path)).status).toBe(404);
	});
});

describe('A batch', () => {
	it.each([
		['values', true],
		['lists', ['true']],
	] as const)('says what became of its rows, with tags as %s', async (batchTags, tag) => {
		const { wire, batchId } = await runPeople({ batchTags, answerTypes: 'tutorial' });
		const { json } = await wire.call('GET', `${CATALOG}/${batchId}`);
		expect(json).toMatchObject({
			[batchId]: {
				status: 'success',
				tags: { acp_enableErrorDiagnostics: tag },
				metrics: { inputRecordCount: 250, outputRecordCount: 225, failedRecordCount: 25 },
				errors: [
					{ code: 'INGEST-1212-400', description: expect.stringContaining('25 of 250') },
					{ code: 'INGEST-1212-400', recordCount: 25 },
				],
			},
		});
	});

	it('counts no records of a reason without error diagnostics, and may have failed', async () => {
		const { wire, batchId } = await runPeople({ answerTypes: 'tutorial' }, {});
		const { json } = await wire.call('GET', `${CATALOG}/${batchId}`);
		expect(json[batchId]).toMatchObject({
			status: 'failed',
			metrics: { outputRecordCount: 0, failedRecordCount: 25 },
		});
		expect(JSON.stringify(json)).not.toContain('recordCount"');
		expect((await wire.call('GET', `${CATALOG}/${batchId}x`)).status).toBe(404);
	});
});
