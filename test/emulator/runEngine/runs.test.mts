import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ScratchDatabase, makeScratchDatabase } from '../../support/scratchDatabase.mts';
import { testPostgres } from '../../support/postgresGlobal.mts';
import { copyBy, flowBody, made, makeParts, type Parts } from '../dataflow.mts';
import { addedByAdobe, basicBody, closeWires, codeOf, openWire, type Wire } from '../wire.mts';

const READER = testPostgres().username;
const MINUTE = 60_000;

let wire: Wire;
let database: ScratchDatabase;
beforeAll(async () => {
	wire = await openWire({ runDurationMs: 20, scheduledMs: 10 });
	database = await makeScratchDatabase();
});
beforeEach(async () => {
	wire.emulator.reset();
	await database.owner.query(`
		drop table if exists items;
		create table items (id int, word text, price numeric(8,2), sold boolean, updated_at timestamptz);
		grant select on items to ${READER};
	`);
});
afterAll(async () => {
	await closeWires();
	await database.drop();
});

const FIELDS = {
	itemId: { type: 'integer' },
	word: { type: 'string' },
	price: { type: 'number' },
	sold: { type: 'boolean' },
	updatedAt: { type: 'string', format: 'date-time' },
};
const MAPPINGS: Array<[string, string]> = [
	['id', 'itemId'],
	['word', 'word'],
	['price', 'price'],
	['sold', 'sold'],
	['updated_at', 'updatedAt'],
];

/** Inserts rows; the time is so many minutes from the emulator's own. */
const insert = async (rows: Array<[id: number, word: string, minutes: number]>) => {
	for (const [id, word, minutes] of rows) {
		const time = new Date(wire.emulator.now() + minutes * MINUTE).toISOString();
		await database.owner.query('insert into items values ($1, $2, 1.5, true, $3)', [
			id,
			word,
			time,
		]);
	}
};
const parts = async (over: Partial<Parameters<typeof makeParts>[1]> = {}): Promise<Parts> =>
	await makeParts(wire, {
		connection: basicBody({ database: database.name }),
		tableName: 'public.items',
		fields: FIELDS,
		mappings: MAPPINGS,
		...over,
	});
/** With the time in one spelling: the number of its digits is not the point. */
const withDate = ({ updatedAt, ...row }: any) =>
	updatedAt === undefined ? row : { ...row, updatedAt: new Date(updatedAt).toISOString() };
const inMinutes = (minutes: number) =>
	String(Math.floor(wire.emulator.now() / 1000) + minutes * 60);
const rows = async ({ dataSet }: Parts): Promise<any[]> =>
	(await wire.emulator.lakeRows(dataSet.id)).map((row) => row[dataSet.tenant]);
const ids = async (of: Parts) => (await rows(of)).map(({ itemId }) => itemId);
const runs = async (flowId: string): Promise<any[]> =>
	(await wire.flow('GET', `/runs?property=flowId==${flowId}&orderby=createdAt&limit=200`)).json
		.items;

const flow = async (of: Parts, over: object = {}) => await made(wire, '/flows', flowBody(of, over));
const every15 = (startTime: string, more: object = {}) => ({
	startTime,
	frequency: 'minute',
	interval: '15',
	...more,
});
const recurring = (of: Parts, startTime: string, over: object = {}, more: object = {}) =>
	flowBody(of, {
		transformations: [copyBy('updated_at'), ...flowBody(of).transformations],
		scheduleParams: every15(startTime, more),
		...over,
	});
const order = async (flowId: string, params: object = {}) =>
	await wire.flow('POST', '/runs', {
		body: {
			flowId,
			params: {
				startTime: inMinutes(0),
				windowStartTime: '0',
				windowEndTime: inMinutes(0),
				deltaColumn: { name: 'updated_at' },
				...params,
			},
		},
	});
