import type { IDataObject, INodeParameters, OnError } from 'n8n-workflow';

import { AdobePostgreSqlConnection } from '../../nodes/AdobePostgreSqlConnection/AdobePostgreSqlConnection.node';
import { basicCredential, sharedAdobe } from '../support/adobe.mts';
import type { NodeSetup } from '../support/connectionNode.mts';
import {
	requestsBy,
	runConnectionNode,
	thrownBy,
	wireConnectionNode,
} from '../support/connectionNode.mts';
import { editorContext, outputOf, runWorkflow } from '../support/core.mts';
import { testPostgres } from '../support/postgresGlobal.mts';
import { makeScratchDatabase, type ScratchDatabase } from '../support/scratchDatabase.mts';

const UNKNOWN_ID = '00000000-0000-4000-8000-000000000000';
const SCHEMAS = ['crm', 'Finance', 'odd "schema"', 'äöü', 'public'];
const TABLES_PER_SCHEMA = 60;
const AWKWARD = [
	'Mixed Case',
	'with.dot',
	'with "quotes"',
	"o'clock",
	'select',
	'日本',
	'a,b',
	'x=y&z',
];

/** Fills a database with 300 tables in five schemas, some with awkward names. */
async function fill({ owner }: ScratchDatabase): Promise<void> {
	const reader = testPostgres().username;
	for (const schema of SCHEMAS) {
		const quoted = owner.escapeIdentifier(schema);
		await owner.query(`CREATE SCHEMA IF NOT EXISTS ${quoted}`);
		await owner.query(`GRANT USAGE ON SCHEMA ${quoted} TO ${reader}`);
		const names = [
			...AWKWARD,
			...Array.from({ length: TABLES_PER_SCHEMA - AWKWARD.length }, (_, index) => `t_${index}`),
		];
		for (const [index, table] of names.entries()) {
			const path = `${quoted}.${owner.escapeIdentifier(table)}`;
			await owner.query(
				`CREATE TABLE ${path} (id bigint, "Column ${index}" numeric, at timestamptz, ok boolean, doc jsonb)`,
			);
			await owner.query(`GRANT SELECT ON ${path} TO ${reader}`);
		}
	}
}

