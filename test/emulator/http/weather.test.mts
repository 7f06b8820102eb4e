import { testPostgres } from '../../support/postgresGlobal.mts';
import { makeScratchDatabase } from '../../support/scratchDatabase.mts';
import { copyBy, flowBody, made, makeParts } from '../dataflow.mts';
import { basicBody, closeWires, codeOf, openWire, type Wire } from '../wire.mts';

afterAll(closeWires);

const CONNECTIONS = '/connections?limit=100';

/** A flow of public.orders that runs on demand, and how to ask for a run over a window in epoch seconds. */
async function makeOnDemand(wire: Wire, connection: object = basicBody()) {
	const of = await makeParts(wire, {
		connection,
		tableName: 'public.orders',
		fields: { orderId: { type: 'integer' } },
		mappings: [['id', 'orderId']],
	});
	const flowId = await made(wire, '/flows', flowBody(of));
	const order = async (start: number, end: number) =>
		await wire.flow('POST', '/runs', {
			body: {
				flowId,
				params: {
					startTime: '1700000000',
					windowStartTime: String(start),
					windowEndTime: String(end),
					deltaColumn: { name: 'updated_at' },
				},
			},
		});
	return { flowId, order, dataSet: of.dataSet };
}

describe('the weather', () => {
	it('lets lists lag behind what was created, while it is there by its ID', async () => {
		const wire = await openWire({ listLagMs: 60_000 });
		const id = await wire.create(basicBody({}, 'late'));
		expect((await wire.flow('GET', CONNECTIONS)).json.items).toEqual([]);
		expect((await wire.flow('GET', `/connections/${id}`)).json.items[0].id).toBe(id);
		await wire.emulator.advanceClock(60_000);
		expect((await wire.flow('GET', CONNECTIONS)).json.items[0].id).toBe(id);
	});

	it('lets work end after its 504', async () => {
		const wire = await openWire();
		wire.emulator.addFault({
			method: 'POST',
			path: '*/connections',
			kind: 'late',
			delayMs: 60_000,
		});
		const answer = await wire.flow('POST', '/connections', { body: basicBody({}, 'late') });
		expect(answer.status).toBe(504);
		expect(wire.emulator.connections()).toEqual([]);
		await wire.emulator.advanceClock(60_000);
		expect(wire.emulator.connections().map(({ name }) => name)).toEqual(['late']);
		expect(wire.emulator.stats().requests['POST /data/foundation/flowservice/connections']).toBe(1);
	});

	it.each([
		['ahead of the times of entities', { dateSkewMs: 3_600_000 }, 3_600_000],
		['behind them', { dateSkewMs: -3_600_000 }, -3_600_000],
	])('shows a Date that is %s', async (_case, options, skewMs) => {
		const wire = await openWire(options);
		const { headers } = await wire.flow('GET', CONNECTIONS);
		const shown = Date.parse(headers.get('date') ?? '') - Date.now();
		expect(Math.abs(shown - skewMs)).toBeLessThan(60_000);
	});

	it('shows no Date', async () => {
		const wire = await openWire({ dateHeader: false });
		expect((await wire.flow('GET', CONNECTIONS)).headers.get('date')).toBeNull();
	});

	it('does not show who created something', async () => {
		const wire = await openWire({ showsMaker: false });
		const id = await wire.create(basicBody());
		const { json } = await wire.flow('GET', `/connections/${id}`);
		expect(Object.keys(json.items[0])).not.toEqual(
			expect.arrayContaining([expect.stringMatching(/Client|edBy$/)]),
		);
	});

	it('takes so many requests at a time, and refuses one more', async () => {
		const wire = await openWire({ concurrency: 2, latencyMs: 100 });
		await wire.token();
		const answers = await Promise.all(
			Array.from({ length: 3 }, async () => await wire.flow('GET', CONNECTIONS)),
		);
		expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 429]);
		expect((await wire.flow('GET', CONNECTIONS)).status).toBe(200);
	});

	it('answers byte by byte', async () => {
		const wire = await openWire();
		await wire.token();
		wire.emulator.addFault({ method: 'GET', kind: 'trickle', delayMs: 10 });
		const began = Date.now();
		expect((await wire.flow('GET', CONNECTIONS)).json.items).toEqual([]);
		expect(Date.now() - began).toBeGreaterThan(100);
	});

	it('types answers as the API description does where the tutorials differ', async () => {
		const wire = await openWire({ answerTypes: 'openapi' });
		const of = await makeParts(wire, {
			connection: basicBody(),
			tableName: 'public.orders',
			fields: { orderId: { type: 'integer' } },
			mappings: [['id', 'orderId']],
		});
		const schedule = {
			startTime: '2000000000',
			frequency: 'hour',
			interval: '2',
			backfill: 'true',
		};
		const transformations = [copyBy('updated_at'), ...flowBody(of).transformations];
		const flowId = await made(
			wire,
			'/flows',
			flowBody(of, { transformations, scheduleParams: schedule }),
		);
		const [flow] = (await wire.flow('GET', `/flows/${flowId}`)).json.items;
		expect(flow.scheduleParams).toEqual({
			startTime: 2_000_000_000,
			frequency: 'hour',
			interval: 2,
			backfill: true,
		});
		expect(flow.transformations[1].params.mappingVersion).toBe(0);
		expect([flow.etag, typeof flow.eTag]).toEqual([undefined, 'string']);
		wire.emulator.seedRun({ flowId, status: 'success', outputRecordCount: 3, windowStart: 5 });
		const [run] = (await wire.flow('GET', '/runs')).json.items;
		expect(run.metrics.recordSummary.outputRecordCount).toBe('3');
		expect(run.activites[0].durationSummary.extensions.windowStart).toBe('5');
		expect(run.activities).toBeUndefined();
		const mappings = await wire.call(
			'GET',
			`/data/foundation/conversion/mappingSets/${of.mappingId}`,
		);
		expect(mappings.json.version).toBe('0');
	});

	it('shows runs as the newer samples have them', async () => {
		const wire = await openWire({ runForm: 'newer', runDurationMs: 0, scheduledMs: 0 });
		const of = await makeParts(wire, {
			connection: basicBody({ port: '1' }),
			tableName: 'public.orders',
			fields: { orderId: { type: 'integer' } },
			mappings: [['id', 'orderId']],
		});
		const startTime = String(Math.floor(wire.emulator.now() / 1000) + 60);
		const flowId = await made(
			wire,
			'/flows',
			flowBody(of, { scheduleParams: { startTime, frequency: 'once' } }),
		);
		await wire.emulator.advanceClock(120_000);
		const [run] = (await wire.flow('GET', '/runs')).json.items;
		expect(run.activities[0]).toMatchObject({
			id: expect.stringMatching(/^[0-9a-f]{8}-/),
			name: 'PostgreSQL Copy Activity',
			statusSummary: {
				extensions: { errorDetail: expect.stringMatching(/^ErrorCode=.*Message=.*,Source=/) },
			},
		});
		expect(run.metrics.statusSummary.activityRefs).toEqual([run.activities[0].id]);
		const errors = [{ code: 'INGEST-1212-400', message: 'One was rejected' }];
		const outcome = { status: 'partialSuccess', failedRecordCount: 1, errors } as const;
		wire.emulator.seedRun({ flowId, ...outcome });
		const filter = 'metrics.statusSummary.status==partialSuccess';
		const [partial] = (await wire.flow('GET', `/runs?property=${filter}`)).json.items;
		expect(partial.metrics.recordSummary.failedInfo).toEqual(errors);
	});

	it('refuses a run on demand while another one of its flow has not ended', async () => {
		const wire = await openWire({
			concurrentRuns: 'refused',
			scheduledMs: 60_000,
			runDurationMs: 0,
		});
		const { flowId, order } = await makeOnDemand(wire);
		expect((await order(0, 10)).status).toBe(201);
		const refused = await order(10, 20);
		expect([refused.status, codeOf(refused)]).toEqual([400, 'CONNECTOR-1380-400']);
		await wire.emulator.advanceClock(120_000);
		expect((await order(10, 20)).status).toBe(201);
		expect(wire.emulator.runs().map((run) => run.flowId)).toEqual([flowId, flowId]);
	});

	it.each([
		['end', [1, 2]],
		['start', [0, 1]],
	] as const)('loads the %s of a window with it', async (windowEdge, expected) => {
		const wire = await openWire({ windowEdge, scheduledMs: 0, runDurationMs: 0 });
		const database = await makeScratchDatabase();
		await database.owner.query(
			`create table orders as select n as id, to_timestamp(1700000000 + n * 10) as updated_at
			 from generate_series(0, 3) n; grant select on orders to ${testPostgres().username}`,
		);
		const { order, dataSet } = await makeOnDemand(wire, basicBody({ database: database.name }));
		await order(1_700_000_000, 1_700_000_020);
		await wire.emulator.advanceClock(1_000);
		const rows: any[] = await wire.emulator.lakeRows(dataSet.id);
		expect(rows.map((row) => row[dataSet.tenant].orderId)).toEqual(expected);
		await database.drop();
	});

	it('shows integers that a double cannot hold as numbers with all their digits', async () => {
		const wire = await openWire({ bigIntegers: 'numbers' });
		const database = await makeScratchDatabase();
		await database.owner.query(
			`create table big (id bigint, word text); insert into big values (1533947986218845197, '-9');
			 grant select on big to ${testPostgres().username}`,
		);
		const id = await wire.create(basicBody({ database: database.name }));
		const path = `/connections/${id}/explore?objectType=TABLE&object=public.big&preview=true`;
		const { text } = await wire.flow('GET', path);
		expect(text).toContain('{"id":1533947986218845197,"word":"-9"}');
		await database.drop();
	});
});