const records = (run: any) => {
	const { inputRecordCount, outputRecordCount, failedRecordCount } = run.metrics.recordSummary;
	return [inputRecordCount, outputRecordCount, failedRecordCount];
};
const status = (run: any): string => run.metrics.statusSummary.status;
/** What the promotion activity says was wrong. */
const reasons = (run: any): any[] => run.activities.at(-1).statusSummary.extensions.errors;

const warnings = (run: any): any[] => run.activities.at(-1).statusSummary.extensions.warnings;

describe('a flow of frequency once', () => {
	it('copies the whole table at its start time, with equal contents', async () => {
		await insert([
			[1, "O'Neill", -5000],
			[2, 'Björn', -3],
		]);
		await database.owner.query('insert into items (id) values (3)');
		const of = await parts();
		const scheduleParams = { startTime: inMinutes(10), frequency: 'once' };
		const flowId = await flow(of, { scheduleParams });
		await wire.emulator.advanceClock(9 * MINUTE);
		expect(await runs(flowId)).toEqual([]);
		await wire.emulator.advanceClock(2 * MINUTE);

		const expected = await database.owner.query(`
			select id as "itemId", word, price::float8, sold,
				replace(replace(updated_at::text, ' ', 'T'), '+00', 'Z') as "updatedAt"
			from (select * from items order by id) as sorted`);
		expect((await rows(of)).map(withDate)).toEqual(
			expected.rows.map((row) =>
				withDate(Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null))),
			),
		);
		expect((await runs(flowId)).map((run) => [status(run), ...records(run)])).toEqual([
			['success', 3, 3, 0],
		]);
		await wire.emulator.advanceClock(100 * 24 * 60 * MINUTE);
		expect(await runs(flowId)).toHaveLength(1);
	});

	it('brings the sample table of 5,000 orders, row by row as the database has it', async () => {
		const of = await parts({
			connection: basicBody(),
			tableName: 'public.orders',
			fields: {
				orderId: { type: 'integer' },
				customer: { type: 'string' },
				total: { type: 'number' },
				status: { type: 'string' },
				updatedAt: { type: 'string', format: 'date-time' },
			},
			mappings: [
				['id', 'orderId'],
				['customer_id', 'customer'],
				['total', 'total'],
				['upper(status)', 'status', 'EXPRESSION'],
				['updated_at', 'updatedAt'],
			],
		});
		await flow(of, { scheduleParams: { startTime: inMinutes(1), frequency: 'once' } });
		await wire.emulator.advanceClock(2 * MINUTE);
		const sales = await database.logInTo(testPostgres().database);
		const expected = await sales.query(`
			select id::int as "orderId", customer_id as customer, total::float8, upper(status::text) as status,
				to_char(updated_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as "updatedAt"
			from orders order by id`);
		await sales.end();
		expect(expected.rows).toHaveLength(5000);
		const found = (await rows(of)).sort((a, b) => a.orderId - b.orderId);
		const hash = (of: unknown[]) => createHash('sha256').update(JSON.stringify(of)).digest('hex');
		expect(found[0]).toEqual(expected.rows[0]);
		expect(hash(found)).toBe(hash(expected.rows));
	});

	it('copies the columns of its source connection only', async () => {
		await insert([[1, 'a', -1]]);
		const of = await parts({ columns: ['id', 'sold'] });
		await flow(of, { scheduleParams: { startTime: inMinutes(1), frequency: 'once' } });
		await wire.emulator.advanceClock(2 * MINUTE);
		// A mapping of a column that was not copied leaves its field empty, with a warning.
		expect(await rows(of)).toEqual([{ itemId: 1, sold: true }]);
		expect(warnings(wire.emulator.runs()[0])).toContainEqual({
			code: 'MAPPER-3700-400',
			message: expect.stringContaining('word'),
			recordCount: 1,
		});
	});

	it('runs by the real clock as well, and keeps no process alive for it', async () => {
		await insert([[1, 'a', -1]]);
		const of = await parts();
		const flowId = await flow(of, {
			scheduleParams: { startTime: String(Math.ceil(Date.now() / 1000)), frequency: 'once' },
		});
		for (let n = 0; n < 100 && (await ids(of)).length === 0; n++) await sleep(50);
		expect(await ids(of)).toEqual([1]);
		expect((await runs(flowId)).map(status)).toEqual(['success']);
	});
});