describe('Table', () => {
	let big: ScratchDatabase;
	const adobe = sharedAdobe();

	beforeAll(async () => {
		big = await makeScratchDatabase();
		await fill(big);
	}, 60_000);

	afterAll(async () => {
		await big.drop();
	});

	beforeEach(() => adobe.reset());

	const connectionTo = async (database?: string, setup: NodeSetup = {}): Promise<string> => {
		const source = basicCredential({ ...adobe.postgres, ...(database && { database }) });
		const [item] = await runConnectionNode(
			adobe,
			{ operation: 'create', verify: false, name: 'Sales', authMode: 'basic' },
			{ source, ...setup },
		);
		adobe.journal.length = 0;
		return String(item?.json.connectionId);
	};

	const table = async (operation: string, parameters: INodeParameters, setup: NodeSetup = {}) =>
		await runConnectionNode(adobe, { resource: 'table', operation, ...parameters }, setup);

	const byName = (connectionId: string, value: string): INodeParameters => ({
		connectionId,
		table: { __rl: true, mode: 'name', value },
	});

	describe('Get Many', () => {
		it('puts out one item for each table and view, ready to be used', async () => {
			const connectionId = await connectionTo();
			const items = await table('getAll', { connectionId, returnAll: true });
			expect(items.map(({ json }) => json)).toStrictEqual(
				expect.arrayContaining([
					{ connectionId, table: 'public.customers', name: 'customers', type: 'table' },
					{ connectionId, table: 'public."Order Items"', name: 'Order Items', type: 'table' },
					{ connectionId, table: 'crm.active_accounts', name: 'active_accounts', type: 'table' },
				]),
			);
			expect(items.every(({ pairedItem }) => (pairedItem as { item: number }).item === 0)).toBe(
				true,
			);
		});

		it('calls a view a view where Adobe does', async () => {
			const connectionId = await connectionTo();
			const path = '/data/foundation/flowservice/connections/{id}/explore';
			adobe.addFault({
				...{ kind: 'status', status: 200, path },
				body: [
					{ type: 'VIEW', name: 'active', path: 'crm.active' },
					{ type: 'table', name: 'orders', path: 'public.orders' },
					{ name: 'old', path: 'public.old' },
				],
			});
			const items = await table('getAll', { connectionId });
			expect(items.map(({ json }) => [json.table, json.type])).toStrictEqual([
				['crm.active', 'view'],
				['public.orders', 'table'],
				['public.old', 'table'],
			]);
		});

		it('lists every one of 300 tables in five schemas with awkward names', async () => {
			const connectionId = await connectionTo(big.name);
			const items = await table('getAll', { connectionId, returnAll: true });
			expect(items).toHaveLength(SCHEMAS.length * TABLES_PER_SCHEMA);
			expect(new Set(items.map(({ json }) => json.table)).size).toBe(items.length);
			for (const name of AWKWARD) {
				expect(items.filter(({ json }) => json.name === name)).toHaveLength(SCHEMAS.length);
			}
		});

		it.each<[string, INodeParameters, number]>([
			['the limit', { limit: 7 }, 7],
			['the default limit', {}, 50],
			[
				'a part of the schema',
				{ returnAll: true, filters: { search: 'FINANCE' } },
				TABLES_PER_SCHEMA,
			],
			[
				'a part of the name',
				{ returnAll: true, filters: { search: 'mixed case' } },
				SCHEMAS.length,
			],
			['a part that none has', { returnAll: true, filters: { search: 'nothing like it' } }, 0],
		])('keeps to %s', async (_case, parameters, count) => {
			const connectionId = await connectionTo(big.name);
			expect(await table('getAll', { connectionId, ...parameters })).toHaveLength(count);
		});
	});

	describe('Get Columns', () => {
		it('puts out each column with its types and what a source connection takes', async () => {
			const connectionId = await connectionTo();
			const items = await table('getColumns', byName(connectionId, 'public.orders'));
			const updatedAt = items.find(({ json }) => json.name === 'updated_at')?.json;
			expect(updatedAt).toStrictEqual({
				name: 'updated_at',
				type: 'string',
				xdmType: 'string',
				xdmFormat: 'date-time',
				table: 'public.orders',
				connectionId,
				column: {
					name: 'updated_at',
					type: 'string',
					'meta:xdmType': 'date-time',
					xdm: { type: 'string', format: 'date-time' },
				},
			});
		});

		it('agrees with information_schema for every one of 300 tables', async () => {
			const connectionId = await connectionTo(big.name);
			const tables = await table('getAll', { connectionId, returnAll: true });
			const columns = await runConnectionNode(
				adobe,
				{
					resource: 'table',
					operation: 'getColumns',
					...byName(connectionId, '={{ $json.table }}'),
				},
				{},
				tables.map(({ json }) => ({ json })),
			);
			const found = new Map<number, unknown[]>();
			for (const { json, pairedItem } of columns) {
				const { item } = pairedItem as { item: number };
				found.set(item, [...(found.get(item) ?? []), json.name]);
			}
			const { rows: expected } = await big.owner.query<{ name: string; columns: string[] }>(
				`SELECT table_name AS name, array_agg(column_name::text ORDER BY ordinal_position) AS columns
				 FROM information_schema.columns
				 WHERE table_schema NOT IN ('pg_catalog', 'information_schema')
				 GROUP BY table_schema, table_name`,
			);
			const sorted = (rows: Array<[unknown, unknown]>) =>
				rows.map((row) => JSON.stringify(row)).sort();
			expect(sorted(tables.map(({ json }, index) => [json.name, found.get(index)]))).toStrictEqual(
				sorted(expected.map(({ name, columns: names }) => [name, names])),
			);
		}, 60_000);
	});

	describe('Preview Rows', () => {
		it('puts out the first rows of the table, one item each', async () => {
			const connectionId = await connectionTo();
			const items = await table('preview', byName(connectionId, 'public."Order Items"'));
			expect(items.length).toBeGreaterThan(0);
			const sales = await big.logInTo(adobe.postgres.database);
			const { rows } = await sales.query<IDataObject>('SELECT * FROM public."Order Items"');
			await sales.end();
			const ids = new Set(rows.map((row) => String(Object.values(row)[0])));
			for (const { json } of items) {
				expect(Object.keys(json)).toStrictEqual(Object.keys(rows[0] ?? {}));
				expect(ids).toContain(String(Object.values(json)[0]));
			}
		});

		it('puts out no more than the limit, and nothing of an empty table', async () => {
			const connectionId = await connectionTo();
			expect(
				await table('preview', { ...byName(connectionId, 'public.orders'), limit: 3 }),
			).toHaveLength(3);
			const empty = await connectionTo(big.name);
			expect(await table('preview', byName(empty, 'crm.t_1'))).toStrictEqual([]);
		});
	});

	describe.each([
		['getAll', (id: string): INodeParameters => ({ connectionId: id })],
		['getColumns', (id: string) => byName(id, 'public.orders')],
		['preview', (id: string) => byName(id, 'public.orders')],
	])('%s', (operation, parameters) => {
		it('says why Adobe could not look into the database', async () => {
			const source = basicCredential({ ...adobe.postgres, password: 'wrong-pass-1' });
			const id = await connectionTo(undefined, { source });
			const thrown = await thrownBy(async () => await table(operation, parameters(id)));
			expect(thrown.message).toBe('Adobe could not look into the database [item 0]');
			expect(thrown.description).toContain("'Password'");
			expect(thrown.whole).not.toContain('wrong-pass-1');
		});

		it('says that there is no such connection', async () => {
			const thrown = await thrownBy(async () => await table(operation, parameters(UNKNOWN_ID)));
			expect(thrown.message).toContain(`The connection '${UNKNOWN_ID}' was not found`);
		});

		it('names the permission to view', async () => {
			const { clientId, clientSecret } = adobe.addClient({ permissions: [] });
			const thrown = await thrownBy(
				async () =>
					await table(operation, parameters(UNKNOWN_ID), { ims: { clientId, clientSecret } }),
			);
			expect(thrown.description).toContain("'View Sources'");
		});

		it.each([
			['a page of HTML', { kind: 'status', status: 200, body: '<html>', times: 9 } as const],
			['an object of nothing', { kind: 'status', status: 200, body: {}, times: 9 } as const],
			['no JSON', { kind: 'malformed', times: 9 } as const],
		])('reports %s as an answer that it does not know', async (_case, fault) => {
			const id = await connectionTo();
			adobe.addFault({ method: 'GET', path: '/data/*', ...fault });
			const thrown = await thrownBy(async () => await table(operation, parameters(id)));
			expect(thrown.message).toContain('in a form this node does not know');
		});

		it('asks again when Adobe fails for a moment', async () => {
			const id = await connectionTo();
			adobe.addFault({ method: 'GET', path: '/data/*', kind: 'status', status: 503 });
			expect((await table(operation, parameters(id))).length).toBeGreaterThan(0);
			expect(requestsBy(adobe, 'GET')).toHaveLength(2);
		});

		it('becomes an error item on Continue', async () => {
			const items = await table(operation, parameters(UNKNOWN_ID), {
				onError: 'continueRegularOutput',
			});
			expect(items[0]?.json).toMatchObject({ details: { status: 404 } });
		});
	});

	describe('Preview Rows of a table whose columns look like those of a failed item', () => {
		const COLUMNS = ['error', 'message', 'details'];

		it.each([1, 2, 3])('puts good rows on the output for success (%d columns)', async (count) => {
			const columns = COLUMNS.slice(0, count);
			const name = `log_${count}`;
			await big.owner.query(`CREATE TABLE ${name} (${columns.map((one) => `${one} text`).join()})`);
			await big.owner.query(`GRANT SELECT ON ${name} TO ${testPostgres().username}`);
			const row = Object.fromEntries(columns.map((one) => [one, `${one} of an import`]));
			const values = Object.values(row)
				.map((value) => `'${value}'`)
				.join();
			await big.owner.query(`INSERT INTO ${name} VALUES (${values}), (${values})`);
			const parameters = {
				resource: 'table',
				operation: 'preview',
				...byName(await connectionTo(big.name), `public.${name}`),
			};
			const run = async (onError: OnError) =>
				await runWorkflow(wireConnectionNode(adobe, parameters, { onError }));
			const withErrorOutput = await run('continueErrorOutput');
			expect(outputOf(withErrorOutput, 'Adobe', 1)).toStrictEqual([]);
			expect(outputOf(withErrorOutput, 'Adobe').map(({ json }) => json)).toStrictEqual([
				{ ...row, table: `public.${name}` },
				{ ...row, table: `public.${name}` },
			]);
			const plain = await run('continueRegularOutput');
			expect(outputOf(plain, 'Adobe').map(({ json }) => json)).toStrictEqual([row, row]);
			await big.owner.query(`DROP TABLE ${name}`);
		});
	});

	it.each(['getColumns', 'preview'])('%s says that there is no such table', async (operation) => {
		const id = await connectionTo();
		const thrown = await thrownBy(
			async () => await table(operation, byName(id, 'public.orders; DROP TABLE customers')),
		);
		expect(thrown.message).toContain(
			"The table 'public.orders; DROP TABLE customers' was not found in the database",
		);
		expect(thrown.description).toContain('public.orders');
	});

	describe('the list of tables in the editor', () => {
		const { methods } = new AdobePostgreSqlConnection();
		const search = async (connectionId: unknown, filter?: string) =>
			await methods.listSearch.searchTables.call(
				editorContext(
					wireConnectionNode(adobe, {
						resource: 'table',
						operation: 'getColumns',
						connectionId: connectionId as string,
					}),
				) as never,
				filter,
			);

		it('shows the tables of the chosen connection', async () => {
			const value = await connectionTo();
			const { results } = await search({ __rl: true, mode: 'list', value }, 'ORDER');
			expect(results.map((result) => result.value)).toStrictEqual(
				expect.arrayContaining(['public.orders', 'public."Order Items"']),
			);
			expect(results.map((result) => result.value)).not.toContain('public.customers');
		});

		it.each([
			['none', { __rl: true, mode: 'list', value: '' }, "Choose a 'Connection' first"],
			[
				'one by expression',
				{ __rl: true, mode: 'id', value: '={{ $json.connectionId }}' },
				"'Connection' is an expression, which is not known yet",
			],
		])('says so where the chosen connection is %s', async (_case, connectionId, says) => {
			const thrown = await thrownBy(async () => await search(connectionId));
			expect(thrown.message).toBe(says);
		});
	});
});
