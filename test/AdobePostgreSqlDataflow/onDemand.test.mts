import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { connectionStringOf } from '../support/adobe.mts';
import { runConnectionNode, thrownBy } from '../support/connectionNode.mts';
import { runDataflowNode } from '../support/dataflowNode.mts';
import type { ScratchDatabase } from '../support/scratchDatabase.mts';
import { makeScratchDatabase } from '../support/scratchDatabase.mts';
import { newDataflows } from './newDataflow.mts';

const DAY_MS = 24 * 3_600_000;
const FIVE_MINUTES_MS = 5 * 60_000;
const DAILY: INodeParameters = { schedule: 'day', interval: 1 };

describe('A dataflow that runs on demand', () => {
	const { adobe, create, sent } = newDataflows();

	const run = async (parameters: INodeParameters): Promise<IDataObject> =>
		(await runDataflowNode(adobe, parameters))[0]?.json ?? {};
	const update = async (flowId: unknown, updateFields: INodeParameters) =>
		await run({ operation: 'update', flowId: String(flowId), updateFields });
	const startMs = () => Number(adobe.flows()[0]?.scheduleParams.startTime) * 1000;

	it('is what Create makes by default, and never runs by itself', async () => {
		const { deltaColumn } = await create();
		expect(sent('/flows').scheduleParams).toStrictEqual({
			frequency: 'once',
			startTime: expect.any(String),
		});
		expect(sent('/flows').transformations.map(({ name }: any) => name)).toStrictEqual(['Mapping']);
		expect(deltaColumn).toBe('updated_at');
		await adobe.advanceClock(5 * 365 * DAY_MS);
		expect(adobe.runs()).toHaveLength(0);
	});

	it('fits in 32 bits of epoch seconds', async () => {
		await create();
		expect(startMs() / 1000).toBeLessThan(2 ** 31);
	});

	it('runs by the only column that can mark new rows, and says which', async () => {
		const { flowId } = await create();
		const started = await run({ operation: 'run', flowId: String(flowId) });
		expect(started).toMatchObject({ action: 'started', deltaColumn: 'updated_at' });
		// From then on Adobe knows it, and Create finds nothing that differs.
		expect(await create({ deltaColumn: 'updated_at' })).toMatchObject({
			action: 'unchanged',
			deltaColumn: 'updated_at',
		});
	});

	it.each<[string, INodeParameters, INodeParameters, object]>([
		['once', {}, { schedule: 'once' }, { frequency: 'once' }],
		['daily', {}, DAILY, { frequency: 'day', interval: '1' }],
	])('is changed to %s, which starts in five minutes', async (_to, made, fields, schedule) => {
		const began = Date.now();
		const { flowId } = await create(made);
		expect(await update(flowId, fields)).toMatchObject({ action: 'updated' });
		expect(adobe.flows()[0]?.scheduleParams).toMatchObject(schedule);
		expect(startMs()).toBeGreaterThanOrEqual(began + FIVE_MINUTES_MS);
		expect(startMs()).toBeLessThan(Date.now() + 2 * FIVE_MINUTES_MS);
		await adobe.advanceClock(2 * FIVE_MINUTES_MS);
		expect(adobe.runs()).toHaveLength(1);
	});

	it('is what a daily one is changed to, or one that is to run once', async () => {
		for (const made of [DAILY, { schedule: 'once' }]) {
			const { flowId } = await create({ ...made, name: JSON.stringify(made).slice(2, 20) });
			expect(await update(flowId, { schedule: 'onDemand' })).toMatchObject({ action: 'updated' });
			expect(await update(flowId, { schedule: 'onDemand' })).toMatchObject({ action: 'unchanged' });
		}
		await adobe.advanceClock(365 * DAY_MS);
		expect(adobe.runs()).toHaveLength(0);
	});

	it('is left alone where its single run is over', async () => {
		const { flowId } = await create({ schedule: 'once' });
		await adobe.advanceClock(2 * FIVE_MINUTES_MS);
		const later = adobe.now() + DAY_MS;
		const now = jest.spyOn(Date, 'now').mockReturnValue(later);
		try {
			expect(await update(flowId, { schedule: 'onDemand' })).toMatchObject({ action: 'unchanged' });
			expect(await create({})).toMatchObject({ action: 'unchanged', differences: [] });
		} finally {
			now.mockRestore();
		}
	});

	it.each([
		[{ startTime: '2099-01-01' }, "'Start Time' is not for a dataflow with the schedule On Demand"],
		[{ interval: 2 }, "'Interval' is not for a dataflow with the schedule On Demand"],
		[
			{ schedule: 'onDemand', backfill: true },
			"'Backfill' is not for a dataflow with the schedule On Demand",
		],
		[
			{ deltaColumn: 'updated_at' },
			"'Delta Column' is not for a dataflow with the schedule On Demand",
		],
	])('takes nothing of another schedule: %j', async (fields, message) => {
		const { flowId } = await create();
		const thrown = await thrownBy(async () => await update(flowId, fields));
		expect(thrown.message).toContain(message);
		expect(thrown.description).toContain('Schedule');
	});

	describe('by one of several columns', () => {
		let database: ScratchDatabase;
		let events: (columns: string) => Promise<INodeParameters>;

		beforeAll(async () => {
			database = await makeScratchDatabase();
		});

		afterAll(async () => {
			await database.drop();
		});

		beforeEach(async () => {
			const source = {
				authMode: 'connectionString',
				connectionString: connectionStringOf({ ...adobe.postgres, database: database.name }),
			};
			const [made] = await runConnectionNode(
				adobe,
				{ operation: 'create', name: 'Scratch' },
				{ source },
			);
			events = async (columns) => {
				await database.owner.query(`
					drop table if exists events;
					create table events (id int, ${columns});
					grant select on events to public;
				`);
				return { connectionId: String(made?.json.connectionId), table: 'public.events' };
			};
		});

		it.each([
			['changed_on timestamptz, created_at timestamptz', 'changed_on'],
			['created timestamp, last_modified timestamp, update_count int', 'last_modified'],
			['created_at timestamptz, day date', 'created_at'],
		])('takes that of %s which says so', async (columns, expected) => {
			const made = await create({ ...(await events(columns)), ...DAILY });
			expect(made.deltaColumn).toBe(expected);
			expect(sent('/flows').transformations[0].params.deltaColumn.name).toBe(expected);
		});

		it('asks which where that is not clear, in every operation', async () => {
			const table = await events('first_seen timestamptz, last_seen timestamptz');
			const { flowId, ...onDemand } = await create(table);
			expect(onDemand).not.toHaveProperty('deltaColumn');
			for (const work of [
				async () => await create({ ...table, ...DAILY, name: 'Daily' }),
				async () => await create({ ...table, ...DAILY, options: { ifExists: 'update' } }),
				async () => await update(flowId, DAILY),
				async () => await run({ operation: 'run', flowId: String(flowId) }),
			]) {
				const thrown = await thrownBy(work);
				expect(thrown.message).toContain(
					"'Delta Column' is empty, and several columns of the table can be it",
				);
				expect(thrown.description).toContain('first_seen, last_seen');
			}
			expect(adobe.flows()).toHaveLength(1);
			expect(adobe.runs()).toHaveLength(0);
			const parameters = { operation: 'run', flowId: String(flowId), deltaColumn: 'last_seen' };
			expect(await run(parameters)).toMatchObject({ deltaColumn: 'last_seen' });
			const other = { ...table, deltaColumn: 'first_seen', options: { ifExists: 'update' } };
			const thrown = await thrownBy(async () => await create(other));
			expect(thrown.message).toContain("The delta column of a dataflow that runs on demand can't");
		});

		it('refuses a table without any, and offers Once', async () => {
			const table = await events('day date, label text');
			const thrown = await thrownBy(async () => await create({ ...table, ...DAILY }));
			expect(thrown.message).toContain(
				"The table 'public.events' has no column that can be 'Delta Column'",
			);
			expect(thrown.description).toContain('Once');
			await create(table);
		});
	});
});