describe('a recurring flow', () => {
	it('brings everything up to its start, then exactly what is new', async () => {
		await insert([
			[1, 'old', -60 * 24 * 400],
			[2, 'fresh', -1],
			[3, 'of the future', 10],
		]);
		const of = await parts();
		const flowId = await made(wire, '/flows', recurring(of, inMinutes(1)));
		await wire.emulator.advanceClock(2 * MINUTE);
		expect((await ids(of)).sort()).toEqual([1, 2]);
		await insert([[4, 'new', 1]]);
		await database.owner.query('insert into items (id) values (5)');
		await wire.emulator.advanceClock(15 * MINUTE);
		expect((await ids(of)).sort()).toEqual([1, 2, 3, 4]);
		await wire.emulator.advanceClock(15 * MINUTE);
		const all = await runs(flowId);
		expect(all.map((run) => [status(run), ...records(run)])).toEqual([
			['success', 2, 2, 0],
			['success', 2, 2, 0],
			['success', 0, 0, 0],
		]);
		const windows = all.map((run) => run.activities[0].durationSummary.extensions);
		const start = Number(wire.emulator.flows()[0]?.scheduleParams.startTime) * 1000;
		expect(windows).toEqual([
			{ windowStart: 0, windowEnd: start },
			{ windowStart: start, windowEnd: start + 15 * MINUTE },
			{ windowStart: start + 15 * MINUTE, windowEnd: start + 30 * MINUTE },
		]);
	});

	it('has a run for each time that has come due, in order, each after the one before', async () => {
		const of = await parts();
		const flowId = await made(wire, '/flows', recurring(of, inMinutes(1)));
		await wire.emulator.advanceClock(6 * 60 * MINUTE);
		const all = await runs(flowId);
		expect(all).toHaveLength(24);
		let before = 0;
		for (const { metrics } of all) {
			expect(metrics.durationSummary.startedAtUTC).toBeGreaterThan(before);
			before = metrics.durationSummary.completedAtUTC;
		}
	});

	it('without backfill leaves out what is older than its start', async () => {
		await insert([
			[1, 'old', -1],
			[2, 'new', 5],
		]);
		const of = await parts();
		await made(wire, '/flows', recurring(of, inMinutes(1), {}, { backfill: 'false' }));
		await wire.emulator.advanceClock(20 * MINUTE);
		expect(await ids(of)).toEqual([2]);
	});

	it('has no runs while it is disabled, and catches up with the first one afterwards', async () => {
		const of = await parts();
		const flowId = await made(wire, '/flows', recurring(of, inMinutes(1)));
		await wire.emulator.advanceClock(2 * MINUTE);
		await wire.flow('POST', `/flows/${flowId}/action?op=disable`);
		await insert([[1, 'meanwhile', 20]]);
		await wire.emulator.advanceClock(45 * MINUTE);
		expect(await runs(flowId)).toHaveLength(1);
		await wire.flow('POST', `/flows/${flowId}/action?op=enable`);
		await wire.emulator.advanceClock(15 * MINUTE);
		expect(await runs(flowId)).toHaveLength(2);
		expect(await ids(of)).toEqual([1]);
	});

	it('has no runs once it is deleted, and other times once its schedule is changed', async () => {
		const of = await parts();
		const kept = await made(wire, '/flows', recurring(of, inMinutes(1)));
		const gone = await made(wire, '/flows', recurring(of, inMinutes(1)));
		await wire.flow('DELETE', `/flows/${gone}`);
		const { etag } = wire.emulator.flows()[0] ?? { etag: '' };
		const patched = await wire.flow('PATCH', `/flows/${kept}`, {
			headers: { 'if-match': etag },
			body: [
				{ op: 'replace', path: '/scheduleParams/frequency', value: 'hour' },
				{ op: 'replace', path: '/scheduleParams/interval', value: 2 },
			],
		});
		expect(patched.status).toBe(200);
		await wire.emulator.advanceClock(5 * 60 * MINUTE);
		expect(await runs(gone)).toEqual([]);
		expect(await runs(kept)).toHaveLength(3);
	});
});

