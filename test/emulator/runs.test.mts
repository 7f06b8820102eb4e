import { type ScratchDatabase, makeScratchDatabase } from '../support/scratchDatabase.mts';
import { testPostgres } from '../support/postgresGlobal.mts';
import { copyBy, flowBody, made, makeParts, type Parts } from './dataflow.mts';
import { basicBody, closeWires, codeOf, openWire, type Wire } from './wire.mts';

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
const inMinutes = (minutes: number) =>
	String(Math.floor(wire.emulator.now() / 1000) + minutes * 60);
const rows = async ({ dataSet }: Parts): Promise<any[]> =>
	(await wire.emulator.lakeRows(dataSet.id)).map((row) => row[dataSet.tenant]);
const ids = async (of: Parts) => (await rows(of)).map(({ itemId }) => itemId);
const runs = async (flowId: string): Promise<any[]> =>
	(await wire.flow('GET', `/runs?property=flowId==${flowId}&orderby=createdAt`)).json.items;

describe('a flow of frequency once', () => {
	it('copies the whole table at its start time, with equal contents', async () => {
		await insert([
			[1, "O'Neill", -5000],
			[2, 'Björn', -3],
		]);
		await database.owner.query('insert into items (id) values (3)');
		const of = await parts();
		const scheduleParams = { startTime: inMinutes(10), frequency: 'once' };
		const flowId = await made(wire, '/flows', flowBody(of, { scheduleParams }));
		await wire.emulator.advanceClock(9 * MINUTE);
		expect(await runs(flowId)).toEqual([]);
		await wire.emulator.advanceClock(2 * MINUTE);

		const expected = await database.owner.query(`
			select id as "itemId", word, price::float8, sold, to_json(updated_at at time zone 'UTC') as time
			from items order by id`);
		const found = await rows(of);
		expect(found).toEqual(
			expected.rows.map(({ itemId, word, price, sold, time }) =>
				word === null
					? { itemId }
					: { itemId, word, price, sold, updatedAt: expect.stringContaining(time.slice(0, 19)) },
			),
		);
	});
});
