import { createHash } from 'node:crypto';
import { request } from 'node:http';
import { testPostgres } from '../../support/postgresGlobal.mts';
import { makeScratchDatabase, type ScratchDatabase } from '../../support/scratchDatabase.mts';
import { flowBody, made, makeParts, type Parts } from '../dataflow.mts';
import { basicBody, closeWires, openWire, type Wire } from '../wire.mts';

const READER = testPostgres().username;
const HOSTILE = `<script>alert("it's me")</script>&amp;`;
const ESCAPED = '&lt;script&gt;alert(&quot;it&#39;s me&quot;)&lt;/script&gt;&amp;amp;';

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
		create table items (id int, word text, updated_at timestamptz default '2020-01-01');
		grant select on items to ${READER};
	`);
});
afterAll(async () => {
	await closeWires();
	await database.drop();
});

/** Status, headers and body of a GET; fetch would not let `Host` be set. */
async function load(path = '/', headers: Record<string, string> = {}) {
	const { hostname, port, host } = new URL(wire.emulator.platformUrl);
	return await new Promise<{
		status: number | undefined;
		headers: NodeJS.Dict<string | string[]>;
		text: string;
	}>((resolve, reject) => {
		request({ hostname, port, path, headers: { host, ...headers } }, (answer) => {
			let text = '';
			answer.setEncoding('utf8');
			answer.on('data', (part: string) => (text += part));
			answer.on('end', () => resolve({ status: answer.statusCode, headers: answer.headers, text }));
		})
			.on('error', reject)
			.end();
	});
}

/** What a reader sees in `<main>`, in one line. */
const wordsOf = (page: string) =>
	(/<main>([^]*)<\/main>/.exec(page)?.[1] ?? '')
		.replace(/<[^>]*>/g, ' ')
		.replace(/\s+/g, ' ')
		.trim();

const insert = async (count: number, word = 'word') => {
	await database.owner.query(
		`insert into items select n, $1, '2020-01-01'::timestamptz from generate_series(1, $2::int) n`,
		[word, count],
	);
};

async function makeFlow(name = 'Items', connection = basicBody({ database: database.name })) {
	const parts: Parts = await makeParts(wire, {
		connection,
		tableName: 'public.items',
		fields: { itemId: { type: 'integer' }, word: { type: 'string' } },
		mappings: [
			['id', 'itemId'],
			['word', 'word'],
		],
	});
	return { parts, flowId: await made(wire, '/flows', flowBody(parts, { name })) };
}

/** Runs a dataflow on demand and waits for the end. */
async function run(flowId: string) {
	const now = Math.floor(wire.emulator.now() / 1000);
	const deltaColumn = { name: 'updated_at' };
	const params = { startTime: now, windowStartTime: 0, windowEndTime: now, deltaColumn };
	const { status } = await wire.flow('POST', '/runs', { body: { flowId, params } });
	expect(status).toBe(201);
	await wire.emulator.advanceClock(1000);
}

describe("the emulator's page", () => {
	it('says what to do while there is nothing', async () => {
		const { status, headers, text } = await load();
		expect(status).toBe(200);
		expect(headers['content-type']).toBe('text/html; charset=utf-8');
		expect(text).toMatch(/^<!doctype html>/);
		const words = wordsOf(text);
		expect(words).toMatch(/^0 connections 0 dataflows 0 runs 0 rows Connections No connection yet/);
		expect(words).toContain('Datasets without rows:');
	});

	it('shows connections, dataflows, runs, and the rows that arrived', async () => {
		await insert(2);
		const { flowId, parts } = await makeFlow();
		const before = wordsOf((await load()).text);
		expect(before).toContain('1 connection 1 dataflow 0 runs 0 rows');
		expect(before).toMatch(/Items enabled public\.items Table [\w-]+ On demand – prod/);

		await run(flowId);
		const words = wordsOf((await load()).text);
		const { server, port } = testPostgres();
		expect(words).toContain('1 connection 1 dataflow 1 run 2 rows');
		expect(words).toContain(`Sales enabled ${server}:${port} / ${database.name} Basic prod`);
		expect(words).toContain(parts.connectionId);
		expect(words).toMatch(/On demand success prod/);
		expect(words).toMatch(/Items success 2 2 0 /);
		expect(words).toMatch(/2 rows · sandbox prod # itemId word 2 2 word 1 1 word/);
	});

	it('shows the reason of a run that failed', async () => {
		const { flowId } = await makeFlow();
		await database.owner.query('drop table items');
		await run(flowId);
		expect(wordsOf((await load()).text)).toMatch(
			/Items failed – – – .* No columns are found for the table public\.items\./,
		);
	});

	it('shows the last twenty rows of a dataset, over all runs, and how many there are', async () => {
		await insert(15);
		const { flowId } = await makeFlow();
		await run(flowId);
		await run(flowId);
		const { text } = await load();
		expect(wordsOf(text)).toContain('30 rows · the last 20 are shown');
		const numbers = [...text.matchAll(/class="nth">(\d+)</g)].map(([, number]) => Number(number));
		expect(numbers).toStrictEqual(Array.from({ length: 20 }, (_one, index) => 30 - index));
	});

	it('shows no more than the newest of many', async () => {
		const { parts } = await makeFlow();
		for (let count = 0; count < 55; count++) await wire.create(basicBody({}, `Many ${count}`));
		wire.emulator.markInUse(
			parts.connectionId,
			Array.from({ length: 60 }, (_one, index) => `Flow ${index}`),
		);
		const [flow] = wire.emulator.flows();
		for (let count = 0; count < 30; count++)
			wire.emulator.seedRun({ flowId: flow?.id ?? '', status: 'success' });
		const words = wordsOf((await load()).text);
		expect(words).toContain('56 connections 60 dataflows 30 runs');
		expect(words).toContain('The newest 50 of 56.');
		expect(words).toContain('The newest 50 of 60.');
		expect(words).toContain('The newest 20 of 30.');
		expect(words).toContain('Many 54');
		expect(words).not.toContain('Many 3 ');
	});

	it('escapes whatever comes from outside: names, tables, rows, reasons', async () => {
		await insert(1, HOSTILE);
		const { flowId } = await makeFlow(HOSTILE, basicBody({ database: database.name }, HOSTILE));
		await run(flowId);
		wire.emulator.addDataSet({ name: HOSTILE, fields: { id: 'string' } });
		const errors = [{ code: 'X', message: HOSTILE }];
		wire.emulator.seedRun({ flowId, status: 'failed', errors });
		const { text } = await load();
		// Connection, dataflow, two runs, a reason, a row and a dataset.
		expect(text.split(ESCAPED)).toHaveLength(8);
		expect(text).not.toContain('<script>alert');
		// The page's own, and no other.
		expect(text.match(/<script/g)).toHaveLength(1);
	});

	it('contains no secret, and runs only its own script', async () => {
		await insert(1);
		await makeFlow();
		const { password } = testPostgres();
		const connectionString = `Server=db.example;Database=d;UID=u;Password={${password};x}`;
		const auth = {
			specName: 'Connection String Based Authentication',
			params: { connectionString },
		};
		const name = 'By a string';
		await wire.create({ ...basicBody(), name, auth });
		const { text, headers } = await load();
		const words = wordsOf(text);
		expect(words).toContain('By a string enabled db.example:5432 / d Connection string');
		for (const secret of [password, wire.emulator.clientSecret, ...wire.emulator.issuedTokens()]) {
			expect(text).not.toContain(secret);
		}
		const policy = String(headers['content-security-policy']);
		for (const kind of ['style', 'script']) {
			const inside = new RegExp(`<${kind}>([^]*?)</${kind}>`).exec(text)?.[1] ?? '';
			const hash = createHash('sha256').update(inside).digest('base64');
			expect(policy).toContain(`${kind}-src 'sha256-${hash}'`);
		}
		expect(policy).toMatch(/^default-src 'none'/);
		expect(text).not.toMatch(/\b(?:src|href|style)=|https?:\/\/|\bon\w+=/);
	});

	it('is not counted as a request to Adobe', async () => {
		wire.emulator.reset();
		await load();
		await load('/?again');
		expect(wire.emulator.stats().total).toBe(0);
		expect(wire.emulator.journal).toStrictEqual([]);
	});

	it.each<[string, string, Record<string, string>, number]>([
		['by its name', '/', { host: 'localhost' }, 200],
		['not by another name', '/', { host: 'rebind.example' }, 403],
		['not by another name and a longer path', '//', { host: 'rebind.example' }, 403],
		['not by another name and a query', '/?x', { host: 'rebind.example' }, 403],
		['not from another origin', '/', { host: 'localhost', origin: 'https://evil.example' }, 403],
	])('can be loaded %s', async (_case, path, headers, status) => {
		expect((await load(path, headers)).status).toBe(status);
	});

	it('leaves the control plane closed to other names, however its path is written', async () => {
		const path = '/%5F%5Femulator/stats';
		expect((await load(path)).status).toBe(200);
		expect((await load(path, { host: 'rebind.example' })).status).toBe(403);
	});
});