describe('records that do not fit', () => {
	/** Of four rows, two have something wrong. */
	const wrong = async (options?: object, required = ['price']) => {
		await insert([
			[1, 'a', -4],
			[2, 'b', -3],
			[3, 'c', -2],
		]);
		await database.owner.query(
			"insert into items values (4, 'wrong', 'NaN', true, now()), (5, 'wrong', 'NaN', true, now())",
		);
		const of = await parts({ required });
		const scheduleParams = { startTime: inMinutes(1), frequency: 'once' };
		const flowId = await flow(of, { scheduleParams, ...(options && { options }) });
		await wire.emulator.advanceClock(2 * MINUTE);
		return { of, run: (await runs(flowId))[0] };
	};

	it('are taken in without the field that cannot be transformed, with a warning', async () => {
		const { of, run } = await wrong(undefined, []);
		expect([status(run), ...records(run)]).toEqual(['success', 5, 5, 0]);
		expect((await rows(of)).filter(({ price }) => price === undefined)).toHaveLength(2);
		expect(run.metrics.statusSummary.errors).toBeUndefined();
		expect(warnings(run)).toEqual([
			{
				code: 'MAPPER-3700-400',
				message: expect.stringContaining('price'),
				recordCount: 2,
			},
		]);
	});

	it.each<[string, object | undefined]>([
		['without partial ingestion', undefined],
		['with diagnostics only', { errorDiagnosticsEnabled: true }],
		['beyond the percentage', { partialIngestionPercent: 39 }],
	])('fail the run %s', async (_case, options) => {
		const { of, run } = await wrong(options);
		expect([status(run), ...records(run)]).toEqual(['failed', 5, 0, 2]);
		expect(await rows(of)).toEqual([]);
		expect(run.metrics.sizeSummary.outputBytes).toBe(0);
		expect(run.metrics.statusSummary.errors).toEqual([
			{ code: 'CONNECTOR-2001-500', message: 'Error occurred at promotion activity.' },
		]);
	});

	it('are rejected within the percentage, and the run succeeds with errors', async () => {
		const { of, run } = await wrong({ partialIngestionPercent: 40, errorDiagnosticsEnabled: true });
		expect([status(run), ...records(run)]).toEqual(['success', 5, 3, 2]);
		expect((await ids(of)).sort()).toEqual([1, 2, 3]);
		expect(run.metrics.statusSummary.errors).toHaveLength(1);
		const [first, ...counted] = reasons(run);
		expect(first).toEqual({
			code: 'INGEST-1212-400',
			message: '2 of 5 records were rejected, the others were ingested.',
		});
		expect(counted).toEqual(
			['MAPPER-3700-400', 'INGEST-1212-400'].map((code) => ({
				code,
				message: expect.stringContaining('price'),
				recordCount: 2,
			})),
		);
		const { manifest } = run.activities[1].statusSummary.extensions;
		const [batch] = run.activities[1].targetInfo[0].reference.ids;
		expect(manifest.failedRecords).toContain(`/batches/${batch}/`);
	});
});

describe('a database', () => {
	it('that cannot be reached fails the run, and the password is nowhere', async () => {
		const of = await parts({ connection: basicBody({ port: '1', password: 'very-secret-1' }) });
		const scheduleParams = { startTime: inMinutes(1), frequency: 'once' };
		const flowId = await flow(of, { scheduleParams });
		await wire.emulator.advanceClock(2 * MINUTE);
		const [run] = await runs(flowId);
		expect([status(run), ...records(run)]).toEqual(['failed', 0, 0, 0]);
		expect(run.metrics.sizeSummary).toEqual({ inputBytes: -1, outputBytes: 0 });
		expect(run.metrics.statusSummary.errors[0].code).toBe('CONNECTOR-1001-500');
		expect(run.activities).toHaveLength(1);
		expect(run.activities[0].statusSummary.extensions.errors).toEqual([
			{ code: 'CONNECTOR-1308-400', message: expect.stringContaining('cannot be reached') },
		]);
		expect(JSON.stringify(run)).not.toContain('very-secret-1');
	});

	it.each<[string, object, string]>([
		['without the table', { tableName: 'public.nowhere' }, 'CONNECTOR-1330-400'],
		['with another table name', { tableName: 'items' }, 'CONNECTOR-1330-400'],
		['without a column', { columns: ['id', 'gone'] }, 'CONNECTOR-1312-400'],
	])('%s fails the run', async (_case, over, code) => {
		const of = await parts(over);
		await flow(of, { scheduleParams: { startTime: inMinutes(1), frequency: 'once' } });
		await wire.emulator.advanceClock(2 * MINUTE);
		const [run] = wire.emulator.runs() as any[];
		expect(status(run)).toBe('failed');
		expect(run.activities[0].statusSummary.extensions.errors[0].code).toBe(code);
	});

	it.each<[string, string, string]>([
		['is not there', 'gone', 'CONNECTOR-1312-400'],
		['holds no times', 'word', 'CONNECTOR-1308-400'],
		['is of a type that cannot be one', 'sold', 'CONNECTOR-1308-400'],
	])('whose delta column %s fails the run', async (_case, name, code) => {
		await insert([[1, 'not a time', -1]]);
		const of = await parts();
		const { transformations } = flowBody(of);
		const over = { transformations: [copyBy(name), ...transformations] };
		await made(wire, '/flows', recurring(of, inMinutes(1), over));
		await wire.emulator.advanceClock(2 * MINUTE);
		const [run] = wire.emulator.runs() as any[];
		expect(status(run)).toBe('failed');
		expect(run.activities[0].statusSummary.extensions.errors[0].code).toBe(code);
	});
});

describe('a run on demand', () => {
	it('brings the rows of its window, and keeps the delta column', async () => {
		await insert([
			[1, 'before', -60],
			[2, 'within', -30],
			[3, 'after', -10],
		]);
		const of = await parts();
		const flowId = await flow(of);
		const window = { windowStartTime: inMinutes(-45), windowEndTime: inMinutes(-20) };
		const answer = await order(flowId, window);
		expect(answer.status).toBe(201);
		await wire.emulator.advanceClock(0);
		expect(await ids(of)).toEqual([2]);
		expect(wire.emulator.flows()[0]?.transformations[0]).toEqual(copyBy('updated_at'));
		// Needed the first time only, and numbers do as well as texts.
		const numbers = {
			windowStartTime: Number(inMinutes(-20)),
			windowEndTime: Number(inMinutes(0)),
		};
		const second = await order(flowId, { ...numbers, deltaColumn: undefined });
		expect(second.status).toBe(201);
		await wire.emulator.advanceClock(0);
		expect(await ids(of)).toEqual([2, 3]);
		expect((await runs(flowId)).map((run) => run.id)).toEqual([
			answer.json.items[0].id,
			second.json.items[0].id,
		]);
	});

	it('does not take a row twice that lies on the edge of two windows', async () => {
		const edge = Math.floor(wire.emulator.now() / MINUTE - 30) * MINUTE;
		const times = [edge - 1, edge, edge + 1].map((ms) => new Date(ms).toISOString());
		for (const [n, time] of times.entries()) {
			await database.owner.query('insert into items (id, updated_at) values ($1, $2)', [n, time]);
		}
		const of = await parts();
		const flowId = await flow(of);
		await order(flowId, { windowEndTime: String(edge / 1000) });
		await wire.emulator.advanceClock(0);
		expect((await ids(of)).sort()).toEqual([0, 1]);
		await order(flowId, { windowStartTime: String(edge / 1000) });
		await wire.emulator.advanceClock(0);
		expect((await ids(of)).sort()).toEqual([0, 1, 2]);
	});

	it('goes from scheduled over inProgress to success', async () => {
		await insert([[1, 'a', -1]]);
		const slow = await openWire({ runDurationMs: 2000, runCreateAnswer: 'full' });
		const before = wire;
		wire = slow;
		const of = await parts();
		const flowId = await flow(of);
		const { json: first } = await order(flowId);
		const seen = [status(first)];
		for (let n = 0; n < 100 && seen.at(-1) !== 'success'; n++) {
			const [run] = (await wire.flow('GET', `/runs/${first.id}`)).json.items;
			if (seen.at(-1) !== status(run)) seen.push(status(run));
			await sleep(50);
		}
		wire = before;
		expect(seen).toEqual(['scheduled', 'inProgress', 'success']);
	});

	it.each<['items' | 'bare' | 'full', (json: any) => unknown]>([
		['items', (json) => json.items[0]],
		['bare', (json) => json],
		['full', (json) => ({ id: json.id, etag: json.etag })],
	])('can be answered in the form %s', async (runCreateAnswer, pick) => {
		const other = await openWire({ runCreateAnswer });
		const before = wire;
		wire = other;
		const flowId = await flow(await parts());
		const { json } = await order(flowId);
		wire = before;
		expect(pick(json)).toEqual({ id: expect.any(String), etag: expect.stringMatching(/^".+"$/) });
		if (runCreateAnswer === 'full') expect(status(json)).toBe('scheduled');
	});

	it('waits for its start time', async () => {
		const flowId = await flow(await parts());
		await order(flowId, { startTime: inMinutes(5) });
		await wire.emulator.advanceClock(4 * MINUTE);
		expect((await runs(flowId)).map(status)).toEqual(['scheduled']);
		await wire.emulator.advanceClock(2 * MINUTE);
		expect((await runs(flowId)).map(status)).toEqual(['success']);
	});

	it.each<[string, object, string]>([
		['whose window ends before it begins', { windowEndTime: '1', windowStartTime: '2' }, '1381'],
		['with another delta column than the first', { deltaColumn: { name: 'word' } }, '1382'],
		['without a beginning of the window', { windowStartTime: undefined }, '1384'],
		['without an end of the window', { windowEndTime: undefined }, '1384'],
		['without a start time', { startTime: undefined }, '1384'],
		['with milliseconds', { windowEndTime: String(Date.now()) }, '1384'],
		['with text for a time', { windowEndTime: 'now' }, '1384'],
	])('%s is refused', async (_case, params, code) => {
		const of = await parts();
		const flowId = await flow(of);
		expect((await order(flowId)).status).toBe(201);
		const answer = await order(flowId, params);
		expect([answer.status, codeOf(answer)]).toEqual([400, `CONNECTOR-${code}-400`]);
		expect(await runs(flowId)).toHaveLength(1);
	});

	it.each<[string, (of: Parts) => Promise<string>, object, string]>([
		['without params', flow, { params: {} }, 'CONNECTOR-1384-400'],
		['without a delta column', flow, { delta: undefined }, 'CONNECTOR-1383-400'],
		['of no flow', async () => '', {}, 'FLOW-1446-400'],
		['of an unknown flow', async () => 'x', {}, 'FLOW-1430-400'],
		[
			'of a recurring flow',
			async (of) => await made(wire, '/flows', recurring(of, inMinutes(1))),
			{},
			'CONNECTOR-1386-400',
		],
		[
			'of a disabled flow',
			async (of) => {
				const id = await flow(of);
				await wire.flow('POST', `/flows/${id}/action?op=disable`);
				return id;
			},
			{},
			'FLOW-1444-400',
		],
	])('%s is refused', async (_case, makeFlow, over, code) => {
		const flowId = await makeFlow(await parts());
		const answer =
			'params' in over
				? await wire.flow('POST', '/runs', { body: { flowId, ...over } })
				: await order(flowId, 'delta' in over ? { deltaColumn: undefined } : {});
		expect([answer.status, codeOf(answer)]).toEqual([400, code]);
		expect(wire.emulator.runs()).toEqual([]);
	});

	it('is not for those who may only view', async () => {
		const flowId = await flow(await parts());
		const client = wire.emulator.addClient({ permissions: ['read'] });
		const answer = await wire.flow('POST', '/runs', { client, body: { flowId } });
		expect(codeOf(answer)).toBe('FLOW-2118-403');
		expect((await wire.flow('GET', '/runs', { client })).status).toBe(200);
	});
});

describe('to trigger a run again', () => {
	it('after a failure makes a new run of the same window', async () => {
		await insert([[1, 'a', -30]]);
		await database.owner.query(`revoke select on items from ${READER}`);
		const of = await parts();
		const flowId = await flow(of);
		await order(flowId, { windowStartTime: inMinutes(-45) });
		await wire.emulator.advanceClock(0);
		const [failed] = await runs(flowId);
		expect(status(failed)).toBe('failed');
		await database.owner.query(`grant select on items to ${READER}`);
		const answer = await wire.flow('POST', `/runs/${failed.id}/action?op=re-trigger`);
		expect(answer.status).toBe(200);
		expect(answer.json).toEqual({ id: expect.any(String), etag: expect.any(String) });
		expect(answer.json.id).not.toBe(failed.id);
		await wire.emulator.advanceClock(0);
		expect(await ids(of)).toEqual([1]);
		const all = await runs(flowId);
		expect(all.map(status)).toEqual(['failed', 'success']);
		const [first, second] = all.map((run) => run.activities[0].durationSummary.extensions);
		expect(second).toEqual(first);
	});

	it.each<[string, object, string | undefined]>([
		['a failed run', { status: 'failed' }, undefined],
		['a run that brought nothing', { status: 'success' }, undefined],
		['a run that brought something', { status: 'success', outputRecordCount: 1 }, '1387'],
		['a scheduled run', { status: 'scheduled' }, '1387'],
		['a run in progress', { status: 'inProgress' }, '1387'],
	])('%s is answered by its code, if any', async (_case, outcome, code) => {
		const flowId = await flow(await parts());
		const { id } = wire.emulator.seedRun({ flowId, ...outcome } as never);
		const answer = await wire.flow('POST', `/runs/${id}/action?op=RE_TRIGGER`);
		expect(codeOf(answer)).toBe(code && `CONNECTOR-${code}-400`);
		expect(wire.emulator.runs()).toHaveLength(code === undefined ? 2 : 1);
	});

	it('wants an enabled flow, and knows no other action', async () => {
		const flowId = await flow(await parts());
		const { id } = wire.emulator.seedRun({ flowId, status: 'failed' });
		const other = await wire.flow('POST', `/runs/${id}/action?op=stop`);
		expect(codeOf(other)).toBe('CONNECTOR-1333-400');
		await wire.flow('POST', `/flows/${flowId}/action?op=disable`);
		const answer = await wire.flow('POST', `/runs/${id}/action?op=re-trigger`);
		expect(codeOf(answer)).toBe('CONNECTOR-1388-400');
	});

	it('is the only way to write a run that is there', async () => {
		const flowId = await flow(await parts());
		const { id } = wire.emulator.seedRun({ flowId, status: 'failed' });
		const answer = await wire.flow('PUT', `/runs/${id}`, { body: {} });
		expect(codeOf(answer)).toBe('FLOW-1427-400');
	});
});

it('a run has the shape of the samples, with counts of what was really done', async () => {
	await insert([
		[1, 'a', -1],
		[2, 'b', -1],
	]);
	const of = await parts();
	const flowId = await flow(of);
	const { id } = (await order(flowId)).json.items[0];
	await wire.emulator.advanceClock(0);
	const [run] = (await wire.flow('GET', `/runs/${id}`)).json.items;
	const batch = expect.stringMatching(/^[0-9A-HJKMNP-TV-Z]{26}$/);
	const times = { startedAtUTC: expect.any(Number), completedAtUTC: expect.any(Number) };
	const lines = (await wire.emulator.lakeRows(of.dataSet.id)).map((row) => JSON.stringify(row));
	const outputBytes = Buffer.byteLength(`${lines.join('\n')}\n`);
	const { inputBytes } = run.metrics.sizeSummary;
	expect(inputBytes).toBeGreaterThan(0);
	const recordSummary = { inputRecordCount: 2, outputRecordCount: 2, failedRecordCount: 0 };
	expect(run).toEqual({
		id,
		flowId,
		...addedByAdobe(wire),
		flowSpec: { id: '14518937-270c-4525-bdec-c2ba7cce3860', version: '1.0' },
		providerRefId: expect.any(String),
		etag: expect.stringMatching(/^".+"$/),
		metrics: {
			durationSummary: times,
			sizeSummary: { inputBytes, outputBytes },
			recordSummary,
			fileSummary: { inputFileCount: 1, outputFileCount: 1 },
			statusSummary: { status: 'success' },
		},
		activities: [
			{
				id: 'copyActivity',
				updatedAtUTC: expect.any(Number),
				durationSummary: {
					...times,
					extensions: { windowStart: 0, windowEnd: expect.any(Number) },
				},
				sizeSummary: { inputBytes, outputBytes: inputBytes },
				recordSummary: {},
				fileSummary: { inputFileCount: 1, outputFileCount: 1 },
				statusSummary: { status: 'success', extensions: { type: 'one-time' } },
				sourceInfo: [
					{
						id: of.sourceId,
						type: 'SourceConnection',
						reference: { type: 'AdfRunId', ids: [expect.any(String)] },
					},
				],
			},
			{
				id: 'promotionActivity',
				updatedAtUTC: expect.any(Number),
				durationSummary: times,
				sizeSummary: { inputBytes, outputBytes },
				recordSummary,
				fileSummary: {
					inputFileCount: 1,
					outputFileCount: 1,
					extensions: { manifest: { fileInfo: expect.stringContaining('meta?path=input_files') } },
				},
				statusSummary: { status: 'success' },
				targetInfo: [
					{
						id: of.targetId,
						type: 'TargetConnection',
						reference: { type: 'Batch', ids: [batch] },
					},
				],
			},
		],
	});
	const [name] = await readdir(join(wire.emulator.lakeFolder, of.dataSet.id));
	expect(name).toBe(`${run.activities[1].targetInfo[0].reference.ids[0]}.ndjson`);
	const [flowItem] = (await wire.flow('GET', `/flows/${flowId}`)).json.items;
	expect(flowItem.lastRunDetails).toEqual({
		id,
		state: 'success',
		...run.metrics.durationSummary,
	});
});

it('the data lake is a folder from its first batch until the emulator closes', async () => {
	const before = wire;
	wire = await openWire({ scheduledMs: 0, runDurationMs: 0 });
	const { emulator } = wire;
	expect(existsSync(emulator.lakeFolder)).toBe(false);
	await insert([[1, 'a', -1]]);
	const flowId = await flow(await parts());
	await order(flowId);
	await emulator.advanceClock(0);
	expect(existsSync(emulator.lakeFolder)).toBe(true);
	await emulator.close();
	wire = before;
	expect(existsSync(emulator.lakeFolder)).toBe(false);
});
